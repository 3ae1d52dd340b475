// The machine as the page knows it: loaded once the reader has agreed, run in a worker, spoken to in JSON over its
// second serial port (guest/supervisor.py).
import { consent, loading } from "./consent.js";
import { part } from "./parts.js";
import { unzipped } from "./zip.js";

const WINDOW = 3000; // bytes on their way: the emulated port keeps 4096 and drops the rest
const WARM = 1000; // ms after the start: the emulator compiles as it goes, and the reader should not wait for it
const PATIENCE = 90_000; // ms for the start
const LATER = { tls: "正在载入 ssl（OpenSSL）" }; // what programs inside ask for
const PATIENCE_LATER = 60_000; // ms; guest/tls.py waits longer
const utf8 = new TextEncoder();

export class Machine {
  constructor(here, figures) {
    Object.assign(this, { here, figures });
    this.state = "off"; // off, starting, on
    this.listeners = new Set();
    this.starting = null;
    this.cells = null; // the engine that runs cells, told of them
    document.addEventListener("visibilitychange", () => this.#pause(document.hidden));
    addEventListener("pagehide", () => this.close());
  }

  /* Load and start it, after asking the first time. Rejected when the reader says no or it cannot be had. */
  start() {
    this.starting ??= this.#start().catch((error) => {
      this.close();
      throw error;
    });
    return this.starting;
  }

  async #start() {
    const bar = await consent(this.here, this.figures);
    try {
      this.#tell("starting");
      const names = ["worker.js.gz", "v86.wasm.gz", "state.zst"];
      const loaded = Promise.all(names.map((name) => part(this.here, this.figures.parts, name, bar.progress)));
      const [worker, wasm, state] = await Promise.race([loaded, bar.stopped]);
      bar.say("正在启动……");
      await this.#boot(worker, wasm, state);
    } finally {
      bar.close();
    }
  }

  async #boot(source, wasm, state) {
    const url = URL.createObjectURL(await unzipped(source, "text/javascript"));
    this.worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.queue = [];
    this.sent = this.got = 0;
    const started = this.next((message) => message.started);
    const failed = new Promise((_, reject) => {
      this.worker.onerror = (event) => {
        reject(new Error(event.message || "这个浏览器没能运行它"));
        this.close();
      };
    });
    const silent = new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("它没有应答")));
    for (const one of [failed, silent]) one.catch(() => {}); // once it runs nobody waits for these any more
    this.worker.onmessage = ({ data }) => {
      if (data.lines) data.lines.forEach((line) => this.#hear(line));
      else this.#spread(data);
    };
    const { rest, memory } = this.figures;
    this.worker.postMessage({ start: { wasm, state, rest, memory } }, [wasm.buffer, state.buffer]);
    await Promise.race([started, failed]);
    const seed = [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0"));
    const hello = this.next((message) => message.hello);
    this.send({ do: "hello", time: Date.now() / 1000, seed: seed.join("") });
    const { read } = await Promise.race([hello, failed, silent]);
    this.before = read - this.sent; // bytes that the port had read when its state was stored
    this.got = this.sent;
    this.#tell("on");
    setTimeout(() => this.send({ do: "warm" }), WARM);
  }

  /* Give all its memory back. It can be started again, as new. */
  close() {
    this.worker?.terminate();
    this.worker = this.starting = null;
    this.#tell("off");
  }

  #tell(state) {
    if (this.state === state) return;
    this.state = state;
    this.#spread({ state });
  }

  #pause(hidden) {
    if (this.state !== "on") return;
    this.worker.postMessage({ pause: hidden });
    if (!hidden) this.send({ do: "clock", time: Date.now() / 1000 });
  }

  /* listener(message) hears all that the machine says, and {state}; returns what ends that. */
  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /* The next message for which test(message) is true; rejected when the machine is closed before it comes. */
  next(test) {
    return new Promise((resolve, reject) => {
      const end = this.listen((message) => {
        if (test(message)) resolve(message);
        else if (message.state === "off") reject(new Error("它关掉了"));
        else return;
        end();
      });
    });
  }

  send(message) {
    if (!this.worker) return;
    this.queue.push(...pieces(utf8.encode(`${JSON.stringify(message)}\n`)));
    this.#flush();
  }

  #flush() {
    while (this.queue.length && this.sent - this.got + this.queue[0].length <= WINDOW) {
      const bytes = this.queue.shift();
      this.sent += bytes.length;
      this.worker.postMessage({ bytes });
    }
  }

  #hear(line) {
    let message;
    try {
      message = JSON.parse(line);
    } catch {
      return; // somebody else wrote to the port
    }
    if (message.got !== undefined) {
      this.got = message.got - this.before;
      this.#flush();
    } else if (message.ready && this.state === "on") {
      this.close(); // somebody inside has killed the supervisor: nothing that the page knows of is left
    } else if (message.wanted) this.#bring(message.wanted);
    else this.#spread(message);
  }

  /* Load what a program inside asks for, and write it into the machine's memory where there is room (guest/later.py). */
  async #bring(wanted) {
    const { worker } = this,
      name = `${wanted}.zst`;
    let trouble = "",
      bar = null;
    try {
      const { bytes, unpacked } = this.figures.later[name];
      bar = loading(LATER[wanted], bytes);
      const late = new Promise((_, reject) => setTimeout(reject, PATIENCE_LATER, new Error("下载太慢，一分钟没有载完")));
      const packed = await Promise.race([part(this.here, this.figures.later, name, bar.progress), late]);
      const found = this.next((message) => message.room);
      this.send({ do: "room", bytes: unpacked });
      const { room } = await found;
      if (!room.length) throw new Error("页面里的 Linux 内存不够了");
      this.worker.postMessage({ bring: { packed, unpacked, frames: room } });
      const { brought } = await this.next((message) => message.brought !== undefined);
      if (brought) throw new Error(brought);
    } catch (error) {
      trouble = error.message;
    } finally {
      bar?.close();
    }
    if (worker === this.worker) this.send({ do: "came", trouble });
  }

  #spread(message) {
    for (const listener of [...this.listeners]) listener(message);
  }
}

function pieces(bytes) {
  const made = [];
  for (let at = 0; at < bytes.length; at += 1000) made.push(bytes.slice(at, at + 1000));
  return made;
}
