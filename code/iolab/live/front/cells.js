// What a page offers: its code cells in reading order. The only module that knows in which HTML they are written.

/* [{number, element, input, pre, source, tags, recorded}, …]: `input` holds `pre`, the code; `recorded` is the element
   of the output that the page came with, or null. */
export function findCells() {
  return [...document.querySelectorAll("div.cell")]
    .map((element) => ({
      element,
      input: element.querySelector(".cell_input"),
      pre: element.querySelector(".cell_input pre"),
    }))
    .filter(({ pre }) => pre)
    .map(({ element, input, pre }, at) => ({
      number: at + 1,
      element,
      input,
      pre,
      source: pre.textContent.replace(/\n$/, ""),
      tags: [...element.classList].filter((name) => name.startsWith("tag_")).map((name) => name.slice(4)),
      recorded: element.querySelector(".cell_output"),
    }));
}

/* The text of recorded output, or null where it is not all text. */
export function recordedText(recorded) {
  const texts = recorded
    ? [...recorded.children].map((output) =>
        output.matches(".stream, .text_plain") ? output.querySelector("pre").textContent : null,
      )
    : [""];
  return texts.includes(null) ? null : texts.join("");
}
