// The emulator, in a worker, so that the page stays smooth: bytes for the second serial port in, its lines out.
import { V86 } from "v86";

const PORT = 1;
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

async function start({ wasm, state, memory }) {
  const stream = new Blob([wasm]).stream().pipeThrough(new DecompressionStream("gzip"));
  const program = await new Response(stream).arrayBuffer();
  machine = new V86({
    wasm_fn: async (imports) => (await WebAssembly.instantiate(program, imports)).instance.exports,
    memory_size: memory << 20,
    vga_memory_size: 1 << 20,
    initial_state: { buffer: state.buffer },
    uart1: true,
    autostart: true,
    disable_keyboard: true,
    disable_mouse: true,
    disable_speaker: true,
  });
  machine.add_listener(`serial${PORT}-output-byte`, hear);
  machine.add_listener("emulator-started", () => postMessage({ started: true }));
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
