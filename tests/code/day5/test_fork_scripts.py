"""The scripts of day5 about fork print what the pages say; a broken one fails as its first line says."""

import re
import subprocess
import sys

import pytest

from iolab.launch import run, show
from iolab.launch.scripts import find
from leftovers import nothing_left  # noqa: F401

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
fork 之后，子进程独占的内存不到 8 MiB： True
写了 32 MiB 之后，独占的增加了 30 到 40 MiB： True
父进程的数据没有变： True
=== day5/fork_read.py
子进程读一百万个小数，多占 20 MiB 以上
子进程读一百万个 None，多占 不到 2 MiB
None 的引用计数，3.12 起不变： 相符
子进程回收垃圾，多占 20 MiB 以上
先 gc.freeze() 再 fork，多占 不到 2 MiB（1000000 个列表都还在）
=== day5/pid_reuse.py
先后三个进程的 PID：300、300、300（不许建 PID 命名空间的机器上，这是书里的记录）
=== day5/fork_shared.py
子进程写 7 之后，父进程看到：
  普通变量 0 ，两边的地址相同： True
  MAP_PRIVATE 0
  MAP_SHARED 7
子进程读了 4 个字节，父进程接着读到 456
=== day5/get_pid.py
子进程：getpid() 变了：True
子进程：getppid() 是父进程的 getpid()：True
子进程：执行的程序、命令行、代码映射的文件和地址和父进程相同：True
父进程：fork 的返回值不是自己的 PID： True
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
子进程拿到锁了吗： False
=== day5/fork_lock_fixed.py
父进程的线程数 1
子进程的线程数 1
子进程拿到锁了吗： True
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
和 ps 打印的 STAT 相同： True
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
