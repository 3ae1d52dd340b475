// The ledger's filter: shows the rows of one part and one verdict.
(() => {
  const filter = document.querySelector(".claim-filter");
  const bodies = [...document.querySelectorAll(".claim-ledger tbody")];
  const rows = bodies.flatMap((body) => [...body.querySelectorAll("tr[data-verdict]")]);
  const { part, verdict } = Object.fromEntries([...filter.querySelectorAll("select")].map((box) => [box.name, box]));

  const fill = (box, values) => box.append(...["全部", ...new Set(values)].map((value) => new Option(value)));
  fill(part, bodies.map((body) => body.dataset.part));
  fill(verdict, rows.map((row) => row.dataset.verdict));

  function apply() {
    let shown = 0;
    for (const body of bodies) {
      let inBody = 0;
      for (const row of body.querySelectorAll("tr[data-verdict]")) {
        const fits = part.selectedIndex === 0 || part.value === body.dataset.part;
        row.hidden = !fits || (verdict.selectedIndex !== 0 && verdict.value !== row.dataset.verdict);
        inBody += !row.hidden;
      }
      body.hidden = !inBody;
      shown += inBody;
    }
    filter.querySelector("output").textContent = `显示 ${shown} 条`;
  }
  filter.addEventListener("change", apply);
  apply();
})();
