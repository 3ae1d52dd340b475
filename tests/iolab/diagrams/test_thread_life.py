"""The life of a thread held against real ones: every button in every state, in a process of its own."""

import subprocess
import sys

import pytest

from iolab import diagrams
from iolab.model import Went

SCENE = diagrams.load("thread_life")
# Another thread hands the main one its lines and looks on: the main thread may be in join().
WORKER = """
import os, queue, sys, threading, time
from threading import Thread
go, orders, now = threading.Event(), queue.Queue(), {{"main": "runs"}}
daemon = False
{code}
THREAD = t

def look():
    return t.daemon, t.is_alive(), now["main"]

def control():
    for order in sys.stdin:
        order = order.strip()
        if order == "return":
            was = now["main"]
            go.set()
            if was != "ended":
                t.join()
                while now["main"] == "joins":
                    time.sleep(0.001)
        else:
            done = threading.Event()
            orders.put((order, done))
            if order == "join" and t.is_alive():
                while now["main"] != "joins":
                    time.sleep(0.001)
            elif order != "end":
                done.wait()
        if order == "end" and (t.daemon or not t.is_alive()) or order == "return" and was == "ended":
            return
        if order == "end":
            while now["main"] != "ended":
                time.sleep(0.001)
        print(*look(), now.pop("error", "None"), flush=True)

threading.Thread(target=control, daemon=True).start()
while True:
    order, done = orders.get()
    if order == "end":
        break
    try:
        if order == "daemon":
            t.daemon = not t.daemon
        elif order == "start":
            {start}
        else:
            now["main"] = "joins" if t.is_alive() else "runs"
            {join}
            now["main"] = "runs"
    except RuntimeError as error:
        now["main"] = "runs"
        now["error"] = type(error).__name__
    done.set()
now["main"] = "ended"
"""
SOURCE = WORKER.format(code="\n".join(SCENE.code.lines[:4]), start=SCENE.code.lines[4], join=SCENE.code.lines[5])


def real(orders):
    """(what the process says after each order: daemon, is_alive, main, error; whether it is gone by itself)."""
    with subprocess.Popen([sys.executable, "-I", "-c", SOURCE], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as child:
        said = []
        for order in orders:
            child.stdin.write(order + "\n")
            child.stdin.flush()
            line = child.stdout.readline()
            if not line:
                return said, child.wait(10) == 0
            said.append(line.split())
        child.kill()
        return said, False


def ways():
    """For each state the buttons that lead there from the first, no program being started again."""
    found, left = {SCENE.start: ()}, [SCENE.start]
    for state in left:
        for name, went in SCENE.moves[SCENE.states.index(state)].items():
            if name != "again" and isinstance(went, Went) and went.state not in found:
                found[went.state] = (*found[state], name)
                left.append(went.state)
    return found


@pytest.mark.parametrize(("state", "way"), ways().items())
def test_a_real_thread_comes_to_the_same_state(state, way):
    daemon, life, main = state
    said, gone = real(way)
    assert gone == (main == "gone")
    if not gone and way:
        assert said[-1] == [f"{daemon}", f"{life == 'running'}", main, "None"]


CLOSED = [(way, name, went) for state, way in ways().items() if state[2] == "runs"
          for name, went in SCENE.moves[SCENE.states.index(state)].items()
          if not isinstance(went, Went) and name not in ("again", "return")]


@pytest.mark.parametrize(("way", "name", "why"), CLOSED)
def test_what_cannot_be_done_raises_or_does_nothing(way, name, why):
    said, gone = real((*way, name))
    *after, error = said[-1]
    assert not gone and (not way or after == said[-2][:-1])
    assert (error == "RuntimeError") == why.startswith("RuntimeError")
