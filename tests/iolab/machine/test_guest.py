"""The supervisor, the forge and the cells' kernel of the Linux in the page, run here instead of in the emulator."""

import base64
import codecs
import json
import os
import signal
import subprocess
import sys
import time
import types

import pytest

from iolab.machine.guest import channels
from iolab.procfs import stat
from processes import wait_until


def test_cells_keep_state_and_show_their_last_value(guest):
    guest.run("x = 41")
    assert guest.run("print('so'); x + 1") == "so\n42\n"
    assert guest.run("x;") == ""
    assert guest.run("import asyncio\nawait asyncio.sleep(0, 'awaited')") == "'awaited'\n"


def test_display_shows_each_of_its_values_as_a_last_one_is_shown(guest):
    assert guest.run("display(1, 'two')\nprint('three')\ndisplay(4)") == "1\n'two'\nthree\n4\n"


def test_a_cell_runs_in_a_loop_as_in_a_notebook(guest):
    told = guest.run("import asyncio\nnothing = asyncio.sleep(0)\ntry: asyncio.run(nothing)\n"
                     "except RuntimeError as error: print(error)\nnothing.close()")
    assert told == "asyncio.run() cannot be called from a running event loop\n"
    assert guest.run("task = asyncio.create_task(asyncio.sleep(0, 'done'))\nawait task") == "'done'\n"
    guest.begin("print('on')\nawait asyncio.sleep(60)")
    guest.wait(lambda message: "event" in message)
    guest.send(do="interrupt")
    assert guest.end()[1][-1]["name"] == "KeyboardInterrupt"
    assert guest.run("await asyncio.sleep(0, 'again')") == "'again'\n"


def test_the_main_thread_has_the_number_of_the_process(guest):
    assert guest.run("import os, threading; threading.main_thread().native_id == os.getpid()") == "True\n"


def test_a_new_kernel_knows_nothing_and_stands_beside_the_page(guest):
    guest.run("x = 1")
    guest.restart("network")
    assert guest.run("'x' in globals()") == "False\n"
    assert guest.run("import os; os.path.basename(os.getcwd())") == "'network'\n"


def test_an_error_has_its_line_and_nothing_of_the_machine(guest):
    guest.begin("def f():\n    return 1 / 0\n\nf()")
    status, [event] = guest.end()
    assert (status, event["name"], event["message"]) == ("error", "ZeroDivisionError", "division by zero")
    trace = "\n".join(event["traceback"])
    assert "], line 4" in trace and "], line 2" in trace and "return 1 / 0" in trace and "guest" not in trace


def test_a_cell_is_stopped(guest):
    guest.begin("import time\nprint('on')\nwhile True: time.sleep(0.01)")
    guest.wait(lambda message: "event" in message)
    guest.send(do="interrupt")
    status, events = guest.end()
    assert status == "error" and events[-1]["name"] == "KeyboardInterrupt"
    assert guest.run("1") == "1\n"


def test_an_interrupt_between_two_cells_is_no_end(guest):
    guest.send(do="interrupt")
    time.sleep(0)
    assert guest.run("2") == "2\n"


def test_input_is_asked_for(guest):
    guest.begin("name = input('谁？')\nprint('你好', name)")
    asked = guest.wait(lambda message: message.get("event", {}).get("kind") == "input")["event"]
    assert (asked["prompt"], asked["password"]) == ("谁？", False)
    guest.send(do="answer", text="世界")
    assert guest.end()[1][-1]["text"] == "你好 世界\n"


def test_a_kernel_that_ends_is_said_to_have_ended_and_the_next_cell_has_another(guest):
    guest.begin("import os; os._exit(3)")
    assert guest.end()[0] == "died"
    assert guest.run("'fresh'") == "'fresh'\n"


def test_a_fork_in_a_cell_is_no_second_kernel(guest):
    told = guest.run("import os\npid = os.fork()\nif not pid: print('child', flush=True)\nelse: os.waitpid(pid, 0)")
    assert "child\n" in told
    assert guest.run("1") == "1\n"


def test_scripts_are_forks_and_end_as_an_interpreter_ends(guest):
    assert "子进程" in guest.run("from iolab import run, serve\nrun('day5/fork.py')")
    assert guest.run("run('day2/leak_fixed.py', quiet=True).status") == "0\n"
    assert guest.run("run('day4/tcp_server.py', '--port', 'none', quiet=True).status") == "2\n"  # argparse's own end
    told = guest.run("""
import pathlib, tempfile
from iolab.launch import scripts
scripts.CODE = pathlib.Path(tempfile.mkdtemp())
(scripts.CODE / 'x.py').write_text('''import atexit, os, sys, threading
print('main', threading.main_thread().native_id == os.getpid())
atexit.register(print, 'at exit')
threading.Thread(target=lambda: print('thread', __name__, len(sys.argv))).start()
raise LookupError('told')
''')
run('x.py', 'a', 'b')
scripts.CODE = pathlib.Path(scripts.__file__).parents[2]
""")
    assert "main True" in told and "thread __main__ 3" in told and "at exit" in told and "退出状态 1" in told
    assert told.count("File ") == 1 and "LookupError: told" in told  # the script's own line only


