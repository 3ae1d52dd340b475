// The live page: its cells, an engine that runs them, and what the reader has changed. Loaded by the server's pages.
import { findCells } from "./cells.js";
import { Edits } from "./edits.js";
import { Page } from "./page.js";

const found = findCells();
if (found.length) {
  const server = new URL("../", import.meta.url).href,
    path = location.pathname.slice(new URL(server).pathname.length - 1), // the same after a restart
    folder = new URL(".", location).href.slice(`${server}book/`.length);
  new Page(
    found,
    new Edits(path),
    async () => new (await import("./engine/jupyter.js")).JupyterEngine(server, decodeURI(folder)),
  );
}
