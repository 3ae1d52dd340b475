"""day5/multicast_*: which group's datagrams come, who answers the question of a group, and that all stays on lo."""

import re

import pytest

from iolab.launch import run, scripts


@pytest.mark.parametrize(("script", "came"), [("broken", "['晴', '股票涨了']"), ("fixed", "['晴']")])
def test_only_the_one_that_binds_its_group_is_spared_the_others(script, came):
    assert run(f"day5/multicast_bind_{script}.py", quiet=True).output == f"天气的程序收到： {came}\n"


def test_all_that_are_there_answer():
    assert run("day5/multicast_find.py", quiet=True).output == "在的有 ['打印机', '摄像头']\n"


@pytest.mark.parametrize("name", ["bind_broken", "bind_fixed", "find"])
def test_no_datagram_leaves_this_machine(name, tmp_path):
    """Each socket that sends to a group is told to use the loopback interface, by its address."""
    source = scripts.find(f"day5/multicast_{name}.py").read_text(encoding="utf-8")
    assert source.count("IP_MULTICAST_IF, ") == 1 and "127.0.0.1" in source
    groups = re.findall(r'"(239\.[\d.]+)"', source)
    assert groups and all(group.startswith("239.255.") for group in groups)
    assert set(re.findall(r"\d+\.\d+\.\d+\.\d+", source)) == {"127.0.0.1", *groups}
