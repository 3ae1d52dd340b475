// The forms of senders: drawn here, what they order is done by the guest (guest/sender.py), whose news they show.
import { announce, button, element } from "../../live/front/dom.js";

const SHOWN = 250; // rows
const FRAMINGS = [["", "不附加"], ["newline", "附加换行"], ["crlf", "附加回车换行"], ["length", "前加 4 字节长度"]];
const ENDED = "这个发送器结束了：它的单元格又运行了一次，或者它的 Python 结束了。再运行那个单元格，就有新的。";

export class Senders {
  /* send(message): to the machine */
  constructor(send) {
    this.send = send;
    this.forms = new Map(); // the guest's number -> forms of one sender
  }

  /* Draw the form of an event of the guest into `place`. */
  show(event, place) {
    const forms = (this.forms.get(event.sender) ?? []).filter((one) => one.node.isConnected);
    const form = new Form(event, this.send);
    this.forms.set(event.sender, [...forms, form]);
    place.append(form.node);
  }

  hear(message) {
    const forms = this.forms.get(message.sender) ?? [];
    if (message.rows) for (const form of forms) form.news(message);
    else if (message.done) forms.find((form) => form.ordered.has(message.done))?.done(message);
    else if (message.ended) {
      for (const form of forms) form.end();
      this.forms.delete(message.sender);
    }
  }

  /* The process in which they were is gone. */
  end() {
    for (const form of [...this.forms.values()].flat()) form.end();
    this.forms.clear();
  }
}

let count = 0; // of all orders

class Form {
  constructor({ sender, style, head, protocol, host, port, receive_size: size }, send) {
    Object.assign(this, { sender, send });
    this.ordered = new Map(); // number -> the text that goes back into the field if it is refused, else null
    this.can = [];
    this.protocol = choice("协议", [["tcp", "TCP"], ["udp", "UDP"]], protocol);
    this.host = field("主机", { value: host });
    this.port = field("端口", { value: port, inputMode: "numeric", size: 5 });
    this.size = field("recv 大小", { value: size, inputMode: "numeric", size: 6, title: "一次 recv 最多要多少字节" });
    this.connect = element("button", { type: "submit", textContent: "连接" });
    this.half_close = button("半关闭", () => this.#order("half_close"), { title: "shutdown(SHUT_WR)：发出 FIN，还能接收" });
    this.reset = button("重置", () => this.#order("reset"), { title: "发出 RST，没有收完发完的数据作废" });
    this.close = button("关闭", () => this.#order("close"), { title: "close()" });
    this.message = field("消息", { placeholder: "输入消息，按 Enter 发送" });
    this.hex = choice("写法", [["", "文本"], ["hex", "十六进制"]], "");
    this.framing = choice("附加", FRAMINGS, "");
    this.times = field("连发", { value: 1, inputMode: "numeric", size: 5, title: "不停顿地发几次" });
    this.dripping = element("input", { type: "checkbox" });
    this.back = element("p", { className: "sender-back", hidden: true }, "没有发出去（点一下，放回输入框）：");
    this.told = element("p", { className: "sender-told", role: "alert" });
    this.status = element("p");
    this.leftOut = element("p");
    this.rows = element("tbody");
    this.log = element(
      "div",
      { className: "iolab-sender", role: "region", "aria-label": "发送和收到的记录", tabIndex: 0 },
      this.leftOut,
      element("table", {}, element("thead"), this.rows),
    );
    this.log.querySelector("thead").innerHTML = head;
    this.node = element(
      "section",
      { className: "machine-sender", "aria-label": "消息发送器" },
      row("form", { onsubmit: (event) => this.#connect(event) }, this.protocol, this.host, this.port, this.size,
        group(this.connect, this.half_close, this.reset, this.close)),
      row("form", { onsubmit: (event) => this.#send(event) }, this.message,
        element("button", { type: "submit", textContent: "发送" })),
      row("div", {}, this.hex, this.framing, this.times, element("label", {}, this.dripping, " ", "逐字节发送")),
      this.back, this.told, this.status, this.log,
      row("div", {}, button("复制记录", () => this.#copy()), button("清空记录", () => this.#order("clear"))),
    );
    this.node.prepend(...element("div", { innerHTML: style }).childNodes);
    control(this.message).autocomplete = "off";
    control(this.size).addEventListener("change", () => this.#order("resize", { receive_size: value(this.size) }));
  }

  #order(order, fields = {}, text = null) {
    if (this.over) return;
    this.ordered.set(++count, text);
    this.told.textContent = "";
    this.send({ do: "sender", sender: this.sender, number: count, order, ...fields });
  }

  #connect(event) {
    event.preventDefault();
    this.#order("connect", {
      protocol: value(this.protocol), host: value(this.host), port: value(this.port), receive_size: value(this.size),
    });
  }

  /* The field is free at once for the next line. */
  #send(event) {
    event.preventDefault();
    const text = value(this.message);
    control(this.message).value = "";
    this.#order("send", {
      text, hex: value(this.hex) === "hex", framing: value(this.framing), times: value(this.times),
      dripping: this.dripping.checked,
    }, text);
  }

  done({ done, refused }) {
    const text = this.ordered.get(done);
    this.ordered.delete(done);
    this.told.textContent = refused;
    if (refused && text) this.#giveBack(text);
  }

  /* What could not be sent: into the field, or beside those that wait for it. */
  #giveBack(text) {
    const input = control(this.message);
    if (!input.value && this.back.hidden && !this.ordered.size) {
      input.value = text;
      return;
    }
    const one = button(text, () => {
      [input.value, one.textContent] = [one.textContent, input.value];
      if (!one.textContent) one.remove();
      this.back.hidden = !this.back.querySelector("button");
      input.focus();
    });
    this.back.append(" ", one);
    this.back.hidden = false;
  }

