"""Who holds the GIL, held against real threads: nobody loses it sooner, or gets it sooner, than after an interval."""

import itertools
import json
import socket
import statistics
import subprocess
import sys
import sysconfig
import time

import pytest

from iolab import diagrams
from iolab.diagrams.gil_turns import COMPUTES, EVERY, SERVES, SQUARE, WORK, run

SCENE = diagrams.load("gil_turns")
SETTINGS = {at: [slider.values[place] for slider, place in zip(SCENE.sliders, at, strict=True)] for at in SCENE.films}
INTERVALS = SCENE.sliders[0].values
SLOWER = 4                                  # the real intervals are so much longer, that other programs disturb less
PROGRAM = """
import json, os, socket, sys, threading, time

def turns(interval, many=4):
    "How long each of two threads that compute kept the lock, the first time and the last left out."
    log, stop = [], threading.Event()
    def compute(name):
        while not stop.is_set():
            if not log or log[-1][0] != name:
                log.append((name, time.monotonic()))
                if len(log) > many + 2:
                    stop.set()
    threads = [threading.Thread(target=compute, args=(name,)) for name in "AB"]
    for t in threads: t.start()
    for t in threads: t.join()
    times = [when for _, when in log]
    return [two - one for one, two in zip(times[1:-1], times[2:])]

def serve():
    conn = socket.socket(fileno=0)
    while data := conn.recv(1):
        conn.sendall(data)
    os._exit(0)

def compute():
    while True:
        pass

interval = float(sys.argv[1])
sys.setswitchinterval(interval)
print(json.dumps(turns(interval)), flush=True)
threading.Thread(target=compute).start()
serve()
"""


@pytest.fixture(scope="module")
def real():
    """{interval of the picture in ms: (how long the lock was kept, how long data waited), in real intervals}."""
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        pytest.skip("this Python has no GIL")
    return {value: measured(value * SLOWER / 1000) for value in INTERVALS}


def measured(interval, many=3):
    near, far = socket.socketpair()
    with near, subprocess.Popen([sys.executable, "-I", "-c", PROGRAM, str(interval)], stdin=far,
                                stdout=subprocess.PIPE) as child:
        far.close()
        kept, waits = json.loads(child.stdout.readline()), []
        for _ in range(1 + many):               # the first is shorter: to come to recv() it waited already
            # sendall() lets go of the lock too, and may wait an interval to return: only then recv() begins
            time.sleep(2 * interval)
            begun = time.monotonic()
            near.sendall(b"x")
            near.recv(1)
            waits.append(time.monotonic() - begun)
        near.shutdown(socket.SHUT_WR)
        child.wait(30)
    return [[length / interval for length in lengths] for lengths in (kept, waits[1:])]


@pytest.mark.parametrize("interval", INTERVALS)
def test_real_threads_keep_the_lock_for_an_interval(interval, real):
    kept, _ = real[interval]
    assert statistics.mean(kept) > 0.9, "who is late to note its turn makes this one shorter and the one before longer"
    shown = [len(list(same)) * SQUARE / interval for _, same in itertools.groupby(run(interval, COMPUTES))]
    assert set(shown[:-2]) == {1}, "the last turn but one may end early, as somebody has nothing left to do"


@pytest.mark.parametrize("interval", INTERVALS)
def test_real_data_wait_an_interval_for_the_lock_each_time(interval, real):
    _, waits = real[interval]
    assert min(waits) > 0.9, "this is what serving beside a thread that computes costs"
    wanted = [len(list(same)) for pair, same in itertools.groupby(run(interval, SERVES)) if pair == ("R", "G")]
    assert set(wanted[:-1]) == {interval // SQUARE}
    assert f"等 {interval} 毫秒" in SCENE.films[INTERVALS.index(interval), 1][-1].caption


def test_a_longer_interval_makes_real_data_wait_longer(real):
    """In milliseconds, the best of each: four times the interval, more than twice the wait."""
    best = [min(real[value][1]) * value for value in INTERVALS]
    assert best[-1] > 2 * best[0], best


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_one_thread_runs_at_a_time_and_the_cells_say_which(at, setting):
    did, end = run(*setting), SCENE.films[at][-1]
    for slot, pair in enumerate(did):
        assert pair.count("R") == 1
        assert end.held[f"lock{slot}"] == ("AB"[pair.index("R")], "green")
        for name, does in zip("AB", pair, strict=True):
            colour = end.held.get(f"{name}{slot}", ("", ""))[1]
            assert colour == {"R": "green", "G": "amber", "S": "plain", "": ""}[does]
    if setting[1] == COMPUTES:
        assert [sum(pair[place] == "R" for pair in did) for place in (0, 1)] == [WORK, WORK]
        assert f"一共 {2 * WORK * SQUARE} 毫秒" in end.caption
    else:
        assert all(pair == ("R", "S") for pair in did[:EVERY])
        assert f"只答了 {sum(pair[1] == 'R' for pair in did)} 次" in end.caption