def test_a_server_serves_a_cell(guest):
    assert guest.run("""import socket
with serve('day10/epoll_server.py') as server:
    with socket.create_connection(server.address) as s:
        s.sendall('你好'.encode()); print(s.recv(100).decode())
""") == "你好\n"


def test_pictures_are_asked_of_the_page_and_what_is_not_there_says_so(guest):
    guest.begin("from iolab import play, record\nplay('handshake')\nrecord()")
    status, events = guest.end()
    assert status == "ok" and events[0] == {"kind": "picture"} and "页面里的 Linux" in events[1]["text"]


def test_a_shell_has_a_terminal_of_the_page_s_size(guest):
    guest.send(do="shell", shell=1, rows=20, columns=66)
    guest.wait(lambda message: message.get("shell") == 1)
    guest.send(do="type", shell=1, text="stty size; tty | cut -c1-5; echo 你''好\r")
    told = ""
    while "你好" not in told or "20 66" not in told:
        told += guest.wait(lambda message: message.get("shell") == 1)["text"]
    guest.send(do="size", shell=1, rows=10, columns=50)
    guest.send(do="type", shell=1, text="stty size; cat\r")
    while "10 50" not in told:
        told += guest.wait(lambda message: message.get("shell") == 1)["text"]
    guest.send(do="type", shell=1, text="ping\r")
    while told.count("ping") < 2:  # the terminal's echo, and cat's
        told += guest.wait(lambda message: message.get("shell") == 1)["text"]
    guest.send(do="type", shell=1, text="\x03")  # ends cat, not the shell, which drops what was typed before its prompt
    while "$ " not in told.partition("^C")[2] and "# " not in told.partition("^C")[2]:
        told += guest.wait(lambda message: message.get("shell") == 1)["text"]
    guest.send(do="type", shell=1, text="exit\r")
    guest.wait(lambda message: message.get("ended") and message["shell"] == 1)


def test_closing_a_shell_ends_what_runs_in_it(guest):
    guest.send(do="shell", shell=2, rows=20, columns=66)
    guest.send(do="type", shell=2, text="trap '' HUP; echo $''$; sleep 100\r")
    told = ""
    while "trap" not in told or not told.split("trap")[-1].count("\n"):
        told += guest.wait(lambda message: message.get("shell") == 2)["text"]
    while not (pids := [word for word in told.split() if word.isdigit()]):
        told += guest.wait(lambda message: message.get("shell") == 2)["text"]
    guest.send(do="close", shell=2)
    wait_until(lambda: not os.path.exists(f"/proc/{pids[-1]}"), "the shell has ended")


def test_more_than_the_port_holds_is_acknowledged(guest):
    text = base64.b64encode(os.urandom(3000)).decode()
    assert guest.run(f"len('{text}')") == "4000\n"
    assert any("got" in message for message in guest.heard)


def test_nonsense_from_the_page_is_no_end(guest):
    guest.send(do="sing")
    guest.send(do="write", path="../outside.py", text="")
    guest.wait(lambda message: "not in the book's folder" in message.get("trouble", ""))
    assert guest.run("3") == "3\n"


def test_the_forge_leaves_no_process(guest):
    guest.run("from iolab import run\nrun('day5/fork.py', quiet=True)")
    assert guest.run("""import os
[line for pid in os.listdir('/proc') if pid.isdigit() and os.path.exists(f'/proc/{pid}/stat')
 for line in [open(f'/proc/{pid}/stat').read()] if line.rpartition(')')[2].split()[1] == str(os.getppid())
 and line.rpartition(')')[2].split()[0] == 'Z']""") == "[]\n"


BELOW = """import os, signal, subprocess
from iolab.launch import guardian
from iolab.machine.guest import forge
with subprocess.Popen(["sh", "-c", "sleep 60 & sleep 60 & echo; wait"], stdout=subprocess.PIPE,
                      start_new_session=True) as shell:
    shell.stdout.readline()
    short, long = forge.descendants(), guardian.descendants()
    os.killpg(shell.pid, signal.SIGKILL)
assert len(set(short)) == 3 and sorted(short) == sorted(long), (short, long)"""


@pytest.mark.skipif(not os.path.exists("/proc/thread-self/children"), reason="this kernel lists no children")
def test_the_short_way_to_all_descendants_finds_what_the_long_one_finds():
    """In a process of its own: the tests' may have a browser below it, which comes and goes."""
    subprocess.run([sys.executable, "-c", BELOW], check=True, timeout=60)


def test_what_is_no_text_or_no_message_ends_nobody(guest):
    guest.begin("raise ValueError('\\ud800')")
    assert guest.end()[1][-1]["message"] == "\ud800"
    guest.run("import os\nos.write(4, b'5\\nno JSON\\n[]\\n')")
    guest.send(do="shell", shell=1, rows=20, columns=66)
    guest.send(do="type", shell=1, text="\ud800")
    guest.wait(lambda message: "surrogates not allowed" in message.get("trouble", ""))
    guest.send(do="close", shell=1)
    guest.wait(lambda message: message.get("ended"))
    assert guest.run("1") == "1\n"


