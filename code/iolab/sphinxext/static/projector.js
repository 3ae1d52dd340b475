// On a projector: every picture, table and level can fill the screen, as the player lets those with steps; a page opened
// with ?screen=NAME shows that picture so at once. With a level, a presenter's keys walk along the path.
(() => {
  const keysOf = { level: "→ 下一步　← 撤销　1–9 走一步　Home 重来　Esc 回到页上",
    steps: "→ 下一步　← 上一步　空格 播放　Esc 回到页上", still: "Esc 回到页上" };
  const asLevel = { PageDown: "ArrowRight", PageUp: "ArrowLeft" };
  const kind = (figure) => figure.matches(".iolab-explore") ? "level" : figure.querySelector(".io-panel") ? "steps" : "still";

  function make(tag, properties) { return Object.assign(document.createElement(tag), properties); }

  function prepare(figure) {
    if (figure.projected || !figure.querySelector(".io-panel, .io-walk, details, table")) return;
    figure.projected = true;
    const what = kind(figure);
    figure.append(make("p", { className: "io-keys", textContent: keysOf[what] }));
    if (what !== "steps") enlarge(figure);
  }

  // What the player does for pictures with steps: the whole screen, or the whole window where the browser gives none.
  function enlarge(figure) {
    const isBig = () => figure.classList.contains("io-big");
    const button = make("button", { type: "button", textContent: "全屏", title: "F 键也可以", className: "io-full", onclick: grow });
    const bar = figure.querySelector(".io-bar") ?? figure.appendChild(make("div", { className: "io-bar d-print-none" }));
    bar.append(button);
    figure.tabIndex = 0;

    function big(yes) {
      figure.classList.toggle("io-big", yes);
      button.textContent = yes ? "退出全屏" : "全屏";
      figure.focus();
    }
    function grow() {
      if (document.fullscreenElement === figure) document.exitFullscreen();
      else if (isBig()) big(false);
      else if (figure.requestFullscreen) figure.requestFullscreen().catch(() => big(true));
      else big(true);
    }
    figure.addEventListener("fullscreenchange", () => big(document.fullscreenElement === figure));
    figure.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.target.matches("input")) return;
      if (event.key === "f" || (event.key === "Escape" && isBig())) grow();
      else if (isBig() && asLevel[event.key]) figure.dispatchEvent(new KeyboardEvent("keydown", { key: asLevel[event.key] }));
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  // Without a gesture no browser gives its screen: first the window, and the screen with the first key or click.
  function show(figure) {
    const button = [...figure.querySelectorAll("button")].find((one) => one.textContent === "全屏");
    if (!button) return;
    const real = figure.requestFullscreen;
    figure.requestFullscreen = null;
    button.click();
    delete figure.requestFullscreen;
    if (!real) return;
    const ask = (event) => {
      for (const kind of ["keydown", "pointerdown"]) removeEventListener(kind, ask, true);
      if (figure.matches(".io-big") && event.key !== "Escape" && event.key !== "f" && !event.target.closest?.("button"))
        figure.requestFullscreen().catch(() => { /* the window will do */ });
    };
    for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, ask, true);
  }

  const scan = () => document.querySelectorAll("figure.iolab-picture").forEach(prepare);
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; scan(); });
  }).observe(document, { childList: true, subtree: true });
  scan();

  const wanted = new URLSearchParams(location.search).get("screen");
  const figure = wanted && document.querySelector(`figure.iolab-picture[data-name="${CSS.escape(wanted)}"]`);
  if (figure) show(figure);
})();