  news({ fresh, rows, left_out: leftOut, trouble, status, can, phase, receive_size: size }) {
    const low = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 30;
    if (fresh) this.rows.replaceChildren();
    this.rows.insertAdjacentHTML("beforeend", rows.join(""));
    while (this.rows.children.length > SHOWN) this.rows.firstChild.remove();
    if (low) this.log.scrollTop = this.log.scrollHeight;
    this.leftOut.textContent = leftOut;
    this.status.innerHTML = status;
    if (trouble) this.told.textContent = trouble;
    if (control(this.size) !== document.activeElement) control(this.size).value = size;
    if (can.join() !== this.can.join()) this.#allow(can, phase === "ended");
  }

  /* Nobody's focus is lost with a button that can no longer be pressed. */
  #allow(can, ended) {
    const at = document.activeElement;
    this.can = can;
    for (const name of ["connect", "half_close", "reset", "close"]) this[name].disabled = !can.includes(name);
    for (const one of [this.protocol, this.host, this.port]) control(one).disabled = !ended;
    if (this.node.contains(at) && at.disabled) (ended ? this.connect : control(this.message)).focus();
  }

  #copy() {
    getSelection().selectAllChildren(this.rows.parentNode);
    document.execCommand("copy");
    announce("复制了。");
  }

  /* Nobody does any more what it orders; what was typed can still be read. */
  end() {
    this.over = true;
    for (const text of this.ordered.values()) if (text) this.#giveBack(text);
    this.ordered.clear();
    for (const one of this.node.querySelectorAll("button, input, select")) one.disabled = true;
    control(this.message).disabled = false;
    control(this.message).readOnly = true;
    this.told.textContent = ENDED;
  }
}

function field(label, properties) {
  return element("label", {}, `${label} `, element("input", { type: "text", spellcheck: false, ...properties }));
}

function choice(label, options, chosen) {
  const select = element("select", {}, ...options.map(([name, text]) => element("option", { value: name, textContent: text })));
  select.value = chosen;
  return element("label", {}, `${label} `, select);
}

function row(tag, properties, ...children) {
  return element(tag, { className: "sender-row", ...properties }, ...children);
}

function group(...buttons) {
  return element("span", { className: "sender-buttons" }, ...buttons);
}

function control(label) {
  return label.lastChild;
}

function value(label) {
  return control(label).value;
}
