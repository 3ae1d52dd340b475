// The page that asks again: shows what was answered wrong, or not yet, and saves the answers as a file. The questions of a
// page of the book come with a script of their own, when one of them is asked: all together are the size of a chapter.
(() => {
  const box = document.querySelector(".question-review"), filter = document.querySelector(".review-filter");
  const sections = [...box.children];
  const names = (section) => section.dataset.names.split(" ");
  const kinds = filter.querySelector("select");
  const kept = () => window.iolabQuestions.kept();
  const fits = {
    // who was right at last was wrong at first if the first answer was another one
    wrong: (answer) => answer && (!answer.right || answer.first !== answer.last),
    open: (answer) => !answer,
    all: () => true,
  };

  const coming = new Map();  // page -> what is done when its questions are there
  window.iolabAgain = (page, html) => {
    const section = sections.find((one) => one.dataset.page === page);
    section.insertAdjacentHTML("beforeend", html);
    window.iolabQuestions.scan();
    coming.get(page)();
  };
  const bring = (section) => new Promise((done) => {
    if (section.querySelector(".iolab-question")) return done();
    coming.set(section.dataset.page, done);
    const script = document.createElement("script");
    script.src = section.dataset.from;
    script.onerror = done;
    document.head.append(script);
  });

  async function apply() {
    const kind = kinds.value, answers = kept();
    const asked = new Set(sections.flatMap(names).filter((name) => fits[kind](answers[name])));
    const needed = sections.filter((section) => names(section).some((name) => asked.has(name)));
    await Promise.all(needed.map(bring));
    if (kind !== kinds.value) return;
    for (const section of sections) {
      section.hidden = !needed.includes(section);
      for (const question of section.querySelectorAll(".iolab-question")) question.hidden = !asked.has(question.dataset.name);
    }
    filter.querySelector("output").textContent = asked.size ? `${asked.size} 题，共 ${sections.flatMap(names).length} 题` :
      { wrong: "没有答错的题。", open: "都答过了。", all: "" }[kind];
    box.dataset.ready = kind;
  }

  filter.querySelector(".review-save").addEventListener("click", () => {
    const file = new Blob([JSON.stringify(kept(), null, 1)], { type: "application/json" });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: "answers.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  });
  kinds.addEventListener("change", apply);
  apply();
})();
