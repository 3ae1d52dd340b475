// A pattern for any of the words of a search, the longest that fits; a Latin one begins a word, a short one is all of it.
const foundPattern = (words) => new RegExp([...words].sort((a, b) => b.length - a.length).map((word) => {
  const plain = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return (/^[a-z0-9]/.test(word) ? "(?<![a-z0-9])" : "") + plain + (/^\w{1,2}$/.test(word) ? "(?![a-z0-9])" : "");
}).join("|"), "gi");

// Marks the words of a search (?found=WORD&found=WORD) on the page that it led to, opens the boxes that hide them in the
// section that was found, and scrolls to the most telling one there unless it is in sight below the heading.
(() => {
  const words = [...new Set(new URLSearchParams(location.search).getAll("found").map((word) => word.trim().toLowerCase()))]
    .filter(Boolean).slice(0, 20);
  const article = document.querySelector("article");
  if (!words.length || !article) return;

  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = (target && (target.closest("section") || target)) || article;
  const own = (node) => node.parentElement.closest("section") === section || !target;
  const pattern = foundPattern(words);
  const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT, (node) =>
    (node.parentElement.closest("script, style, svg, button, mark, .player") || !node.data.match(pattern)
      ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  const nodes = [];
  while (texts.nextNode()) nodes.push(texts.currentNode);

  let first = null, opened = 0;
  for (const node of nodes) {
    const inside = section.contains(node) && own(node) && !node.parentElement.closest(".solution");
    const box = inside && node.parentElement.closest("details");
    const pieces = document.createDocumentFragment();
    let from = 0;
    for (const hit of node.data.matchAll(pattern)) {
      const mark = Object.assign(document.createElement("mark"), { className: "found", textContent: hit[0] });
      pieces.append(node.data.slice(from, hit.index), mark);
      from = hit.index + hit[0].length;
      const rank = words.indexOf(hit[0].toLowerCase());
      if (inside && (!first || rank < first.rank)) first = { mark, rank };
    }
    pieces.append(node.data.slice(from));
    if (box && !box.open && opened < 3) {
      box.open = true;
      opened++;
    }
    node.replaceWith(pieces);
  }
  if (!first) return;
  if (target) target.scrollIntoView();
  const { top, bottom } = first.mark.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) first.mark.scrollIntoView({ block: "center" });
})();
