"""Pictures of states and waiting held against what processes, locks and events really do."""

import json
import re
import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from iolab import diagrams
from iolab.model import Block, Call, Enter, Leave, Mark, Message, Move, Show, State, Wake

TRACES = Path(__file__).parents[3] / "book" / "traces"
# (from, to) -> words that the label of the transition must have. There are no others in either model.
THREE = {
    ("就绪", "运行"): "被调度",
    ("运行", "就绪"): "时间片用完",
    ("运行", "等待"): "等待事件",
    ("等待", "就绪"): "事件发生",
}
FIVE = THREE | {("新建", "就绪"): "创建完成", ("运行", "终止"): "退出"}
MODELS = {"three_states": THREE, "five_states": FIVE}
NAMES = {"new": "新建", "ready": "就绪", "running": "运行", "waiting": "等待", "terminated": "终止"}
LETTERS = {"R": {"就绪", "运行"}, "S": {"等待"}, "D": {"等待"}, "Z": {"终止"}}  # proc(5), /proc/PID/stat


@pytest.mark.parametrize("name", MODELS)
def test_a_model_has_these_transitions_and_no_others(name):
    scene = diagrams.load(name)
    titles = {node.name: node.title for node in scene.nodes}
    assert titles == {node: title for node, title in NAMES.items() if node in titles}
    drawn = {(titles[edge.source], titles[edge.target]): edge.label for edge in scene.edges}
    assert drawn.keys() == MODELS[name].keys()
    assert not [pair for pair, words in MODELS[name].items() if words not in drawn[pair]]


@pytest.mark.parametrize("name", MODELS)
def test_a_caption_tells_the_move_of_its_step(name):
    scene = diagrams.load(name)
    titles = {edge.name: tuple(NAMES[end] for end in (edge.source, edge.target)) for edge in scene.edges}
    for step in scene.steps:
        moves = [titles[event.edge] for event in step.events if isinstance(event, Move)]
        told = re.match(r"(\S+) → (\S+)：", step.caption)
        assert ([told.groups()] if told else []) == moves
        for denied, *pair in re.findall(r"(没有 )?(\w+) → (\w+)", step.caption):
            assert (tuple(pair) in MODELS[name]) != bool(denied), step.caption


def test_the_recorded_process_went_ways_that_the_model_has():
    lane, = json.loads((TRACES / "process_states.json").read_text("utf-8"))["lanes"]
    letters = [span["state"] for span in lane["spans"]]
    for before, after in pairwise(letter for letter in letters if letter != "T"):  # SIGSTOP is no part of the model
        pairs = {(one, other) for one in LETTERS[before] for other in LETTERS[after]}
        assert before == after or pairs & FIVE.keys(), f"{before} → {after}"
    assert set(letters) == {*LETTERS, "T"}


def test_the_recorded_process_names_its_causes():
    lane, = json.loads((TRACES / "process_states.json").read_text("utf-8"))["lanes"]
    words = {"S": "等", "D": "等", "T": "SIGSTOP", "Z": "退出", "R": "计算|CPU"}
    assert not [span for span in lane["spans"] if not re.search(words[span["state"]], span["cause"])]


# --- locks, events ---


def locking(scene):
    """Do with real locks what the picture of mutual exclusion says; return the faults."""
    lock, waiting, holder, inside, faults = threading.Lock(), [], None, None, []
    for number, step in enumerate(scene.steps, 1):
        for event in step.events:
            match event:
                case Message(thread, "lock", "上锁"):
                    taken = lock.acquire(blocking=False)
                    holder = thread if taken else holder
                    waits = Block(thread) in step.events
                    faults += [] if taken != waits else [f"step {number}: {thread} waits: {waits}, lock taken: {taken}"]
                    waiting += [] if taken else [thread]
                    called(thread, "acquire()", step, faults)
                case Message(thread, "lock", "解锁"):
                    mine = holder == thread and inside is None
                    faults += [] if mine else [f"step {number}: {thread} does not hold it"]
                    called(thread, "release()", step, faults)
                    lock.release()
                    holder = None
                case Message("lock", thread, label) if label == f"轮到 {thread.upper()}":
                    turn = waiting.pop() == thread and lock.acquire(blocking=False)
                    faults += [] if turn else [f"step {number}: it is not the turn of {thread}"]
                    faults += [] if Wake(thread) in step.events else [f"step {number}: {thread} sleeps on"]
                    holder = thread
                case Message():
                    faults.append(f"step {number}: {event} is no work of a lock")
                case State("lock", text):
                    faults += [] if (text == "已锁") == lock.locked() else [f"step {number}: the lock is not {text}"]
                case Enter(thread):
                    faults += [] if (inside, holder) == (None, thread) else [f"step {number}: two inside"]
                    inside = thread
                case Leave(thread):
                    faults += [] if inside == thread else [f"step {number}: {thread} was not inside"]
                    inside = None
    return faults + (["the lock is never given back"] if lock.locked() else [])


