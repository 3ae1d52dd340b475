// The live page: its cells, an engine that runs them, and what the reader has changed. Loaded by the server's pages.
import { findCells } from "./cells.js";
import { Edits } from "./edits.js";
import { Page } from "./page.js";

const address = new URL(location.href);
if (address.searchParams.has("token")) {
  // it has become a cookie: no bookmark and no picture of the screen needs it
  address.searchParams.delete("token");
  history.replaceState(history.state, "", address);
}

const found = findCells();
if (found.length) {
  const server = new URL("../", import.meta.url).href,
    folder = new URL(".", location).href.slice(`${server}book/`.length);
  new Page(
    found,
    new Edits(location.pathname),
    async () => new (await import("./engine/jupyter.js")).JupyterEngine(server, decodeURI(folder)),
  );
}
