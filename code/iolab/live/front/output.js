// Shows what an engine says of a run, in the classes in which the book's own outputs are written.
import { element } from "./dom.js";
import { Terminal } from "./terminal.js";

const MIMES = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/latex", "text/plain"];
const MOST = 1000; // outputs of one run; more would make the page slow
const PREVIEW = 300; // characters that are read aloud

/* The outputs of one run below `root`. show(event) takes what the engine's stream gives:
   {kind: "stream", name, text} · {kind: "display", data, id?, update?} · {kind: "live", render(element), data} ·
   {kind: "error", name, message, traceback} · {kind: "input", prompt, password, answer(text)} · {kind: "clear", wait} */
export class Output {
  constructor(root) {
    this.root = root;
    this.root.classList.add("jp-OutputArea");
    this.events = [];
    this.shown = new Map();
    this.terminal = this.error = null;
    this.clearing = this.full = false;
  }

  show(event) {
    if (this.clearing && event.kind !== "clear") this.#clear();
    if (this.events.length < MOST || !["stream", "display", "live"].includes(event.kind) || event.update)
      this[`_${event.kind}`](event);
    else if (!this.full) {
      this.full = true;
      this.#add("output", element("p", { textContent: `（输出超过 ${MOST} 个，后面的没有显示）` }));
    }
  }

  /* All as text, or null where some of it is not text. */
  get text() {
    const plain = this.events.every(
      ({ kind, data }) => kind === "stream" || (kind === "display" && mime(data) === "text/plain"),
    );
    return plain ? this.events.map(({ text, data }) => text ?? `${data["text/plain"]}\n`).join("") : null;
  }

  /* What a reader who does not see it is told. */
  get aloud() {
    const text = this.root.innerText.trim().replace(/\s+/g, " ");
    return text.length > PREVIEW ? `${text.slice(0, PREVIEW)}……` : text;
  }

  /* What is wider than the page can be scrolled by keyboard. */
  reachable() {
    for (const wide of this.root.querySelectorAll("pre, .output")) {
      if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    }
  }

  _stream({ name, text }) {
    const last = this.events.at(-1);
    if (last?.kind === "stream" && last.name === name) last.text += this.terminal.full ? "" : text;
    else {
      this.events.push({ kind: "stream", name, text });
      const pre = element("pre");
      this.terminal = new Terminal(pre);
      this.#add(`output ${name === "stderr" ? "stderr" : "stream"}`, element("div", { className: "highlight" }, pre));
    }
    this.terminal.write(text);
  }

  _display(event) {
    if (event.update) {
      for (const place of this.shown.get(event.id) ?? []) render(place, event.data);
      for (const kept of this.events) if (kept.id === event.id) kept.data = event.data;
      return;
    }
    this.events.push({ ...event });
    const place = this.#add("", "");
    if (event.id) this.shown.set(event.id, [...(this.shown.get(event.id) ?? []), place]);
    render(place, event.data);
  }

  _live(event) {
    this.events.push({ ...event });
    event.render(this.#add("output live-widget jupyter-widgets", ""));
  }

  _error({ name, message, traceback }) {
    this.events.push({ kind: "error", name, message });
    this.error = { name, message };
    const stopped = name === "KeyboardInterrupt";
    const plain = traceback.join("\n").replace(/\x1b\[[\d;]*m/g, "");
    const line = [...plain.matchAll(/Cell In\s*\[\d+\], line (\d+)/g)].at(-1)?.[1];
    const head = element(
      "p",
      { className: "live-error" },
      element("strong", { textContent: stopped ? "停下来了" : `出错了：${name}` }),
      stopped || !message ? "" : `：${message}`,
      line ? `（第 ${line} 行）` : "",
    );
    const pre = element("pre");
    new Terminal(pre).write(traceback.join("\n"));
    this.#add(
      "output traceback",
      head,
      element(
        "details",
        {},
        element("summary", { textContent: "完整的回溯" }),
        element("div", { className: "highlight" }, pre),
      ),
    );
  }

  _clear({ wait }) {
    this.clearing = wait;
    if (!wait) this.#clear();
  }

  _input({ prompt, password, answer }) {
    const field = element("input", { type: password ? "password" : "text", autocomplete: "off", spellcheck: false });
    const form = element(
      "form",
      { className: "live-input" },
      element("label", {}, element("span", { textContent: prompt || "程序在等一行输入" }), " ", field),
      element("button", { type: "submit", textContent: "交给程序" }),
    );
    const place = this.#add("output", form);
    form.onsubmit = (event) => {
      event.preventDefault();
      place.remove();
      this._stream({ name: "stdout", text: `${prompt}${password ? "········" : field.value}\n` });
      answer(field.value);
    };
    this.asked = place;
    field.focus();
  }

  /* The run has ended: nobody waits for an answer any more. */
  end() {
    this.asked?.remove();
    this.reachable();
  }

  #add(classes, ...children) {
    const place = element("div", { className: `${classes} jp-OutputArea-child` }, ...children);
    this.root.append(place);
    return place;
  }

  #clear() {
    this.root.replaceChildren();
    this.shown.clear();
    this.events = [];
    this.clearing = this.full = false;
  }
}

function mime(data) {
  return MIMES.find((name) => name in data);
}

function render(place, data) {
  const kind = mime(data),
    value = [data[kind]].flat().join("");
  const look = kind?.startsWith("image/") ? "image" : ({ "text/html": "text_html", "text/markdown": "" }[kind] ?? "text_plain");
  place.className = `output ${look} jp-OutputArea-child`;
  if (kind === "text/html" || kind === "image/svg+xml") {
    place.innerHTML = value;
    place.querySelectorAll("script").forEach(revive);
  } else if (kind?.startsWith("image/")) {
    place.replaceChildren(element("img", { src: `data:${kind};base64,${value}`, alt: data["text/plain"] ?? "图" }));
  } else {
    write(place, value);
    if (kind === "text/markdown") import("./markdown.js").then(({ fill }) => fill(place, value), () => {});
  }
}

function write(place, text) {
  const pre = element("pre");
  place.replaceChildren(element("div", { className: "highlight" }, pre));
  new Terminal(pre).write(`${text}\n`);
}

/* A script that came as text does not run; a new one like it does. */
function revive(script) {
  const living = element("script", { textContent: script.textContent });
  for (const { name, value } of script.attributes) living.setAttribute(name, value);
  script.replaceWith(living);
}
