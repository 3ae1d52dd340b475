"""The scripts of day7 about multiprocessing, pools and ways between processes print what the pages say."""

import os
import runpy
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from iolab.launch import run, show
from iolab.launch.scripts import find
from leftovers import nothing_left  # noqa: F401
from preludes import run_after
from soak import sample

TEXT = """
=== day7/process_attr.py
start 以前：搬运工，没有 PID，没有活着，退出码 None
start 以后：搬运工，有 PID，活着，退出码 None
start 以后再设置 daemon： process has already started
join(0.1) 返回 None ，等到了没有，它不说
join 以后：搬运工，有 PID，活着，退出码 None
结束以后：搬运工，有 PID，没有活着，退出码 0
=== day7/myProcess.py
数到 100，结果 5050，run 在子进程里执行，退出码 0
直接调用 run，结果 55，在父进程里执行
=== day7/pool.py
[0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 169, 196, 225, 256, 289, 324, 361]
20 个任务，用了 不超过 2 个 工作进程
父进程做了 0 个
=== day7/end_child.py
terminate 退出码 -15，finally 没有执行
kill      退出码 -9，finally 没有执行
interrupt 退出码 130，finally 执行了
=== day7/send_socket.py
fork 的子进程拿到了套接字
spawn 的子进程拿到了套接字
forkserver 的子进程拿到了套接字
=== day7/daemon.py
设了 daemon，父进程以 return 结束：子进程跟着结束
设了 daemon，父进程以 os._exit 结束：子进程成了孤儿，还活着
设了 daemon，父进程以 SIGKILL 结束：子进程成了孤儿，还活着
没有设，父进程以 return 结束：父进程不结束，等着子进程
没有设，父进程以 os._exit 结束：子进程成了孤儿，还活着
没有设，父进程以 SIGKILL 结束：子进程成了孤儿，还活着
=== day7/pool_rules.py
没有 close 就 join： Pool is still running
刚 close，任务 还在做
close 以后再加任务： Pool not running
join 以后： 任务做完了
=== day7/ipc_pipe.py
读到： 一条又一条
写端全关了： b''
=== day7/ipc_queue.py
平方： [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]
=== day7/ipc_shared.py
两个进程各加 20000 次，结果 40000
最后一个字节是子进程写的： 7
/dev/shm 里有它的名字 1 个
unlink 以后 0 个
=== day7/ipc_signal.py
SIGUSR1 来自 子进程
发了 3 次，收到 1 次
=== day7/ipc_socketpair.py
第一问？收到
第二问？收到
=== day7/my_process_broken.py
Forgetful 启动失败： AttributeError
Holder 启动失败： TypeError
=== day7/my_process_fixed.py
Writer 退出码 0
=== day7/pool_error_broken.py
全部结束，没有报错
=== day7/pool_error_fixed.py
6 / 1 = 6.0
6 / 0 失败： ZeroDivisionError
6 / 2 = 3.0
=== day7/pool_with_broken.py
做完了 不到 6 个
=== day7/pool_with_fixed.py
做完了 6 个
=== day7/queue_join_broken.py
join 等了 1 秒，子进程 还在
=== day7/queue_join_fixed.py
取到 1000000 字节
子进程 结束了
=== day7/pool_late_broken.py
get 等了 1 秒，没有结果
=== day7/pool_late_fixed.py
做完了
"""
OUTPUT = dict(part.split(".py\n", 1) for part in TEXT.split("\n=== day7/")[1:])


@pytest.mark.parametrize("name", OUTPUT)
def test_what_it_prints(name):
    result = run(f"day7/{name}.py", quiet=True)
    assert (result.status, result.output.rstrip("\n")) == (0, OUTPUT[name].rstrip("\n"))


@pytest.mark.parametrize("name", [name for name in OUTPUT if name.endswith(("broken", "fixed"))])
def test_the_first_line_says_whether_it_fails(name):
    expected = '"""失败：' if name.endswith("broken") else '"""正确：'
    assert show(f"day7/{name}.py").source.startswith(expected)


