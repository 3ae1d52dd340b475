// What the theme's buttons do: light and dark, search, the two tables of contents, the heading being read, and how far one has read.
(() => {
  const root = document.documentElement;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const first = (selector) => document.querySelector(selector);

  const darkSystem = matchMedia("(prefers-color-scheme: dark)");
  function setMode(mode) {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? (darkSystem.matches ? "dark" : "light") : mode;
    try { localStorage.setItem("mode", mode); } catch { /* private browsing: the choice lasts for this page */ }
  }
  darkSystem.addEventListener("change", () => setMode(root.dataset.mode));
  for (const button of all(".theme-switch-button")) {
    button.addEventListener("click", () => {
      const modes = darkSystem.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
      setMode(modes[(modes.indexOf(root.dataset.mode) + 1) % modes.length]);
    });
  }

  function closeOnBackdrop(dialog) {
    dialog.addEventListener("click", (event) => {
      const box = dialog.getBoundingClientRect();
      const { clientX: x, clientY: y } = event;
      if (x && (x < box.left || x > box.right || y < box.top || y > box.bottom)) dialog.close();
    });
  }

  const searchDialog = first("#pst-search-dialog");
  const fieldOnPage = first(".bd-search-container input[name=q]");
  function search() {
    if (fieldOnPage) fieldOnPage.focus();
    else if (searchDialog.open) searchDialog.close();
    else searchDialog.showModal();
  }
  closeOnBackdrop(searchDialog);
  for (const button of all(".search-button__button")) button.addEventListener("click", search);
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      search();
    }
  });

  // On a narrow screen a sidebar is a dialog: its children move there while it is open.
  function drawer(button, sidebar, dialog) {
    if (!button || !sidebar || !dialog) return;
    const classes = sidebar.className;
    button.addEventListener("click", () => {
      if (getComputedStyle(sidebar).display !== "none" && matchMedia("(min-width: 992px)").matches) {
        sidebar.classList.toggle("pst-sidebar-hidden");
        return;
      }
      if (sidebar.classList.contains("pst-sidebar-hidden") && matchMedia("(min-width: 992px)").matches) {
        sidebar.classList.remove("pst-sidebar-hidden");
        return;
      }
      dialog.append(...sidebar.childNodes);
      dialog.className = classes;
      sidebar.className = "";
      dialog.showModal();
    });
    dialog.addEventListener("close", () => {
      sidebar.append(...dialog.childNodes);
      sidebar.className = classes;
      dialog.className = "";
    });
    dialog.addEventListener("click", (event) => { if (event.target.closest("a[href*='#']")) dialog.close(); });
    closeOnBackdrop(dialog);
  }
  drawer(first(".primary-toggle"), first("#pst-primary-sidebar"), first("#pst-primary-sidebar-modal"));
  drawer(first(".secondary-toggle"), first("#pst-secondary-sidebar"), first("#pst-secondary-sidebar-modal"));

  const sidebar = first(".bd-sidebar-primary");
  const here = first(".bd-docs-nav .current.active:not(:has(.active))");
  if (sidebar && here && here.offsetTop > innerHeight / 2) sidebar.scrollTop = here.offsetTop - innerHeight / 4;

  // Answers are open without JavaScript and on paper.
  for (const box of all(".admonition.dropdown")) {
    const summary = document.createElement("summary"), details = document.createElement("details");
    const [title, ...body] = box.children;
    summary.append(title);
    details.append(summary, ...body);
    box.append(details);
    box.classList.add("folds");
  }

  // Plumbing is hidden until one asks for it, on this page.
  const code = first(".show-code button");
  code?.addEventListener("click", () => {
    const shown = root.classList.toggle("code-shown");
    code.setAttribute("aria-pressed", shown);
    code.textContent = shown ? "收起代码" : "显示代码";
  });
  addEventListener("beforeprint", () => { for (const details of all("details")) details.open = true; });

  const links = new Map();
  for (const link of all("#pst-page-toc-nav a")) {
    const target = link.hash && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const heading = target && (target.querySelector("h1, h2, h3, h4, h5, h6") || target);
    if (heading) links.set(heading, link);
  }
  const reading = new IntersectionObserver((entries) => {
    const seen = entries.filter((entry) => entry.isIntersecting).pop();
    if (!seen) return;
    for (const link of links.values()) link.classList.remove("active");
    links.get(seen.target).classList.add("active");
  }, { rootMargin: "0px 0px -70% 0px" });
  for (const heading of links.keys()) reading.observe(heading);

  // Which pages have been read to their end, and which one was open last: kept in this browser alone, each under a name of
  // its own, or another tab would write back what it had read before.
  const book = new URL(root.dataset.content_root || "./", location.href);
  const contents = all(".bd-docs-nav a, section#目录 a").filter((link) => !link.hash);
  const inBook = (url) => new URL(url, location.href).pathname.slice(book.pathname.length);
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; /* none allowed */ } };
  const keep = (name, text) => { try { localStorage.setItem(name, text); } catch { /* not kept */ } };
  const mark = () => {
    for (const link of [...contents, ...all(".book-map a")]) {
      link.classList.toggle("read", kept(`read:${inBook(link.getAttribute("href"))}`) !== null);
    }
  };
  mark();

  const start = first(".reading-on"), last = kept("read-last");
  const lastLink = last && contents.find((link) => inBook(link.href) === last);
  if (start && lastLink) {
    start.href = lastLink.href;
    start.textContent = `继续上次的阅读：${lastLink.textContent.trim()}`;
  }
  const page = inBook(location.href), end = first(".prev-next-footer");
  if (end && contents.some((link) => inBook(link.href) === page)) {
    keep("read-last", page);
    new IntersectionObserver(([entry], observer) => {
      if (!entry.isIntersecting) return;
      observer.disconnect();
      keep(`read:${page}`, "");
      mark();
    }).observe(end);
  }

  // A result of the search marks its words on the page that it leads to.
  if (new URLSearchParams(location.search).has("found")) {
    const script = document.createElement("script");
    script.src = new URL("_static/found.js", book);
    document.head.append(script);
  }

  // What scrolls inside itself can be reached by keyboard.
  const wide = [...all("pre"), ...all(".cell_output > .output, .pst-scrollable-table-container")];
  const reach = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const element of wide) reach.observe(element);

  // A page has a hundred copy buttons: of each section, or folded answer, the Tab key reaches one, and from there the
  // arrows the others.
  addEventListener("load", () => {
    const open = new Map(), plumbing = new Map(); // apart: what is hidden is hidden together
    for (const button of all(".copybtn")) {
      const sections = button.closest(".plumbing") ? plumbing : open, section = button.closest("details, section");
      if (!sections.has(section)) sections.set(section, []);
      sections.get(section).push(button);
      button.setAttribute("aria-label", "复制");
    }
    // Not those of an output that waits for an answer
    const seen = (button) => button.checkVisibility({ visibilityProperty: true });
    for (const buttons of [...open.values(), ...plumbing.values()]) {
      const first = buttons.find(seen) ?? buttons.find((one) => !one.closest(".cell_output")) ?? buttons[0];
      buttons.forEach((button, at) => {
        button.tabIndex = button === first ? 0 : -1;
        if (buttons.length > 1) button.setAttribute("aria-keyshortcuts", "ArrowDown ArrowUp");
        button.addEventListener("keydown", (event) => {
          const others = { ArrowDown: buttons.slice(at + 1), ArrowUp: buttons.slice(0, at).reverse() }[event.key];
          const next = others?.find(seen);
          if (!next) return;
          event.preventDefault();
          next.focus();
        });
        button.addEventListener("focus", () => buttons.forEach((one) => { one.tabIndex = one === button ? 0 : -1; }));
      });
    }
  });
})();
