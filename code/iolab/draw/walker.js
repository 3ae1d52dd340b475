/* Walks the finished graph of a level: every figure.iolab-explore, those that come later too. A second copy starts nothing twice. */
(() => {
  if (window.iolabWalker) return window.iolabWalker();
  const SOLVED = 'iolab-solved', FAR = 200;

  function element(tag, properties, ...children) {
    const {role, ...rest} = properties;
    const made = Object.assign(document.createElement(tag), rest);
    if (role) made.setAttribute('role', role);
    made.append(...children);
    return made;
  }
  const button = (text, onclick, more) => element('button', {type: 'button', textContent: text, onclick, ...more});

  /* Names of solved levels; a browser that keeps nothing (some do from disk) remembers them while the page is open. */
  let memory = [];
  function solved() {
    try { return JSON.parse(localStorage.getItem(SOLVED)) || memory; } catch { return memory; }
  }
  function remember(name) {
    memory = [...new Set([...solved(), name])];
    try { localStorage.setItem(SOLVED, JSON.stringify(memory)); } catch { /* while the page is open */ }
  }

  /* One variant: states are numbers, moves[state] lists {who, what, key, to}. */
  function graph(data) {
    let next = 0;
    const moves = data.count.map((count, state) => Array.from({length: count}, () => {
      const move = {who: data.who[next], what: data.words[data.what[next]], key: data.words[data.key[next]], to: state + data.to[next]};
      next += 1;
      return move;
    }));
    const goal = state => data.words[data.goal[state] || 0];
    return {data, moves, goal, odds: odds(moves, goal), way: ways(moves, goal)};
  }

  /* For each state [runs, bad runs]; null where a cycle makes them infinitely many. */
  function odds(moves, goal) {
    const known = [], open = new Set(), stack = [0];
    while (stack.length) {
      const state = stack[stack.length - 1];
      if (known[state]) { stack.pop(); continue; }
      const below = moves[state].map(move => move.to);
      const missing = below.filter(after => !known[after]);
      if (missing.length) {
        if (open.has(state) && missing.some(after => open.has(after))) return null;
        open.add(state);
        stack.push(...missing);
        continue;
      }
      open.delete(state);
      stack.pop();
      const runs = below.length ? below.reduce((sum, after) => sum + known[after][0], 0) : 1;
      const bad = goal(state) ? runs : below.reduce((sum, after) => sum + known[after][1], 0);
      known[state] = [runs, bad];
    }
    return known;
  }

  /* For each state its first move on a shortest way to a goal, where there is one. */
  function ways(moves, goal) {
    const before = moves.map(() => []), way = {}, queue = [];
    moves.forEach((list, state) => {
      list.forEach((move, index) => before[move.to].push([state, index]));
      if (goal(state)) { way[state] = -1; queue.push(state); }
    });
    for (const state of queue)
      for (const [earlier, index] of before[state])
        if (!(earlier in way)) { way[earlier] = index; queue.push(earlier); }
    return way;
  }

  function whole(node) {
    return document.readyState !== 'loading' || Boolean(node && (node.nextSibling || whole(node.parentNode)));
  }

  function start(figure) {
    const source = figure.querySelector('.io-data > script'), name = figure.dataset.name;
    if (figure.iolab || !source && !window.iolabLevels?.[name] || !whole(figure)) return;
    figure.iolab = true;
    const level = source ? JSON.parse(source.textContent) : window.iolabLevels[name];
    const graphs = [];
    let chosen = 0, steps = [], now = 0, own = true, tries = 0, falls = 0, live = null;

    const still = figure.querySelector('.io-words');
    const details = element('details', {}, element('summary', {textContent: '文字说明'}));
    still.replaceWith(details);
    details.append(still);

    const mark = element('span', {className: 'io-solved'});
    figure.querySelector('figcaption').append(mark);
    const code = element('div', {className: 'io-code', tabIndex: 0, role: 'group'});
    code.setAttribute('aria-label', '程序');
    const values = element('tbody', {});
    const table = element('table', {className: 'io-values'}, element('caption', {textContent: '此刻的值'}), values);
    const offers = element('div', {className: 'io-offers'});
    const say = element('p', {className: 'io-say'});
    say.setAttribute('aria-live', 'polite');
    const path = element('ol', {className: 'io-path'});
    path.setAttribute('aria-label', '走过的路');
    const undo = button('撤销', () => move(now - 1)), redo = button('下一步', () => move(now + 1));
    const again = button('重来', () => begin('从头开始。'));
    const worst = button('最短的坏路径', showWorst), stroll = button('随便走', wander);
    const real = button('让真的线程照这个顺序走', replay, {hidden: true});
    const variants = element('div', {className: 'io-variants', role: 'group'},
      ...level.variants.map((variant, index) => button(variant.title, () => choose(index))));
    variants.setAttribute('aria-label', '哪一个程序');
    const panel = element('div', {className: 'io-walk'}, variants, element('div', {className: 'io-board'}, code, table),
      offers, say, element('div', {className: 'io-bar'}, undo, redo, again, worst, stroll, real), path);
    details.before(panel);
    figure.tabIndex = 0;
    figure.setAttribute('role', 'group');
    figure.setAttribute('aria-label', `${level.title}：${level.task}`);
    figure.setAttribute('data-lm-suppress-shortcuts', 'true');
    figure.addEventListener('keydown', key);

    function key(event) {
      const plain = !(event.ctrlKey || event.altKey || event.metaKey || event.shiftKey);
      const keys = {ArrowLeft: undo, Backspace: undo, ArrowRight: redo, Home: again};
      const wanted = keys[event.key] || offers.querySelectorAll('button')[event.key - 1];
      if (!plain || !wanted || event.target === code && event.key.startsWith('Arrow')) return;
      event.preventDefault();
      event.stopPropagation();
      if (!wanted.disabled) wanted.onclick();
    }

    const here = () => graphs[chosen] ||= graph(level.variants[chosen]);
    const state = () => now ? steps[now - 1].to : 0;
    const done = () => !here().moves[state()].length;

    function choose(index) {
      chosen = index;
      tries = falls = 0;
      code.replaceChildren(...level.variants[chosen].code.map(line => element('div', {className: 'io-line'},
        element('span', {className: 'io-who'}), element('code', {textContent: line || ' '}))));
      [...variants.children].forEach((one, other) => one.setAttribute('aria-pressed', other === index));
      begin(level.variants[chosen].counts + '。');
    }

    function begin(words) {
      steps = [];
      own = true;
      now = 0;
      show(words);
    }

    function take(move) {
      steps = [...steps.slice(0, now), move];
      now += 1;
      show(told(move));
    }

    function move(number) {
      if (number < 0 || number > steps.length) return;
      const back = number < now;
      now = number;
      show(back ? `撤销了第 ${number + 1} 步。` : told(steps[now - 1]));
    }

    const told = move => `第 ${now} 步，${actor(move.who)}：${move.what.replace(/:$/, '')}。`;
    const actor = who => level.variants[chosen].actors[who];

    function showWorst() {
      begin('');
      own = false;
      const {moves, way, goal} = here();
      for (let at = 0; !goal(at); at = steps[steps.length - 1].to) steps.push(moves[at][way[at]]);
      show(`最短的坏路径有 ${steps.length} 步，按“下一步”一步一步看。`);
    }

    function wander() {
      begin('');
      own = false;
      let fell = false;
      while (!done() && now < FAR && !fell) {
        const choice = here().moves[state()];
        steps.push(choice[Math.floor(Math.random() * choice.length)]);
        now += 1;
        fell = Boolean(here().goal(state()));
      }
      tries += 1;
      falls += fell;
      show(`随便走了 ${now} 步，${fell ? '出事了' : '没有出事'}；随便走过 ${tries} 次，出事 ${falls} 次。`);
    }

    function replay() {
      const input = live.querySelector('input');
      input.value = JSON.stringify([chosen, steps.slice(0, now).map(step => step.key), Math.random()]);
      input.dispatchEvent(new Event('change', {bubbles: true}));
      say.textContent = `让真的线程走这 ${now} 步，结果在下面。`;
    }

    function show(words) {
      const focus = figure.contains(document.activeElement) ? document.activeElement : null;
      const inOffers = focus && offers.contains(focus);
      const {data, goal} = here(), at = state(), fell = goal(at);
      [...code.children].forEach((line, index) => {
        const there = data.actors.flatMap((_, who) => data.at[who][at] === index + 1 ? [who] : []);
        line.className = `io-line${there.length ? ` io-lit io-hue${there[0] % 4}` : ''}`;
        line.firstChild.replaceChildren(...there.map(badge));
      });
      values.replaceChildren(...data.names.flatMap((label, index) => {
        const value = data.words[data.values[index][at]], before = now ? data.words[data.values[index][now > 1 ? steps[now - 2].to : 0]] : value;
        if (!value) return [];
        const row = element('tr', {className: value !== before ? 'io-new' : ''}, element('th', {textContent: label}), element('td', {textContent: value}));
        row.firstChild.setAttribute('scope', 'row');
        return [row];
      }));
      offer(at);
      const end = fell ? `出事了：${fell}。` : done() ? '走完了，没有出事。' : '';
      const won = fell && own && !chosen;
      say.className = `io-say${fell ? ' io-bad' : ''}`;
      say.textContent = words + end + (won ? `做到了！${level.why}` : fell && !chosen ? level.why : rest(at));
      if (won) remember(name);
      mark.textContent = solved().includes(name) ? ' ✓ 做到过' : '';
      path.replaceChildren(...steps.map((step, index) => element('li', {className: index < now ? '' : 'io-later'}, badge(step.who), ' ' + step.what)));
      undo.disabled = !now;
      redo.disabled = now === steps.length;
      again.disabled = !steps.length;
      worst.disabled = !(0 in here().way);
      attach();
      real.disabled = !now;
      if (inOffers && !focus.isConnected) (offers.querySelector('button') || undo).focus();
      else if (focus && focus.disabled) figure.focus();
    }

    const badge = who => element('b', {className: `io-badge io-hue${who % 4}`, textContent: actor(who)});

    /* A button for each move, and why where an actor has none. */
    function offer(at) {
      const {data, moves} = here();
      let number = 0;
      offers.replaceChildren(...data.actors.flatMap((name, who) => {
        const buttons = moves[at].filter(move => move.who === who).map(move => {
          number += 1;
          const made = button(move.what, () => take(move), {className: `io-hue${who % 4}`});
          if (number < 10) made.prepend(element('kbd', {textContent: number}), ' ');
          made.setAttribute('aria-label', `${name}：${move.what}`);
          return made;
        });
        const why = data.words[data.why[who][at]];
        if (!buttons.length && !why) return [];
        return [element('div', {className: 'io-offer'}, badge(who), ...(buttons.length ? buttons : [element('span', {className: 'io-why', textContent: why})]))];
      }));
    }

    /* How the runs from here end. */
    function rest(at) {
      const {odds, way} = here();
      if (done()) return '';
      if (!odds) return at in way ? '从这里走下去，可能出事。' : '从这里走下去，不会出事了。';
      const [runs, bad] = odds[at];
      return `从这里走下去有 ${runs} 种走法，${bad ? `其中 ${bad} 种出事。` : '没有一种出事。'}`;
    }

    /* Where a kernel listens, the path can be walked by real threads. */
    function attach() {
      live = document.querySelector(`.iolab-replay-${name}`);
      real.hidden = !live;
    }
    figure.iolabAttach = attach;

    choose(0);
  }

  function scan() {
    document.querySelectorAll('figure.iolab-explore').forEach(figure => { start(figure); figure.iolabAttach?.(); });
  }
  window.iolabWalker = scan;
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; scan(); });
  }).observe(document, {childList: true, subtree: true});
  document.addEventListener('DOMContentLoaded', scan);
  scan();
})();
