// Python in the colours of the book's own listings, for the editor and for code that a run shows.
import { parser } from "@lezer/python";
import { highlightCode, tagHighlighter, tags } from "@lezer/highlight";
import { element } from "./dom.js";

// The classes of Pygments, so that code looks the same when it can be edited
export const COLOURS = tagHighlighter([
  { tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword], class: "k" },
  { tag: [tags.moduleKeyword], class: "kn" },
  { tag: [tags.operatorKeyword], class: "ow" },
  { tag: [tags.operator, tags.compareOperator, tags.arithmeticOperator, tags.definitionOperator], class: "o" },
  { tag: [tags.string, tags.special(tags.string)], class: "s2" },
  { tag: tags.number, class: "mi" },
  { tag: [tags.bool, tags.null], class: "kc" },
  { tag: tags.comment, class: "c1" },
  { tag: tags.function(tags.definition(tags.variableName)), class: "nf" },
  { tag: tags.definition(tags.className), class: "nc" },
  { tag: tags.meta, class: "nd" },
]);

/* The nodes of coloured Python, to be put into a <pre>. */
export function coloured(code) {
  const nodes = [];
  highlightCode(
    code,
    parser.parse(code),
    COLOURS,
    (text, classes) => nodes.push(classes ? element("span", { className: classes, textContent: text }) : text),
    () => nodes.push("\n"),
  );
  return nodes;
}
