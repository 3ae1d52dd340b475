/* Moves the pictures of a page: every figure.iolab-picture, those that come later too. A second copy starts nothing twice. */
(() => {
  if (window.iolabPlayer) return window.iolabPlayer();
  const FLIGHT = 800;
  const calm = matchMedia('(prefers-reduced-motion: reduce)');

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  /* The image's SVG in place of the image, so that it follows the theme and its parts can move. */
  function inline(figure) {
    const still = figure.querySelector(':scope > svg');
    if (still) return still;
    const image = figure.querySelector(':scope > img');
    const text = decodeURIComponent(image.src.slice(image.src.indexOf(',') + 1));
    const svg = document.importNode(new DOMParser().parseFromString(text, 'image/svg+xml').documentElement, true);
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', image.alt);
    image.replaceWith(svg);
    return svg;
  }

  /* While a page is still coming in, what nothing follows may be only half here. */
  function whole(node) {
    return document.readyState !== 'loading' || Boolean(node && (node.nextSibling || whole(node.parentNode)));
  }

  function start(figure) {
    const source = figure.querySelector(':scope > script[type="application/json"]');
    if (figure.iolab || !source || !whole(figure)) return;
    figure.iolab = true;
    const {home = {}, drive, board, steps: told} = JSON.parse(source.textContent);
    const svg = inline(figure), list = figure.querySelector('ol, ul');
    const details = element('details', {}, element('summary', {textContent: told && !told.length ? '文字说明' : '全部步骤'}));
    list.replaceWith(details);
    details.append(list);
    if (told && !told.length) return;

    const parts = {}, lines = [...figure.querySelectorAll('.io-code > span')];
    svg.querySelectorAll('[data-gid]').forEach(part => { parts[part.dataset.gid] = part; });
    const machine = board && board.moves, ways = board && board.films;
    let steps = told || board.steps, captions = [...list.children].map(item => item.textContent), last = steps.length - 1;
    const frames = told && unroll(steps, home), at = told && {...frames[last].at};
    let now = 0, timer = 0, node = null, look = {}, running = [];

    const say = element('p', {className: 'io-say'}), said = element('div', {className: 'io-said'}, say);
    say.setAttribute('aria-live', 'polite');
    const button = (text, action) => element('button', {type: 'button', textContent: text, onclick: action});
    const first = button('从头', () => go(0)), back = button('上一步', () => go(now - 1));
    const play = button('播放', () => (timer ? stop() : begin())), next = button('下一步', () => go(now + 1, true));
    const full = button('全屏', grow);
    full.title = 'F 键也可以';
    const range = (label, properties) => {
      const made = element('input', {type: 'range', min: 0, ...properties});
      made.setAttribute('aria-label', label);
      return made;
    };
    const slider = range('步骤', {min: 1, max: last + 1, oninput: () => go(slider.value - 1)});
    const choices = element('div', {className: 'io-drive'});
    const panel = element('div', {className: 'io-panel'}, said, element('div', {className: 'io-bar'}, first, back, play, next, slider, full));
    if (drive || board) panel[board ? 'prepend' : 'append'](choices);
    const stage = element('div', {className: 'io-stage'});
    svg.before(stage);
    stage.append(svg, element('div', {className: 'io-side'}, panel, ...figure.querySelectorAll(':scope > .io-code, :scope > .io-legend')), details);
    if (lines.length) figure.classList.add('io-lines');
    figure.tabIndex = 0;
    figure.setAttribute('role', 'group');
    figure.setAttribute('aria-label', svg.getAttribute('aria-label'));
    figure.setAttribute('data-lm-suppress-shortcuts', 'true');
    figure.addEventListener('keydown', key);
    figure.addEventListener('fullscreenchange', () => big(document.fullscreenElement === figure));
    let touch = null;
    svg.addEventListener('touchstart', event => { touch = event.touches.length === 1 && event.touches[0]; }, {passive: true});
    svg.addEventListener('touchend', swipe);

    const isBig = () => figure.classList.contains('io-big');

    function key(event) {
      const inside = event.target.tagName, plain = !(event.ctrlKey || event.altKey || event.metaKey || event.shiftKey);
      const on = () => go(now + 1, true), off = () => go(now - 1);
      const keys = {ArrowRight: on, ArrowLeft: off, Home: () => go(0), End: () => go(last), f: grow};
      if (isBig()) Object.assign(keys, {PageDown: on, PageUp: off, Escape: grow});
      let action = inside === 'INPUT' && event.key !== 'f' && event.key !== 'Escape' ? null : keys[event.key];
      if (event.key === ' ' && inside !== 'BUTTON' && inside !== 'SUMMARY') action = play.onclick;
      if (!action || !plain) return;
      event.preventDefault();
      event.stopPropagation();
      action();
    }

    /* The whole screen where the browser gives it, the whole window where it does not. */
    function grow() {
      if (document.fullscreenElement === figure) document.exitFullscreen();
      else if (isBig()) big(false);
      else if (figure.requestFullscreen) figure.requestFullscreen().catch(() => big(true));
      else big(true);
    }

    function big(yes) {
      figure.classList.toggle('io-big', yes);
      full.textContent = yes ? '退出全屏' : '全屏';
      figure.focus();
    }

    function swipe({changedTouches: [to]}) {
      const x = touch ? to.clientX - touch.clientX : 0, y = touch ? to.clientY - touch.clientY : 0;
      touch = null;
      if (Math.abs(x) > 40 && Math.abs(x) > 2 * Math.abs(y)) go(now + (x < 0 ? 1 : -1), x < 0);
    }

    function begin() {
      play.textContent = '暂停';
      if (board?.pace) say.setAttribute('aria-live', 'off');      // nobody could listen so fast
      const tick = () => {
        timer = setTimeout(tick, board?.pace || 1400 + 70 * captions[now].length);
        show(now + 1, true);
        if (now === last) stop();
      };
      if (now === last) { show(0); timer = setTimeout(tick, 1600); } else tick();
    }

    function stop() {
      clearTimeout(timer);
      timer = 0;
      play.textContent = '播放';
      say.setAttribute('aria-live', 'polite');
    }

    function go(number, moving) {
      stop();
      if (number >= 0 && number <= last) show(number, moving);
    }

    function show(number, moving) {
      now = number;
      if (board) turn(steps[now], moving);
      else frame(frames[now], steps[now], moving);
      [...list.children].forEach((item, index) => index === now ? item.setAttribute('aria-current', 'step') : item.removeAttribute('aria-current'));
      say.textContent = `${now + 1}/${last + 1} ${captions[now]}`;
      if (machine) node = board.story[now];
      refresh();
    }

    function frame(shown, step, moving) {
      settle();
      for (const id in parts) see(parts[id], !shown.hidden.has(id));
      glow(step.hot);
      light(step.at);
      moving = moving && !calm.matches;
      if (moving) {
        (step.show || []).forEach(id => run(parts[id], {opacity: [0, 1]}, 250));
        (step.fly || []).forEach(id => fly(id, true));
        (step.late || []).forEach(id => run(parts[id], {opacity: [0, 1]}, 200, FLIGHT));
      }
      const ways = Object.fromEntries((step.moves || []).map(([id, way]) => [id, way]));
      for (const id in shown.at) place(id, shown.at[id], moving && ways[id]);
    }

    function see(part, seen) {
      const stays = !part.hasAttribute('display');
      part.classList.toggle('io-off', stays && !seen);
      part.classList.toggle('io-on', !stays && seen);
    }

    function light(at = []) {
      lines.forEach((line, index) => line.classList.toggle('io-lit', at.includes(index + 1)));
    }

    /* A board comes to look as a moment says: [look, sentence, ways, lines]. */
    function turn([number, , ways = [], at], moving) {
      settle();
      const used = ways.map(way => board.ways[way]);
      glow([...paint(board.views[number]), ...used]);
      light(at);
      if (moving && !calm.matches) used.forEach(id => fly(id));
    }

    /* Fills the cells and names those that changed. */
    function paint(runs) {
      const seen = {};
      for (let k = 0; k < runs.length; k += 3)
        for (let index = 0; index < runs[k + 1]; index++) seen[runs[k] + index] = runs[k + 2];
      const changed = board.cells.filter((id, index) => seen[index] !== look[index]);
      look = seen;
      board.cells.forEach((id, index) => {
        const held = seen[index], [path, text] = ['path', 'text'].map(tag => parts[id].querySelector(tag));
        const [fill, stroke] = board.tones[held ? held[0] : 'n'], dot = !path.style.stroke;
        path.style.fill = dot ? stroke : fill;
        if (!dot) path.style.stroke = stroke;
        if (text) text.textContent = held ? held.slice(1) : '';
        if (board.come.includes(index)) see(parts[id], Boolean(held));
      });
      return changed;
    }

    function refresh() {
      slider.value = now + 1;
      slider.setAttribute('aria-valuetext', `第 ${now + 1} 步，共 ${last + 1} 步`);
      back.disabled = now === 0;
      next.disabled = now === last;
      if (machine) open();
      if (!drive) return;
      const here = at[drive.token];
      node = Object.keys(drive.nodes).find(name => '' + drive.nodes[name] === '' + here);
      offer();
    }

    /* A button that cannot be pressed now says why when it is pressed. */
    function open() {
      [...choices.children].forEach((made, index) => made.setAttribute('aria-disabled', typeof board.moves[node][index] === 'number'));
    }

    function press(index) {
      stop();
      const move = board.moves[node][index];
      if (typeof move === 'number') { say.textContent = board.words[move]; return; }
      const [to, word, taken] = move;
      node = to;
      turn([board.looks[to], word, taken, board.buttons[index][1]], true);
      say.textContent = board.words[word];
      open();
    }

    /* The sliders of a board: another setting has other steps. */
    function set() {
      stop();
      const places = [...choices.querySelectorAll('input')].map(one => one.value);
      steps = ways[places.join()];
      captions = steps.map(moment => board.words[moment[1]]);
      last = steps.length - 1;
      list.replaceChildren(...captions.map(text => element('li', {textContent: text})));
      slider.max = last + 1;
      show(Math.min(now, last));
    }

    function setting({label, values, at}) {
      const shown = element('output', {textContent: values[at]});
      const one = range(label, {max: values.length - 1, value: at, oninput: () => {
        shown.textContent = values[one.value];
        one.setAttribute('aria-valuetext', values[one.value]);
        set();
      }});
      one.setAttribute('aria-valuetext', values[at]);
      return element('label', {}, label, one, shown);
    }

    function glow(ids = []) {
      for (const id in parts) parts[id].classList.toggle('io-hot', ids.includes(id));
    }

    function run(part, frames, duration, delay = 0) {
      const animation = part.animate(frames, {duration, delay, fill: 'backwards'});
      running.push(animation);
      return animation;
    }

    /* Ends what still moves, so that the next picture starts from a finished one. */
    function settle() {
      running.forEach(animation => animation.cancel());
      running = [];
      svg.querySelectorAll('.io-dot').forEach(dot => dot.remove());
    }

    function along(way) {
      const path = parts[way].querySelector('path'), length = path.getTotalLength();
      return {path, points: Array.from({length: 17}, (_, k) => path.getPointAtLength(length * k / 16))};
    }

    const shift = (x, y) => `translate(${x}px,${y}px)`;

    /* A dot travels along an arrow; a new one grows behind it. */
    function fly(id, grows) {
      const {path, points} = along(id), [{x, y}] = points;
      const head = path.nextElementSibling;
      if (grows) {
        path.style.transformOrigin = `${x}px ${y}px`;
        run(path, {transform: ['scale(0)', 'none']}, FLIGHT);
        if (head?.tagName === 'path') run(head, {opacity: [0, 1]}, 100, FLIGHT);
      }
      const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
      dot.setAttribute('class', 'io-dot');
      dot.setAttribute('r', 5);
      dot.style.fill = getComputedStyle(path).stroke;
      parts[id].append(dot);
      run(dot, {transform: points.map(point => shift(point.x, point.y))}, FLIGHT).onfinish = () => dot.remove();
    }

    /* Puts a mover at (x, y), or lets it go there along an arrow. */
    function place(id, [x, y], way) {
      const [x0, y0] = frames[last].at[id], [fromX, fromY] = at[id];
      const points = way ? along(way).points.map(point => [point.x, point.y]) : [];
      at[id] = [x, y];
      parts[id].style.transform = x === x0 && y === y0 ? '' : shift(x - x0, y - y0);
      if (points.length)
        run(parts[id], {transform: [[fromX, fromY], ...points, [x, y]].map(([a, b]) => shift(a - x0, b - y0))}, FLIGHT);
    }

    /* The transitions that leave the state the token is in, and no other. */
    function offer() {
      const focus = choices.contains(document.activeElement);
      const ways = drive.edges.filter(([, from]) => from === node);
      const made = ways.map(way => button(`${drive.titles[node]} → ${drive.titles[way[2]]}：${way[3]}`, () => travel(way)));
      if (!ways.length) made.push(button('重新开始', () => { settle(); arrive(drive.at, [], '重新开始'); }));
      choices.replaceChildren(element('span', {textContent: '自己动手：'}), ...made);
      if (focus) made[0].focus();
    }

    function travel([edge, , to, text]) {
      stop();
      settle();
      arrive(to, [edge], `${drive.titles[node]} → ${drive.titles[to]}：${text}`);
    }

    function arrive(to, [edge], text) {
      place(drive.token, drive.nodes[to], !calm.matches && edge);
      node = to;
      glow([edge, `node-${to}`]);
      say.textContent = text;
      offer();
    }

    if (machine) choices.append(...board.buttons.map(([text], index) => button(text, () => press(index))));
    if (ways) choices.append(...board.sliders.map(setting));
    said.dataset.long = [...captions.map(text => '00/00 ' + text), ...board ? board.words : []].reduce((a, b) => (b.length > a.length ? b : a));
    if (board) matchMedia('print').addEventListener('change', ({matches}) => paint(board.views[steps[matches ? last : now][0]]));
    show(0);
  }

  /* What is seen, and where movers are, after each step. */
  function unroll(steps, home) {
    const hidden = new Set(steps.flatMap(step => [...step.show || [], ...step.late || []]));
    let at = home;
    return steps.map(step => {
      [...step.show || [], ...step.late || []].forEach(id => hidden.delete(id));
      (step.hide || []).forEach(id => hidden.add(id));
      at = {...at};
      (step.moves || []).forEach(([id, , x, y]) => { at[id] = [x, y]; });
      return {hidden: new Set(hidden), at};
    });
  }

  function scan() { document.querySelectorAll('figure.iolab-picture').forEach(start); }
  window.iolabPlayer = scan;
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; scan(); });
  }).observe(document, {childList: true, subtree: true});
  document.addEventListener('DOMContentLoaded', scan);
  scan();
})();
