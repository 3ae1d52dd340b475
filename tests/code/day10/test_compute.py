"""A computation inside the event loop stops everybody; in another process it does not."""

import pytest

from iolab.launch import run


@pytest.mark.parametrize(("name", "waited"), [("broken", "超过"), ("fixed", "不到")])
def test_how_long_another_client_waits(name, waited):
    result = run(f"day10/compute_{name}.py", quiet=True)
    assert (result.status, result.output) == (0, f"计算的时候，另一个客户端晚醒 {waited} 0.5 秒\n")
