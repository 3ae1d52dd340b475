"""A score in words, for a terminal or a page, and as JSON."""

import shlex

from iolab.grade.hints import where
from iolab.grade.judge import FAILED, NOT_TRIED, PASSED

FORMAT = 1  # of a score file: another number when its keys mean something else
WIDTH = 40  # characters of the longest bar
MARKS = {PASSED: "✓", FAILED: "✗", NOT_TRIED: "·"}


def head(judge, command):
    return f"实验 {judge.lab.name}：{judge.lab.title}\n程序：{shlex.join(command)}    种子：{judge.seed}"


class Teller:
    """Tells each scenario as it ends. write: takes a line (str). second: say the second hint too."""

    def __init__(self, lab, write, second=False, steps=False):
        self.lab, self.write, self.second, self.steps = lab, write, second, steps

    def __call__(self, stage, verdict):
        if verdict is None:
            self.write(f"第 {self.lab.stages.index(stage) + 1} 关 {'★' * stage.stars} {stage.title}")
        else:
            self.write(f"  {MARKS[verdict.outcome]} {verdict.title}")
            for line in (*verdict.remarks, *(bars(verdict.bars) if verdict.bars else ())):
                self.write(f"      {line}")
            if verdict.outcome == FAILED:
                for line in failure(self.lab, verdict, self.second, self.steps):
                    self.write(f"      {line}")


def bars(found):
    """A lab.Bars as lines of text: the longest is WIDTH characters."""
    yield found.title
    longest = max(value for _, value in found.rows) or 1
    for name, value in found.rows:
        columns = sum(2 if ord(one) > 0x2e80 else 1 for one in name)
        yield f"  {name}{' ' * (12 - columns)}{'█' * max(1, round(WIDTH * value / longest))} {value:.1f} {found.unit}"


def failure(lab, verdict, second=False, steps=False):
    """The four lines of a failure; a fifth with the second hint; each step if asked for."""
    hint = lab.hints[verdict.hint]
    yield f"客户端：{verdict.did}"
    yield f"应该来：{verdict.expected}"
    yield f"来的是：{verdict.came}"
    yield f"提示：{hint.text.format(about=verdict.about)}，见{where(hint)}"
    if second and hint.more:
        yield f"再提示：{hint.more}"
    if steps:
        yield from (f"  {line}" for line in verdict.steps)


def tail(score):
    passed = sum(one.outcome == PASSED for one in score.verdicts)
    if score.passed:
        stages = {one.stage for one in score.verdicts}
        return (f"全部通过：{len(stages)} 关，{passed} 场。" if len(stages) == len(score.lab.stages)
                else f"第 {min(stages)} 关通过：{passed} 场。")
    one = score.first_failure
    return (f"通过了 {passed} 场，共 {len(score.verdicts)} 场；停在第 {one.stage} 关“{one.title}”。"
            f"重来同一场：--seed {score.seed}")


def listing(labs):
    """All labs and their stages as lines."""
    for lab in labs:
        yield f"{lab.name:10}{lab.title}"
        for number, stage in enumerate(lab.stages, 1):
            yield f"    {number} {'★' * stage.stars:5}{stage.title}：{'、'.join(one.title for one in stage.scenarios)}"


def as_dict(score, student="", judged=""):
    """The score as JSON has it. student: whose; judged: when (ISO 8601)."""
    def one_of(verdict):
        hint = score.lab.hints.get(verdict.hint)
        return {"name": verdict.name, "title": verdict.title, "outcome": verdict.outcome,
                "seconds": round(verdict.seconds, 3),
                **({"remarks": verdict.remarks} if verdict.remarks else {}),
                **({"bars": {"title": verdict.bars.title, "unit": verdict.bars.unit, "rows": dict(verdict.bars.rows)}}
                   if verdict.bars else {}),
                **({"did": verdict.steps, "expected": verdict.expected, "came": verdict.came,
                    "hint": {"name": verdict.hint, "text": hint.text.format(about=verdict.about), "page": hint.page,
                             "more": hint.more}}
                   if verdict.outcome == FAILED else {})}

    stages = [{"title": stage.title, "stars": stage.stars,
               "scenarios": [one_of(one) for one in score.verdicts if one.stage == number]}
              for number, stage in enumerate(score.lab.stages, 1)]
    return {"format": FORMAT, "student": student, "judged": judged, "lab": score.lab.name, "title": score.lab.title,
            "command": score.command, "seed": score.seed, "passed": score.passed,
            "score": sum(one.outcome == PASSED for one in score.verdicts), "of": len(score.verdicts), "stages": stages}
