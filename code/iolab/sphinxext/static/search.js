// Shows what bookSearch finds: pages with their best sections, the words marked; a link marks them on the page too.
(() => {
  const CONTEXT = 60;

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function marked(text, terms) {
    const pieces = [];
    let from = 0;
    for (const hit of terms.length ? text.matchAll(foundPattern(terms)) : []) {
      pieces.push(text.slice(from, hit.index), element("mark", { textContent: hit[0] }));
      from = hit.index + hit[0].length;
    }
    return [...pieces, text.slice(from)];
  }

  // The piece of a text with the most of the words, the first such.
  function summary(text, terms) {
    const lower = text.toLowerCase();
    const starts = [0];
    for (const term of terms) {
      for (let at = lower.indexOf(term); at >= 0; at = lower.indexOf(term, at + term.length)) {
        starts.push(Math.max(0, at - CONTEXT / 2));
      }
    }
    const held = (from) => terms.filter((term) => lower.slice(from, from + 2 * CONTEXT).includes(term)).length;
    const counts = new Map(starts.sort((a, b) => a - b).map((from) => [from, held(from)]));
    const [start] = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most));
    const end = Math.min(text.length, start + 2 * CONTEXT);
    return (start ? "…" : "") + text.slice(start, end) + (end < text.length ? "…" : "");
  }

  function show(query) {
    const { results, words: terms } = bookSearch(query);
    const address = (page, anchor) =>
      `${page.url}?${new URLSearchParams(terms.map((word) => ["found", word]))}#${anchor}`;
    const list = element("ol", { className: "search" });
    for (const { page, sections } of results) {
      const item = element("li", {}, element("a", { href: address(page, sections[0].anchor), className: "search-page" },
        ...marked(page.title, terms)));
      const own = (section) => section.heading === page.title;
      for (const section of [...sections.filter(own), ...sections.filter((one) => !own(one))]) {
        if (!own(section)) {
          item.append(element("p", { className: "search-section" },
            element("a", { href: address(page, section.anchor) }, ...marked(section.heading, terms))));
        }
        if (section.text) item.append(element("p", { className: "context" }, ...marked(summary(section.text, terms), terms)));
      }
      list.append(item);
    }
    const found = results.length ? `与“${query}”有关的有 ${results.length} 页，最接近的在前` : `没有一页提到“${query}”，换一个更短的词试试`;
    document.getElementById("search-results").replaceChildren(
      element("p", { className: "search-summary", textContent: found }), list);
  }

  const query = (new URLSearchParams(location.search).get("q") || "").trim();
  const field = document.querySelector(".bd-search-container input[name=q]");
  field.value = query;
  field.focus();
  if (query) show(query);
})();
