"""The scripts of day6 about children, zombies and multiprocessing print what the pages say."""

import subprocess
import sys

import pytest

from iolab.launch import run, show
from iolab.launch.scripts import find
from leftovers import nothing_left  # noqa: F401

TEXT = """
=== day6/wait.py
exit_with_3：回收了它，status 是 768，退出码是 3
killed：回收了它，status 是 9，退出码是 -9
没有子进程时 os.wait 抛出 ChildProcessError
WNOHANG，子进程还在运行： (0, 0)
WNOHANG，子进程已经结束： ('PID', 0)
=== day6/child.py
父进程：一级子进程已经回收， 再没有子进程
父进程和二级子进程各做各的事
二级子进程：父进程已经换成收养者，事情做完了
=== day6/zombie.py
子进程结束，父进程没有处理：Z (zombie)，没有一页内存，PID 还占着
kill -9 之后：Z (zombie)，没有一页内存，PID 还占着
waitpid 取走退出码 3 之后： 没有了
=== day6/orphan.py
孤儿先后有 2 个父进程
收养者是 1 号进程，或者我的一个祖先
我声明愿意收养（sub-reaper）以后，收养者是 我
孤儿由我回收，退出码 0
=== day6/sigchld.py
默认也是“忽略”，却留下僵尸 1 个
设置之前已有的僵尸，还有 1 个
父进程没有被阻塞，运行着的子进程有 10 个
想取退出状态： ChildProcessError
10 个子进程都结束了，僵尸有 0 个
在 fork 之后才设置，僵尸有 0 个
=== day6/process1.py
start 之前，PID 是 None
子进程的 n 是 2
父进程的 n 是 100 ，子进程的退出码是 0
=== day6/process2.py
你好，小明！你好，小明！
你好，小红！你好，小红！你好，小红！
你好，小刚！
=== day6/process3.py
做了的事： 吃饭、学习、睡觉
三件事用了 3 个子进程
退出码： [0, 0, 0]
=== day6/start_methods.py
顶层代码执行了，__name__ 是 __main__
—— fork
子进程看到 父进程改过的值
—— spawn
顶层代码执行了，__name__ 是 __mp_main__
子进程看到 最初的值
—— forkserver
顶层代码执行了，__name__ 是 __mp_main__
子进程看到 最初的值
=== day6/zombie_broken.py
做完 20 件事，僵尸有 20 个
=== day6/zombie_fixed.py
做完 20 件事，僵尸有 0 个
=== day6/wait_any_broken.py
失败的命令，subprocess 报告的返回码是 0
=== day6/wait_any_fixed.py
失败的命令，subprocess 报告的返回码是 1
=== day6/sigchld_broken.py
失败的命令，返回码： 0
os.system： -1
multiprocessing 的 fork： None
multiprocessing 的 spawn： None
multiprocessing 的 forkserver： 3
=== day6/sigchld_fixed.py
失败的命令，返回码： 1
os.system： 768
multiprocessing 的 fork： 3
multiprocessing 的 spawn： 3
multiprocessing 的 forkserver： 3
=== day6/main_guard_broken.py
RuntimeError：还没有准备好，又要创建进程
子进程的退出码 1
=== day6/main_guard_fixed.py
做事
子进程的退出码 0
"""
OUTPUT = dict(part.split(".py\n", 1) for part in TEXT.split("\n=== day6/")[1:])


@pytest.mark.parametrize("name", OUTPUT)
def test_what_it_prints(name):
    result = run(f"day6/{name}.py", quiet=True)
    assert (result.status, result.output.rstrip("\n")) == (0, OUTPUT[name].rstrip("\n"))


@pytest.mark.parametrize("name", [name for name in OUTPUT if name.endswith(("broken", "fixed"))])
def test_the_first_line_says_whether_it_fails(name):
    expected = '"""失败：' if name.endswith("broken") else '"""正确：'
    assert show(f"day6/{name}.py").source.startswith(expected)


START = """
import multiprocessing, runpy
multiprocessing.set_start_method({!r})
runpy.run_path({!r}, run_name="__main__")
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("name", [
    "process1", "process2", "process3", "start_methods", "main_guard_fixed",
])
def test_it_prints_the_same_with_every_start_method(name, method, tmp_path):
    argv = [sys.executable, "-c", START.format(method, str(find(f"day6/{name}.py")))]
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", cwd=tmp_path,
                          timeout=60)
    assert (done.returncode, done.stdout.rstrip("\n")) == (0, OUTPUT[name].rstrip("\n"))


@pytest.mark.parametrize("how, output", [
    ("os.fork", "input() 得到 第一行\n"), ("plain", "input() 抛出 EOFError，标准输入是 /dev/null\n"),
    *((f"{how} {method}", output) for method in ("fork", "spawn", "forkserver") for how, output in (
        ("plain", "input() 抛出 EOFError，标准输入是 /dev/null\n"), ("reopened", "input() 得到 第一行\n"))),
])
def test_standard_input_of_a_child(how, output):
    result = run("day6/stdin.py", *how.split(), input="第一行\n", quiet=True)
    assert (result.status, result.output) == (0, output)


IGNORING = """
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.argv[1:]])
"""


@pytest.mark.parametrize("name", [
    "wait", "child", "zombie", "orphan", "sigchld", "zombie_broken", "zombie_fixed", "wait_any_broken",
    "wait_any_fixed", "sigchld_broken", "sigchld_fixed",
])
def test_it_prints_the_same_when_its_starter_ignored_sigchld(name):
    argv = [sys.executable, "-c", IGNORING, find(f"day6/{name}.py")]
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=60)
    assert (done.returncode, done.stdout.rstrip("\n")) == (0, OUTPUT[name].rstrip("\n"))


COUNTING = """
import os, runpy, sys
real, reaped = os.waitpid, []
def waitpid(pid, options):
    if options == os.WNOHANG:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)    # what has been started has ended
    found = real(pid, options)
    reaped.append((options, found[0] > 0))
    return found
os.waitpid = waitpid
runpy.run_path(sys.argv[1], run_name="__main__")
print(sum(found for options, found in reaped if options == os.WNOHANG), "reaped on the way")
"""


def test_zombies_are_reaped_while_the_work_goes_on():
    argv = [sys.executable, "-c", COUNTING, find("day6/zombie_fixed.py")]
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=60)
    assert done.stdout == OUTPUT["zombie_fixed"].rstrip("\n") + "\n20 reaped on the way\n"
