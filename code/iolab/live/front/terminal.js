// Text as a terminal shows it: colours, and lines that are written over. All else that it holds stays text.
import { AnsiUp } from "ansi_up";

const MOST = 500_000; // characters; more would make the page slow
const OVER = /[\r\b]/;

export class Terminal {
  constructor(pre) {
    this.pre = pre;
    this.text = "";
    this.full = false;
    this.#begin();
  }

  write(chunk) {
    if (this.full) return;
    if (this.text.length + chunk.length > MOST) {
      chunk = `${chunk.slice(0, MOST - this.text.length)}\n（输出超过 ${MOST} 个字符，后面的没有显示）\n`;
      this.full = true;
    }
    if (OVER.test(chunk) || this.text.endsWith("\r")) {
      this.text = overwritten(this.text + chunk);
      this.pre.replaceChildren();
      this.#begin();
      this.#append(this.text.replace(/\r$/, ""));
    } else {
      this.text += chunk;
      this.#append(chunk);
    }
  }

  #begin() {
    this.colours = new AnsiUp();
    this.colours.use_classes = true;
  }

  #append(text) {
    this.pre.insertAdjacentHTML("beforeend", this.colours.ansi_to_html(text));
  }
}

/* What is left when each \r has begun its line again and each \b has gone back; a \r at the very end waits. */
export function overwritten(text) {
  return text
    .replace(/\r\n/g, "\n")
    .split("\n")
    .map((line) => {
      const pending = line.endsWith("\r") ? "\r" : "";
      let shown = line
        .slice(0, line.length - pending.length)
        .split("\r")
        .reduce(over);
      while (/[^\x08]\x08/.test(shown)) shown = shown.replace(/[^\x08]\x08/g, "");
      return shown + pending;
    })
    .join("\n");
}

/* `upper` written over `lower` from its beginning; colours take no place. */
function over(lower, upper) {
  const parts = lower.match(/\x1b\[[\d;]*m|[^]/gu) ?? [];
  let left = [...upper.replace(/\x1b\[[\d;]*m/g, "")].length;
  while (left > 0 && parts.length) left -= parts.shift().startsWith("\x1b") ? 0 : 1;
  return upper + parts.join("");
}
