"""`grade(lab, program)` of a notebook: draws the judge's findings as they come; outside of a kernel it prints them."""

import functools

from IPython import get_ipython
from IPython.display import display

from iolab.grade import front, report
from iolab.widgets import grading_html


@functools.wraps(front.grade)
def grade(lab, program, *, hint=False, **options):
    if not hasattr(get_ipython(), "kernel"):
        return front.grade(lab, program, hint=hint, **options)
    judge, words = front.prepare(lab, program, **options)
    shown = Shown(judge, words, hint)
    judge.tell = shown.tell
    try:
        score = judge.run()
    except BaseException:
        shown.renew(over=True)
        raise
    shown.finish(score)
    return score


class Shown:
    """One output of a cell, renewed with each verdict: text/plain is the report, text/html the same with its course."""

    def __init__(self, judge, words, second):
        self.judge, self.second, self.verdicts = judge, second, []
        self.lines = [report.head(judge, words)]
        self.teller = report.Teller(judge.lab, self.lines.append, second)
        self.output = display(self.bundle(), raw=True, display_id=True)

    def tell(self, stage, verdict):
        self.teller(stage, verdict)
        if verdict:
            self.verdicts.append(verdict)
        self.renew()

    def finish(self, score):
        self.lines.append(report.tail(score))
        self.renew(over=True)

    def renew(self, over=False):
        self.output.update(self.bundle(over), raw=True)

    def bundle(self, over=False):
        return {"text/plain": "\n".join(self.lines),
                "text/html": grading_html.course(self.judge, self.verdicts, self.lines[-1] if over else "", over,
                                                 self.second)}
