/* Makes each section.iolab-question of a page one that is answered by a click; answers stay in this browser.
   The output below it waits for the answer: question.css. A second copy starts nothing twice. */
(() => {
  if (window.iolabQuestions) return window.iolabQuestions.scan();
  const KEY = 'iolab-questions';
  const unstored = {};  // where the browser stores nothing, answers last as long as the page

  /* All answers, those of other tabs too. */
  function kept() {
    let stored = {};
    try { stored = JSON.parse(localStorage.getItem(KEY)); } catch { /* none yet, or none allowed */ }
    return {...stored, ...unstored};
  }

  function keep(name, answer) {
    const all = {...kept(), [name]: answer};  // JSON leaves out what is undefined
    try {
      localStorage.setItem(KEY, JSON.stringify(all));
      for (const one of Object.keys(unstored)) delete unstored[one];
    } catch { unstored[name] = answer; }
  }

  function element(tag, properties, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (/-|^role$/.test(name)) made.setAttribute(name, value);
      else made[name] = value;
    }
    made.append(...children);
    return made;
  }

  function start(question) {
    const told = question.querySelector('.q-told');
    if (question.iolab || !told) return;
    question.iolab = true;
    question.dataset.live = '';
    const {name, number} = question.dataset;
    const choices = [...told.querySelectorAll('dt')].map(term => ({
      text: term.textContent, right: term.classList.contains('q-right'), said: term.nextElementSibling,
      label: term.cloneNode(true).childNodes,
    }));
    const other = told.querySelector('.q-else'), ask = question.querySelector('.q-ask');
    const said = element('div', {className: 'q-said', role: 'status'});
    const again = element('button', {type: 'button', className: 'q-small', textContent: '重新作答', onclick: () => forget()});
    const pass = element('button', {type: 'button', className: 'q-small', textContent: '不猜了，直接看', onclick: () => done('passed')});
    const way = number === undefined ? buttons() : field();
    question.querySelector('.q-choices')?.remove();
    told.querySelector('summary').textContent = '每个选项的解释';
    told.before(way.node, said, element('div', {className: 'q-row'}, pass, again));

    function buttons() {
      const made = choices.map(choice => element('button', {
        type: 'button', 'aria-pressed': 'false', onclick: () => answer(choice.text),
      }, ...choice.label));
      return {
        node: element('div', {className: 'q-choices', role: 'group', 'aria-label': ask.textContent}, ...made),
        show: text => made.forEach((button, at) => {
          const chosen = choices[at].text === text;
          button.setAttribute('aria-pressed', chosen);
          button.dataset.right = chosen ? choices[at].right : '';
        }),
      };
    }

    function field() {
      const input = element('input', {type: 'text', inputMode: 'decimal', autocomplete: 'off', 'aria-label': '你猜的数'});
      const form = element('form', {className: 'q-choices'}, input, element('button', {type: 'submit', textContent: '就猜这个'}));
      form.addEventListener('submit', event => {
        event.preventDefault();
        const text = input.value.trim().replace(/[,，\s]/g, '');
        if (text && !Number.isNaN(Number(text))) answer(String(Number(text)));
        else say(false, '写一个数。');
      });
      return {node: form, show: text => { input.value = text ?? ''; }};
    }

    function answer(text) {
      const {first} = kept()[name] || {first: text};
      const given = {first, last: text, right: isRight(text), when: new Date().toISOString()};
      keep(name, given);
      show(text);
      document.dispatchEvent(new CustomEvent('iolab-answered', {detail: {name, ...given}}));
    }

    function isRight(text) { return choices.some(choice => choice.right && choice.text === text); }

    function show(text) {
      const choice = choices.find(one => one.text === text);
      const words = choice ? [...choice.said.cloneNode(true).childNodes] : [...other.cloneNode(true).childNodes];
      way.show(text);
      say(Boolean(choice && choice.right), ...words);
      done('answered');
    }

    function say(right, ...words) {
      said.dataset.right = right;
      said.replaceChildren(element('strong', {textContent: right ? '对。' : '不对。'}), ...words);
    }

    function done(how) {
      question.dataset.done = how;
      pass.hidden = true;
      again.hidden = false;
      told.hidden = false;
    }

    function forget() {
      keep(name);
      open();
      (way.node.querySelector('button, input')).focus();
    }

    function open() {
      delete question.dataset.done;
      way.show(null);
      said.replaceChildren();
      delete said.dataset.right;
      pass.hidden = !waits();
      again.hidden = told.hidden = true;
      told.open = false;
    }

    /* Whether there is an output that waits. */
    function waits() { return !question.closest('.question-review, [data-recall]'); }

    const before = kept()[name];
    open();
    if (before && (choices.some(one => one.text === before.last) || other)) show(before.last);
  }

  function scan() { document.querySelectorAll('section.iolab-question').forEach(start); }
  window.iolabQuestions = {scan, kept};
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; scan(); });
  }).observe(document, {childList: true, subtree: true});
  document.addEventListener('DOMContentLoaded', scan);
  scan();
})();
