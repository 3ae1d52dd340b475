// Widgets of a kernel. Loaded when the first one is shown.
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import * as outputBase from "@jupyter-widgets/output";
import { Widget } from "@lumino/widgets";
import { element } from "../dom.js";
import { Output } from "../output.js";

const { Comm } = base.shims.services;

export class Widgets extends ManagerBase {
  constructor(kernel) {
    super();
    this.kernel = kernel;
    this.styled = new Promise((resolve) =>
      document.head.append(
        element("link", {
          rel: "stylesheet",
          href: new URL("./widgets.css", import.meta.url),
          onload: resolve,
          onerror: resolve,
        }),
      ),
    );
  }

  /* The kernel has made a widget. */
  open(comm, message) {
    return this.handle_comm_open(new Comm(comm), message);
  }

  /* Put a view of a widget into `place`. */
  async show(id, place) {
    await this.styled;
    try {
      const view = await this.create_view(await this.get_model(id));
      Widget.attach(view.luminoWidget, place);
      view.model.once("comm:close", () => view.remove());
    } catch (error) {
      place.replaceChildren(unusable(error.message ?? error));
    }
  }

  async loadClass(name, module) {
    const known = {
      "@jupyter-widgets/base": base,
      "@jupyter-widgets/controls": controls,
      "@jupyter-widgets/output": { OutputModel, OutputView },
    }[module];
    // ipywidgets would show a picture of a broken file for one of another package
    return known?.[name] ?? (name.endsWith("View") ? ForeignView : base.DOMWidgetModel);
  }

  async _create_comm(target, id, data, metadata, buffers) {
    const comm = this.kernel.createComm(target, id);
    if (data || metadata) comm.open(data, metadata, buffers);
    return new Comm(comm);
  }

  async _get_comm_info() {
    return (await this.kernel.requestCommInfo({ target_name: this.comm_target_name })).content.comms ?? {};
  }
}

function unusable(why) {
  return element("p", {
    textContent: `这个控件在这里用不了：${why}。在 JupyterLab 里可以：结束 make read，执行 make lab，打开这一页。`,
  });
}

class ForeignView extends base.DOMWidgetView {
  render() {
    this.el.replaceChildren(unusable(`这里没有 ${this.model.get("_view_module")}`));
  }
}

/* ipywidgets.Output: takes the outputs of the message that it names. */
class OutputModel extends outputBase.OutputModel {
  defaults() {
    return { ...super.defaults(), msg_id: "", outputs: [] };
  }

  initialize(...values) {
    super.initialize(...values);
    this.listenTo(this, "change:msg_id", () => this.capture());
    this.capture();
  }

  capture() {
    this.hook?.dispose();
    const id = this.get("msg_id"),
      kernel = this.widget_manager.kernel;
    if (!id) return;
    const take = (message) => this.take(message);
    kernel.registerMessageHook(id, take);
    this.hook = { dispose: () => kernel.removeMessageHook(id, take) };
  }

  take({ header, content }) {
    const kinds = ["stream", "display_data", "execute_result", "error"];
    if (header.msg_type === "clear_output") this.set("outputs", []);
    else if (kinds.includes(header.msg_type))
      this.set("outputs", [...this.get("outputs"), { output_type: header.msg_type, ...content }]);
    else return true;
    this.save_changes();
    return false;
  }
}

class OutputView extends base.DOMWidgetView {
  render() {
    super.render();
    this.el.classList.add("jupyter-widgets", "widget-output");
    this.listenTo(this.model, "change:outputs", () => this.fill());
    this.fill();
  }

  fill() {
    this.el.replaceChildren();
    const output = new Output(this.el.appendChild(element("div")));
    for (const { output_type: type, ...content } of this.model.get("outputs")) {
      if (type === "stream")
        output.show({ kind: "stream", name: content.name, text: [content.text].flat().join("") });
      else if (type === "error")
        output.show({ kind: "error", name: content.ename, message: content.evalue, traceback: content.traceback });
      else output.show({ kind: "display", data: content.data });
    }
  }
}
