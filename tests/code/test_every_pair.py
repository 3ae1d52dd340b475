"""Every pair x_broken.py and x_fixed.py: where the two differ, and what the right one does without its cure.

Scripts that do one job in several ways share what is not their way: a mend of one is a mend of all. The cures of day4
and day8 are taken out where the other tests of those scripts are. What is tried here too: that a script which says
that nothing is wrong could have said something else.
"""

import ast
from pathlib import Path

import pytest

from preludes import output_without

CODE = Path(__file__).parents[2] / "code"
GUARD = "if __name__"
LESSONS = {  # pair -> what is not the same in both, imports apart: a diff shows the lesson and nothing else
    "day2/copy": {"copy"}, "day2/eof": {"main", "read_blocks"}, "day2/leak": {"first_byte"}, "day2/overwrite": {"save"},
    "day3/exit": {"log_and_exit"}, "day3/pread": {"fetch"},
    "day4/both_send": {"exchange"}, "day4/half_message": {"main", "receive_message"}, "day4/partial_send": {"send"},
    "day4/recv_empty": {"main", "receive_all"}, "day4/restart": {"open_listener"}, "day4/send": {"deliver"},
    "day4/sticky": {"main", "print_messages", "receive_exactly", "receive_message", "send_message"},
    "day4/udp_cut": {"receive"}, "day4/udp_empty": {"serve"}, "day4/udp_wait": {"ask"},
    "day5/buffer": {"main"}, "day5/child_goes_on": {"fork_cell"}, "day5/fork_lock": {"main", "warnings.simplefilter"},
    "day5/workers": {"hire"},
    "day5/http_once": {"number", "receive_request"}, "day5/http_state": {"Greeter", "SESSIONS"},
    "day5/struct_native": {"FORMAT", "pack_on", "unpack_on"}, "day5/unix_stale": {"is_abandoned", "listen_at"},
    "day5/multicast_bind": {"receiver"}, "day5/tls_pending": {"ready"}, "day5/tls_silent": {"greet", "serve"},
    "day6/inherit": {"start_helper"},
    "day6/main_guard": {GUARD, "context", "process.join", "try", "print"},
    "day6/sigchld": {"avoid_zombies", "main"}, "day6/wait_any": {"wait_for_my_child"}, "day6/zombie": {"main", "reap"},
    "day7/handler_lock": {"report"},
    "day7/my_process": {"Forgetful", "Holder", "Writer", "main"}, "day7/pipe_copy": {"hire", "main"},
    "day7/pipe_gone": {"main"}, "day7/pipe_wait": {"collect"}, "day7/pool_error": {"main"},
    "day7/pool_late": {"early", "hide_traceback", "main"}, "day7/pool_with": {"main"}, "day7/queue_join": {"main"},
    "day8/condition": {"consume"}, "day8/local": {"current"}, "day8/race": {"WAIT", "deposit", "lock", GUARD},
    "day8/future_wait": {"main"}, "day8/self_lock": {"lock"}, "day8/thread_error": {"main", GUARD},
    "day9/wait_two": {"collect"},
    "day10/compute": {"handle", "main", "measure"}, "day10/epoll_edge": {"TURNS", "accept", "echo", "main"},
    "day10/task_lost": {"accept_all"}, "day10/cancel": {"ask_again"}, "day10/thread_touch": {"produce"},
}

