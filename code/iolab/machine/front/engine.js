// The engine that runs cells in the page's Linux. Its verbs: see live/front/page.js.
import { Declined } from "./consent.js";
import { Senders } from "./sender.js";

const WHY = {
  // what must hold on the book's machine is asserted there; some of it is otherwise here
  AssertionError:
    "（页面里的 Linux 是 32 位的，只有一个核，慢几十倍：结构体的大小、并行、快慢会和书里的不同，结论以书里的输出为准。）\n",
  ModuleNotFoundError: "（页面里的 Linux 要小，没有带上画图的库：在本机运行，或者看书里的输出。）\n",
};
const DIED = "运行单元格的 Python 进程结束了，变量都没有了；代码和改动都在。";
const NO_MEMORY = "页面里的 Linux 内存用完了，内核结束了运行单元格的 Python，变量都没有了；代码和改动都在。";
const PATIENCE = 15_000; // ms after which the whole machine is started anew

export class MachineEngine {
  /* folder: of this page, within the book */
  constructor(machine, folder) {
    Object.assign(this, { machine, folder });
    this.onstate = () => {};
    this.count = 0;
    this.current = null;
    this.pictures = new Map(); // cell -> the pictures that the page came with for it
    this.senders = new Senders((message) => machine.send(message));
    machine.listen((message) => this.#hear(message));
  }

  async start() {
    this.onstate("starting");
    try {
      await this.machine.start();
      const restarted = this.machine.next((message) => message.restarted);
      this.machine.send({ do: "restart", folder: this.folder });
      await restarted;
      this.started = true;
    } catch (error) {
      this.onstate(error instanceof Declined ? "none" : "dead", `页面里的 Linux 没有启动起来：${error.message}。`);
      throw error;
    }
  }

  run(code, show, cell) {
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      this.current = { id, show, cell, resolve, reject, pictures: 0 };
      this.machine.send({ do: "run", id, code, cell });
    });
  }

  interrupt() {
    this.machine.send({ do: "interrupt" });
  }

  async restart() {
    this.#cut("restarted");
    if (this.machine.state !== "on") return this.start();
    const restarted = this.machine.next((message) => message.restarted);
    this.machine.send({ do: "restart", folder: this.folder });
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, "late"));
    const answer = await Promise.race([restarted, late]).catch(() => "late");
    if (answer !== "late") return;
    this.started = false; // whatever runs inside has left no room for an answer
    this.machine.close();
    await this.start();
  }

  end() {
    this.machine.send({ do: "end" });
  }

  #hear(message) {
    if (message.state === "off" && this.started) {
      this.started = false;
      this.#cut("closed");
      this.onstate("dead", "页面里的 Linux 关掉了，变量都没有了；代码和改动都在。");
    }
    if (message.sender) return this.senders.hear(message);
    if (message.state === "off" || message.restarted || message.died) this.senders.end();
    if (message.died) {
      this.#cut("died");
      this.onstate("dead", message.memory ? NO_MEMORY : DIED);
      return;
    }
    if (message.id === undefined || message.id !== this.current?.id) return;
    if (message.event) {
      this.current.show(this.#event(message.event));
      const why = message.event.kind === "error" && WHY[message.event.name];
      if (why) this.current.show({ kind: "stream", name: "stdout", text: why });
    } else if (message.done) {
      this.current.resolve(message.done);
      this.current = null;
    }
  }

  #cut(why) {
    this.current?.reject(new Error(why));
    this.current = null;
  }

  #event(event) {
    if (event.kind === "input") return { ...event, answer: (text) => this.machine.send({ do: "answer", text }) };
    if (event.kind === "picture") return this.#picture();
    if (event.kind === "sender")
      return { kind: "live", data: { "text/html": "" }, render: (place) => this.senders.show(event, place) };
    return event;
  }

  /* A picture is drawn by what the machine has no room for: the one that the page came with is shown. */
  #picture() {
    const { cell } = this.current;
    if (!this.pictures.has(cell)) {
      const place = document.querySelectorAll("div.cell")[Number(cell.slice(5)) - 1];
      this.pictures.set(cell, [...place.querySelectorAll(".cell_output:not(.live-output) > .output:has(figure, .iolab-question)")]);
    }
    const found = this.pictures.get(cell)[this.current.pictures++];
    if (!found) {
      const text = "（页面里的 Linux 不画新的图：书里有的图，在书里的输出里。）";
      return { kind: "display", data: { "text/plain": text } };
    }
    return { kind: "live", data: { "text/html": "" }, render: (place) => place.append(found) };
  }
}
