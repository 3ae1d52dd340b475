// The emulator, in a worker, so that the page stays smooth: bytes for the second serial port in, its lines out.
import { V86 } from "v86";

const PORT = 1,
  PIECE = 1 << 20; // bytes unpacked at once
const text = new TextDecoder();
let machine = null,
  begun = [],
  lines = [],
  waiting = false;

onmessage = async ({ data }) => {
  try {
    if (data.start) await start(data.start);
    else if (data.bytes) machine.serial_send_bytes(PORT, data.bytes);
    else if (data.pause !== undefined) await (data.pause ? machine.stop() : machine.run());
  } catch (error) {
    setTimeout(() => {
      throw error; // the page hears it as the worker's error
    });
  }
};

async function start({ wasm, state, size, memory }) {
  const stream = new Blob([wasm]).stream().pipeThrough(new DecompressionStream("gzip"));
  const program = await WebAssembly.compile(await new Response(stream).arrayBuffer());
  const whole = await unpacked(program, state, size);
  machine = new V86({
    wasm_fn: async (imports) => (await WebAssembly.instantiate(program, imports)).exports,
    memory_size: memory << 20,
    vga_memory_size: 1 << 20,
    initial_state: { buffer: whole.buffer },
    uart1: true,
    autostart: true,
    disable_keyboard: true,
    disable_mouse: true,
    disable_speaker: true,
  });
  machine.add_listener(`serial${PORT}-output-byte`, hear);
  machine.add_listener("emulator-started", () => postMessage({ started: true }));
}

/* The emulator's program can unpack zstd. In one of its own, because a WebAssembly's memory never shrinks again. */
async function unpacked(program, packed, size) {
  const imports = {};
  for (const { module, name, kind } of WebAssembly.Module.imports(program)) {
    imports[module] ??= {};
    imports[module][name] =
      kind === "function" ? () => {} : new WebAssembly.Table({ element: "anyfunc", initial: 1024 });
  }
  const { exports: zstd } = await WebAssembly.instantiate(program, imports);
  const context = zstd.zstd_create_ctx(packed.length);
  new Uint8Array(zstd.memory.buffer, zstd.zstd_get_src_ptr(context) >>> 0, packed.length).set(packed);
  const whole = new Uint8Array(size);
  for (let at = 0; at < size; at += PIECE) {
    const length = Math.min(PIECE, size - at),
      found = zstd.zstd_read(context, length) >>> 0;
    whole.set(new Uint8Array(zstd.memory.buffer, found, length), at);
    zstd.zstd_read_free(found, length);
  }
  return whole;
}

function hear(byte) {
  if (byte !== 10) return void begun.push(byte);
  lines.push(text.decode(Uint8Array.from(begun)));
  begun = [];
  if (waiting) return;
  waiting = true;
  queueMicrotask(() => {
    // after the emulator's own turn
    waiting = false;
    postMessage({ lines });
    lines = [];
  });
}
