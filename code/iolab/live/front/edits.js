// What the reader has changed on this page, kept in this browser under the page's address.
//
// A cell is known by what stays when the book is built again: a tag that no other cell has, else its text in the book.
// A change whose cell is gone is kept too, until the reader throws it away.

const PREFIX = "iolab-live:";

export class Edits {
  constructor(path) {
    this.key = PREFIX + path;
    this.kept = this.#read();
    this.failed = false;
    this.onforeign = () => {};
    addEventListener("storage", (event) => {
      if (event.key !== this.key && event.key !== null) return;
      this.kept = this.#read();
      this.onforeign();
    });
  }

  /* Let each of `cells` know its change: {cell: kept}; what belongs to no cell is in `orphans`. */
  match(cells) {
    const counts = new Map();
    const count = (name) => counts.set(name, (counts.get(name) ?? 0) + 1).get(name);
    for (const cell of cells) for (const tag of cell.tags) count(`tag ${tag}`);
    for (const cell of cells) {
      const tag = cell.tags.find((name) => counts.get(`tag ${name}`) === 1);
      cell.key = tag ? `tag ${tag}` : `text ${count(`text ${cell.source}`)} ${cell.source}`;
    }
    this.known = new Set(cells.map((cell) => cell.key));
    return this;
  }

  of(cell) {
    return this.kept[cell.key];
  }

  get orphans() {
    return Object.entries(this.kept).filter(([key]) => !this.known.has(key));
  }

  /* Keep the text of a cell; the book's own text is no change. */
  keep(cell, text) {
    this.kept = this.#read(); // another tab may have kept something meanwhile
    if (text === cell.source) delete this.kept[cell.key];
    else this.kept[cell.key] = { text, book: cell.source };
    this.#write();
  }

  forget(keys = Object.keys(this.kept)) {
    this.kept = this.#read();
    for (const key of keys) delete this.kept[key];
    this.#write();
  }

  #read() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch {
      return this.kept ?? {};
    }
  }

  #write() {
    try {
      if (Object.keys(this.kept).length) localStorage.setItem(this.key, JSON.stringify(this.kept));
      else localStorage.removeItem(this.key);
      this.failed = false;
    } catch {
      // private browsing, or no room left
      this.failed = true;
    }
  }
}
