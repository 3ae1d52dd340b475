"""day9/block_io.py shows three ways to wait."""

from iolab.launch import run


def test_what_each_way_of_waiting_costs():
    assert run("day9/block_io.py", quiet=True).output.splitlines() == [
        "阻塞：收到 news，recv 调用 1 次，处理器闲",
        "非阻塞：收到 news，recv 调用成千上万次，处理器忙",
        "超时 0.1 秒：收到 news，recv 调用几次，处理器闲",
    ]
