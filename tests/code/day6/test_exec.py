"""exec, a small shell, descriptors that leak, what starting a program costs, and a daemon."""

import re
import subprocess

import pytest

from iolab.launch import run
from leftovers import nothing_left  # noqa: F401


@pytest.mark.parametrize(("typed", "said"), [
    ("pwd\ncd /\npwd\n", "/\npwd → 退出码 0\n"),
    ("nosuch\necho hi\n", "nosuch：No such file or directory\nnosuch → 退出码 127\nhi\necho hi → 退出码 0\n"),
    ("/\n", "/：Permission denied\n/ → 退出码 127\n"),
    ("cd /nosuch\necho hi\n", "No such file or directory: '/nosuch'\nhi\necho hi → 退出码 0\n"),
    ("cd\necho 'hi\necho hi\n", "echo 'hi → 错误： No closing quotation\nhi\necho hi → 退出码 0\n"),
    ("sh -c 'yes | head -1'\n", "y\nsh -c 'yes | head -1' → 退出码 0\n"),
    ("sh -c 'exit 3'\n\nsh -c 'kill -9 $$'\n", "sh -c 'exit 3' → 退出码 3\nsh -c 'kill -9 $$' → 退出码 -9\n"),
], ids=["cd", "not found", "not allowed", "cd nowhere", "a quote too few", "SIGPIPE", "statuses"])
def test_the_shell_runs_each_line_once_and_tells_how_it_ended(typed, said):
    output = run("day6/shell_small.py", input=typed, quiet=True).output
    assert output.endswith(said)
    assert output.count("→") == len([line for line in typed.splitlines() if line and line != "cd /"])


def test_what_the_kernel_keeps_for_a_process_stays_and_what_was_in_memory_goes():
    assert dict(re.split(r"  +|(?<=SIGUSR2) ", line) for line in
                run("day6/exec_keeps.py", quiet=True).output.splitlines()) == {
        "工作目录": "/", "环境变量 COLOUR": "green", "忽略了的 SIGUSR1": "SIG_IGN", "有处理函数的 SIGUSR2": "SIG_DFL",
        "线程": "1 个", "可继承的描述符": "还开着", "普通的描述符": "Bad file descriptor"}


def test_a_helper_that_inherits_the_listening_socket_keeps_the_port():
    assert run("day6/inherit_broken.py", quiet=True).output == (
        "重新启动：失败， Address already in use\n帮手手里有监听套接字 1 个\n")
    assert run("day6/inherit_fixed.py", quiet=True).output == "重新启动：成功\n帮手手里有监听套接字 0 个\n"


def test_the_cost_of_each_way_is_told_for_a_small_and_a_large_parent():
    lines = run("day6/spawn_cost.py", quiet=True).output.splitlines()
    assert [re.sub(r"[\d.]+", "N", line) for line in lines] == [
        "父进程多占   N MB：fork_exec N 毫秒，posix_spawn N 毫秒，popen N 毫秒",
        "父进程多占 N MB：fork_exec N 毫秒，posix_spawn N 毫秒，popen N 毫秒"]


def daemon(word, path):
    """(exit status, what is printed) of daemonize.py."""
    done = run("day6/daemonize.py", word, path, quiet=True)
    return done.status, done.output


def test_who_merely_has_the_number_in_the_file_is_not_killed(tmp_path):
    file = tmp_path / "server.pid"
    with subprocess.Popen(["sleep", "60"]) as stranger:
        try:
            for content in (None, "", str(stranger.pid)):
                if content is not None:
                    file.write_text(content)
                assert daemon("stop", file) == (1, "没有在运行\n")
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_daemon_that_cannot_start_says_so(tmp_path):
    status, said = daemon("start", tmp_path / "nowhere" / "server.pid")
    assert status == 1 and said.startswith("不能启动：[Errno 2]") and "Traceback" not in said


def test_a_daemon_leaves_its_session_and_there_is_one_at_a_time(tmp_path):
    done = run("day6/daemon_scene.py", quiet=True, cwd=tmp_path)
    assert done.status == 0 and done.output == (
        "start → 启动了\n  会话： 新的，首领已经走了，控制终端： 0\n"
        "  工作目录： /，0、1、2 号： /dev/null /dev/null /dev/null\n"
        "start → 已经有一个在运行\nkill -9 以后，PID 文件 还在\nstart → 启动了\nstop  → 做完了\n")