SERVER = {"address", "log", GUARD}
BLOCKING, READY = SERVER | {"accept", "echo", "listen"}, SERVER | {"listen", "refuse", "send"}
SIBLINGS = [  # script, another, what is the same in both
    ("day9/loop_server", "day9/thread_server", BLOCKING | {"serve"}),
    ("day9/loop_server", "day9/fork_server", BLOCKING),
    ("day9/fork_server", "day9/fork_broken", BLOCKING | {"serve"}),
    ("day9/thread_server", "day10/prefork_server", BLOCKING - {GUARD} | {"serve", "start"}),
    ("day9/thread_server", "day10/pool_server", BLOCKING - {GUARD} | {"serve"}),
    ("day9/fork_server", "day10/prefork_server", BLOCKING - {GUARD}),
    ("day9/loop_server", "day10/hog_broken", SERVER | {"echo"}),
    ("day9/loop_server", "day10/select_server", SERVER),
    ("day10/select_small", "day10/select_steady", SERVER | {"leave", "listen", "main"}),
    ("day10/select_steady", "day10/select_patient", SERVER | {"listen"}),
    ("day10/select_patient", "day10/select_server", {"address", "echo", "leave", "log", "send"}),
    ("day10/select_server", "day10/poll_server", READY),
    ("day10/select_server", "day10/epoll_server", READY),
    ("day10/select_server", "day10/epoll_edge_fixed", READY),
    ("day10/select_server", "day10/selectors_server", READY),
    ("day10/select_server", "day10/asyncio_server", {"address", "listen", "log"}),
    ("day10/asyncio_server", "day5/tls_server", {"QUIET", "address", "echo", "listen", "log", "report", "serve"}),
    ("day10/asyncio_server", "day10/drain_broken", SERVER | {"QUIET", "listen", "main", "report", "serve"}),
    ("day10/select_server", "day10/hung_common", {"address", "log"}),
    ("day9/loop_server", "day9/ftp/ftp_common", {"address"}),
    ("day9/loop_server", "day9/ftp/ftp_server", {"log"}),
    ("day4/tcp_server", "day4/udp_server", {"log", "name"}),
    ("day4/udp_server", "day4/lossy_relay", {"log", "name"}),
    ("day4/udp_server", "day5/struct_recv", {"log", "name", "receive"}),
    ("day4/tcp_client", "day4/udp_client", {"printable", "say"}),
    ("day4/udp_client", "day5/struct_send", {"say"}),
]


def statements(script):
    """name of each definition, assignment and call of a script -> its code, without comments and docstring."""
    found = {}
    for node in ast.parse((CODE / script).read_text(encoding="utf-8")).body[1:]:
        match node:
            case ast.Import() | ast.ImportFrom():
                continue
            case ast.Assign():
                name = ast.unparse(node.targets[0])
            case ast.Expr(ast.Call(function)):
                name = ast.unparse(function)
            case ast.If():
                name = GUARD
            case ast.Try():
                name = "try"
            case _:
                name = node.name
        found[name] = found.get(name, "") + ast.unparse(node)
    return found


def test_no_pair_is_forgotten():
    assert LESSONS.keys() == {path.relative_to(CODE).as_posix().removesuffix("_fixed.py")
                              for path in CODE.glob("day*/*_fixed.py")}


@pytest.mark.parametrize("pair", LESSONS)
def test_a_pair_differs_where_the_lesson_is_and_nowhere_else(pair):
    broken, fixed = statements(f"{pair}_broken.py"), statements(f"{pair}_fixed.py")
    assert {name for name in broken | fixed if broken.get(name) != fixed.get(name)} == LESSONS[pair]


@pytest.mark.parametrize(("one", "other", "shared"), SIBLINGS)
def test_siblings_do_the_same_job_in_the_same_words(one, other, shared):
    one, other = statements(f"{one}.py"), statements(f"{other}.py")
    assert {name for name in shared if name in one and one[name] == other.get(name)} == shared


