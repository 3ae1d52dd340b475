"""Run a reader's class under schedules that the judge chooses: one thread at a time, switched at every line.

Run as  python schedules.py FILE SEED ROUNDS PLAN  by iolab.grade.labs.queue, never imported. FILE gets
a `threading` whose locks know the scheduler, and before each line of FILE the running thread may have to wait.
PLAN is JSON: {"capacity", "threads": {name: [[method, argument…], …]}}. One line of JSON is printed: null, or what went
wrong in the first schedule that shows it: {"kind", "what", "steps", "round"}.
"""

import json
import random
import runpy
import sys
import threading
import time
import types

MOST = 3000  # steps of a schedule, after which somebody spins
SHOWN = 30  # last steps of a schedule that are told


class Ended(BaseException):
    """The schedule is over: its threads unwind."""


class Wrong(Exception):
    """kind: the name of a hint; what: in words."""


class Task:
    """One logical thread. waits: None while it can run, else a function that says whether it can now."""

    def __init__(self, name, work):
        self.name, self.work, self.waits, self.place, self.why = name, work, None, "", ""
        self.turn, self.done, self.error = threading.Semaphore(0), False, None


class Scheduler:
    def __init__(self, draw, file):
        self.draw, self.file, self.tasks, self.current, self.over = draw, file, [], None, False
        self.steps, self.count, self.control = [], 0, threading.Semaphore(0)
        self.switch = draw.choice((0.1, 0.3, 0.6))

    def run(self, works):
        """Let all tasks run to their end. Raises Wrong."""
        self.tasks = [Task(name, work) for name, work in works.items()]
        threads = [threading.Thread(target=self._live, args=(task,), daemon=True) for task in self.tasks]
        for thread in threads:
            thread.start()
        try:
            while left := [task for task in self.tasks if not task.done]:
                ready = [task for task in left if task.waits is None or task.waits()]
                if not ready:
                    places = [f"{task.name} 等在{task.place}（{task.why}）" for task in left]
                    raise Wrong(self._blocked(left), "，".join(places))
                self.current = self.draw.choice(ready)
                self.current.waits = None
                self.count += 1
                if self.count > MOST:
                    raise Wrong("spin", f"{self.current.name} 一直在{self.current.place}附近打转")
                self.current.turn.release()
                self.control.acquire()
                if self.current.error:
                    raise self.current.error
        finally:
            self.over = True
            for task in self.tasks:
                task.turn.release()
            for thread in threads:
                thread.join(1)

    def _blocked(self, left):
        return "lost-wakeup" if all(task.why == "wait" for task in left) else "deadlock"

    def _live(self, task):
        task.turn.acquire()
        MINE.task = task
        sys.settrace(self._trace)
        try:
            if not self.over:
                task.work(task)
        except Ended:
            pass
        except Wrong as wrong:
            task.error = wrong
        except BaseException as error:
            task.error = Wrong("error", f"{task.name} 在{task.place}抛出 {type(error).__name__}：{error}")
        sys.settrace(None)
        task.done = True
        if not self.over:
            self.control.release()

    def _trace(self, frame, event, _):
        if frame.f_code.co_filename != self.file:
            return None
        if event == "line" and not self.over:
            task = MINE.task
            task.place = f"第 {frame.f_lineno} 行"
            if self.steps and self.steps[-1][0] == task.name:
                self.steps[-1][1].append(frame.f_lineno)
            else:
                self.steps.append((task.name, [frame.f_lineno]))
            self.count += 1
            if self.draw.random() < self.switch or self.count > MOST:
                self.pause()
        return self._trace

    def pause(self, waits=None, why=""):
        """Give the turn back; come again when it is given, and not before waits() is true."""
        task = MINE.task
        task.waits, task.why = waits, why
        self.control.release()
        task.turn.acquire()
        if self.over:
            raise Ended


MINE = threading.local()
NOW = None  # the Scheduler that runs


class Lock:
    owner = None

    def acquire(self, blocking=True, timeout=-1):
        if self.owner is not None and (not blocking or timeout >= 0):
            return False
        while self.owner is not None:
            NOW.pause(lambda: self.owner is None, "acquire")
        self.owner = me()
        return True

    def release(self):
        if self.owner is None:
            raise RuntimeError("release unlocked lock")
        self.owner = None

    def locked(self):
        return self.owner is not None

    def __enter__(self):
        self.acquire()
        return self

    def __exit__(self, *_):
        if NOW is None or not NOW.over:
            self.release()


class RLock(Lock):
    depth = 0

    def acquire(self, blocking=True, timeout=-1):
        if self.owner is not me() and not super().acquire(blocking, timeout):
            return False
        self.depth += 1
        return True

    def release(self):
        if self.owner is not me():
            raise RuntimeError("cannot release un-acquired lock")
        self.depth -= 1
        if not self.depth:
            super().release()


class Condition:
    def __init__(self, lock=None):
        self.lock, self.waiting = lock or RLock(), []
        self.acquire, self.release = self.lock.acquire, self.lock.release

    def __enter__(self):
        return self.lock.__enter__()

    def __exit__(self, *error):
        return self.lock.__exit__(*error)

    def wait(self, timeout=None):
        if self.lock.owner is not me():
            raise RuntimeError("cannot wait on un-acquired lock")
        depth, ticket = getattr(self.lock, "depth", 0), [timeout is not None]  # who waits with a timeout may wake alone
        self.waiting.append(ticket)
        self.lock.owner, self.lock.depth = None, 0
        NOW.pause(lambda: ticket[0], "wait")
        notified = ticket not in self.waiting
        if not notified:
            self.waiting.remove(ticket)
        while self.lock.owner is not None:
            NOW.pause(lambda: self.lock.owner is None, "acquire")
        self.lock.owner, self.lock.depth = me(), depth
        return notified

    def wait_for(self, predicate, timeout=None):
        while not (value := predicate()):
            if not self.wait(timeout) and timeout is not None:
                return predicate()
        return value

    def notify(self, n=1):
        if self.lock.owner is not me():
            raise RuntimeError("cannot notify on un-acquired lock")
        for ticket in self.waiting[:n]:
            ticket[0] = True
        del self.waiting[:n]

    def notify_all(self):
        self.notify(len(self.waiting))


