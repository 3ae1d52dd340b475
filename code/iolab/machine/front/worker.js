// The emulator, in a worker, so that the page stays smooth: bytes for the second serial port in, its lines out.
import { V86 } from "v86";
import { fill, PAGE, PIECE, unfiltered, unpacker } from "./state.js";
import { unzipped } from "./zip.js";

const PORT = 1,
  MAX_PAGES = 1, // numbers of v86's set_jit_config (src/rust/jit.rs)
  MAX_EXTRA_BASIC_BLOCKS = 3;
const text = new TextDecoder();
let program = null,
  machine = null,
  begun = [],
  lines = [],
  waiting = false;

onmessage = async ({ data }) => {
  try {
    if (data.start) await start(data.start);
    else if (data.bring) postMessage({ brought: await bring(data.bring) });
    else if (data.bytes) machine.serial_send_bytes(PORT, data.bytes);
    else if (data.pause !== undefined) await (data.pause ? machine.stop() : machine.run());
  } catch (error) {
    setTimeout(() => {
      throw error; // the page hears it as the worker's error
    });
  }
};

async function start({ wasm, state, rest, memory }) {
  program = await WebAssembly.compile(await (await unzipped(wasm)).arrayBuffer());
  const read = await unpacker(program, state);
  machine = new V86({
    wasm_fn: async (imports) => prepared((await WebAssembly.instantiate(program, imports)).exports),
    memory_size: memory << 20,
    vga_memory_size: 1 << 20,
    initial_state: { buffer: read(rest).slice().buffer },
    uart1: true,
    autostart: false,
    disable_keyboard: true,
    disable_mouse: true,
    disable_speaker: true,
  });
  machine.add_listener(`serial${PORT}-output-byte`, hear);
  machine.add_listener("emulator-started", () => postMessage({ started: true }));
  await new Promise((resolve) => machine.add_listener("emulator-loaded", resolve));
  fill(read, read(((memory << 20) / PAGE) >> 3).slice(), (bytes, address) => machine.write_memory(bytes, address));
  await machine.run();
}

/* Write what is packed as the state's pages are into these frames of the memory; returns what went wrong. */
async function bring({ packed, unpacked, frames }) {
  try {
    const read = await unpacker(program, packed);
    for (let at = 0; at < unpacked; at += PIECE) {
      const piece = unfiltered(read(Math.min(PIECE, unpacked - at)), at);
      for (let from = 0; from < piece.length; from += PAGE)
        machine.write_memory(piece.subarray(from, from + PAGE), frames[(at + from) / PAGE] * PAGE);
    }
    return "";
  } catch (error) {
    return error.message;
  }
}

/* What it compiles, it compiles in small pieces: big ones keep the browser's compiler busy on the other core for half a
   minute, and are no faster in the end. And memory that has just been made is zero: to write zeros there would only make
   the browser provide all of it. What the program itself has used and given back before lies in the first piece. */
function prepared(exports) {
  exports.set_jit_config(MAX_PAGES, 1);
  exports.set_jit_config(MAX_EXTRA_BASIC_BLOCKS, 50);
  const zero_memory = (address, size) => exports.zero_memory(address, Math.min(size, PIECE));
  return { ...exports, zero_memory };
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