def test_a_kernel_that_is_killed_is_told_though_a_fork_of_it_lives(guest):
    guest.begin("import os, time\nif not os.fork(): time.sleep(60)\nprint('on', flush=True)\nos._exit(1)")
    assert guest.end() == ("died", [{"kind": "stream", "name": "stdout", "text": "on\n"}])
    pid = int(guest.run("import os\nos.getpid()"))
    os.kill(pid, signal.SIGKILL)
    assert guest.wait(lambda message: "died" in message)["memory"] is False
    assert guest.run("2") == "2\n"


def test_an_interrupt_in_the_middle_of_a_long_message_cuts_no_other(guest):
    for _ in range(5):
        guest.begin("class Long:\n    def _repr_html_(self): return 'x' * 3_000_000\nprint('on', flush=True)\nLong()")
        guest.wait(lambda message: "event" in message)
        time.sleep(0.01)
        guest.send(do="interrupt")
        assert guest.end()[0] in ("ok", "error")
        assert guest.run("1") == "1\n"


def test_every_name_that_iolab_offers_is_there(guest):
    guest.run("import iolab\nassert all(callable(getattr(iolab, name)) for name in iolab.__all__)")
    assert guest.run("from iolab import ask, check, grade, level, play, plot, recording, run, sender, show") == ""


ENDINGS = {
    "a file that was not closed is written": "kept = open('kept.txt', 'w')\nkept.write('all')\n"
                                             "class Last:\n    def __del__(self): print('gone')\nlast = Last()",
    "atexit after the threads": "import atexit, threading, time\natexit.register(print, 'atexit')\n"
                                "threading.Thread(target=lambda: (time.sleep(0.1), print('thread'))).start()\n"
                                "print('main')",
    "an exit with a word": "import sys\nsys.exit('why')",
    "an exit with a number": "import sys\nprint('x')\nsys.exit(300)",
    "an exception": "print('before')\n1 / 0",
    "an interrupt": "raise KeyboardInterrupt",
    "a daemon": "import threading, time\nthreading.Thread(target=time.sleep, args=[60], daemon=True).start()",
    "a fork that comes to the end too": "import os\npid = os.fork()\nif pid: os.waitpid(pid, 0)\n"
                                       "print('parent' if pid else 'child')",
    "standard output that is full": "import os, sys\nos.dup2(os.open(os.devnull, os.O_WRONLY), 2)\n"
                                    "sys.stdout = open('/dev/full', 'w')\nprint('lost')",
}


@pytest.mark.parametrize("code", ENDINGS.values(), ids=list(ENDINGS))
def test_a_script_ends_as_an_interpreter_does(guest, tmp_path, code):
    script = tmp_path / "ends.py"
    script.write_text(code)
    outside = subprocess.run([sys.executable, script], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, env=os.environ | {"NO_COLOR": "1"})
    kept = tmp_path / "kept.txt"
    written = kept.exists() and kept.read_text()
    kept.unlink(missing_ok=True)
    told = guest.run(f"""import pathlib
from iolab.launch import run, scripts
before, scripts.CODE = scripts.CODE, pathlib.Path({str(tmp_path)!r})
try: result = run('ends.py', quiet=True, cwd=scripts.CODE)
finally: scripts.CODE = before
import json; print(json.dumps([result.status, result.output]))""")
    assert json.loads(told) == [outside.returncode, outside.stdout] and written == (kept.exists() and kept.read_text())


def test_a_cell_that_prints_without_end_keeps_no_shell_waiting(guest):
    guest.begin("import subprocess\nsubprocess.run(['yes'])")
    guest.send(do="shell", shell=1, rows=20, columns=66)
    guest.send(do="type", shell=1, text="echo $((6 * 7))th\r")
    try:
        guest.wait(lambda message: message.get("shell") == 1 and "42th" in message.get("text", ""), timeout=10)
    finally:
        guest.send(do="interrupt")
        guest.end()
        guest.send(do="close", shell=1)
        guest.wait(lambda message: message.get("ended"))


def test_what_is_printed_does_not_end_the_round_of_who_is_listened_to():
    reading, writing = os.pipe()
    os.write(writing, b"x")
    told = []
    hub = channels.Hub(types.SimpleNamespace(send=lambda **message: told.append(message)), None)
    hub.kernel = types.SimpleNamespace(decoders={"stdout": codecs.getincrementaldecoder("utf-8")()})
    try:
        assert not hub._from_stream(reading, "stdout") and told[0]["event"]["text"] == "x"
    finally:
        os.close(reading)
        os.close(writing)


def test_without_its_forge_the_supervisor_ends_and_its_kernel_too(guest):
    with type(guest)() as own:
        kernel = int(own.run("import os\nos.getpid()"))
        os.kill(stat.read(kernel).ppid, signal.SIGKILL)
        ended = os.WEXITED | os.WNOHANG | os.WNOWAIT
        wait_until(lambda: os.waitid(os.P_PID, own.process.pid, ended), "the supervisor's end")
        wait_until(lambda: not os.path.exists(f"/proc/{kernel}"), "the kernel's end")
