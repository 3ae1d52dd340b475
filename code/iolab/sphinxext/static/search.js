// Looks a query up in BOOK_PAGES and shows the best pages. A page is [title, url, sections, topics], a section
// [anchor, heading, prose, names in code], a topic a term or a name that the page is there to explain.
(() => {
  const HAN = /[\u3400-\u9fff]/;
  const SHOWN_SECTIONS = 3, CONTEXT = 60;
  const normal = (text) => text.normalize("NFKC").toLowerCase();
  const pages = BOOK_PAGES.map(([title, url, sections, topics]) => ({
    title, url, heads: normal(title), topics: new Set(topics.map(normal)),
    sections: sections.map(([anchor, heading, text, names]) => ({
      anchor, heading, text, head: normal(heading), body: normal(text), names: normal(names),
    })),
  }));

  function count(text, term, whole) {
    let found = 0;
    for (let at = text.indexOf(term); at >= 0 && found < 20; at = text.indexOf(term, at + term.length)) {
      const around = (text[at - 1] || " ") + (text[at + term.length] || " ");
      if (!whole || !/\w/.test(around[0] + around[1])) found++;
    }
    return found;
  }

  // A term in a heading says what a section is about; alone in it, all the more.
  function weigh(section, term) {
    const latin = !HAN.test(term);
    const heading = count(section.head, term, latin) ? 30 + 40 * term.length / section.head.length
      : section.head.includes(term) ? 8 : 0;
    const exact = count(section.body, term, latin);
    const parts = latin ? count(section.body, term, false) - exact : 0;
    const named = latin ? 2 * count(section.names, term, true) + section.names.includes(term) : 0;
    return heading + 4 * Math.log2(1 + exact) + Math.log2(1 + parts) + named;
  }

  function rank(terms, needed, rarity = () => 1) {
    const results = [];
    for (const page of pages) {
      const best = new Map(terms.map((term) => [term, 0]));
      const total = new Map(best);
      const sections = page.sections.map((section) => {
        let score = 0;
        for (const term of terms) {
          const weight = weigh(section, term) * rarity(term);
          if (weight > best.get(term)) best.set(term, weight);
          total.set(term, total.get(term) + weight);
          score += weight;
        }
        return { section, score };
      }).filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
      const met = terms.filter((term) => best.get(term) > 0 || page.topics.has(term)).length;
      if (met < Math.max(needed, 1)) continue;
      if (!sections.length) sections.push({ section: page.sections[0] });
      let score = 0;
      for (const term of terms) {
        score += best.get(term) + Math.sqrt(total.get(term)) + (page.heads.includes(term) ? 30 * rarity(term) : 0)
          + (page.topics.has(term) ? 40 * rarity(term) : 0);
      }
      results.push({ page, score, sections: sections.slice(0, SHOWN_SECTIONS).map(({ section }) => section) });
    }
    return results.sort((a, b) => b.score - a.score);
  }

  function windows(terms) {
    const pairs = new Set();
    for (const term of terms) {
      for (const run of term.match(/[\u3400-\u9fff]+|\w+/g) || []) {
        if (!HAN.test(run) || run.length < 3) pairs.add(run);
        else for (let at = 0; at + 1 < run.length; at++) pairs.add(run.slice(at, at + 2));
      }
    }
    return [...pairs];
  }

  function search(query) {
    const terms = [...new Set(normal(query).split(/[\s，。、；：？！?!,;]+/).filter(Boolean))];
    if (!terms.length) return { results: [], terms };
    const results = rank(terms, terms.length);
    if (results.length) return { results, terms };
    const pairs = windows(terms);
    const known = new Map(pairs.map((pair) => [pair, pages.filter((page) =>
      page.sections.some(({ head, body }) => head.includes(pair) || body.includes(pair))).length]));
    const usable = pairs.filter((pair) => known.get(pair));
    const rarity = (pair) => Math.log2(1 + pages.length / known.get(pair));
    return { results: rank(usable, Math.max(1, Math.ceil(usable.length / 2)), rarity), terms: usable };
  }

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function marked(text, terms) {
    const lower = text.toLowerCase();  // the same length as text, so that positions agree
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
    const { results, terms } = search(query);
    const list = element("ol", { className: "search" });
    for (const { page, sections } of results) {
      const item = element("li", {}, element("a", { href: `${page.url}#${sections[0].anchor}`, className: "search-page" },
        ...marked(page.title, terms)));
      for (const section of sections) {
        if (section.heading !== page.title) {
          item.append(element("p", { className: "search-section" },
            element("a", { href: `${page.url}#${section.anchor}` }, ...marked(section.heading, terms))));
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
