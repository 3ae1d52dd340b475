// Runs once for each view of a sender, as an event handler of `seat`, an element of its box. A line leaves the field at
// Enter, here and not when the kernel has answered, so that the next one can be typed at once. The lines that the kernel
// has not answered all go to it together, numbered, because of values that change quickly it sees only the newest.
const seat = this, queue = (window.iolabTyped ??= {})[seat.dataset.sender] ??=
  { page: String(Math.random()), last: 0, lines: [] };

function attach(tries) {
  const box = seat.closest(".iolab-sender-box");
  if (!box) return tries && setTimeout(attach, 20, tries - 1);
  const find = selector => box.querySelector(selector), field = () => find(".iolab-sender-message input");

  function enter(event) {
    event.preventDefault();
    event.stopPropagation();
    queue.lines.push([++queue.last, field().value]);
    field().value = "";
    const typed = find(".iolab-sender-typed input");
    typed.value = JSON.stringify({ page: queue.page, lines: queue.lines });
    typed.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function answered() {
    const answer = find(".iolab-sender-answer i");
    if (answer?.dataset.page !== queue.page) return;
    queue.lines = queue.lines.filter(([number]) => number > answer.dataset.done);
    if (answer.dataset.refused && answer.dataset.done == queue.last && !field().value)
      field().value = answer.dataset.refused;
    delete answer.dataset.refused;
  }

  box.addEventListener("keydown", event => {
    const plain = !(event.shiftKey || event.ctrlKey || event.altKey || event.metaKey);
    // isComposing: this Enter chooses a Chinese character
    if (event.key === "Enter" && plain && !event.isComposing && event.target === field()) enter(event);
  }, true);
  box.addEventListener("click", event => {
    const button = event.target.closest(".iolab-sender-send");
    if (button && !button.disabled) enter(event);
  }, true);
  new MutationObserver(answered).observe(box, { childList: true, subtree: true });
}
attach(500);
