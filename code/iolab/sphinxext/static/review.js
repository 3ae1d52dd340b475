// The page that asks again: shows what was answered wrong, or not yet, and saves the answers as a file.
(() => {
  const box = document.querySelector(".question-review"), filter = document.querySelector(".review-filter");
  const questions = [...box.querySelectorAll(".iolab-question")];
  const kinds = filter.querySelector("select");
  const kept = () => window.iolabQuestions.kept();
  const isWrong = (question) => {
    const answer = kept()[question.dataset.name];
    const right = question.querySelector(".q-told .q-right").textContent;
    return Boolean(answer) && (answer.first !== right || !answer.right);
  };
  const fits = {
    wrong: isWrong,
    open: (question) => !kept()[question.dataset.name],
    all: () => true,
  };

  function apply() {
    let shown = 0;
    for (const section of box.children) {
      const here = [...section.querySelectorAll(".iolab-question")];
      for (const question of here) shown += !(question.hidden = !fits[kinds.value](question));
      section.hidden = here.every((question) => question.hidden);
    }
    filter.querySelector("output").textContent = shown ? `${shown} 题，共 ${questions.length} 题` :
      { wrong: "没有答错的题。", open: "都答过了。", all: "" }[kinds.value];
  }

  filter.querySelector(".review-save").addEventListener("click", () => {
    const file = new Blob([JSON.stringify(kept(), null, 1)], { type: "application/json" });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: "answers.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  });
  kinds.addEventListener("change", apply);
  apply();
  box.dataset.ready = "";
})();
