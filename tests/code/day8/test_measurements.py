"""The measuring scripts of day8: what holds on any machine, however busy; and the records that the book ships."""

import itertools
import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from iolab.launch import run
from preludes import run_after

TRACES = Path(__file__).parents[3] / "book" / "traces"
WAYS = {"one", "threads", "processes", "interpreters"}


def bench(work, *ways, scale):
    result = run("day8/gil_bench.py", "--work", work, "--way", *ways, "--scale", scale, "--interval", 1, "--json",
                 quiet=True, timeout=120)
    return {row["way"]: row for row in json.loads(result.output)["rows"]}


def test_one_thread_at_a_time_runs_python():
    rows = bench("count", "threads", "processes", "interpreters", scale=3)
    assert rows["threads"]["runnable"] == 1 and rows["threads"]["cores"] <= 1.2
    assert rows["processes"]["runnable"] == 2
    assert rows["interpreters"]["runnable"] == (2 if sys.version_info >= (3, 12) else 1)


def test_hashing_threads_run_together():
    assert bench("digest", "threads", scale=1)["threads"]["runnable"] == 2


def test_waiting_threads_wait_together():
    rows = bench("wait", "one", "threads", scale=4)
    assert rows["one"]["wall"] >= 1.2 and rows["threads"]["wall"] < rows["one"]["wall"] - 0.2


def test_what_costs_more():
    process_costs_more(json.loads(run("day8/cost_bench.py", "--json", quiet=True, timeout=120).output)["rows"])


def test_what_costs_more_in_the_record():
    process_costs_more(json.loads((TRACES / "cost.json").read_text(encoding="utf-8"))["rows"])


def process_costs_more(rows):
    for name, pair in rows.items():
        assert all(least <= median <= most for median, least, most in pair), name
        (thread, *_), (process, *_) = pair
        assert process > (thread / 2 if "切换" in name else 5 * thread), name


def test_no_two_threads_hold_the_lock_at_once():
    lanes = json.loads(run("day8/lock_timeline.py", quiet=True).output)
    spans = sorted((start, end) for lane in lanes.values() for start, end, state in lane if state == "持有")
    assert len(spans) == 9
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))


def test_the_table_for_readers():
    lines = run("day8/gil_bench.py", "--work", "wait", "--scale", 0.1, quiet=True).output.splitlines()
    told = re.match(r"等待，1 个线程：墙上 (\d+\.\d+) s，CPU ", lines[0])
    assert len(lines) == 4 and told and 0.005 < float(told[1]) < 2, lines  # 0.01 to 0.02 where little else runs


def test_a_worker_that_ends_before_anybody_looks_is_measured_too():
    prelude = "import subprocess; subprocess.Popen.poll = lambda child: child.wait()"
    done = run_after(prelude, "day8/gil_bench.py", "--work", "wait", "--way", "one", "--scale", 0.1)
    assert done.returncode == 0 and done.stdout.startswith("等待，1 个线程：")


@pytest.mark.parametrize("name", ["gil", "cost", "free"])
def test_a_record_says_where_it_comes_from(name):
    record = json.loads((TRACES / f"{name}.json").read_text(encoding="utf-8"))
    assert f"code/day8/{name}_bench.py" in record["command"]
    assert record["command"].endswith(f"> book/traces/{name}.json")
    assert record["python"] and record["kernel"] and record["machine"]


def test_the_record_of_the_gil_is_whole():
    rows = json.loads((TRACES / "gil.json").read_text(encoding="utf-8"))["rows"]
    expected = {(work, way) for work in ("count", "digest", "wait") for way in WAYS}
    assert {(row["work"], row["way"]) for row in rows} == expected
    assert all(row["cores"] == round(row["cpu"] / row["wall"], 2) for row in rows)
    assert all(row["runnable"] == round(row["cores"]) for row in rows), "what could run did, on two cores"


def test_what_stays_safe_without_a_gil_and_what_never_was():
    """On a build with a GIL nothing is lost by luck; what is guarded or one operation is never lost."""
    done = run("day8/free_bench.py", "--rounds", 1, quiet=True, timeout=60)
    (row,) = json.loads(done.output)["rows"]
    assert row["guarded"] == row["items"] == row["table"] == 200_000
    assert row["gil"] == getattr(sys, "_is_gil_enabled", lambda: True)()
    assert not (row["gil"] and row["lost"])


def test_the_record_of_free_threads_compares_one_version_with_and_without_a_gil():
    usual, free = json.loads((TRACES / "free.json").read_text(encoding="utf-8"))["rows"]
    assert usual["python"] == free["python"] and usual["gil"] and not free["gil"]
    for row in (usual, free):
        assert row["guarded"] == row["items"] == row["table"] == 200_000
    assert usual["lost"] == 0 and free["lost"] > 1000
    assert usual["two"] > 1.5 * usual["alone"] and free["two"] < 1.5 * free["alone"]


@pytest.mark.skipif(not shutil.which("cc"), reason="there is no C compiler here")
def test_a_fence_keeps_both_cores_from_reading_nothing():
    plain, fenced = (run("day8/litmus.py", *how, quiet=True, timeout=60).output for how in ((), ("--fence",)))
    for output in (plain, fenced):
        assert sum(map(int, re.findall(r"\) (\d+)", output))) == 200_000
    assert "(0, 0) 0 " in fenced


def test_without_a_compiler_the_litmus_test_says_so():
    done = run_after("import shutil; shutil.which = lambda name: None", "day8/litmus.py")
    assert (done.returncode, done.stdout) == (0, "这台机器没有 C 编译器（cc），试不了。\n")
