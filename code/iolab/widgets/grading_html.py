"""The course of a judgement as HTML: verdicts in, escaped text out."""

from html import escape

from iolab.grade import report
from iolab.grade.judge import FAILED, NOT_TRIED, PASSED

RUNNING = "running"
MARKS = report.MARKS | {RUNNING: "▸"}

STYLE = """<style>
.iolab-grade { --good: #1b7742; --bad: #b9252f; --soft: #52606d; --line: #c4ccd4; --fill: #9cc4f0; line-height: 1.5; }
[data-jp-theme-light="false"] .iolab-grade, [data-theme="dark"] .iolab-grade
  { --good: #6fcf97; --bad: #f2a19c; --soft: #a9b4c0; --line: #55606b; --fill: #2f6db0; }
.iolab-grade :is(p, ol, ul, dl) { margin: 0.3em 0; }
.iolab-grade > ol { padding-left: 1.6em; }
.iolab-grade ul { list-style: none; padding-left: 0; }
.iolab-grade progress { width: 100%; height: 0.6em; accent-color: var(--good); }
.iolab-grade .soft, .iolab-grade .tried { color: var(--soft); }
.iolab-grade .passed b { color: var(--good); }
.iolab-grade .failed b { color: var(--bad); }
.iolab-grade .running b { animation: iolab-grade 1s ease-in-out infinite alternate; }
@keyframes iolab-grade { to { opacity: 0.2; } }
@media (prefers-reduced-motion: reduce) { .iolab-grade .running b { animation: none; } }
.iolab-grade dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 0.8em; padding-left: 0.8em;
  border-left: 3px solid var(--bad); }
.iolab-grade dt { font-weight: 600; margin: 0; }
.iolab-grade dd { margin: 0; overflow-wrap: anywhere; }
.iolab-grade .bars { display: grid; grid-template-columns: max-content 1fr max-content; gap: 0.15em 0.6em;
  align-items: center; }
.iolab-grade .bars i { display: block; height: 0.9em; background: var(--fill); border-radius: 2px; }
.iolab-grade .bars i.own { background: var(--good); }
</style>"""


def course(judge, verdicts, last, over, second=False):
    """All stages of a Judge with the verdicts so far (in the order in which they came). last: the report's last line.

    over: nothing runs any more; second: say the second hint of a failure too.
    """
    found = {(one.stage, one.name): one for one in verdicts}
    total = sum(len(stage.scenarios) for _, stage in judge.stages)
    passed = sum(one.outcome == PASSED for one in verdicts)
    running = None if over else next(((number, one.name) for number, stage in judge.stages for one in stage.scenarios
                                      if (number, one.name) not in found), None)
    rows = []
    for number, stage in judge.stages:
        scenarios = "".join(scenario(judge.lab, one, found.get((number, one.name)), (number, one.name) == running,
                                     second) for one in stage.scenarios)
        rows.append(f"<li value='{number}'>{'★' * stage.stars} {escape(stage.title)}<ul>{scenarios}</ul></li>")
    return (f"{STYLE}<div class='iolab-grade'><p>实验 {escape(judge.lab.name)}：{escape(judge.lab.title)} "
            f"<span class='soft'>种子 {judge.seed}</span></p>"
            f"<progress max='{total}' value='{passed}' aria-label='通过了 {passed} 场，共 {total} 场'></progress>"
            f"<ol>{''.join(rows)}</ol><p>{escape(last)}</p></div>")


def scenario(lab, one, verdict, running, second):
    outcome = verdict.outcome if verdict else RUNNING if running else NOT_TRIED
    below = ""
    if verdict:
        below = "".join(f"<div class='soft'>{escape(line)}</div>" for line in verdict.remarks)
        below += bars(verdict.bars) if verdict.bars else ""
        if outcome == FAILED:
            pairs = (line.partition("：") for line in report.failure(lab, verdict, second))
            below += f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{escape(text)}</dd>' for name, _, text in pairs)}</dl>"
    return f"<li class='{outcome}'><b>{MARKS[outcome]}</b> {escape(one.title)}{below}</li>"


def bars(found):
    """A lab.Bars, the program's own in a colour of its own."""
    longest = max(value for _, value in found.rows) or 1
    rows = "".join(f"<span>{escape(name)}</span>"
                   f"<i{'' if at else ' class=own'} style='width: {100 * value / longest:.1f}%'></i>"
                   f"<span>{value:.1f} {escape(found.unit)}</span>" for at, (name, value) in enumerate(found.rows))
    return f"<div>{escape(found.title)}</div><div class='bars'>{rows}</div>"
