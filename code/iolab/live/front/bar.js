// The state of the page's kernel at the edge of the window, what can be done with it, and what has happened to it.
import { announce, button, element, roving } from "./dom.js";

export const STATES = {
  none: "内核还没有启动",
  starting: "内核启动中",
  idle: "空闲",
  busy: "运行中",
  dead: "内核结束了",
  lost: "连不上内核，正在再试",
  stopped: "服务器停了",
};

export class Bar {
  /* on: {stop(), restart(), all(), restore(), named: of the engine, tools: [[label, action], …] of its own} */
  constructor(on) {
    this.state = element("span", { className: "live-state" });
    this.stopButton = button("停止", on.stop);
    this.restartButton = button("重来", on.restart, { title: "重新启动内核：变量都没有了，代码和改动还在" });
    this.allButton = button("全部运行", on.all, { title: "运行这一页还没有运行的单元格" });
    this.restoreButton = button("全部还原", () => this.#sure(on.restore), {
      title: "这一页的代码和答案都换回书里的",
    });
    const tools = element(
      "div",
      { className: "live-tools", role: "toolbar", "aria-label": "内核" },
      this.state,
      this.stopButton,
      this.restartButton,
      this.allButton,
      this.restoreButton,
      ...on.tools.map(([label, action]) => button(label, action)),
    );
    this.named = on.named;
    roving(tools);
    this.message = element("div", { className: "live-message", hidden: true });
    this.node = element(
      "aside",
      { className: "live-bar d-print-none", "aria-label": "这一页的内核" },
      this.message,
      tools,
    );
    document.body.append(this.node);
    this.show("none");
  }

  /* state: a key of STATES; number: which cell runs */
  show(state, number) {
    this.node.dataset.state = state;
    const name = this.named ? `${this.named}：` : "";
    this.state.textContent = `${name}${STATES[state]}${number ? `：第 ${number} 个` : ""}`;
    this.stopButton.disabled = state !== "busy" && state !== "starting";
    this.restartButton.disabled = state === "none" || state === "starting" || state === "stopped";
  }

  edits(count) {
    this.restoreButton.disabled = !count;
    this.restoreButton.textContent = count ? `全部还原（${count}）` : "全部还原";
  }

  /* Say what happened, with the thing to do about it: [label, action]. */
  say(text, action, more, otherwise = "知道了") {
    this.message.replaceChildren(element("span", { textContent: text }));
    if (action)
      this.message.append(
        button(action[0], () => {
          this.quiet();
          action[1]();
        }),
      );
    if (more) this.message.append(more);
    this.message.append(button(otherwise, () => this.quiet()));
    this.message.hidden = false;
    announce(text);
  }

  quiet() {
    this.message.hidden = true;
  }

  #sure(restore) {
    this.say("这一页所有改动和答案都要换回书里的，不能再找回来。", ["还原", restore], null, "不");
  }
}
