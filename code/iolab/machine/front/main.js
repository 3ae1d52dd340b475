// The small script of every page: a button where something can be run in the page's own Linux. The rest is loaded
// when one of them is used. FIGURES (the bundler's) says what that will cost.
import { findCells } from "../../live/front/cells.js";
import { button, element } from "../../live/front/dom.js";
import { unzipped } from "./zip.js";

const here = new URL(".", document.currentScript.src);
const SCRIPT = /^code\/((?:day\d+|labs)\/[\w/]+\.py)$/;
let loading = null;

/* The rest of the scripts, loaded once: {listing(found), run(number)}. */
function load() {
  loading ??= new Promise((resolve, reject) => {
    document.head.append(element("link", { rel: "stylesheet", href: new URL("front.css", here) }));
    const script = element("script");
    script.onload = () => resolve(window.iolabMachine(here, FIGURES));
    script.onerror = () => reject(new Error(`没有 ${new URL("front.js", here)}`));
    source().then((src) => document.head.append(Object.assign(script, { src })), script.onerror);
  }).catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

/* Where the rest is: packed, if the page may read it; a page from disk may only run it. */
async function source() {
  const plain = new URL(`front.js?v=${FIGURES.version}`, here);
  if (here.protocol === "file:") return plain;
  try {
    const response = await fetch(new URL(`front.js.gz?v=${FIGURES.version}`, here));
    return response.ok ? URL.createObjectURL(await unzipped(response, "text/javascript")) : plain;
  } catch {
    return plain; // a server that unpacks it on its own
  }
}

function use(work) {
  return (event) => {
    const { currentTarget } = event;
    currentTarget.disabled = true;
    load()
      .then(work)
      .catch((error) => alert(`页面里的 Linux 打不开：${error.message}。`))
      .finally(() => {
        currentTarget.disabled = false;
      });
  };
}

/* The command with which a script's own docstring says that it is run, else the plain one. */
function command(name, listing) {
  const said = /^运行：\s*(python .*?)(?:\s{2,}|（|$)/m.exec(listing?.textContent ?? "")?.[1].trim();
  return said?.includes(name) ? said : `python code/${name}`;
}

function offerListings() {
  for (const title of document.querySelectorAll("p > strong:only-child")) {
    const name = SCRIPT.exec(title.textContent)?.[1],
      heading = title.parentNode,
      block = heading.nextElementSibling;
    if (!name || !block?.matches('[class*="highlight-"]')) continue;
    const found = { name, heading, block, command: command(name, block) };
    const offer = (text, verb, why) =>
      button(text, use((front) => front.listing(found)[verb]()), {
        className: "machine-open d-print-none",
        title: why,
        "aria-label": `${text}：${name}`,
      });
    heading.append(" ", offer("在终端里运行", "run", `${found.command}：在页面里的 Linux 里`));
    heading.append(" ", offer("编辑", "edit", "改一改再运行，改动留在这个浏览器里"));
    if (kept(name)) heading.append(element("span", { className: "machine-edited", textContent: " 你改过" }));
  }
}

function kept(name) {
  try {
    return localStorage.getItem(`iolab-machine-file:${name}`) !== null;
  } catch {
    return false; // private browsing
  }
}

function offerCells() {
  for (const { number, input } of findCells()) {
    const offer = button("运行", use((front) => front.run(number)), {
      className: "machine-run d-print-none",
      title: "在页面里的 Linux 里运行，什么也不用安装",
      "aria-label": `运行：第 ${number} 个单元格`,
    });
    input.append(offer);
  }
}

const STYLE = `
.machine-edited { font-size: 0.8rem; }
.machine-open, .machine-run { padding: 0 0.5rem; border: 1px solid var(--pst-color-border, #9aa2ad); border-radius: 4px;
  background: var(--pst-color-background); color: var(--pst-color-link); font-size: 0.8rem; line-height: 1.6;
  cursor: pointer; white-space: nowrap; }
.machine-run { position: absolute; right: 0.3rem; bottom: 0.3rem; }
:is(.machine-open, .machine-run):hover:not(:disabled) { text-decoration: underline; }
div.cell .cell_input { position: relative; }
`;

const live = document.querySelector('script[type="module"][src$="live/main.js"]'); // cells have a kernel there
document.head.append(element("style", { textContent: STYLE }));
offerListings();
if (!live) offerCells();
