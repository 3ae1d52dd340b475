"""day3/buffer.py: what another process sees at every step, and a disk that is full."""

from iolab.launch import run, show
from limits import run_limited

SEEN = [0, 0, 5, 5, 4101, 4102, 0, 6, 5, 0, 0, 0, 0]


def test_what_another_process_sees():
    result = run("day3/buffer.py", quiet=True)
    assert result.status == 0
    assert [int(line.split()[0]) for line in result.output.splitlines()] == SEEN


def test_the_disk_is_full():
    result = run_limited("day3/buffer.py", file_size=1000)
    assert result.status == 1 and "演示做不下去" in result.output and "File too large" in result.output
    assert "Traceback" not in result.output


def test_an_exit_that_loses_data_and_one_that_does_not():
    assert run("day3/exit_broken.py", quiet=True).output == "进程的退出状态 0，日志有 0 字节\n"
    assert run("day3/exit_fixed.py", quiet=True).output == "进程的退出状态 0，日志有 13 字节\n"
    assert show("day3/exit_broken.py").source.startswith('"""失败：')
    assert show("day3/exit_fixed.py").source.startswith('"""正确：')
