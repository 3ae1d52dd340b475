"""The scripts of day5 about fork print what the pages say; a broken one fails as its first line says."""

import os
import re
import subprocess
import sys

import pytest

from iolab.launch import run, show
from iolab.launch.scripts import find
from iolab.procfs import stat
from leftovers import nothing_left  # noqa: F401
from processes import wait_until

TEXT = """
=== day5/fork.py
fork 之前，只有一个进程
子进程 ：fork 返回 0
父进程 ：fork 返回 子进程的 PID
子进程已经结束，只剩父进程
=== day5/fork1.py
子进程看到父进程准备的 100
子进程花掉 60，还有 40
父进程等子进程结束，还有 100
=== day5/fork_order.py
出现过的先后： 子父、父子
=== day5/fork_fails.py
失败，抛出 BlockingIOError，errno 是 11
=== day5/fork_memory.py
占着 64 MiB 的进程 fork，子进程独占约 0 MiB
子进程写了其中一半，独占约 32 MiB
父进程看到的，还是原来的 64 MiB
=== day5/shared_pages.py
父进程的数据 128 MiB，一共 5 个进程
Rss 加起来约 672 MiB
Pss 加起来约 128 MiB
=== day5/nice_shares.py
nice 0 得到的，是 nice 5 的 大约 3 倍
=== day5/waiting_threads.py
128 个线程，映射了 1 GiB 以上
真的占了 不到 32 MiB
等半秒，用掉的 CPU 时间 不到 0.05 秒
=== day5/fork_read.py
子进程读一百万个小数，多占 20 MiB 以上
子进程读一百万个 None，多占 不到 2 MiB
None 的引用计数 3.12 起不再改： 相符
子进程回收垃圾，多占 20 MiB 以上
先 gc.freeze() 再 fork，多占 不到 2 MiB
列表都还在，有 1000000 个
=== day5/pid_reuse.py
先后三个进程的 PID：300、300、300（不许建 PID 命名空间的机器上，这是书里的记录）
=== day5/fork_shared.py
子进程写 7 之后，父进程看到：
  普通变量 0 （两边的地址相同）
  MAP_PRIVATE 0
  MAP_SHARED 7
子进程读了 4 个字节，父进程接着读到 456
=== day5/get_pid.py
子进程的 getppid() 是我的父进程
PID：父子两边有 2 种
执行的程序：父子两边有 1 种
命令行：父子两边有 1 种
代码来自的文件和地址：父子两边有 1 种
=== day5/workers_broken.py
想要 3 个子进程，多出来 7 个进程
父进程
    第 1 次 fork 创建的
        第 2 次 fork 创建的
            第 3 次 fork 创建的
        第 3 次 fork 创建的
    第 2 次 fork 创建的
        第 3 次 fork 创建的
    第 3 次 fork 创建的
=== day5/workers_fixed.py
想要 3 个子进程，多出来 3 个进程
父进程
    第 1 次 fork 创建的
    第 2 次 fork 创建的
    第 3 次 fork 创建的
=== day5/exit.py
sys_exit_nothing    状态 0，输出 [缓冲区里的话 finally 执行了 atexit 执行了]
sys_exit_number     状态 3，输出 [缓冲区里的话 finally 执行了 atexit 执行了]
sys_exit_text       状态 1，输出 [缓冲区里的话 finally 执行了 atexit 执行了]，标准错误 [磁盘满了]
sys_exit_256        状态 0，输出 [缓冲区里的话 finally 执行了 atexit 执行了]
sys_exit_in_thread  状态 0，输出 [缓冲区里的话 finally 执行了 atexit 执行了]
sys_exit_caught     状态 0，输出 [缓冲区里的话 拦住了 SystemExit finally 执行了 atexit 执行了]
os_exit_number      状态 3，输出 []
=== day5/buffer_broken.py
只打印一次
只打印一次
=== day5/buffer_fixed.py
只打印一次
=== day5/child_goes_on_broken.py
下一个单元格执行了一次，在 多出来的子进程里
下一个单元格执行了一次，在 内核里
=== day5/child_goes_on_fixed.py
子进程做它的事
下一个单元格执行了一次，在 内核里
=== day5/fork_lock_broken.py
父进程的线程数 2
子进程的线程数 1
子进程等了 1 秒，没有拿到锁
=== day5/fork_lock_fixed.py
父进程的线程数 1
子进程的线程数 1
子进程拿到了锁
=== day5/switches.py
睡 100 次，每次 1 毫秒：运行→等待不少于 100 次，离开核多半是运行→等待
计算 0.5 秒，从不去等：运行→等待少于 10 次，离开核多半是运行→就绪
平均连续运行 不到 50 毫秒 就被换下
=== day5/states.py
S   睡眠
R   计算
R   同一个核上又一个计算
R   同一个核上还有一个计算
T   停止（SIGSTOP）
Z   已经结束
SN  谦让（nice）
Ss  会话首领
Sl  两个线程
Ss+ 终端的前台进程
和 ps 打印的 STAT 一样的有 10 个
"""
OUTPUT = dict(part.split(".py\n", 1) for part in TEXT.split("\n=== day5/")[1:])


