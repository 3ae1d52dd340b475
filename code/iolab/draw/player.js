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
    const {steps, home = {}, drive} = JSON.parse(source.textContent);
    const svg = inline(figure), list = figure.querySelector('ol, ul');
    const details = element('details', {}, element('summary', {textContent: steps.length ? '全部步骤' : '文字说明'}));
    list.replaceWith(details);
    details.append(list);
    if (!steps.length) return;

    const parts = {};
    svg.querySelectorAll('[data-gid]').forEach(part => { parts[part.dataset.gid] = part; });
    const captions = [...list.children], last = steps.length - 1;
    const frames = unroll(steps, home);
    const at = {...frames[last].at};
    let now = last, timer = 0, node = null, running = [];

    const say = element('p', {className: 'io-say'});
    say.setAttribute('aria-live', 'polite');
    const button = (text, action) => element('button', {type: 'button', textContent: text, onclick: action});
    const first = button('从头', () => go(0)), back = button('上一步', () => go(now - 1));
    const play = button('播放', () => (timer ? stop() : begin())), next = button('下一步', () => go(now + 1, true));
    const slider = element('input', {type: 'range', min: 1, max: steps.length, oninput: () => go(slider.value - 1)});
    slider.setAttribute('aria-label', '步骤');
    const choices = element('div', {className: 'io-drive'});
    const panel = element('div', {className: 'io-panel'}, say,
      element('div', {className: 'io-bar'}, first, back, play, next, slider));
    if (drive) panel.append(choices);
    svg.after(panel);
    figure.tabIndex = 0;
    figure.setAttribute('role', 'group');
    figure.setAttribute('aria-label', svg.getAttribute('aria-label'));
    figure.setAttribute('data-lm-suppress-shortcuts', 'true');
    figure.addEventListener('keydown', key);

    function key(event) {
      const inside = event.target.tagName, plain = !(event.ctrlKey || event.altKey || event.metaKey || event.shiftKey);
      const keys = {ArrowRight: () => go(now + 1, true), ArrowLeft: () => go(now - 1), Home: () => go(0), End: () => go(last)};
      let action = inside === 'INPUT' ? null : keys[event.key];
      if (event.key === ' ' && inside !== 'BUTTON' && inside !== 'SUMMARY') action = play.onclick;
      if (!action || !plain) return;
      event.preventDefault();
      event.stopPropagation();
      action();
    }

    function begin() {
      play.textContent = '暂停';
      const tick = () => {
        timer = setTimeout(tick, 1400 + 70 * captions[now].textContent.length);
        show(now + 1, true);
        if (now === last) stop();
      };
      if (now === last) { show(0); timer = setTimeout(tick, 1600); } else tick();
    }

    function stop() {
      clearTimeout(timer);
      timer = 0;
      play.textContent = '播放';
    }

    function go(number, moving) {
      stop();
      if (number >= 0 && number <= last) show(number, moving);
    }

    function show(number, moving) {
      settle();
      now = number;
      const frame = frames[now], step = steps[now];
      for (const id in parts) {
        const stays = !parts[id].hasAttribute('display'), seen = !frame.hidden.has(id);
        parts[id].classList.toggle('io-off', stays && !seen);
        parts[id].classList.toggle('io-on', !stays && seen);
      }
      glow(step.hot);
      moving = moving && !calm.matches;
      if (moving) {
        (step.show || []).forEach(id => run(parts[id], {opacity: [0, 1]}, 250));
        (step.fly || []).forEach(fly);
        (step.late || []).forEach(id => run(parts[id], {opacity: [0, 1]}, 200, FLIGHT));
      }
      const ways = Object.fromEntries((step.moves || []).map(([id, way]) => [id, way]));
      for (const id in frame.at) place(id, frame.at[id], moving && ways[id]);
      captions.forEach((item, index) => index === now ? item.setAttribute('aria-current', 'step') : item.removeAttribute('aria-current'));
      say.textContent = `${now + 1}/${steps.length} ${captions[now].textContent}`;
      refresh();
    }

    function refresh() {
      slider.value = now + 1;
      slider.setAttribute('aria-valuetext', `第 ${now + 1} 步，共 ${steps.length} 步`);
      back.disabled = now === 0;
      next.disabled = now === last;
      if (!drive) return;
      const here = at[drive.token];
      node = Object.keys(drive.nodes).find(name => '' + drive.nodes[name] === '' + here);
      offer();
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

    /* A dot travels along a new arrow, which grows behind it. */
    function fly(id) {
      const {path, points} = along(id), [{x, y}] = points;
      path.style.transformOrigin = `${x}px ${y}px`;
      run(path, {transform: ['scale(0)', 'none']}, FLIGHT);
      const head = path.nextElementSibling;
      if (head?.tagName === 'path') run(head, {opacity: [0, 1]}, 100, FLIGHT);
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

    say.textContent = `共 ${steps.length} 步。这是最后的样子，按“播放”从头看。`;
    refresh();
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
