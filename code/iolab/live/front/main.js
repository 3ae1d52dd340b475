// The live page: its cells, an engine that runs them, and what the reader has changed. Loaded by the server's pages.
import { findCells } from "./cells.js";
import { Edits } from "./edits.js";
import { Page } from "./page.js";

const found = findCells();
if (found.length) {
  const server = new URL("../", import.meta.url).href,
    path = location.pathname.slice(new URL(server).pathname.length - 1), // the same after a restart
    beside = new URL(import.meta.url).searchParams.get("beside"), // where a server of many things has the sources
    folder = [beside, new URL(".", location).href.slice(`${server}book/`.length)].filter(Boolean).join("/");
  new Page(
    found,
    new Edits(path),
    async () => new (await import("./engine/jupyter.js")).JupyterEngine(server, decodeURI(folder)),
  );
}
