"""The scripts of day8 that always print the same, because every order in them is forced."""

import itertools
import re
import resource
import runpy
import sys

import pytest

from iolab.launch import run, show
from iolab.launch.scripts import find
from preludes import run_after

OUTPUT = {
    "thread_attr": "启动前： name=下载 is_alive=False daemon=True 有编号=False\n"
                   "启动后： name=下载 is_alive=True daemon=True 有编号=True\n"
                   "改 daemon： cannot set daemon status of active thread\n"
                   "结束后： name=下载-2 is_alive=False daemon=True 有编号=True\n"
                   "主线程： name=MainThread is_alive=True daemon=False 有编号=True\n",
    "myThread": "结果 6.0\n结果 3.0\n出错 division by zero\n",
    "thread_event": "厨师：做好了\n服务员：上菜 宫保鸡丁\n菜上了以后，is_set： True\n"
                    "clear 以后再等 0.1 秒，wait 返回： False\n",
    "thread_lock": "对账看到的总数： 2000\n最后： {'甲': 999, '乙': 1001}\n",
    "daemon": "主线程返回\n守护线程还在，主线程已经结束\n",
    "thread_queue": "还没有消费者，放得下 2 件\n结果： [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]\n",
    "thread_states": "在算的线程： R ，CPU 时间至少 0.1 秒\n在等的线程： S ，CPU 时间 0.0 秒\n",
    "preempt": "被系统夺走 CPU 至少 5 次的进程：2 个\n",
    "semaphore": "8 次进门，门里最多 2 个\n多放一次： Semaphore released too many times\n",
    "barrier": "到齐之前： ['丙 备料', '乙 备料', '甲 备料']\n到齐之后： ['丙 下锅', '乙 下锅', '甲 下锅']\n",
    "increment": "x += 1          做 20 轮，没有丢\nx = int(x) + 1  做到丢为止，丢了\n",
    "ipc": "管道：你好\n套接字：你好\n消息队列：{'你': '好'}\n共享内存：1\n文件：你好\n信号：SIGUSR1\n",
    "process_race": "不加锁： 1\nthreading.Lock： 1\nmultiprocessing 的 Lock： 2\n",
    "thread_error_broken": "线程里出错： 内容是空的\n全部完成，保存了 0 条\n",
    "thread_error_fixed": "没有完成： 内容是空的\n",
    "race_broken": "1 轮，每轮应为 2 元，余额是 [1]\n",
    "race_fixed": "1 轮，每轮应为 2 元，余额是 [2]\n",
    "self_lock_broken": "取 30 元： 停在第二次 acquire\n",
    "self_lock_fixed": "取 30 元： 成功\n",
    "condition_broken": "取到 苹果\n取到 空气\n货架上剩下 ['香蕉']\n",
    "condition_fixed": "取到 苹果\n取到 香蕉\n货架上剩下 []\n",
    "future_download": "一个接一个： 2 秒以上\n十个一起，省下： 1 秒以上\n两次的十页 一样\n",
    "future_wait_broken": "数完 0 本，没有数完 2 本\n",
    "future_wait_fixed": "数完 2 本，没有数完 0 本\n",
    "future_process": "[0, 1, 4, 9, 16, 25]\n准备好的数据： 1000\n送 lambda： 失败\n"
                      "kill -9 以后： BrokenProcessPool\n再交任务： BrokenProcessPool\n",
    "store_buffer": "没有缓冲： (0, 1) (1, 0) (1, 1)\n有存储缓冲： (0, 0) (0, 1) (1, 0) (1, 1)\n",
    "interpreter_pool": "它数到 [1, 2, 3]\n这里的 visits： 0\n送 dict： 收到 dict，1 项\n"
                        "送 memoryview： 收到 memoryview，3 项\n送 lock： NotShareableError\n"
                        if sys.version_info >= (3, 14) else
                        "InterpreterPoolExecutor 是 3.14 才有的，这个 Python 没有。\n",
    "local_broken": "读到别人名字的线程： 1 个\n",
    "local_fixed": "读到别人名字的线程： 0 个\n",
}
PAIRS = [name for name in OUTPUT if name.endswith(("_broken", "_fixed"))]


@pytest.mark.parametrize("name", OUTPUT)
def test_what_it_prints(name):
    result = run(f"day8/{name}.py", quiet=True, timeout=60)
    assert (result.status, result.output) == (0, OUTPUT[name])


@pytest.mark.parametrize("name", PAIRS)
def test_the_first_line_says_whether_it_fails(name):
    assert show(f"day8/{name}.py").source.startswith('"""失败：' if name.endswith("broken") else '"""正确：')


def test_the_mistaken_thread_is_the_one_whose_name_was_overwritten():
    script = runpy.run_path(str(find("day8/local_broken.py")))
    script["main"]()
    assert {script["current"].user, *script["mistaken"]} == {"小明", "小红"}


def test_the_race_is_lost_a_thousand_times_of_a_thousand():
    assert run("day8/race_broken.py", "--rounds", 1000, quiet=True, timeout=120).output.endswith("余额是 [1]\n")


def test_the_lock_wins_it_a_thousand_times_of_a_thousand():
    assert run("day8/race_fixed.py", "--rounds", 1000, quiet=True, timeout=120).output.endswith("余额是 [2]\n")


LATE = """
import threading, time
def late(self, run=threading.Thread.run):
    if self.name == "Thread-2 (consume)":
        time.sleep(0.3)
    run(self)
threading.Thread.run = late
"""


@pytest.mark.parametrize("name", ["condition_broken", "condition_fixed"])
def test_the_goods_come_when_the_slower_consumer_waits_too(name):
    assert run_after(LATE, f"day8/{name}.py").stdout == OUTPUT[name]


def test_every_interleaving_is_there_once_and_real_threads_agree():
    *lines, summary = run("day8/interleavings.py", quiet=True, timeout=60).output.splitlines()
    assert summary == "共 20 种，18 种丢失更新"
    orders = {"".join(move[0] for move in line.split()[1:7]) for line in lines}
    assert orders == {"".join(order) for order in itertools.permutations("甲甲甲乙乙乙")}
    for line in lines:
        predicted, real = map(int, re.findall(r"推算 (\d)，真线程 (\d)", line)[0])
        one_by_one = "".join(move[0] for move in line.split()[1:7]) in ("甲甲甲乙乙乙", "乙乙乙甲甲甲")
        assert predicted == real == (2 if one_by_one else 1)
        assert line[0] == ("✓" if one_by_one else "✗")


def test_a_crash_leaves_no_core_file():
    """A core file may have gigabytes; where it goes is the system's choice, whether it may be written the script's."""
    prelude = "import ctypes, resource; ctypes.string_at = lambda _: print(resource.getrlimit(resource.RLIMIT_CORE))"
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    if not hard:
        pytest.skip("this machine allows no core files")
    allowed = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))}
    assert "(0, 0)" in run_after(prelude, "day8/crash.py", "process", **allowed).stdout


def test_a_crash_takes_all_threads_and_no_other_process():
    thread, process = (run("day8/crash.py", kind, quiet=True) for kind in ("thread", "process"))
    assert (thread.status, thread.output) == (-11, "启动\n")
    assert (process.status, process.output) == (0, "启动\n主线程还在，子进程的退出状态 -11\n")
