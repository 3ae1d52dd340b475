// Markdown that a cell has shown, as the book shows it. Loaded when the first one comes.
import { marked } from "marked";
import { coloured } from "./colours.js";
import { element } from "./dom.js";

export function fill(place, text) {
  place.innerHTML = marked.parse(text);
  for (const code of place.querySelectorAll("pre > code")) {
    const plain = code.textContent.replace(/\n$/, "");
    const pre = element("pre", {}, ...(code.className === "language-python" ? coloured(plain) : [plain]));
    code.parentElement.replaceWith(element("div", { className: "highlight" }, pre));
  }
}
