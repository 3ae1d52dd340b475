"""The broken UDP scripts of day4 fail as their first line says; the fixed ones do not."""

import pytest

from iolab.launch import run, show

OUTPUT = {
    "udp_cut_broken": "收到： 转账 100\n收到： 余额\n",
    "udp_cut_fixed": "收到： 转账 10000 元\n收到： 余额\n",
    "udp_empty_broken": "服务过的数据报： []\n",
    "udp_empty_fixed": "服务过的数据报： ['', '你好']\n",
    "udp_wait_broken": "客户端还停在 recvfrom\n",
    "udp_wait_fixed": "问到第 2 次，得到回答 12:00\n",
}


@pytest.mark.parametrize("name", OUTPUT)
def test_what_it_prints(name):
    result = run(f"day4/{name}.py", quiet=True)
    assert (result.status, result.output) == (0, OUTPUT[name])


@pytest.mark.parametrize("name", OUTPUT)
def test_the_first_line_says_whether_it_fails(name):
    expected = '"""失败：' if name.endswith("broken") else '"""正确：'
    assert show(f"day4/{name}.py").source.startswith(expected)
