"""What a busy machine does now and then, done each time: no right program fails by it."""

import os
import signal
import threading
import types

import pytest

import programs
from iolab.grade import labs
from iolab.grade.judge import Judge
from iolab.grade.lab import Failed
from iolab.grade.labs import pool, reliable


@pytest.mark.parametrize("name", ["forks.py", "threads.py"])
def test_killed_workers_take_their_time_to_die(name, tmp_path, monkeypatch):
    """They stand still first, and not all die at once; the second of them has the task that is lost."""
    dying = []

    def kill(pid, number):
        if number != signal.SIGKILL or len(dying) == pool.WORKERS:
            return os.kill(pid, number)
        os.kill(pid, signal.SIGSTOP)
        dying.append(pid)
        if len(dying) == pool.WORKERS:
            for at, one in enumerate(sorted(dying)):
                threading.Timer(0.05 if at == 1 else 0.5, os.kill, (one, signal.SIGKILL)).start()
        return None

    slow = type(os)("slow")
    slow.__dict__.update(vars(os), kill=kill)
    monkeypatch.setattr(pool, "os", slow)
    stage, = (stage for stage in labs.find("pool").stages if stage.title == "工人死了")
    scenarios = [one for one in stage.scenarios if one.name == "a_worker_is_killed"]
    monkeypatch.setattr(stage, "scenarios", scenarios)
    command = programs.command(programs.HERE / "pool" / name, tmp_path)
    score = Judge(labs.find("pool"), command, only=labs.find("pool").stages.index(stage) + 1).run()
    assert len(dying) == pool.WORKERS
    assert score.passed, score.first_failure


def test_the_pipes_of_a_worker_that_ends_are_closed_one_after_the_other(tmp_path):
    """Linux closes the last descriptor first: its output has ended while its input still takes what nobody reads."""
    source = (programs.HERE / "pool" / "threads.py").read_text(encoding="utf-8")
    ends = "            os._exit(1)\n"
    assert source.count(ends) == 1
    slow = tmp_path / "slow.py"
    slow.write_text(source.replace(ends, ends.replace("os._exit", "os.close(1); time.sleep(0.2); os._exit")),
                    encoding="utf-8")
    score = Judge(labs.find("pool"), programs.command(slow, tmp_path), only=stage_of("pool", "a_worker_exits")).run()
    assert score.passed, score.first_failure


def stage_of(lab, name):
    """The number of the stage that has a scenario."""
    stages = labs.find(lab).stages
    return next(at for at, stage in enumerate(stages, 1) if name in {one.name for one in stage.scenarios})


def test_a_file_has_two_names_for_a_moment(tmp_path):
    """Who publishes a download by link() takes its first name away after that."""
    source = (programs.HERE / "ftp" / "streams.js").read_text(encoding="utf-8")
    done = 'part.publish();\n        return "done";'
    assert source.count(done) == 1
    slow = tmp_path / "slow.js"
    waits = done.replace("return", "await new Promise((go) => setTimeout(go, 300)); return")
    slow.write_text(source.replace(done, waits), encoding="utf-8")
    if (command := programs.command(slow, tmp_path)) is None:
        pytest.skip("no tool for streams.js: CI installs node and cc")
    score = Judge(labs.find("ftp"), command, only=stage_of("ftp", "goes_on")).run()
    assert score.passed, score.first_failure


@pytest.mark.parametrize(("came", "passes"), [([40, 100], True), ([40, 40], False)])
def test_a_sender_that_was_slow_for_a_moment_is_looked_at_once_more(came, passes, monkeypatch):
    """Both are measured one after the other: a neighbour may want the processors while the one that is judged runs."""
    of_program = iter([(count, 3.0) for count in came])
    monkeypatch.setattr(reliable, "words", lambda scene, count: [b"word"] * count)
    monkeypatch.setattr(reliable, "seconds_for", lambda scene, messages, most=None, command=None:
                        (len(messages), 0.06 * len(messages)) if command else next(of_program))
    scene = types.SimpleNamespace(note=lambda *words: None)
    if passes:
        reliable.faster(scene)
    else:
        with pytest.raises(Failed, match=r"0\.8 倍"):
            reliable.faster(scene)
    assert next(of_program, None) is None
