// The drawer of terminals at the bottom of the window: shells side by side, on a narrow screen one after the other.
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { announce, button, element } from "../../live/front/dom.js";
import { Declined, regret } from "./consent.js";

const MOST = 4; // shells
const HEIGHT = "iolab-machine-height";
const THEMES = {
  light: { background: "#fbfbfc", foreground: "#1f2328", cursor: "#1f2328", selectionBackground: "#b6d7ff",
    green: "#17633a", brightGreen: "#17633a", blue: "#1b5597", brightBlue: "#1b5597", yellow: "#7d4a00", brightYellow: "#7d4a00",
    red: "#b3261e", brightRed: "#b3261e", cyan: "#0b6470", brightCyan: "#0b6470", magenta: "#8a1c7c", white: "#555555", brightWhite: "#1f2328" },
  dark: { background: "#14171c", foreground: "#d5d9e0", cursor: "#d5d9e0", selectionBackground: "#38537a",
    blue: "#93bff3", brightBlue: "#93bff3", green: "#85d3a4", brightGreen: "#85d3a4" },
};

export class Drawer {
  constructor(machine) {
    this.machine = machine;
    this.shells = new Map();
    this.node = null;
    this.written = new Set(); // files that are there otherwise than in the book
    machine.listen((message) => this.#hear(message));
  }

  /* Show it, with a shell; type `command` there and run it, in a free shell, the file {path, text} as it is here. */
  async open(command, file) {
    try {
      await this.machine.start();
    } catch (error) {
      if (!(error instanceof Declined)) regret(`页面里的 Linux 没有启动起来：${error.message}。`);
      return;
    }
    if (!this.node) this.#build();
    this.node.hidden = false;
    document.body.classList.add("machine-drawer-open");
    let shell = [...this.shells.values()].find((one) => !one.used) ?? null;
    if (!shell && (command || !this.shells.size)) {
      shell = await this.#add();
      if (shell === null) return; // and it has been said why; undefined: there are as many as there may be
    }
    shell ??= this.active;
    this.#choose(shell);
    if (command) {
      shell.used = true;
      if (file && (file.text !== file.book || this.written.has(file.path))) {
        this.written.add(file.path);
        this.machine.send({ do: "write", path: file.path, text: file.text });
      }
      this.#type(shell, `${command}\r`);
    }
    shell.terminal.focus();
  }

  /* Out of sight; what runs in the shells goes on. */
  hide() {
    this.node.hidden = true;
    document.body.classList.remove("machine-drawer-open");
  }

  #build() {
    this.tabs = element("div", { className: "machine-tabs", role: "tablist", "aria-label": "终端" });
    this.panes = element("div", { className: "machine-panes" });
    this.more = button("＋ 终端", () => this.#another(), { title: "再开一个 shell" });
    this.node = element(
      "section",
      { className: "machine-drawer d-print-none", "aria-label": "页面里的 Linux 的终端" },
      element("div", { className: "machine-grip", title: "拖动改变高度" }),
      element(
        "div",
        { className: "machine-head" },
        this.tabs,
        this.more,
        element("span", { className: "machine-told", textContent: "32 位、一个核的 Linux，比本机慢几十倍" }),
        element("a", { href: new URL("notices.txt", this.machine.here), target: "_blank", textContent: "软件和许可证" }),
        button("关掉终端", () => this.machine.send({ do: "close", shell: this.active.number }), {
          title: "结束这个 shell 和在里面运行的一切",
        }),
        button("收起", () => this.hide(), { title: "程序继续运行" }),
        button("关机", () => this.machine.close(), { title: "关掉这台 Linux，把内存还给浏览器" }),
      ),
      this.panes,
    );
    this.#resizable(this.node.firstChild);
    document.body.append(this.node);
    new ResizeObserver(() => this.#fit()).observe(this.panes);
    new MutationObserver(() => this.#colour()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  async #another() {
    const shell = await this.#add();
    if (!shell) return;
    this.#choose(shell);
    shell.terminal.focus();
  }

  async #add() {
    const number = [1, 2, 3, 4].find((one) => !this.shells.has(one));
    if (!number) return announce(`最多 ${MOST} 个终端。`);
    const pane = element("div", { className: "machine-pane", "data-shell": number });
    const tab = button(`终端 ${number}`, () => this.#choose(shell), { role: "tab" });
    const terminal = new Terminal({
      cols: 80, rows: 12, fontSize: 13, scrollback: 5000, theme: THEMES[document.documentElement.dataset.theme] ?? THEMES.light,
      fontFamily: "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace",
    });
    const fit = new FitAddon();
    const shell = { number, pane, tab, terminal, fit, used: false };
    this.shells.set(number, shell);
    terminal.loadAddon(fit);
    this.panes.append(pane);
    this.tabs.append(tab);
    terminal.open(pane);
    terminal.attachCustomKeyEventHandler((event) => this.#key(shell, event));
    terminal.onData((text) => {
      shell.used = true;
      this.#type(shell, text);
    });
    terminal.onResize(({ rows, cols }) => this.machine.send({ do: "size", shell: number, rows, columns: cols }));
    pane.addEventListener("focusin", () => this.#choose(shell));
    this.#count();
    this.#fit();
    const first = this.machine.next((message) => message.shell === number);
    this.machine.send({ do: "shell", shell: number, rows: terminal.rows, columns: terminal.cols });
    const { ended } = await first.catch(() => ({ ended: true }));
    if (!ended) return shell;
    regret("终端没有打开：页面里的 Linux 开不了新的 shell，或者关掉了。");
    return null;
  }

  /* Copy with Ctrl-Shift-C, or Ctrl-C where something is selected; paste as the browser does. */
  #key({ terminal }, event) {
    if (event.type !== "keydown" || !(event.ctrlKey || event.metaKey)) return true;
    const letter = event.key.toLowerCase();
    if (letter === "c" && terminal.hasSelection() && (event.shiftKey || event.metaKey || event.ctrlKey)) {
      navigator.clipboard?.writeText(terminal.getSelection()).catch(() => document.execCommand("copy"));
      terminal.clearSelection();
      event.preventDefault();
      return false;
    }
    return !(letter === "v"); // the browser pastes
  }

  #type(shell, text) {
    this.machine.send({ do: "type", shell: shell.number, text });
  }

  #hear(message) {
    if (message.state === "off") return this.#gone();
    const shell = this.shells.get(message.shell);
    if (!shell) return;
    if (message.text !== undefined) shell.terminal.write(message.text);
    else if (message.ended) this.#drop(shell);
  }

  #drop(shell) {
    shell.terminal.dispose();
    shell.pane.remove();
    shell.tab.remove();
    this.shells.delete(shell.number);
    this.#count();
    if (!this.shells.size) this.hide();
    else if (this.active === shell) this.#choose([...this.shells.values()][0]);
    this.#fit();
  }

  #gone() {
    this.written.clear();
    if (!this.node) return;
    for (const shell of [...this.shells.values()]) this.#drop(shell);
    this.hide();
  }

