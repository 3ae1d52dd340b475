// One cell of the page: its code, which can be edited, the buttons below it, and what the book and the last run show.
import { recordedText } from "./cells.js";
import { differing, same } from "./compare.js";
import { announce, button, element, roving } from "./dom.js";
import { Output } from "./output.js";

const VIEWS = [
  ["new", "这一次"],
  ["book", "书里的"],
  ["both", "对照"],
];

export class Cell {
  /* found: what cells.js gives of it; on: {run(cell), reach(cell), stop(), change(cell), judge?(cell)}. */
  constructor(found, on) {
    Object.assign(this, found);
    this.on = on;
    this.text = this.source;
    this.ranText = null; // what the kernel has run, null before
    this.keeping = true; // whether a change goes to `on`
    this.name = `第 ${this.number} 个单元格`;
    this.book = this.pre.cloneNode(true);
    this.#build();
    this.state = "idle";
  }

  get edited() {
    return this.text !== this.source;
  }

  get current() {
    return this.ranText === this.text;
  }

  get state() {
    return this.element.dataset.live;
  }

  /* idle, waiting, running, ok, error */
  set state(state) {
    this.element.dataset.live = state;
    const busy = state === "running" || state === "waiting";
    this.runButton.textContent = busy ? "停止" : this.on.judge ? "运行并判断" : "运行";
    this.runButton.setAttribute("aria-label", `${this.runButton.textContent}：${this.name}`);
    clearInterval(this.ticking);
    if (state === "waiting") this.note.textContent = "等着前面的";
    if (state === "running") {
      const since = Date.now(),
        tick = () => {
          this.note.textContent = `运行中 ${Math.round((Date.now() - since) / 1000)} 秒`;
        };
      this.note.textContent = "运行中";
      this.ticking = setInterval(tick, 1000);
    }
  }

