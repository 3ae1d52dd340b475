// Shows what bookSearch finds: pages with their best sections, the words marked; a link marks them on the page too.
(() => {
  const CONTEXT = 60;

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function marked(text, terms) {
    const lower = text.toLowerCase();
    const pieces = [];
    let from = 0;
    while (from < text.length) {
      const hits = terms.map((term) => [lower.indexOf(term, from), term]).filter(([at]) => at >= 0);
      if (!hits.length) break;
      const [at, term] = hits.sort((a, b) => a[0] - b[0] || b[1].length - a[1].length)[0];
      pieces.push(text.slice(from, at), element("mark", { textContent: text.slice(at, at + term.length) }));
      from = at + term.length;
    }
    return [...pieces, text.slice(from)];
  }

  function summary(text, terms) {
    const lower = text.toLowerCase();
    const at = Math.min(...terms.map((term) => lower.indexOf(term)).filter((found) => found >= 0));
    const start = Number.isFinite(at) ? Math.max(0, at - CONTEXT / 2) : 0;
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
      for (const section of sections) {
        if (section.heading !== page.title) {
          item.append(element("p", { className: "search-section" },
            element("a", { href: address(page, section.anchor) }, ...marked(section.heading, terms))));
        }
        if (section.text) item.append(element("p", { className: "context" }, ...marked(summary(section.text, terms), terms)));
      }
      list.append(item);
    }
    const found = results.length ? `“${query}”出现在 ${results.length} 页里` : `没有一页提到“${query}”，换一个更短的词试试`;
    document.getElementById("search-results").replaceChildren(
      element("p", { className: "search-summary", textContent: found }), list);
  }

  const query = (new URLSearchParams(location.search).get("q") || "").trim();
  const field = document.querySelector(".bd-search-container input[name=q]");
  field.value = query;
  field.focus();
  if (query) show(query);
})();
