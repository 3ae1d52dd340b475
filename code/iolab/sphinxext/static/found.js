// Marks the words of a search (?found=WORD&found=WORD) on the page that it led to, opens the boxes that hide them in the
// section that was found, and scrolls to the first one there.
(() => {
  const words = [...new Set(new URLSearchParams(location.search).getAll("found").map((word) => word.trim().toLowerCase()))]
    .filter(Boolean).slice(0, 20);
  const article = document.querySelector("article");
  if (!words.length || !article) return;

  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = (target && (target.closest("section") || target)) || article;
  const own = (node) => node.parentElement.closest("section") === section || !target;
  const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "gi");
  const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT, (node) =>
    (node.parentElement.closest("script, style, svg, button, mark, .player") || !node.data.match(pattern)
      ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  const nodes = [];
  while (texts.nextNode()) nodes.push(texts.currentNode);

  let first = null, opened = 0;
  for (const node of nodes) {
    const inside = section.contains(node) && own(node);
    const pieces = document.createDocumentFragment();
    let from = 0;
    for (const hit of node.data.matchAll(pattern)) {
      const mark = Object.assign(document.createElement("mark"), { className: "found", textContent: hit[0] });
      pieces.append(node.data.slice(from, hit.index), mark);
      from = hit.index + hit[0].length;
      if (inside && !mark.closest(".solution")) first ||= mark;
    }
    pieces.append(node.data.slice(from));
    const box = inside && node.parentElement.closest("details");
    if (box && !box.open && !box.closest(".solution") && opened < 3) {
      box.open = true;
      opened++;
    }
    node.replaceWith(pieces);
  }
  const heading = target && target.querySelector("h1, h2, h3, h4");
  if (first && !(heading && heading.contains(first))) first.scrollIntoView({ block: "center" });
})();
