// A listing of a whole script: run in a terminal, edited here, kept in this browser, taken out as a file.
import { announce, button, element } from "../../live/front/dom.js";

const KEPT = "iolab-machine-file:";

export class Listing {
  /* found: {name, heading, block, command} as main.js finds them; the block's first pre holds the book's text */
  constructor(found, machine, drawer) {
    Object.assign(this, found, { machine, drawer });
    this.pre = this.block.querySelector("pre");
    this.book = this.pre.textContent;
    this.text = this.#kept() ?? this.book;
    this.failed = false;
    this.tools = element(
      "span",
      { className: "machine-tools d-print-none", hidden: true },
      button("还原", () => this.restore(), { title: "换回书里的", "aria-label": `还原：${this.name}` }),
      button("下载", () => this.#download(), { title: `存成文件 ${this.name}` }),
      (this.note = element("span", { className: "machine-note" })),
    );
    this.heading.append(" ", this.tools);
    this.#tell();
  }

  get edited() {
    return this.text !== this.book;
  }

  /* In a terminal, as it stands here. */
  async run() {
    await this.drawer.open(this.command, { path: `code/${this.name}`, text: this.text, book: this.book });
  }

  async edit() {
    const editor = await import("../../live/front/editor.js");
    if (!this.view) {
      const { fontSize, lineHeight, padding } = getComputedStyle(this.pre);
      this.place = element("div", { className: "live-editor" });
      Object.assign(this.place.style, { fontSize, lineHeight, padding });
      this.pre.after(this.place);
      this.view = editor.open(this.place, this.text, `代码：${this.name}。Esc 离开`, {
        change: (text) => this.#change(text),
        run: () => this.run(),
        leave: () => this.heading.querySelector("button").focus(),
      });
      this.pre.hidden = true;
    }
    this.view.focus();
  }

  restore() {
    this.view?.destroy();
    this.place?.remove();
    this.view = this.place = null;
    this.pre.hidden = false;
    this.#change(this.book);
    announce(`${this.name}：换回了书里的代码。`);
  }

  #change(text) {
    this.text = text;
    try {
      if (this.edited) localStorage.setItem(KEPT + this.name, JSON.stringify({ text, book: this.book }));
      else localStorage.removeItem(KEPT + this.name);
      this.failed = false;
    } catch {
      this.failed = true; // private browsing, or no room left
    }
    this.#tell();
  }

  #tell() {
    this.tools.hidden = !this.edited;
    this.note.textContent = this.failed ? "这个浏览器不让保存：离开这一页，改动就没有了" : "改过，在这个浏览器里";
    this.heading.querySelector(".machine-edited")?.remove(); // main.js said it until now
  }

  #kept() {
    try {
      return JSON.parse(localStorage.getItem(KEPT + this.name))?.text;
    } catch {
      return null;
    }
  }

  #download() {
    const url = URL.createObjectURL(new Blob([this.text], { type: "text/x-python" }));
    element("a", { href: url, download: this.name.split("/").at(-1) }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}
