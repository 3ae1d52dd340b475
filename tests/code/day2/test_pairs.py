"""The broken scripts of day2 fail as their first line says; the fixed ones do not."""

import pytest

from iolab.launch import run, show

OUTPUT = {
    "eof_broken": "循环了 100000 圈，没有发现文件已经读完\n",
    "eof_fixed": "循环了 3 圈，知道文件已经读完\n",
    "overwrite_broken": "保存失败： TypeError\n账本里还有 ['存 100']\n",
    "overwrite_fixed": "保存失败： TypeError\n账本里还有 ['存 100', '取 30']\n",
    "copy_broken": "不一样：b'\\x00\\x00\\x02\\r\\n\\x00\\x10' 变成了 b'\\x00\\x00\\x02\\n\\x00\\x10'\n",
    "copy_fixed": "一样\n",
    "leak_broken": "做不下去： Too many open files\n",
    "leak_fixed": "读了 100 次\n",
}


@pytest.mark.parametrize("name", OUTPUT)
def test_what_it_prints(name):
    result = run(f"day2/{name}.py", quiet=True)
    assert (result.status, result.output) == (0, OUTPUT[name])


@pytest.mark.parametrize("name", OUTPUT)
def test_the_first_line_says_whether_it_fails(name):
    expected = '"""失败：' if name.endswith("broken") else '"""正确：'
    assert show(f"day2/{name}.py").source.startswith(expected)
