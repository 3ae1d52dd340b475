// What a page has once something was run in its Linux: the machine, the terminals, and the cells that it runs.
import { findCells } from "../../live/front/cells.js";
import { Edits } from "../../live/front/edits.js";
import { Page } from "../../live/front/page.js";
import { Drawer } from "./drawer.js";
import { MachineEngine } from "./engine.js";
import { Listing } from "./listing.js";
import { Machine } from "./machine.js";

/* here: the URL of the folder of these scripts; figures: {version, megabytes, memory, …} of what is loaded. */
window.iolabMachine = (here, figures) => {
  const machine = new Machine(here, figures),
    drawer = new Drawer(machine),
    listings = new Map();
  let page = null;
  return {
    machine,
    listing(found) {
      if (!listings.has(found.heading)) listings.set(found.heading, new Listing(found, machine, drawer));
      return listings.get(found.heading);
    },
    async run(number) {
      if (!page) {
        document.querySelectorAll(".machine-run").forEach((one) => one.remove());
        const folder = location.pathname.split("/").at(-2);
        page = new Page(findCells(), new Edits(location.pathname), async () => new MachineEngine(machine, folder), {
          named: "页面里的 Linux",
          tools: [["终端", () => drawer.open()]],
        });
      }
      page.run([page.cells[number - 1]]);
    },
  };
};
