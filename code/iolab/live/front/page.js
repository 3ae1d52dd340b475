// The page: which cells run in which order, on one engine that is started when the first one runs.
//
// An engine has five verbs and a stream of outputs:
//   start()            a promise: cells can run
//   run(code, show, id) a promise of "ok" or "error", rejected when no answer will come; show(event) as output.js takes it
//   interrupt() · restart() · end()
// and it calls onstate(state, why) with a key of bar.js's STATES.
import { Bar } from "./bar.js";
import { Cell } from "./cell.js";
import { element } from "./dom.js";
import { maker, missing } from "./explain.js";

const STUCK = 5000; // ms after which 停止 has not helped

export class Page {
  /* named: what the bar calls the engine; tools: [[label, action], …] of its own */
  constructor(found, edits, makeEngine, { named = "", tools = [] } = {}) {
    this.edits = edits.match(found);
    this.makeEngine = makeEngine;
    this.queue = [];
    this.working = this.running = this.engine = null;
    this.ranKey = `iolab-live-ran:${location.pathname}`;
    this.bar = new Bar({
      stop: () => this.stop(),
      restart: () => this.restart(),
      all: () => this.reach(this.cells.at(-1)),
      restore: () => this.restoreAll(),
      named,
      tools,
    });
    const checks = new Set(
      found.flatMap(({ tags }) => tags.filter((tag) => tag.startsWith("check:")).map((tag) => tag.slice(6))),
    );
    this.cells = found.map((one) => {
      const label = one.tags.find((tag) => tag.startsWith("answer:"))?.slice(7);
      const judged = checks.has(label);
      return new Cell(one, {
        run: (cell) => this.run(judged ? [cell, this.#check(label)] : [cell]),
        reach: (cell) => this.reach(cell),
        stop: () => this.stop(),
        change: (cell) => this.#changed(cell),
        judge: judged,
      });
    });
    this.#adopt();
    this.edits.onforeign = () => this.#foreign();
    this.#afterReload();
    addEventListener("pagehide", () => this.engine?.end());
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  }

  #check(label) {
    return this.cells.find(({ tags }) => tags.includes(`check:${label}`));
  }

  #adopt() {
    for (const cell of this.cells) {
      const kept = this.edits.of(cell);
      if (!kept) continue;
      cell.adopt(kept.text, false);
      if (kept.book !== cell.source)
        cell.say("书里的这个单元格变了，这里是你的改动。", [
          "看书里的",
          () => {
            cell.say("");
            cell.restore();
          },
        ]);
    }
    this.#count();
    const orphans = this.edits.orphans;
    if (!orphans.length) return;
    const list = element(
      "details",
      {},
      element("summary", { textContent: "看看" }),
      ...orphans.map(([, { text }]) => element("pre", { textContent: text, tabIndex: 0 })),
    );
    this.bar.say(
      `这一页的书改过了，有 ${orphans.length} 处改动找不到原来的单元格。`,
      [
        "扔掉",
        () => {
          this.edits.forget(orphans.map(([key]) => key));
          this.#count();
        },
      ],
      list,
    );
  }