def called(thread, text, step, faults):
    faults += [] if Call(thread, text) in step.events else [f"{thread} does not call {text}"]


def signalling(scene):
    """Do with a real event what the picture of synchronisation says; return the faults."""
    event, done, waiting, faults = threading.Event(), [], None, []
    for number, step in enumerate(scene.steps, 1):
        for told in step.events:
            match told:
                case Message(thread, "event", "等待"):
                    blocks = not event.wait(0)
                    faults += [] if (Block(thread) in step.events) == blocks else [f"step {number}: waits {not blocks}"]
                    waiting = thread
                    called(thread, "wait()", step, faults)
                case Message(thread, "event", "设置"):
                    event.set()
                    called(thread, "set()", step, faults)
                case Message("event", thread, "唤醒"):
                    faults += [] if event.is_set() and waiting == thread else [f"step {number}: nobody is to wake"]
                    faults += [] if Wake(thread) in step.events else [f"step {number}: {thread} sleeps on"]
                case Wake(thread) if Message("event", thread, "唤醒") not in step.events:
                    faults.append(f"step {number}: nothing wakes {thread}")
                case Message():
                    faults.append(f"step {number}: {told} is no work of an event")
                case State("event", text):
                    faults += [] if (text == "已设置") == event.is_set() else [f"step {number}: it is not {text}"]
                case Call(thread, "第一步" | "做完" | "第二步" as text):
                    done.append((thread, text))
    order = [("a", "第一步"), ("a", "做完"), ("b", "第二步"), ("b", "做完")]
    return faults + ([] if done == order else [f"done in the order {done}"])


PLAYED = {"mutual_exclusion": locking, "synchronisation": signalling}


@pytest.mark.parametrize("name", PLAYED)
def test_locks_and_events_do_what_the_picture_says(name):
    assert not PLAYED[name](diagrams.load(name))


@pytest.mark.parametrize("name", PLAYED)
def test_no_lie_about_them_passes(name):
    scene, passed = diagrams.load(name), []
    for number, step in enumerate(scene.steps):
        for place, event in enumerate(step.events):
            for lie in lies(event):
                told = [*step.events[:place], *lie, *step.events[place + 1:]]
                steps = [*scene.steps[:number], type(step)(step.caption, *told), *scene.steps[number + 1:]]
                passed += [] if fails(name, scene, steps) else [(number + 1, event, lie)]
    assert not passed


def lies(event):
    match event:
        case Message(source, target, label):
            yield [Message(target, source, label)]
            others = {"上锁", "解锁", "等待", "设置"} - {label}
            yield from ([Message(source, target, other)] for other in others)
            yield []
        case State(actor, text):
            opposite = {"未锁": "已锁", "未设置": "已设置"}
            yield [State(actor, (opposite | {after: before for before, after in opposite.items()})[text])]
        case Call(actor, text) if text.endswith("()"):
            yield [Call(actor, {"acquire()": "release()", "release()": "acquire()"}.get(text, "clear()"))]


def fails(name, scene, steps):
    try:
        return bool(PLAYED[name](replace(scene, steps=tuple(steps))))
    except (ValueError, RuntimeError, IndexError):
        return True


def test_the_deadlock_is_what_two_locks_make_of_these_calls():
    """An arrow from a lock to its holder, one from a thread to the lock that it waits for: together a ring."""
    scene, held = diagrams.load("deadlock"), {}
    titles = {node.name: node.title for node in scene.nodes}
    edges = {edge.name: edge for edge in scene.edges}
    shown = set()
    for step in scene.steps:
        arrows = [edges[event.edge] for event in step.events if isinstance(event, Show)]
        shown |= {(titles[edge.source], titles[edge.target]) for edge in arrows}
        if call := re.match(r"(线程 \d) 执行 ([AB])\.acquire\(\)", step.caption):
            thread, lock = call[1], f"锁 {call[2]}"
            edge, = arrows
            free = lock not in held
            held.setdefault(lock, thread)
            assert (titles[edge.source], titles[edge.target]) == ((lock, thread) if free else (thread, lock))
            label, caption = ("".join(text.split()) for text in (edge.label, step.caption))
            holder = f"被{held[lock]}持有".replace(" ", "")
            assert label == (holder if free else "等待")
            assert (f"拿到锁{call[2]}" if free else f"{call[2]}{holder}") in caption
            assert ("阻塞" in caption) != free
        else:
            assert not arrows
        if marked := [event for event in step.events if isinstance(event, Mark)]:
            assert shown == {(titles[edge.source], titles[edge.target]) for edge in edges.values()}
            assert set(marked[0].names) == {*titles, *edges}
            here = way = "线程 1"
            for _ in titles:
                here, = (end for start, end in shown if start == here)
            assert here == way and len(shown) == len(titles) == 4
