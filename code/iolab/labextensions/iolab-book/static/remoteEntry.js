// What JupyterLab lacks for the book's pages: Chinese names of exercises and answers, colours in listings, and links
// that lead to a Chinese heading. Written by hand in the form of a built extension, so that nothing has to be built.
(() => {
  const COLOURS = {
    keyword: "keyword", string: "string", comment: "comment", number: "number", literal: "atom", title: "def",
    built_in: "builtin", meta: "meta",
  };
  const NAMES = [
    [/^Exercise[\s\u00a0]*(\d*)$/, "练习 $1"],
    [/^Solution to\s*$/, "解答 "],
  ];
  const TITLE = ".myst-exercise-title";

  function colour() {
    const style = document.createElement("style");
    style.textContent = Object.entries(COLOURS)
      .map(([token, name]) => `.myst .hljs-${token} { color: var(--jp-mirror-editor-${name}-color); }`)
      .concat(".myst .hljs-keyword { font-weight: bold; }").join("\n");
    document.head.append(style);
  }

  function translate(node) {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const title = element?.closest(TITLE);
    for (const found of title ? [title] : element?.querySelectorAll(TITLE) ?? []) {
      const texts = document.createTreeWalker(found, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode;
        for (const [english, chinese] of NAMES) {
          if (english.test(text.data)) text.data = text.data.replace(english, chinese);
        }
      }
    }
  }

  // The anchor of a heading, as in the HTML of the book.
  const words = (title) => title.trim().toLowerCase().replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
  const headed = (node, anchor) => [...node.querySelectorAll("h1, h2, h3, h4")].find((heading) =>
    words((heading.querySelector(".heading-text") ?? heading).textContent) === anchor);
  const frame = () => new Promise(requestAnimationFrame);

  // Only what is near the screen exists in a notebook: first its cell is scrolled to, then the heading, until it stays.
  async function lead(widget, anchor) {
    await widget.context.ready;
    await widget.revealed;
    const cells = widget.content.widgets ?? [];
    const cell = cells.find((one) => one.model.type === "markdown" && one.model.sharedModel.getSource().split("\n")
      .some((line) => /^#{1,4} /.test(line) && words(line.replace(/^#+ /, "")) === anchor));
    let still = 0;
    for (const end = performance.now() + 10000; still < 20 && performance.now() < end; await frame()) {
      const heading = headed(widget.node, anchor);
      if (!heading && cell) await widget.content.scrollToItem(cells.indexOf(cell), "start").catch(() => {});
      if (!heading) continue;
      const before = heading.getBoundingClientRect().top;
      heading.scrollIntoView({ block: "start" });
      still = Math.abs(heading.getBoundingClientRect().top - before) < 2 ? still + 1 : 0;
    }
  }

  const plugin = {
    id: "iolab-book:plugin",
    autoStart: true,
    activate: (app) => {
      colour();
      new MutationObserver((changes) => {
        for (const { type, target, addedNodes } of changes) {
          for (const node of type === "characterData" ? [target] : addedNodes) translate(node);
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
      app.commands.commandExecuted.connect(async (_, { id, args, result }) => {
        if (id !== "rendermime:handle-local-link" || !args.id) return;
        await result;
        const widget = [...app.shell.widgets("main")].find((one) => one.context?.path === args.path);
        if (widget) await lead(widget, decodeURIComponent(args.id.slice(1)));
      });
    },
  };

  (window._JUPYTERLAB ??= {})["iolab-book"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
