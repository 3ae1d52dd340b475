"""day9/wait_two: one thread that waits for two, by asking again and again and by sleeping until one has come."""

import pytest

from iolab.launch import run


@pytest.mark.parametrize(("script", "times"), [("broken", "成千上万次"), ("fixed", " 2 次")])
def test_both_messages_come_in_the_order_of_their_arrival(script, times):
    assert run(f"day9/wait_two_{script}.py", quiet=True).output == f"先后收到 B A ，recv 调用{times}\n"