CURES = [  # script, what is taken out (text -> instead), what it then prints
    ("day2/eof_fixed.py", {"if not block:": 'if block == "":'}, "循环了 100000 圈，知道文件已经读完\n"),
    ("day2/overwrite_fixed.py", {'path + ".new"': "path"}, "保存失败： TypeError\n账本里还有 ['存 100']\n"),
    ("day2/copy_fixed.py", {'open(source, "rb") as old, open(target, "wb")': "open(source) as old, open(target, 'w')"},
     "不一样：b'\\x00\\x00\\x02\\r\\n\\x00\\x10' 变成了 b'\\x00\\x00\\x02\\n\\x00\\x10'\n"),
    ("day2/leak_fixed.py", {'with open(path, "rb") as f:': 'if f := open(path, "rb"):'},
     "做不下去： Too many open files\n"),
    ("day3/exit_fixed.py", {"    os._exit(0)": "        os._exit(0)"}, "进程的退出状态 0，日志有 0 字节\n"),
    ("day3/pread_fixed.py", {"    meanwhile()\n": "    os.lseek(fd, index * SIZE, os.SEEK_SET)\n    meanwhile()\n",
                             "os.pread(fd, SIZE, index * SIZE)": "os.read(fd, SIZE)"},
     "线程乙要第 2 条 b'two.'，读到 b'two.'\n线程甲要第 0 条 b'zero'，读到 b'thre'\n"),
    ("day5/buffer_fixed.py", {", flush=True": "", "os._exit(0)": "return"}, "只打印一次\n只打印一次\n"),
    ("day5/child_goes_on_fixed.py", {"os._exit(status)": "raise SystemExit(status)"},
     "子进程做它的事\n下一个单元格执行了一次，在 多出来的子进程里\n下一个单元格执行了一次，在 内核里\n"),
    ("day5/fork_lock_fixed.py", {"    fork_and_lock(lock)\n": "", "held.wait()": "held.wait()\n    fork_and_lock(lock)",
                                 "timeout=1": "timeout=0.1"},
     "父进程的线程数 2\n子进程的线程数 1\n子进程等了 1 秒，没有拿到锁\n"),
    ("day5/workers_fixed.py", {"return number ": "born = number "},
     "想要 3 个子进程，多出来 7 个进程\n父进程\n    第 1 次 fork 创建的\n        第 2 次 fork 创建的\n"
     "            第 3 次 fork 创建的\n        第 3 次 fork 创建的\n    第 2 次 fork 创建的\n"
     "        第 3 次 fork 创建的\n    第 3 次 fork 创建的\n"),
    ("day5/http_state_fixed.py", {'{"Cookie": cookie} if cookie else {}': "{}"},
     "连接 1 POST /login  你好，小明\n连接 1 GET  /       你好，陌生人\n"
     "连接 2 GET  /       你好，陌生人\n连接 1，别人 GET  /       你好，陌生人\n"),
    ("day5/http_once_fixed.py", {"lines.read(length)": "lines.read(4096)", "len(body) < length": "False"},
     "请求行： POST /file HTTP/1.1\n请求体不完整\n"),
    ("day5/multicast_bind_fixed.py", {"sock.bind((group, port))": "sock.bind(('', port))"},
     "天气的程序收到： ['晴', '股票涨了']\n"),
    ("day5/unix_stale_fixed.py", {"os.unlink(path)": "pass"}, "启动失败： Address already in use\n"),
    ("day6/inherit_fixed.py", {"    return sub": "    listener.set_inheritable(True)\n    return sub",
                               "subprocess.PIPE)": "subprocess.PIPE, close_fds=False)"},
     "重新启动：失败， Address already in use\n帮手手里有监听套接字 1 个\n"),
    ("day6/zombie_fixed.py", {"reap(os.WNOHANG)": "pass", "    reap(0)": "    for pid in pids:\n"
                              "        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)"},
     "做完 20 件事，僵尸有 20 个\n"),
    ("day6/wait_any_fixed.py", {'    os.write(w, b"x")': "    os.wait()\n    os.write(w, b'x')",
                                "os.waitpid(pid, 0)": "os.wait()"},
     "失败的命令，subprocess 报告的返回码是 0\n"),
    ("day6/sigchld_fixed.py", {"SIG_DFL": "SIG_IGN", 'method in ("fork", "spawn", "forkserver")': "method in ()"},
     "失败的命令，返回码： 0\nos.system： -1\n"),
    ("day7/handler_lock_fixed.py", {"wanted.append(number)": "tell()"},
     "等了半秒，拿不到锁：拿着它的，正停下来等我返回\n"),
    ("day7/my_process_fixed.py", {"        super().__init__()": "        pass"}, "Writer 启动失败： AttributeError\n"),
    ("day7/pipe_copy_fixed.py", {"os.close(other)": "pass"},
     "关了第一个的写端，它 还在等\n关了第二个的写端，两个都下班了\n"),
    ("day7/pipe_wait_fixed.py", {"output, _ = child.communicate(timeout=10)": "child.wait(timeout=1)"},
     "1 秒过去，子进程没有结束，管道里有 65536 字节\n"),
    ("day7/pool_error_fixed.py", {"result.get()": "type(result).__name__"},
     "6 / 1 = ApplyResult\n6 / 0 = ApplyResult\n6 / 2 = ApplyResult\n"),
    ("day7/pool_with_fixed.py", {"pool.close()": "pass", "pool.join()": "pass"}, "做完了 不到 6 个\n"),
    ("day7/queue_join_fixed.py", {'print("取到", len(answers.get()), "字节")': "worker.join(0.2)",
                                  "    worker.join()\n": "", "worker.is_alive() else": "not worker.kill() else"},
     "子进程 还在\n"),
    ("day9/wait_two_fixed.py", {"select.select(waiting, [], [])": "list(waiting), [], []"},
     "先后收到 B A ，recv 调用成千上万次\n"),
]


@pytest.mark.parametrize(("script", "cures", "output"), CURES, ids=[script for script, *_ in CURES])
def test_without_its_cure_it_fails(script, cures, output, tmp_path):
    assert output_without(cures, script, tmp_path) == output
