// Finds the pages that answer a query: bookSearch(query) -> { results: [{ page, sections, score }], words }.
//
// BOOK_INDEX.pages: [title, url, sections, topics]; a section is [anchor, heading, prose, names in code], a topic a
// term or a name that the page is there to explain. BOOK_INDEX.terms: the forms of each term of the glossary: Chinese,
// English, other names. BOOK_INDEX.errors: [name, number, message, class, urls of pages, best first].
const bookSearch = (() => {
  const HAN = /[\u3400-\u9fff]/;
  const APPENDIX = /^appendix\//;
  const SHOWN_SECTIONS = 3;
  // What a question is made of and no answer is about. Longer ones first: each is cut out where it stands.
  const FILLERS = [
    "有什么区别", "有什么不同", "有哪些区别", "的区别", "区别", "不同点", "差别", "差异", "有什么用", "有什么", "有哪些", "有何",
    "什么意思", "什么时候", "是什么", "什么是", "是啥", "为什么", "为什么要", "为什么是", "为何", "为啥", "怎么回事", "怎么办", "怎么样",
    "怎么写", "怎么用", "怎么处理", "怎么解决", "怎么", "怎样", "如何", "哪一个", "哪个好", "哪个快", "哪个", "哪些", "哪种", "什么",
    "用法", "使用", "作用", "用途", "详解", "教程", "入门", "简介", "总结", "解决方法", "解决办法", "解决", "处理方法", "方式", "请问",
    "怎么判断", "一下", "可以", "能不能", "是不是", "会怎样", "问题", "含义", "定义", "概念", "介绍", "理解", "例子", "示例", "代码",
  ].sort((a, b) => b.length - a.length);
  const PARTICLES = /[的了吗呢啊吧和与跟及或是有在里中要用被让把给能会]/g;
  const STOP = new Set(("a an the of to in on at is are was be do does did how what why when which who can could should "
    + "i my we you it its and or vs versus between difference differences use using used with for from by not "
    + "python py error errno exception traceback most recent call last file line").split(" "));

  const normal = (text) => text.normalize("NFKC").toLowerCase();
  const spaced = (text) => normal(text).replace(/[-_/]/g, " ").replace(/\s+/g, " ").trim();

  const pages = BOOK_INDEX.pages.map(([title, url, sections, topics]) => ({
    title, url, head: normal(title), topics: new Set(topics.map(normal)),
    sections: sections.map(([anchor, heading, text, names]) => ({
      anchor, heading, text, head: normal(heading), body: normal(text), names: normal(names),
    })),
  }));
  const terms = BOOK_INDEX.terms.map((forms) => forms.map(normal));
  const termOf = new Map(terms.flatMap((forms) => forms.map((form) => [spaced(form), forms])));
  const longest = Math.max(...[...termOf.keys()].map((form) => form.length));

  const latinEdge = (character) => character !== undefined && /[\w]/.test(character) && !HAN.test(character);

  function count(text, word, whole) {
    let found = 0;
    for (let at = text.indexOf(word); at >= 0 && found < 20; at = text.indexOf(word, at + word.length)) {
      if (!whole || !(latinEdge(text[at - 1]) || latinEdge(text[at + word.length]))) found++;
    }
    return found;
  }

  // The longest term that begins at text[at]: { forms, length }, or undefined.
  function termAt(text, at) {
    for (let length = Math.min(longest, text.length - at); length > 1; length--) {
      const piece = text.slice(at, at + length);
      if (!termOf.has(spaced(piece)) || piece !== piece.trim()) continue;
      const whole = HAN.test(piece) || !(latinEdge(text[at - 1]) || latinEdge(text[at + length]));
      if (whole) return { forms: [piece, ...termOf.get(spaced(piece)).filter((form) => form !== piece)], length };
    }
  }

  const GLUE = "\x01";  // where a term was cut out: what stood beside it is seldom a word of its own

  // The shorter terms that a longer Chinese one ends with: 多线程 is about 线程 too.
  function within(form) {
    for (let at = 1; HAN.test(form) && at < form.length - 1; at++) if (termOf.has(form.slice(at))) return [form.slice(at)];
    return [];
  }

  // What a query is about: [{ forms, weight }]. A form is a word to look for; the first is as typed, the others mean the same.
  function concepts(query) {
    const found = [], rest = [];
    const text = normal(query);
    for (let at = 0; at < text.length;) {
      const term = termAt(text, at);
      const filler = !term && FILLERS.find((word) => text.startsWith(word, at));
      if (term) found.push({ forms: [...term.forms, ...within(term.forms[0])], weight: 1 });
      if (term) rest.push(GLUE);
      else rest.push(filler ? " " : text[at]);
      at += term ? term.length : filler ? filler.length : 1;
    }
    for (const piece of rest.join("").match(/\x01?[\u3400-\u9fff]+\x01?|[a-z_][\w.]*\w|\d[\d.]*\d|[a-z]|\d+|[&|^~<>]+/g) || []) {
      const glued = piece.includes(GLUE), word = piece.replaceAll(GLUE, "");
      if (!HAN.test(word)) {
        if (!STOP.has(word)) found.push({ forms: [word], weight: /^\d+$/.test(word) || word.length < 2 ? 0.5 : 1 });
        continue;
      }
      for (const run of word.split(PARTICLES).filter((part) => part.length > 1)) {
        const pairs = [];
        for (let at = 0; at + 1 < run.length; at++) pairs.push(run.slice(at, at + 2));
        if (run.length > 2) found.push({ forms: [run], weight: 0.5 });
        for (const pair of pairs) found.push({ forms: [pair], weight: (glued ? 0.4 : 1) / Math.sqrt(pairs.length) });
      }
    }
    if (!found.length) found.push({ forms: [text.trim()], weight: 1 });
    const seen = new Set();
    return found.filter(({ forms: [form] }) => !seen.has(form) && seen.add(form));
  }

  // How much a section is about a word: most if its heading says so, all the more if it says nothing else.
  function weigh(section, form) {
    const latin = !HAN.test(form);
    const head = count(section.head, form, latin) ? 5 + 5 * form.length / section.head.length
      : section.head.includes(form) ? 2 : 0;
    const body = count(section.body, form, latin);
    const parts = latin ? count(section.body, form, false) - body : 0;
    const named = latin && form.length > 1 ? 0.6 * count(section.names, form, true) + 0.3 * section.names.includes(form) : 0;
    return head + 1.2 * Math.log2(1 + body) + 0.3 * Math.log2(1 + parts) + named;
  }

  const best = (values) => values.reduce((most, value) => Math.max(most, value), 0);

  function rank(asked) {
    const rows = pages.map((page) => {
      const weights = asked.map(({ forms }) => page.sections.map((section) =>
        best(forms.map((form, at) => weigh(section, form) * (at ? 0.8 : 1)))));
      const whole = asked.map(({ forms }) => best(forms.map((form, at) =>
        ((page.topics.has(form) ? 12 : 0) + (count(page.head, form, !HAN.test(form)) ? 6 : 0)) * (at ? 0.8 : 1))));
      return { page, weights, whole };
    });
    const rarity = asked.map((_, at) => {
      const known = rows.filter(({ weights, whole }) => whole[at] || weights[at].some(Boolean)).length;
      return known ? Math.log2(1 + pages.length / (known + 1)) : 0;
    });
    const all = asked.reduce((sum, { weight }, at) => sum + weight * rarity[at], 0);
    return rows.map(({ page, weights, whole }) => {
      const worth = asked.map(({ weight }, at) => weight * rarity[at]);
      const scores = page.sections.map((_, section) => asked.reduce((sum, _, at) => sum + worth[at] * weights[at][section], 0));
      let score = best(scores), met = 0;
      asked.forEach((_, at) => {
        const most = best(weights[at]), total = weights[at].reduce((sum, weight) => sum + weight, 0);
        score += worth[at] * (most + Math.sqrt(total) + whole[at]);
        if (most || whole[at]) met += worth[at];
      });
      const sections = page.sections.map((section, at) => ({ section, score: scores[at] })).filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score).slice(0, SHOWN_SECTIONS).map(({ section }) => section);
      const share = all ? met / all : 0;
      return { page, score: score * share * (APPENDIX.test(page.url) ? 0.5 : 1), share,
        sections: sections.length ? sections : [page.sections[0]] };
    }).filter(({ score, share }) => score > 0 && share >= 0.3).sort((a, b) => b.score - a.score);
  }

  // Whether most of the query's English words, and two at least, stand in a message.
  function most(query, message) {
    const asked = (query.match(/[a-z_]{3,}/g) || []).filter((word) => !STOP.has(word));
    const known = asked.filter((word) => count(message, word, true));
    return known.length > 1 && known.length >= 0.6 * asked.length;
  }

  // The errors that a query names: by name, number, message or class. Returns the rows and the query without them.
  function errors(query) {
    let rest = normal(query);
    const rows = [], cut = (piece) => { rest = rest.split(piece).join(" "); };
    const number = rest.match(/(?:errno|错误码|错误号|错误)\s*[:：]?\s*(\d+)/);
    for (const row of BOOK_INDEX.errors) {
      const [name, code, message, kind] = row.map((field) => (typeof field === "string" ? normal(field) : field));
      const byName = name && count(rest, name, true), byMessage = message && rest.includes(message);
      const part = message && rest.trim().length >= 8 && message.includes(rest.trim()) || most(rest, message);
      if (byName || byMessage || part || (number && Number(number[1]) === code)) rows.push({ row, name, message, kind });
    }
    if (!rows.length) {
      for (const row of BOOK_INDEX.errors) {
        const kind = normal(row[3]);
        if (kind !== "oserror" && count(rest, kind, true)) rows.push({ row, kind });
      }
      if (rows.length && !/^(valueerror|typeerror|runtimeerror)$/.test(rows[0].kind)) return { rows, rest };
      return { rows: [], rest };
    }
    if (number) cut(number[0]);
    for (const { name, message, kind } of rows) for (const piece of [message, name, kind]) if (piece) cut(piece);
    return { rows, rest };
  }

  return (query) => {
    const { rows, rest } = errors(query);
    const named = rows.map(({ row }) => row[0] || row[3]);
    const asked = concepts(rows.length ? `${rest} ${named.join(" ")}` : query);
    const results = rank(asked);
    const boost = new Map();
    for (const { row } of rows) row[4].forEach((url, at) => boost.set(url, Math.max(boost.get(url) || 0, 1 / (1 + at))));
    if (boost.size) {
      const top = results.length ? results[0].score : 1;
      for (const page of pages.filter(({ url }) => boost.has(url))) {
        let result = results.find((one) => one.page === page);
        if (!result) results.push(result = { page, score: 0, sections: [page.sections[0]] });
        result.score += top * (1 + boost.get(page.url));
      }
      results.sort((a, b) => b.score - a.score);
    }
    const words = [...new Set(asked.flatMap(({ forms }) => forms))];
    return { results, words };
  };
})();