  #count() {
    this.bar.edits(Object.keys(this.edits.kept).length);
  }

  #changed(cell) {
    this.edits.keep(cell, cell.text);
    this.#count();
    if (this.edits.failed) this.bar.say("这个浏览器不让保存：离开这一页，改动就没有了。");
  }

  /* Another tab with this page has changed something: what is not being edited here follows. */
  #foreign() {
    for (const cell of this.cells) {
      const text = this.edits.of(cell)?.text ?? cell.source;
      if (text === cell.text) continue;
      const follow = () => cell.adopt(text, false);
      if (cell.view?.hasFocus)
        cell.say("另一个标签页里也在改这个单元格。", [
          "换成那边的",
          () => {
            cell.say("");
            follow();
          },
        ]);
      else {
        follow();
        cell.say("另一个标签页里改了这个单元格，这里跟着改了。");
      }
    }
    this.#count();
  }

  restoreAll() {
    this.edits.forget();
    for (const cell of this.cells) {
      if (cell.edited) cell.restore();
      cell.say("");
    }
    this.#count();
  }

  #afterReload() {
    let number = 0;
    try {
      number = Number(sessionStorage.getItem(this.ranKey));
      sessionStorage.removeItem(this.ranKey);
    } catch {
      /* private browsing */
    }
    const cell = this.cells[number - 1];
    if (cell)
      this.bar.say("离开或者重新载入这一页时，上一个内核结束了；代码的改动都在。", [
        `运行到第 ${number} 个`,
        () => this.reach(cell),
      ]);
  }

  /* Run all that has not run above `cell`, and it. */
  reach(cell) {
    return this.run([
      ...this.cells.filter(
        (one) => one.number < cell.number && !one.current && one.state !== "waiting" && one.state !== "running",
      ),
      cell,
    ]);
  }

  /* Run these in this order; the first that fails ends it. */
  run(asked) {
    const job = this.#withSetup(asked).filter(({ state }) => state !== "waiting" && state !== "running");
    if (!job.length) return this.working;
    for (const cell of job) cell.state = "waiting";
    this.queue.push(job);
    this.working ??= this.#work().finally(() => {
      this.working = null;
    });
    return this.working;
  }

  /* What is asked for, after the imports and helpers above it: their cells are hidden, so nobody would run them. */
  #withSetup(asked) {
    const last = Math.max(...asked.map(({ number }) => number));
    const setup = this.cells.filter(
      (one) => one.number < last && one.tags.includes("setup") && !one.current && !asked.includes(one),
    );
    return [...setup, ...asked].sort((one, other) => (setup.length ? one.number - other.number : 0));
  }

  async #work() {
    while (this.queue.length) {
      const job = this.queue[0];
      while (job.length) {
        const cell = job.shift();
        if ((await this.#runOne(cell)) !== "ok") this.#drop(job);
      }
      this.queue.splice(this.queue.indexOf(job), 1);
    }
  }

  #drop(cells) {
    for (const cell of cells.splice(0)) {
      cell.state = cell.ranText === null ? "idle" : "ok";
      cell.note.textContent = "";
    }
  }

  async #runOne(cell) {
    this.next = cell;
    try {
      await this.#ready();
    } catch {
      cell.state = "idle";
      cell.note.textContent = "";
      this.queue.forEach((job) => this.#drop(job));
      return "cut";
    }
    if (cell.state !== "waiting") {
      // stopped while the engine started
      this.bar.show("idle");
      return "cut";
    }
    let status;
    cell.begin();
    this.running = cell;
    this.bar.show("busy", cell.number);
    try {
      status = await this.engine.run(cell.text, (event) => cell.show(event), `cell-${cell.number}`);
    } catch {
      status = "cut";
    }
    this.running = null;
    clearTimeout(this.stuck);
    cell.finish(status);
    if (status !== "cut") this.bar.show("idle");
    if (status === "error") this.#explain(cell);
    this.#remember(cell);
    cell.element.dispatchEvent(
      new CustomEvent("live-run", {
        bubbles: true,
        detail: { number: cell.number, status, outputs: cell.output.events },
      }),
    );
    return status;
  }

  #remember(cell) {
    this.furthest = Math.max(this.furthest ?? 0, cell.number);
    try {
      sessionStorage.setItem(this.ranKey, this.furthest);
    } catch {
      /* private browsing */
    }
  }

  async #ready() {
    if (this.engine && this.started) return;
    this.bar.show("starting");
    try {
      this.engine ??= await this.makeEngine();
      this.engine.onstate = (state, why) => this.#happened(state, why);
      await this.engine.start();
      this.started = true;
      this.bar.quiet();
    } catch (error) {
      if (!this.engine || this.bar.node.dataset.state === "starting") this.#happened("stopped", error);
      throw error;
    }
  }

  #explain(cell) {
    const name = cell.output.error && missing(cell.output.error);
    const before = this.cells.filter((one) => one.number < cell.number && one.ranText === null);
    const made = name && maker(name, before);
    if (!made) return;
    const hidden = made.element.classList.contains("plumbing");
    cell.say(
      hidden
        ? `还没有 ${name}：给出它的单元格没有显示出来，也还没有运行。`
        : `还没有 ${name}：它在第 ${made.number} 个单元格里，那个单元格还没有运行。`,
      ["运行到这里", () => this.reach(cell)],
      [hidden ? "只先运行它" : `只先运行第 ${made.number} 个`, () => this.run([made, cell])],
    );
  }

  stop() {
    for (const job of this.queue) this.#drop(job);
    if (!this.running) return this.#drop([this.next]);
    this.engine.interrupt();
    clearTimeout(this.stuck);
    this.stuck = setTimeout(() => this.bar.say("它没有停下来。", ["重来", () => this.restart()]), STUCK);
  }

  async restart() {
    for (const job of this.queue) this.#drop(job);
    clearTimeout(this.stuck);
    this.#forgetRuns();
    this.bar.show("starting");
    try {
      if (this.started) await this.engine.restart();
      else await this.#ready();
      this.bar.show("idle");
      this.bar.say("内核重新启动了：变量都没有了，代码和改动都在。");
    } catch {
      /* #happened has said it */
    }
  }

  #forgetRuns() {
    for (const cell of this.cells) cell.ranText = null;
    try {
      sessionStorage.removeItem(this.ranKey);
    } catch {
      /* private browsing */
    }
  }

  /* The engine says something that no verb has asked for. */
  #happened(state, why) {
    if (state === "idle" || state === "busy") return;
    this.bar.show(state);
    const far = this.furthest && this.cells[this.furthest - 1];
    const again = far ? [`运行到第 ${far.number} 个`, () => this.reach(far)] : ["重来", () => this.restart()];
    if (state === "dead") {
      this.started = false;
      this.#forgetRuns();
      this.bar.say(why ?? "内核意外结束了，变量都没有了；代码和改动都在。", again);
    } else if (state === "stopped") {
      this.started = false;
      this.#forgetRuns();
      this.bar.say(
        why?.foreign
          ? "服务器重新启动过：请用终端里新打印的地址打开这一页。改动都在这个浏览器里。"
          : "服务器停了：在终端里再运行 make read，打开它打印的地址。改动都在这个浏览器里。",
      );
    } else if (state === "lost") this.bar.say("和服务器的连接断了，正在再试。");
    else if (state === "back") {
      this.bar.show(this.running ? "busy" : "idle", this.running?.number);
      this.bar.quiet();
    }
  }
}
