"""Signals: what interrupts a call that waits, a handler that wants a lock, and a byte that wakes select."""

import pytest

from iolab.launch import run
from leftovers import nothing_left  # noqa: F401


@pytest.mark.parametrize(("script", "said"), [
    ("signal_wait", "处理函数执行了，然后返回\n  recv 返回 数据\n"
                    "处理函数执行了，抛出异常\n  recv 没有返回： 处理函数抛出的\n"),
    ("handler_lock_broken", "等了半秒，拿不到锁：拿着它的，正停下来等我返回\n"),
    ("handler_lock_fixed", "做完了 2 个\n"),
    ("wakeup", "管道里有 15 ，就是 SIGTERM\n管道里有 17 ，就是 SIGCHLD\n"),
])
def test_it_prints_what_the_page_says(script, said):
    done = run(f"day7/{script}.py", quiet=True)
    assert (done.status, done.output) == (0, said)
