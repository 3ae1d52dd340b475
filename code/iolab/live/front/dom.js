/* An element with these properties and children; a property with a dash, or `role`, becomes an attribute. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

export function button(text, action, properties = {}) {
  return element("button", { type: "button", textContent: text, onclick: action, ...properties });
}

/* One stop of the Tab key for all the buttons of `toolbar`; the arrow keys lead from one to the next. */
export function roving(toolbar) {
  const all = () => [...toolbar.querySelectorAll("button:not([hidden]):not([disabled])")];
  const seat = (chosen) => {
    for (const one of toolbar.querySelectorAll("button")) one.tabIndex = one === chosen ? 0 : -1;
  };
  seat(toolbar.querySelector("button"));
  toolbar.addEventListener("focusin", (event) => event.target.tagName === "BUTTON" && seat(event.target));
  toolbar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key],
      buttons = all(),
      at = buttons.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length].focus();
  });
}

const speaker = element("div", { className: "live-said", role: "status", "aria-live": "polite" });
let pending = [],
  timer = 0;

/* Tell those who do not see the page, several news at once. */
export function announce(text) {
  if (!speaker.isConnected) document.body.append(speaker);
  pending.push(text);
  clearTimeout(timer);
  timer = setTimeout(() => {
    speaker.textContent = pending.join(" ");
    pending = [];
  }, 150);
}
