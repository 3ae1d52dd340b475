"""grade() of a notebook draws what the judge finds as it finds it, and says in text what the command line says."""

import re
import sys
from html import unescape
from types import ModuleType, SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

from iolab import grade
from iolab.grade import front
from iolab.grade.judge import FAILED, PASSED, Verdict
from iolab.grade.lab import Bars
from iolab.widgets import grading, grading_html


@pytest.fixture
def outputs(monkeypatch):
    """The bundles that a cell's output showed, one after the other."""
    shown = []
    handle = SimpleNamespace(update=lambda bundle, raw: shown.append(bundle))
    monkeypatch.setattr(grading, "get_ipython", lambda: SimpleNamespace(kernel="one"))
    monkeypatch.setattr(grading, "display", lambda bundle, raw, display_id: shown.append(bundle) or handle)
    return shown


def marks(bundle):
    return re.findall(r"<li class='([\w ]+)'>", bundle["text/html"])


def test_each_verdict_is_drawn_when_it_comes(outputs, capsys):
    score = grade("framing", "labs/framing.py", seed=3)
    before, first, *_, last = map(marks, outputs)
    assert before == first == ["running"] + ["not tried"] * 25
    assert ["passed", "running"] + ["not tried"] * 24 in map(marks, outputs)
    assert last == ["passed"] * 3 + ["failed"] + ["not tried"] * 22
    assert score.first_failure.came in unescape(outputs[-1]["text/html"])
    assert capsys.readouterr().out == "", "drawn, not printed"
    front.grade("framing", "labs/framing.py", seed=3)
    assert outputs[-1]["text/plain"] == capsys.readouterr().out.rstrip("\n")


def test_outside_of_a_kernel_it_is_printed(capsys):
    grade("echo", "labs/echo.py", seed=3, stage=2)
    assert "第 2 关" in capsys.readouterr().out


def test_where_there_are_no_widgets_it_is_printed(capsys, monkeypatch):
    """As in the Linux of a page, where iolab.widgets is an empty module."""
    import iolab.grade
    monkeypatch.delitem(sys.modules, "iolab.widgets.grading")
    monkeypatch.setitem(sys.modules, "iolab.widgets", ModuleType("iolab.widgets"))
    assert callable(iolab.grade) and not iolab.grade("echo", "labs/echo.py", seed=3, stage=1).passed
    assert "第 1 关" in capsys.readouterr().out


def test_an_interrupt_leaves_nothing_running(outputs, monkeypatch):
    monkeypatch.setattr("iolab.grade.judge.Judge._run", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        grade("echo", "labs/echo.py")
    assert marks(outputs[-2])[0] == "running" and "running" not in marks(outputs[-1])


def test_what_a_program_says_cannot_become_part_of_the_page():
    judge, _ = front.prepare("echo", "labs/echo.py", seed=1, stage=1)
    rude = Verdict(1, "says_it_back", "", FAILED, did="<script>", expected="&", came="<img onerror=x>", hint="once")
    drawn = grading_html.course(judge, [rude], "", over=True)
    assert "<script" not in drawn and "<img" not in drawn and "&lt;img onerror=x&gt;" in drawn


def test_a_lab_draws_its_bars():
    judge, _ = front.prepare("c10k", "labs/c10k.py", seed=1, stage=4)
    measured = Verdict(4, "beside_the_book", "", PASSED, remarks=["机器正忙"],
                       bars=Bars("每秒", "千次", (("你的程序", 20.0), ("epoll", 40.0))))
    drawn = grading_html.course(judge, [measured], "", over=True)
    assert "class=own style='width: 50.0%'" in drawn and "style='width: 100.0%'" in drawn
    assert "机器正忙" in drawn and "<progress max='1' value='1'" in drawn


def test_a_kernel_stores_one_output_with_the_text_and_the_drawing():
    cell = nbformat.v4.new_code_cell('from iolab import check, grade\ngrade("framing", "labs/framing.py", seed=1);')
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    output, = cell.outputs
    assert output.output_type == "display_data" and set(output.data) == {"text/plain", "text/html"}
    assert output.data["text/plain"].startswith("实验 framing") and "--seed 1" in output.data["text/plain"]
    assert marks(output.data)[:4] == ["passed"] * 3 + ["failed"]
