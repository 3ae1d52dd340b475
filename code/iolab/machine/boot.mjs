// Boot the machine once, warm it up, and store its state.  node boot.mjs ORDER
// ORDER: a file of JSON: {v86, wasm, bios, vgaBios, kernel, initrd, memory (MiB), warm: [cells], state: where to}
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const order = JSON.parse(fs.readFileSync(process.argv[2]));
const { V86 } = await import(pathToFileURL(order.v86));
const LIMIT = 540; // seconds; a slow machine takes two minutes

const file = (path) => {
  const { buffer, byteOffset, byteLength } = fs.readFileSync(path);
  return { buffer: buffer.slice(byteOffset, byteOffset + byteLength) };
};
const machine = new V86({
  wasm_path: order.wasm,
  bios: file(order.bios),
  vga_bios: file(order.vgaBios),
  bzimage: file(order.kernel),
  initrd: file(order.initrd),
  // freed pages are zero, so that the state compresses; nothing here needs guarding against its only reader; a kernel
  // that is locked down has no tracefs, whose thousands of files, each an inode, would be 8 MB; SeaBIOS keeps the last
  // 16 MiB for itself until it boots from a disk, which it never does here, and uses some kilobytes at their end
  cmdline:
    "console=ttyS0 rdinit=/init mitigations=off tsc=reliable init_on_free=1 lockdown=confidentiality nokaslr preempt=full " +
    `random.trust_cpu=on nowatchdog audit=0 quiet memmap=15M%${order.memory - 16}M-2+1`,
  memory_size: order.memory << 20,
  vga_memory_size: 1 << 20,
  uart1: true,
  autostart: true,
  disable_keyboard: true,
  disable_mouse: true,
  disable_speaker: true,
});

let said = "",
  begun = [];
const waiting = [];
const fail = (why) => {
  console.error(`${why}; the machine's console:\n${said.slice(-3000)}`);
  process.exit(1);
};
setTimeout(() => fail(`not ready after ${LIMIT} seconds`), LIMIT * 1000);

machine.add_listener("serial0-output-byte", (byte) => {
  said += String.fromCharCode(byte);
});
machine.add_listener("serial1-output-byte", (byte) => {
  if (byte !== 10) return begun.push(byte);
  const line = Buffer.from(begun).toString();
  begun = [];
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    return;
  }
  if (process.env.VERBOSE) console.error(line);
  if (message.trouble) fail(message.trouble);
  if (message.event?.kind === "error" || message.died) fail(JSON.stringify(message));
  const next = waiting.findIndex(({ test }) => test(message));
  if (next >= 0) waiting.splice(next, 1)[0].resolve(message);
});
const told = (test) => new Promise((resolve) => waiting.push({ test, resolve }));
const send = (message) => machine.serial_send_bytes(1, new TextEncoder().encode(`${JSON.stringify(message)}\n`));

const since = Date.now(),
  seconds = () => ((Date.now() - since) / 1000).toFixed(1);
await told((message) => message.ready);
send({ do: "restart" });
await told((message) => message.restarted);
console.log(`booted after ${seconds()} s`);
for (const [id, code] of order.warm.entries()) {
  const start = Date.now();
  send({ do: "run", id, code });
  await told((message) => message.id === id && message.done);
  if (process.env.VERBOSE) console.error(`--- ${code}: ${Date.now() - start} ms`);
}
send({ do: "restart" }); // a kernel that has run nothing waits in the state for the page's first cell
await told((message) => message.restarted);
await new Promise((resolve) => setTimeout(resolve, 2000)); // processes end, the kernel does its own work
await machine.stop();
fs.writeFileSync(order.state, new Uint8Array(await machine.save_state()));
console.log(`stored after ${seconds()} s`);
process.exit(0);