@pytest.mark.parametrize("name", OUTPUT)
def test_what_it_prints(name):
    result = run(f"day5/{name}.py", quiet=True)
    assert (result.status, result.output.rstrip("\n")) == (0, OUTPUT[name].rstrip("\n"))


@pytest.mark.parametrize("name", [name for name in OUTPUT if name.endswith(("broken", "fixed"))])
def test_the_first_line_says_whether_it_fails(name):
    expected = '"""失败：' if name.endswith("broken") else '"""正确：'
    assert show(f"day5/{name}.py").source.startswith(expected)


def test_processes_run_at_the_same_moment_and_threads_take_turns():
    assert run("day5/cores.py", quiet=True).output == (
        "多进程：做完了 2 个任务\n多进程：有同时运行的时候\n多线程：做完了 2 个任务\n多线程：没有同时运行的时候\n")


def test_both_orders_of_a_race_are_counted():
    result = run("day5/fork_order.py", "--numbers", quiet=True)
    assert re.search(r"(\d+) 场赛跑： 子父 [1-9]\d* 场，父子 [1-9]\d* 场", result.output), result.output


def test_a_number_is_given_again_where_a_namespace_is_allowed():
    result = run("day5/pid_reuse.py", "--how", quiet=True)
    if "书里的记录" in result.output:
        pytest.skip("no pid namespace can be made here (unshare -Urpf)")
    assert result.output == "在这台机器上，三个 PID 是 刚刚试出来的\n"


def test_it_says_so_where_no_namespace_can_be_made(tmp_path):
    for option, output in ((), OUTPUT["pid_reuse"]), (["--how"], "在这台机器上，三个 PID 是 书里的记录"):
        argv = [sys.executable, find("day5/pid_reuse.py"), *option]
        done = subprocess.run(argv, capture_output=True, encoding="utf-8",
                              env={"PATH": str(tmp_path), "PYTHONUTF8": "1"})
        assert (done.returncode, done.stdout.strip()) == (0, output.strip())


FAILING_CHILD = """
import builtins, os, runpy, sys
parent, say, leave = os.getpid(), print, os._exit
def full(*words, **options):
    if os.getpid() != parent and "file" not in options:
        raise OSError("the disk is full")
    say(*words, **options)
def told(status):
    os.write(2, b"status %d" % status)
    leave(status)
builtins.print, os._exit = full, told
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def test_a_child_that_fails_says_so_and_ends():
    argv = [sys.executable, "-c", FAILING_CHILD, find("day5/child_goes_on_fixed.py")]
    done = subprocess.run(argv, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (0, "下一个单元格执行了一次，在 内核里\n")
    assert "the disk is full" in done.stderr and done.stderr.endswith("status 1")


def test_the_two_that_compute_end_with_their_parent():
    with subprocess.Popen([sys.executable, find("day5/nice_shares.py")], stdout=subprocess.DEVNULL) as parent:
        wait_until(lambda: len(stat.children(parent.pid)) == 2, "both compute")
        below = [child.pid for child in stat.children(parent.pid)]
        parent.kill()
    wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in below), "nobody computes on")
