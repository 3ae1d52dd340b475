"""The broken scripts of day4 fail as their first line says; the fixed ones do not."""

import pytest

from iolab.launch import run, show

OUTPUT = {
    "recv_empty_broken": "循环了 100000 圈，没有发现对方已经离开\n",
    "recv_empty_fixed": "循环了 1 圈，知道对方已经离开\n",
    "send_broken": "送达\n",
    "send_fixed": "没有送达\n",
    "partial_send_broken": "要发 20000000 字节，对方没有收全\n",
    "partial_send_fixed": "要发 20000000 字节，全部到达\n",
    "both_send_broken": "客户端 停在 send\n服务器 停在 send\n",
    "both_send_fixed": "客户端 交换完毕\n服务器 交换完毕\n",
    "sticky_broken": "一条消息： 存 100取 30存 5\n",
    "sticky_fixed": "一条消息： 存 100\n一条消息： 取 30\n一条消息： 存 5\n",
    "half_message_broken": "一条消息： {\"用户\": \"小\n一条消息： 明\"}\n",
    "half_message_fixed": "一条消息： {\"用户\": \"小明\"}\n",
    "restart_broken": "重启失败： [Errno 98] Address already in use\n",
    "restart_fixed": "重启成功\n",
}


@pytest.mark.parametrize("name", OUTPUT)
def test_what_it_prints(name):
    result = run(f"day4/{name}.py", quiet=True)
    assert (result.status, result.output) == (0, OUTPUT[name])


@pytest.mark.parametrize("name", OUTPUT)
def test_the_first_line_says_whether_it_fails(name):
    expected = '"""失败：' if name.endswith("broken") else '"""正确：'
    assert show(f"day4/{name}.py").source.startswith(expected)
