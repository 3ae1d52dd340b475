"""Tasks that nobody waits for, a cancellation that is swallowed, a loop that another thread touches."""

import pytest

from iolab.launch import run

SAYS = {
    "task_lost_broken": "3 笔都已交给后台，没有报错\n账本里有 [1, 3]\n",
    "task_lost_fixed": "没有全部做完： 数据库断开了\n账本里有 [1]\n",
    "cancel_broken": "没有超时\n期限 0.15 秒，用了 0.8 秒以上\n",
    "cancel_fixed": "超时\n期限 0.15 秒，用了 不到 0.8 秒\n",
    "thread_touch_broken": "东西放进去以后，过了 0.5 秒以上 才取到\n",
    "thread_touch_fixed": "东西放进去以后，过了 不到 0.5 秒 才取到\n",
}


@pytest.mark.parametrize("name", SAYS)
def test_what_it_says(name):
    result = run(f"day10/{name}.py", quiet=True)
    assert (result.status, result.output) == (0, SAYS[name])