class Semaphore:
    def __init__(self, value=1):
        self.value = value

    def acquire(self, blocking=True, timeout=None):
        if not self.value and (not blocking or timeout is not None):
            return False
        while not self.value:
            NOW.pause(lambda: self.value > 0, "acquire")
        self.value -= 1
        return True

    def release(self, n=1):
        self.value += n

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        if NOW is None or not NOW.over:
            self.release()


class Event:
    def __init__(self):
        self.flag = False

    def set(self):
        self.flag = True

    def clear(self):
        self.flag = False

    def is_set(self):
        return self.flag

    def wait(self, timeout=None):
        if timeout is None and not self.flag:
            NOW.pause(lambda: self.flag, "wait")
        return self.flag


def me():
    return getattr(MINE, "task", "main")


def sleep(_):
    if NOW and isinstance(me(), Task):
        NOW.pause()


class Witness:
    """What the threads did, and whether a bounded queue may have done it."""

    def __init__(self, capacity, given):
        self.capacity, self.given = capacity, given
        self.put, self.got, self.asking, self.ended = [], [], 0, 0  # gets that have begun, and that have ended
        self.closing = self.closed = False  # close has begun, has ended

    def call(self, target, closed_error, task, method, arguments):
        if method == "get":
            self.asking += 1
        begun_closed = self.closed
        if method == "close":
            self.closing = True
        task.place = f"{method} 的开头"
        try:
            value = getattr(target, method)(*arguments)
        except closed_error:
            if not self.closing:
                raise Wrong("error", f"还没有 close，{task.name} 的 {method} 就抛出了 Closed") from None
            if method == "get":
                self.ended += 1
                left = len(self.put) - len(self.got) - (self.asking - self.ended)  # less what others are just taking
                if left > 0:
                    raise Wrong("closed", f"还有 {left} 个没有取，{task.name} 的 get 就抛出了 Closed") from None
            return False
        if method == "close":
            self.closed = True
        if method == "put":
            if begun_closed:
                raise Wrong("closed", f"close 以后，{task.name} 的 put 没有抛出 Closed")
            self.put.append(arguments[0])
            if len(self.put) > self.asking + self.capacity:
                raise Wrong("overflow",
                            f"容量是 {self.capacity}，已经放进 {len(self.put)} 个，才有 {self.asking} 个人来取")
        elif method == "get":
            self.ended += 1
            if value not in self.given:
                raise Wrong("lost", f"{task.name} 取到 {value!r}，没有人放过它")
            if value in self.got:
                raise Wrong("lost", f"{value!r} 被取走了两次")
            self.got.append(value)
        return True

    def check(self, drained):
        if drained and len(self.got) != len(self.put):
            raise Wrong("lost", f"放进 {len(self.put)} 个，取出 {len(self.got)} 个")
        for producer in {one[0] for one in self.got}:
            theirs = [one for one in self.got if one[0] == producer]
            if theirs != sorted(theirs) and ONE_CONSUMER:
                raise Wrong("order", f"{producer} 放的次序是 {sorted(theirs)}，取的次序是 {theirs}")


ONE_CONSUMER = False


def scheduled():
    """A `threading` for FILE, whose locks know the scheduler. The real one goes on behind it."""
    known = {**vars(threading), "Lock": Lock, "RLock": RLock, "Condition": Condition, "Semaphore": Semaphore,
             "BoundedSemaphore": Semaphore, "Event": Event}
    module = types.ModuleType("threading")
    vars(module).update(known)
    return module


def main(file, seed, rounds, plan):
    global NOW, ONE_CONSUMER
    sys.modules["threading"] = scheduled()
    module = runpy.run_path(file, run_name="student")
    sys.modules["threading"] = threading
    made, closed = module["BoundedQueue"], module.get("Closed", ())
    time.sleep = sleep
    names = plan["threads"]
    given = [argument for calls in names.values() for method, *arguments in calls for argument in arguments]
    ONE_CONSUMER = sum(any(call[0] == "get" for call in calls) for calls in names.values()) == 1
    for turn in range(rounds):
        draw = random.Random(f"{seed}/{turn}")
        NOW = scheduler = Scheduler(draw, file)
        witness, target = Witness(plan["capacity"], given), made(plan["capacity"])

        def work(calls, target=target, witness=witness):
            def do(task):
                for method, *arguments in calls:
                    if not witness.call(target, closed, task, method, arguments):
                        return
            return do

        try:
            scheduler.run({name: work(calls) for name, calls in names.items()})
            witness.check(plan.get("drained", True))
        except Wrong as wrong:
            steps = [[name, lines] for name, lines in scheduler.steps[-SHOWN:]]
            return {"kind": wrong.args[0], "what": wrong.args[1], "steps": steps, "round": turn + 1}
        NOW = None
    return None


if __name__ == "__main__":
    file, seed, rounds, plan = sys.argv[1:]
    print(json.dumps(main(file, seed, int(rounds), json.loads(plan))), flush=True)