START = """
import multiprocessing, runpy
multiprocessing.set_start_method({!r})
runpy.run_path({!r}, run_name="__main__")
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("name", sample([
    "process_attr", "end_child", "myProcess", "pool", "pool_rules", "pool_error_broken", "pool_error_fixed",
    "pool_with_broken", "pool_with_fixed", "my_process_fixed", "ipc_queue", "ipc_shared",
], 3))
def test_it_prints_the_same_with_every_start_method(name, method, tmp_path):
    argv = [sys.executable, "-c", START.format(method, str(find(f"day7/{name}.py")))]
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", cwd=tmp_path,
                          timeout=60)
    assert (done.returncode, done.stdout.rstrip("\n")) == (0, OUTPUT[name].rstrip("\n"))


def test_before_3_14_an_interrupt_is_a_sigint_too(monkeypatch):
    sent = []
    monkeypatch.setattr(os, "kill", lambda *what: sent.append(what))
    runpy.run_path(str(find("day7/end_child.py")))["interrupt"](SimpleNamespace(pid=4711))
    assert sent == [(4711, signal.SIGINT)]


KEEP_TASKS = """
import atexit, multiprocessing.pool, os
first, tasks, pool = os.getpid(), [], multiprocessing.pool.Pool
def told():
    if os.getpid() == first:
        print([repr(task._value) for task in tasks])
def kept(*args, give=pool.apply_async, **options):
    tasks.append(give(*args, **options))
    return tasks[-1]
pool.apply_async = kept
atexit.register(told)
"""


@pytest.mark.parametrize("name", ["pool_error_broken", "pool_error_fixed"])
def test_all_three_tasks_were_done_and_the_middle_one_failed(name):
    """What nobody asked for in the broken script is what the fixed one prints."""
    kept = run_after(KEEP_TASKS, f"day7/{name}.py").stdout.splitlines()[-1]
    assert kept == """['6.0', "ZeroDivisionError('division by zero')", '3.0']"""


TELL_DAEMON = """
import multiprocessing
def told(self, start=multiprocessing.Process.start):
    start(self)
    print("started, daemon", self.daemon)
multiprocessing.Process.start = told
"""


def test_what_is_set_before_start_holds():
    lines = run_after(TELL_DAEMON, "day7/process_attr.py").stdout.splitlines()
    told = lines.pop(1)
    assert (told, lines) == ("started, daemon True", OUTPUT["process_attr"].splitlines())


TELL_JOINS = """
import multiprocessing
def told(self, timeout=None, join=multiprocessing.Process.join):
    join(self, timeout)
    print("joined", timeout, self.is_alive())
multiprocessing.Process.join = told
"""


def test_join_does_wait_for_the_child_that_waits_for_the_pipe():
    lines = run_after(TELL_JOINS, "day7/queue_join_broken.py").stdout.splitlines()
    assert lines == ["joined 1 True", OUTPUT["queue_join_broken"].strip(), "joined None False"]


def test_a_pool_is_faster_than_a_process_for_each_small_task():
    assert run("day7/pool_cost.py", quiet=True).output == (
        "创建一个进程的时间，够做 60 个任务\n每个任务一个进程，比都在一个进程里慢 5 倍以上\n"
        "每个任务一个进程，比建好的进程池慢 5 倍以上\n")


def test_what_each_way_costs():
    result = run("day7/ipc_cost.py", "--numbers", quiet=True)
    assert result.output.startswith(
        "一条 1 字节的消息，写给内核的字节：\n  管道 1 ，信号 0，队列多于 10\n"
        "大块数据，写给内核几遍：\n  管道 1 ，队列 1，共享内存 0\n")
    assert result.output.count("微秒") == 5 and result.output.count("MB/s") == 4
