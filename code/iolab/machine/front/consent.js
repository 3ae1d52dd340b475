// Before anything big is loaded: how much it is, and whether the reader wants it. Then: how far it is.
import { announce, button, element } from "../../live/front/dom.js";
import { allKept } from "./parts.js";

const AGREED = "iolab-machine-agreed";
const MB = 1e6;

/* {progress(bytes), say(text), close(), stopped} once the reader has agreed; rejected with Declined otherwise.
   stopped: a promise that is rejected with Declined when the reader does not want to wait any more. */
export async function consent(here, figures) {
  const total = Object.values(figures.parts).reduce((sum, { bytes }) => sum + bytes, 0);
  const bar = drawn("正在载入页面里的 Linux", total, { role: "dialog", "aria-label": "页面里的 Linux" });
  const disk = here.protocol === "file:";
  if (!agreed() && !(await allKept(here, figures.parts))) {
    const question =
      `这里能运行一台真的小 Linux：内核、Python、shell 都在这一页里，什么也不用安装。` +
      `要先${disk ? "从书的文件夹载入" : "下载"} ${megabytes(total)} MB${disk ? "" : "，之后浏览器会留着"}，` +
      `运行时占大约 ${figures.tab} MB 内存。`;
    bar.say(question);
    announce(question);
    await new Promise((resolve, reject) => {
      const yes = button(disk ? "载入并启动" : "下载并启动", resolve, { className: "machine-yes" });
      bar.tools.append(yes, button("不用", () => reject(new Declined())));
      yes.focus();
    }).finally(() => bar.tools.replaceChildren()).catch((error) => {
      bar.close();
      throw error;
    });
    remember();
  }
  bar.progress(0);
  bar.stopped = new Promise((_, reject) => bar.tools.append(button("不等了", () => reject(new Declined()))));
  bar.stopped.catch(() => {}); // it may come when nobody waits
  return bar;
}

/* What is loaded while the machine runs, as `text` says: {progress(bytes), close()}. */
export function loading(text, total) {
  announce(text);
  const bar = drawn(text, total, { role: "group" });
  bar.progress(0);
  return bar;
}

/* A box at the edge of the window: {progress(bytes), say(text), close(), tools: where buttons go}. */
function drawn(text, total, properties) {
  const says = element("span"),
    tools = element("span", { className: "machine-asks" });
  const box = element("div", { className: "machine-consent", ...properties }, says, tools);
  document.body.append(box);
  let loaded = 0;
  return {
    tools,
    progress(bytes) {
      loaded += bytes;
      says.textContent = `${text}：${megabytes(loaded)} / ${megabytes(total)} MB`;
    },
    say(words) {
      says.textContent = words;
      tools.replaceChildren();
    },
    close: () => box.remove(),
  };
}

/* Say what went wrong, until the reader has read it. */
export function regret(text) {
  const box = element(
    "div",
    { className: "machine-consent", role: "alert" },
    element("span", { textContent: text }),
    element("span", { className: "machine-asks" }, button("知道了", () => box.remove())),
  );
  document.body.append(box);
}

/* The reader does not want it now. */
export class Declined extends Error {
  constructor() {
    super("没有启动页面里的 Linux");
  }
}

function megabytes(bytes) {
  return (bytes / MB).toFixed(1);
}

function agreed() {
  try {
    return localStorage.getItem(AGREED) === "yes";
  } catch {
    return false;
  }
}

function remember() {
  try {
    localStorage.setItem(AGREED, "yes");
  } catch {
    /* private browsing: asked again on the next page */
  }
}
