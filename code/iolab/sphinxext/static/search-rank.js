// Finds the pages that answer a query: bookSearch(query) -> { results: [{ page, sections, score }], words }.
//
// BOOK_INDEX.pages: [title, url, sections, topics]; a section is [anchor, heading, prose, names in code], a topic a
// term or a name that the page is there to explain. BOOK_INDEX.terms: the forms of each term of the glossary: Chinese,
// English, other names. BOOK_INDEX.errors: [name, number, message, class, Windows number, other messages, urls of pages, best
// first].
const bookSearch = (() => {
  const HAN = /[\u3400-\u9fff]/;
  const APPENDIX = /^appendix\//;
  const SHOWN_SECTIONS = 3;
  const LEAST = 0.1;  // of the best page's score: what is below is not worth a look
  // What a question is made of and no answer is about. Longer ones first: each is cut out where it stands.
  const FILLERS = [
    "有什么区别", "有什么不同", "有哪些区别", "的区别", "区别", "不同点", "差别", "差异", "有什么用", "有什么", "有哪些", "有何",
    "什么意思", "什么时候", "是什么", "什么是", "是啥", "为什么", "为什么要", "为什么是", "为何", "为啥", "怎么回事", "怎么办", "怎么样",
    "怎么写", "怎么用", "怎么处理", "怎么解决", "怎么", "怎样", "如何", "哪一个", "哪个好", "哪个快", "哪个", "哪些", "哪种", "什么",
    "用法", "使用", "作用", "用途", "详解", "教程", "入门", "简介", "总结", "解决方法", "解决办法", "解决", "处理方法", "方式", "请问",
    "怎么判断", "一下", "可以", "能不能", "是不是", "会怎样", "问题", "含义", "定义", "概念", "介绍", "理解", "例子", "示例", "代码",
  ].sort((a, b) => b.length - a.length);
  const PARTICLES = /[的了吗呢啊吧和与跟及么]/g;
  const FUNCTION = "[是有在里中要用被让把给能会或就都还也又才只没不到个]";
  const SOFT = new RegExp(`^${FUNCTION}|${FUNCTION}$`);  // a pair of characters with one of these is seldom a word
  // Everyday words that mean the same to one who asks; the book has some of each row. The glossary has the names of terms.
  const SAME = [
    "结束 终止 停止 杀死 杀掉 杀不掉 叫停 强制 kill stop terminate end", "崩溃 挂了 crash",
    "断开 断线 掉线 离线 下线 离开 disconnect disconnected", "关闭 关掉 close closed",
    "卡住 卡死 不动 没反应 挂起 阻塞 一直等 hang hangs stuck freeze", "限制 上限 最多 limit",
    "慢 快 性能 效率 速度 快慢 耗时 吞吐量 slow fast speed performance", "内存 memory", "锁 lock locks",
    "服务器 服务端 server", "客户端 client", "另一端 对端 对方 peer", "子进程 child", "父进程 parent",
    "共享 共用 share shared", "变量 variable", "消息 message messages", "长度 length", "前缀 prefix",
    "读取 读 read", "写入 写 write", "发送 发 send", "连接 连 connection",
    "发现 知道 检测 察觉 感觉 detect", "同时 并发 一起 concurrent simultaneously", "危险 dangerous",
    "覆盖 overwrite", "重定向 输出到 redirect", "模型 分类 种类",
  ].map((row) => row.split(" "));
  const COMPARED = /区别|不同|差别|差异|对比|比较|最好|最快|推荐|还是|哪个|哪种|什么时候用|怎么选|\b(?:vs|versus|difference|or|when)\b/;
  const CHOICE = ["区别", "怎样挑选", "怎样选", "比较", "差异"];
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

  const same = new Map(SAME.flatMap((row) => row.map((word) => [word, [word, ...row.filter((other) => other !== word)]])));

  // The shorter terms that a longer Chinese one ends with: 多线程 is about 线程 too.
  function within(form) {
    for (let at = 1; HAN.test(form) && at < form.length - 1; at++) if (termOf.has(form.slice(at))) return [form.slice(at)];
    return [];
  }

  // How often every run of two to four characters stands in the book: what a dictionary would say of words.
  const known = new Map();
  for (const page of pages) {
    for (const { head, body } of page.sections) {
      for (const run of `${head} ${body}`.match(/[\u3400-\u9fff]{2,}/g) || []) {
        for (let at = 0; at < run.length; at++) {
          for (let end = at + 2; end <= Math.min(at + 4, run.length); end++) {
            const piece = run.slice(at, end);
            known.set(piece, (known.get(piece) || 0) + 1);
          }
        }
      }
    }
  }

  // A run of Chinese in words: the division whose pieces are the most at home in the book.
  function divide(run) {
    const found = [{ worth: 0, pieces: [] }];
    for (let end = 1; end <= run.length; end++) {
      found[end] = { worth: found[end - 1].worth, pieces: [...found[end - 1].pieces, run[end - 1]] };
      for (let at = Math.max(0, end - 4); at < end - 1; at++) {
        const piece = run.slice(at, end);
        const times = known.get(piece) || (same.has(piece) ? 1 : 0);
        const worth = found[at].worth + (piece.length - 1) * Math.log2(1 + times) * (SOFT.test(piece) ? 0.5 : 1);
        if (times && worth > found[end].worth) found[end] = { worth, pieces: [...found[at].pieces, piece] };
      }
    }
    return found[run.length].pieces.filter((piece) => piece.length > 1 || same.has(piece));
  }

  // What a query is about: [{ forms, weight, faint }]. A form is a word to look for; the first is as typed, the others mean
  // the same. What is faint helps to choose a page but is not what the reader looks for on it.
  function concepts(query) {
    const found = [], rest = [];
    const text = normal(query).replace(/(\w)\(\d+\)/g, "$1()");
    for (let at = 0; at < text.length;) {
      const term = termAt(text, at);
      const filler = !term && FILLERS.find((word) => text.startsWith(word, at));
      if (term) found.push({ forms: [...term.forms, ...within(term.forms[0])], weight: 1 });
      rest.push(term || filler ? " " : text[at]);
      at += term ? term.length : filler ? filler.length : 1;
    }
    if (COMPARED.test(text)) found.push({ forms: CHOICE, weight: 0.5, faint: true });
    for (const piece of rest.join("").match(/[\u3400-\u9fff]+|[a-z_](?:[\w.']*\w)?|\d[\d.]*\d|\d+|[&|^~<>]+/g) || []) {
      if (!HAN.test(piece)) {
        const weight = same.has(piece) ? 0.7 : /^\d+$/.test(piece) || piece.length < 2 ? 0.5 : 1;
        if (!STOP.has(piece)) found.push({ forms: same.get(piece) || [piece], weight });
        continue;
      }
      for (const run of piece.split(PARTICLES)) {
        const parts = divide(run);
        if (run.length > 2 && parts[0] !== run) found.push({ forms: [run], weight: 0.5 });
        for (const part of parts) {
          const weight = same.has(part) ? 0.7 : (SOFT.test(part) ? 0.4 : 1) / Math.sqrt(parts.length);
          found.push({ forms: same.get(part) || [part], weight, faint: SOFT.test(part) });
        }
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
    const worth = asked.map(({ weight }, at) => weight * rarity[at]);
    asked.forEach((concept, at) => { concept.worth = worth[at]; });
    const all = worth.reduce((sum, one) => sum + one, 0);
    return rows.map(({ page, weights, whole }) => {
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

  // The words worth marking, the most telling first; of what means the same, no single characters.
  function marks(asked) {
    const plain = asked.filter(({ faint }) => !faint);
    const most = best(plain.map(({ worth }) => worth));
    return (plain.length ? plain : asked).filter(({ worth }) => worth >= 0.3 * most).sort((a, b) => b.worth - a.worth)
      .flatMap(({ forms: [typed, ...others] }) => [typed, ...others.filter((form) => form.length > 1)]);
  }

  const telling = (text) => [...new Set(text.match(/[a-z_]{3,}/g) || [])].filter((word) => !STOP.has(word));

  // Whether a message stands in a query but for the names in it, or most of the query's English words in the message.
  function most(query, message) {
    const asked = telling(query), said = telling(message.replace(/'[^']*'/g, " "));
    const common = asked.filter((word) => count(message, word, true));
    return (common.length > 1 && common.length >= 0.6 * asked.length)
      || (said.length > 2 && said.every((word) => count(query, word, true)));
  }

  // The errors that a query names: by name, number, message or class. Returns the rows and the query without them.
  function errors(query) {
    let rest = normal(query);
    const rows = [], cut = (piece) => { rest = rest.split(piece).join(" "); };
    const number = rest.match(/(?:errno|错误码|错误号|错误)\s*[:：]?\s*(\d+)/);
    const windows = rest.match(/(?:winerror|wsa)\s*[:：]?\s*(\d+)/);
    for (const row of BOOK_INDEX.errors) {
      const [name, code, message, kind, wsa, also] = row.map((field) => (typeof field === "string" ? normal(field) : field));
      const byName = name && count(rest, name, true);
      const byMessage = (message && rest.includes(message)) || also.some((other) => rest.includes(other));
      const part = message && rest.trim().length >= 8 && message.includes(rest.trim()) || most(rest, message);
      const byNumber = (number && Number(number[1]) === code) || (windows && Number(windows[1]) === wsa);
      if (byName || byMessage || part || byNumber) rows.push({ row, name, message, kind });
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
    for (const { row } of rows) row[6].forEach((url, at) => boost.set(url, Math.max(boost.get(url) || 0, 1 / (1 + at))));
    if (boost.size) {
      const top = results.length ? results[0].score : 1;
      for (const page of pages.filter(({ url }) => boost.has(url))) {
        let result = results.find((one) => one.page === page);
        if (!result) results.push(result = { page, score: 0, sections: [page.sections[0]] });
        result.score += top * (1 + boost.get(page.url));
      }
      results.sort((a, b) => b.score - a.score);
    }
    const words = [...new Set([...marks(asked), ...rows.map(({ kind }) => kind)])];
    const least = results.length ? results[0].score * LEAST : 0;
    return { results: results.filter(({ score }) => score >= least), words };
  };
})();
