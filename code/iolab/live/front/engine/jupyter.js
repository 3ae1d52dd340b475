// The engine on the reader's own machine: a kernel behind jupyter_server. Its verbs: see page.js.
import { KernelConnection } from "@jupyterlab/services/lib/kernel/default.js";
import * as kernels from "@jupyterlab/services/lib/kernel/restapi.js";
import { ServerConnection } from "@jupyterlab/services/lib/serverconnection.js";

const WIDGET = "application/vnd.jupyter.widget-view+json";
const TOO_FAST = /^IOPub (message|data) rate exceeded/; // how jupyter_server says that it drops output
const ASK_AGAIN = 2000; // ms between two questions whether the server is there
// On this machine there is no network that could fail: a server that does not answer has ended, and its kernels with it
const HERE = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);

export class JupyterEngine {
  /* server: the address of the server; folder: of this page, within the book */
  constructor(server, folder) {
    this.folder = folder;
    this.settings = ServerConnection.makeSettings({
      baseUrl: server,
      wsUrl: server.replace(/^http/, "ws"),
      appendToken: false,
    });
    this.onstate = () => {};
    this.kernel = null;
    this.futures = new Map();
  }

  async start() {
    this.onstate("starting");
    let model;
    try {
      model = await kernels.startNew({ name: "python3", path: this.folder }, this.settings);
    } catch (error) {
      const status = error.response?.status;
      if (status && status !== 403) this.onstate("dead", `内核没有启动起来（${status} ${error.message}）。`);
      else this.onstate("stopped", { foreign: status === 403 });
      throw error;
    }
    this.futures.clear();
    this.kernel?.dispose();
    const kernel = (this.kernel = new KernelConnection({ model, serverSettings: this.settings, handleComms: true }));
    this.widgets = null;
    kernel.registerCommTarget("jupyter.widget", async (comm, message) => (await this.#manager()).open(comm, message));
    kernel.statusChanged.connect((_, status) => {
      if (kernel !== this.kernel) return;
      if (status === "dead" || status === "autorestarting") this.#gone();
      else if (status === "idle" || status === "busy") this.onstate(status);
    });
    kernel.connectionStatusChanged.connect((_, status) => {
      if (kernel === this.kernel && status !== "connected") this.#look(kernel);
    });
    this.starting = true;
    setTimeout(() => this.#look(kernel), ASK_AGAIN); // one that ends at once never connects, and nothing else tells
    await Promise.race([kernel.info, this.#cut()]).finally(() => {
      this.starting = false;
    });
  }

  async run(code, show, id) {
    this.futures.get(id)?.dispose();
    const future = this.kernel.requestExecute({ code, allow_stdin: true, stop_on_error: false }, false, {
      cellId: id,
    });
    this.futures.set(id, future);
    future.onIOPub = (message) => this.#translate(message, show);
    future.onStdin = ({ header, content }) =>
      header.msg_type === "input_request" &&
      show({
        kind: "input",
        prompt: content.prompt,
        password: content.password,
        answer: (value) => future.sendInputReply({ status: "ok", value }, header),
      });
    const reply = await Promise.race([future.done, this.#cut()]);
    for (const { source, data } of reply.content.payload ?? []) if (source === "page") show({ kind: "display", data });
    return reply.content.status === "ok" ? "ok" : "error";
  }

  interrupt() {
    return this.kernel.interrupt().catch(() => this.#look(this.kernel));
  }

  async restart() {
    this.cut?.(new Error("restarted"));
    const kernel = this.kernel;
    this.looking = true; // it connects anew by itself
    try {
      await kernel.restart();
      this.widgets = null;
    } catch {
      await this.start();
    } finally {
      this.looking = false;
    }
    if (kernel === this.kernel && kernel.connectionStatus !== "connected") this.#look(kernel);
  }

  /* The page goes: a request that outlives it. What does not arrive, the server notices by itself. */
  end() {
    if (!this.kernel || this.kernel.isDisposed) return;
    fetch(`${this.settings.baseUrl}api/kernels/${this.kernel.id}`, {
      method: "DELETE",
      keepalive: true,
      headers: ours(),
    }).catch(() => {});
  }

  #translate({ header, content }, show) {
    switch (header.msg_type) {
      case "stream":
        if (content.name === "stderr" && TOO_FAST.test(content.text))
          return show({ kind: "stream", name: "stderr", text: "\n（输出来得太快，中间有一些没有显示）\n" });
        return show({ kind: "stream", name: content.name, text: content.text });
      case "error":
        return show({ kind: "error", name: content.ename, message: content.evalue, traceback: content.traceback });
      case "clear_output":
        return show({ kind: "clear", wait: content.wait });
      case "display_data":
      case "execute_result":
      case "update_display_data":
        return show(this.#display(content, header.msg_type));
    }
  }

  #display({ data, transient }, type) {
    const widget = data[WIDGET];
    if (widget)
      return { kind: "live", data, render: async (place) => (await this.#manager()).show(widget.model_id, place) };
    return { kind: "display", data, id: transient?.display_id, update: type === "update_display_data" };
  }

  #manager() {
    return (this.widgets ??= import("./widgets.js").then(({ Widgets }) => new Widgets(this.kernel)));
  }

  /* A promise that is rejected when nothing will come of what is being awaited. */
  #cut() {
    return new Promise((_, reject) => {
      this.cut = reject;
    });
  }

  #gone(why, state = "dead") {
    if (this.starting) why ??= "内核没有启动起来：它一开始就结束了。";
    this.cut?.(new Error("the kernel has ended"));
    this.kernel.dispose();
    this.onstate(state, why);
  }

  /* The connection is gone: is the kernel, or the server? Ask until one of them answers. */
  async #look(kernel) {
    if (this.looking) return;
    this.looking = true;
    let told = null;
    while (kernel === this.kernel && !kernel.isDisposed && kernel.connectionStatus !== "connected") {
      const found = await this.#ask(kernel);
      if (found === "gone")
        this.#gone(this.starting ? null : "这一页和内核断开太久，内核结束了，变量都没有了；代码和改动都在。");
      else if (found === "foreign" || (found === "silent" && HERE))
        this.#gone({ foreign: found === "foreign" }, "stopped");
      if (kernel.isDisposed) break;
      if (!told && !this.starting) this.onstate((told = "lost"));
      if (found === "there" && kernel.connectionStatus === "disconnected") await kernel.reconnect().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN));
    }
    this.looking = false;
    if (told && !kernel.isDisposed) this.onstate("back");
  }

  async #ask(kernel) {
    try {
      const { status } = await fetch(`${this.settings.baseUrl}api/kernels/${kernel.id}`, {
        cache: "no-store",
        headers: ours(),
      });
      return { 200: "there", 404: "gone", 403: "foreign" }[status] ?? "silent";
    } catch {
      return "silent";
    }
  }
}

/* What shows that a request is this page's own; a hub wants it of every kind of request. */
const ours = () => ({ "X-XSRFToken": /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "" });