  #build() {
    const label = this.name;
    this.runButton = button(
      "运行",
      () => (this.state === "running" || this.state === "waiting" ? this.on.stop() : this.on.run(this)),
      { className: "live-run", title: "Shift+Enter", "aria-keyshortcuts": "Shift+Enter" },
    );
    this.editButton = button("编辑", () => this.edit(), {
      title: "点一下代码也可以",
      "aria-label": `编辑：${label}`,
    });
    this.reachButton = button("运行到这里", () => this.on.reach(this), {
      title: "先运行上面还没有运行的",
      "aria-label": `运行到这里：${label}`,
    });
    this.restoreButton = button("还原", () => this.restore(), {
      title: "换回书里的代码",
      hidden: true,
      "aria-label": `还原：${label}`,
    });
    this.note = element("span", { className: "live-note" });
    this.bar = element(
      "div",
      { className: "live-buttons", role: "toolbar", "aria-label": label },
      this.runButton,
      this.editButton,
      this.reachButton,
      this.restoreButton,
      this.note,
      element("span", { className: "live-number", textContent: this.number, title: label }),
    );
    if (this.number === 1) this.reachButton.hidden = true;
    roving(this.bar);
    this.input.append(this.bar);
    this.pre.addEventListener("click", (event) => {
      if (getSelection().isCollapsed) this.edit({ x: event.clientX, y: event.clientY });
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey) || event.defaultPrevented || event.isComposing)
        return;
      if (event.target.closest(".live-output")) return;
      event.preventDefault();
      this.on.run(this);
    });
  }

  /* Open the editor, the cursor at a point of the page if one is given. */
  async edit(point) {
    const editor = await import("./editor.js");
    if (!this.view) {
      const { fontSize, lineHeight, padding } = getComputedStyle(this.pre);
      this.place = element("div", { className: "live-editor" });
      Object.assign(this.place.style, { fontSize, lineHeight, padding });
      this.pre.after(this.place);
      this.view = editor.open(this.place, this.text, `代码：${this.name}。Esc 离开`, {
        change: (text) => this.#change(text),
        run: () => this.on.run(this),
        leave: () => this.runButton.focus(),
      });
      this.pre.hidden = true;
    }
    this.replace = (text) => editor.replace(this.view, text);
    const at = point && this.view.posAtCoords(point);
    if (at != null) this.view.dispatch({ selection: { anchor: at } });
    this.view.focus();
  }

  /* Show another text: from what was kept, or from another tab. */
  adopt(text, keep = true) {
    if (text === this.text) return;
    this.keeping = keep;
    if (this.view)
      this.replace(text); // tells #change
    else this.#change(text);
    this.keeping = true;
  }

  restore() {
    this.adopt(this.source);
    if (this.view) {
      this.view.destroy();
      this.place.remove();
      this.view = null;
      this.pre.hidden = false;
    }
    this.#change(this.source);
    this.runButton.focus();
    announce(`${this.name}：换回了书里的代码。`);
  }

  #change(text) {
    this.text = text;
    if (text === this.source) this.pre.replaceChildren(...this.book.cloneNode(true).childNodes);
    else this.pre.textContent = text; // for the copy button, and on paper
    this.restoreButton.hidden = !this.edited;
    this.element.classList.toggle("live-edited", this.edited);
    if (this.state === "ok" || this.state === "error")
      this.note.textContent = this.current ? "" : "改过，还没有再运行";
    if (this.keeping) this.on.change(this);
  }

  /* A run begins: the old output stays until the new one comes. */
  begin() {
    this.state = "running";
    this.ranText = this.text;
    this.since = performance.now();
    this.fresh = element("div", { className: "live-output cell_output" });
    this.output = new Output(this.fresh);
    this.say("");
  }

  show(event) {
    if (!this.fresh.isConnected) this.#place();
    this.output.show(event);
  }

  /* The run has ended: "ok", "error" or "cut" (no answer will come). */
  finish(status) {
    const seconds = (performance.now() - this.since) / 1000;
    this.state = status === "ok" ? "ok" : "error";
    if (status === "cut") this.ranText = null;
    if (status === "error") this.element.classList.add("code-seen"); // a message names lines of the code, hidden or not
    this.note.textContent =
      status === "cut" ? "没有运行完" : `${seconds < 10 ? seconds.toFixed(2) : Math.round(seconds)} 秒`;
    if (!this.fresh.isConnected) {
      if (status === "cut") return;
      this.#place();
      if (this.recorded)
        this.fresh.append(element("p", { className: "live-nothing", textContent: "这一次没有输出。" }));
    }
    this.output.end();
    this.#verdict();
    announce(`${this.name}${status === "ok" ? "运行完了" : "没有运行完"}。${this.output.aloud}`);
  }

  #place() {
    this.compare?.remove();
    this.shown?.remove();
    this.shown = this.fresh;
    (this.recorded ?? this.input).after(this.fresh);
    if (!this.recorded) return;
    this.verdict = element("span", { className: "live-verdict" });
    this.compare = element(
      "div",
      { className: "live-compare", role: "group", "aria-label": `输出：${this.name}` },
      ...VIEWS.map(([view, text]) =>
        button(
          text,
          () => {
            this.viewed = view;
          },
          { "data-view": view },
        ),
      ),
      this.verdict,
    );
    this.recorded.before(this.compare);
    this.viewed = "new";
  }

  get viewed() {
    return this.element.dataset.liveView;
  }

  set viewed(view) {
    this.element.dataset.liveView = view;
    for (const one of this.compare?.querySelectorAll("button") ?? [])
      one.setAttribute("aria-pressed", one.dataset.view === view);
    if (view === "both") this.#mark();
  }

  #verdict() {
    const book = recordedText(this.recorded),
      now = this.output.text;
    if (!this.recorded || book === null || now === null) return;
    const equal = same(book, now);
    this.verdict.textContent = equal ? "和书里的一样" : "和书里的不同";
    this.compare.dataset.same = equal;
  }

  /* Mark the lines that only one of both outputs has. */
  #mark() {
    const book = recordedText(this.recorded),
      now = this.output.text;
    if (this.marked === now || book === null || now === null || same(book, now)) return;
    this.marked = now;
    this.columns?.forEach((column) => column.remove());
    this.columns = differing(book, now).map((lines, at) =>
      element(
        "pre",
        { className: "live-lines", tabIndex: 0, "aria-label": at ? "这一次" : "书里的" },
        ...lines.map(([line, common]) => element(common ? "span" : "mark", { textContent: `${line}\n` })),
      ),
    );
    this.fresh.after(...this.columns);
    this.element.classList.add("live-marked");
  }

  /* A sentence below the output, with what can be done about it: [[label, action], …]. "" takes it away. */
  say(text, ...actions) {
    this.said?.remove();
    this.said = text
      ? element(
          "p",
          { className: "live-advice" },
          text,
          " ",
          ...actions.map(([label, action]) => button(label, action)),
        )
      : null;
    if (this.said) (this.shown ?? this.recorded ?? this.input).after(this.said);
    if (text) announce(text);
  }
}