  #choose(shell) {
    this.active = shell;
    for (const one of this.shells.values()) {
      one.pane.classList.toggle("machine-active", one === shell);
      one.tab.setAttribute("aria-selected", one === shell);
    }
    this.#fit();
  }

  #count() {
    this.panes.dataset.shells = this.shells.size;
    this.more.disabled = this.shells.size >= MOST;
  }

  #fit() {
    for (const { pane, fit } of this.shells.values()) if (pane.offsetParent && !this.node.hidden) fit.fit();
  }

  #colour() {
    const theme = THEMES[document.documentElement.dataset.theme] ?? THEMES.light;
    for (const { terminal } of this.shells.values()) terminal.options.theme = theme;
  }

  #resizable(grip) {
    const set = (height) => this.node.style.setProperty("--machine-height", `${height}px`);
    try {
      if (localStorage.getItem(HEIGHT)) set(Number(localStorage.getItem(HEIGHT)));
    } catch {
      /* private browsing */
    }
    grip.addEventListener("pointerdown", (event) => {
      grip.setPointerCapture(event.pointerId);
      grip.onpointermove = ({ clientY }) => set(Math.max(120, Math.min(innerHeight - 80, innerHeight - clientY)));
      grip.onpointerup = () => {
        grip.onpointermove = grip.onpointerup = null;
        try {
          localStorage.setItem(HEIGHT, parseInt(this.node.style.getPropertyValue("--machine-height")));
        } catch {
          /* private browsing */
        }
      };
    });
  }
}
