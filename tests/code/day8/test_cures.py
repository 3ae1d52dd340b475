"""The right scripts of day8 go wrong without their cure: each is tried with the cure taken out."""

import importlib
import runpy
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[3] / "code" / "day8"
PATIENT = {  # a script that is right waits in vain, so briefly; one that is wrong must have time to show it
    "WAIT = 0.001 ": "WAIT = 5 ", "wait=0.2)": "wait=5)", "wait=0.001)": "wait=5)", "sleep(0.0002)": "sleep(0.1)",
}
BALANCED = "{'甲': 1000, '乙': 1000}"
CURES = [  # script, what is taken out (text -> instead), what it then prints, or (not, what it then does not print)
    ("thread_lock", {"lock.acquire()": "pass", "lock.release()": "pass"}, "对账看到的总数： 1999"),
    ("thread_lock", {"with lock:": "if True:"}, "对账看到的总数： 1999"),
    ("thread_queue", {"maxsize=2": ""}, "放得下 10 件"),
    ("semaphore", {"with gate:": "if True:"}, ("not", "最多 2 个")),
    ("barrier", {"    barrier.wait()": "    pass"}, "ValueError"),
    ("thread_event", {"    ready.wait()": "    pass", "    cook.start()": "    waiter.join()\n    cook.start()"},
     "KeyError"),
    ("condition_fixed", {"while not shelf:": "if not shelf:"}, "取到 空气"),
    ("race_fixed", {"with lock:": "if True:"}, "余额是 [1]"),
    ("self_lock_fixed", {"RLock": "Lock"}, "停在第二次 acquire"),
    ("future_wait_fixed", {"chapters = ThreadPoolExecutor(max_workers=2)": "chapters = books"}, "数完 0 本"),
    ("local_fixed", {"threading.local()": "threading.Event()"}, "读到别人名字的线程： 1 个"),
    ("process_race", {"fork.Lock()": "threading.Lock()"}, "multiprocessing 的 Lock： 1"),
    ("dead_lock_order", {"sorted((source, target))": "source, target"}, "死锁！"),
    ("dead_lock_back_off", {"acquire(timeout=0.001)": "acquire()"}, "死锁！"),
    ("dead_lock_all_at_once", {"changed.wait_for(": "bool("}, ("not", BALANCED)),
    ("dead_lock_owner", {"jobs.put((source, target))": "pay(accounts, source, target)"}, ("not", BALANCED)),
]


@pytest.mark.parametrize(("name", "cure", "shown"), CURES)
def test_without_its_cure_it_goes_wrong(name, cure, shown, tmp_path):
    printed = altered(tmp_path, name, cure)
    if isinstance(shown, str):
        assert shown in printed
    else:
        assert shown[1] not in printed


def test_a_thread_that_is_no_daemon_holds_the_process(tmp_path):
    with pytest.raises(subprocess.TimeoutExpired):
        altered(tmp_path, "daemon", {"daemon=True": "daemon=False"}, timeout=2)


def altered(folder, name, changes, timeout=60):
    """What a copy of a script with these changes prints, its errors included."""
    for file in (f"{name}.py", "dead_lock_common.py"):
        shutil.copy(SCRIPTS / file, folder)
        copy = folder / file
        text = copy.read_text(encoding="utf-8")
        for old, new in PATIENT.items():
            text = text.replace(old, new)
        if file == f"{name}.py":
            for old, new in changes.items():
                assert old in text, f"{name} has no {old}"
                text = text.replace(old, new)
        copy.write_text(text, encoding="utf-8")
    rounds = ["--rounds", "1"] if name.startswith(("race_", "dead_lock_")) else []
    done = subprocess.run([sys.executable, folder / f"{name}.py", *rounds], timeout=timeout, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout


def test_a_failed_transfer_leaves_the_lock_open():
    script = runpy.run_path(str(SCRIPTS / "thread_lock.py"))
    del script["accounts"]["乙"]
    script["seen"].set()
    with pytest.raises(KeyError):
        script["transfer"]()
    assert script["lock"].acquire(blocking=False)


def test_a_lock_that_was_taken_twice_is_let_go_twice():
    script = runpy.run_path(str(SCRIPTS / "self_lock_fixed.py"))
    assert script["withdraw"](30) and not script["withdraw"](1000)
    got = []
    thread = threading.Thread(target=lambda: got.append(script["lock"].acquire(blocking=False)))
    thread.start()
    thread.join()
    assert got == [True]


def test_who_backs_off_rests_for_a_random_while(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    back_off = importlib.import_module("dead_lock_back_off")
    rests, enough = [], threading.Event()

    def rest(seconds):
        rests.append(seconds)
        if len(rests) == 8:
            enough.set()

    with monkeypatch.context() as patch, back_off.locks["乙"]:
        patch.setattr(back_off, "time", type("time", (), {"sleep": staticmethod(rest)}))
        patch.setattr(back_off, "meet", lambda barrier: None)
        patch.setattr(back_off, "pay", lambda *_: None)
        thread = threading.Thread(target=back_off.transfer, args=("甲", "乙", None))
        thread.start()
        assert enough.wait(60)
    thread.join()
    assert len(set(rests)) == len(rests) and all(0 <= seconds < 0.1 for seconds in rests)
