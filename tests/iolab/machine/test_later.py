"""ssl on demand, run here: the stand-in with a library of its own, the supervisor's side with a page of its own."""

import py_compile
import select
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from iolab.machine.guest import later
from iolab.machine.image import Tree

TREE = Tree()
TREE.add("lib/tls/ssl.pyc", b"0123456789")
TREE.add("a/b", bytes(10_000))

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the guest is a Linux")


class Page:
    """What stands for the page: keeps what it is told."""

    def __init__(self):
        self.told = []

    def send(self, **message):
        self.told.append(message)


@pytest.fixture
def address(tmp_path):
    return f"\0{tmp_path}"


@pytest.fixture
def asked(address, tmp_path):
    """(Page, Later, two sockets of programs that wait): the page is asked."""
    page = Page()
    supervisor = later.Later(page, address, tmp_path)
    waiting = [socket.socket(socket.AF_UNIX) for _ in range(2)]
    for one in waiting:
        one.connect(address)
    assert select.select([supervisor.fd], [], [], 10)[0]
    supervisor.asked()
    yield page, supervisor, waiting
    for one in (*waiting, supervisor._asking):
        one.close()


def answer_to(waiting):
    waiting.settimeout(10)
    return waiting.recv(4096).decode()


def test_the_page_is_asked_once_for_all_and_all_hear_why_not(asked):
    page, supervisor, waiting = asked
    assert page.told == [{"wanted": "tls"}] and supervisor.fd < 0
    supervisor.came("断了")
    assert [answer_to(one) for one in waiting] == ["断了", "断了"] and supervisor.fd > 0


def test_who_asks_again_has_the_page_asked_again(asked, address):
    page, supervisor, _ = asked
    supervisor.came("断了")
    with socket.socket(socket.AF_UNIX) as another:
        another.connect(address)
        supervisor.asked()
        assert page.told == [{"wanted": "tls"}] * 2
        supervisor._room = TREE.packed()
        supervisor.came("")
        assert answer_to(another) == ""
        with socket.socket(socket.AF_UNIX) as late:  # now it is there
            late.connect(address)
            supervisor.asked()
            assert answer_to(late) == "" and len(page.told) == 2


def test_a_program_that_has_gone_meanwhile_keeps_nobody_from_an_answer(asked):
    _, supervisor, (gone, stays) = asked
    gone.close()
    supervisor.came("断了")
    assert answer_to(stays) == "断了"


def test_files_come_to_their_places(asked, tmp_path):
    _, supervisor, waiting = asked
    supervisor._room = TREE.packed()
    supervisor.came("")
    assert answer_to(waiting[0]) == ""
    assert {path: (tmp_path / path).read_bytes() for path in TREE.files} == TREE.files


@pytest.mark.parametrize("damaged", [b"", b"{", bytes(100)])
def test_what_cannot_be_unpacked_is_an_answer(asked, damaged):
    _, supervisor, waiting = asked
    supervisor._room = damaged
    supervisor.came("")
    assert answer_to(waiting[0]) and supervisor.fd > 0


def test_the_page_is_told_where_the_room_is_or_that_there_is_none(asked, monkeypatch):
    page, supervisor, _ = asked
    monkeypatch.setattr(later, "frames_of", lambda memory: list(range(-(-len(memory) // later.PAGE))))
    supervisor.make_room(10_000)
    assert page.told[-1] == {"room": [0, 1, 2]}
    supervisor.make_room(1 << 46)
    assert page.told[-1] == {"room": []}


def test_frames_are_those_of_the_kernel(asked):
    page, supervisor, _ = asked
    supervisor.make_room(3 * later.PAGE)
    allowed = Path("/proc/self/status").read_text().partition("CapEff:")[2].split()[0]
    found = page.told[-1]["room"]
    if int(allowed, 16) >> 21 & 1:  # CAP_SYS_ADMIN
        assert len(set(found)) == 3
    else:
        assert found == []


LOOKS = "try:\n    import ssl\nexcept ImportError:\n    ssl = None\n"
LIBRARY = {  # what stands for Python's own
    "tls/ssl.py": "VALUE = 42\n",
    "asyncio/__init__.py": "from asyncio import base_events, sslproto\n",
    "asyncio/base_events.py": LOOKS,
    "asyncio/sslproto.py": LOOKS + "if ssl:\n    CLASS = ssl.VALUE\n",
}


class Program:
    """run(code, *answers): what a program prints whose ssl is the stand-in; `came` counts how often it has asked."""

    def __init__(self, folder, address):
        self.folder, self.came = folder, 0
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(address)
        self._listening.listen()
        for path, text in LIBRARY.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        py_compile.compile(folder / "tls/ssl.py", folder / "tls/ssl.pyc")
        standin = Path(later.__file__).with_name("tls.py").read_text(encoding="utf-8")
        for said, here in ((f'"\\0{later.ADDRESS[1:]}"', repr(address)), ("_PATIENCE = 90", "_PATIENCE = 0.5")):
            assert said in standin
            standin = standin.replace(said, here)
        (folder / "ssl.py").write_text(standin, encoding="utf-8")

    def run(self, code, *answers):
        thread = threading.Thread(target=self._answer, args=answers)
        thread.start()
        program = "import sys\nsys.path.insert(0, sys.argv[1])\n" + code
        done = subprocess.run([sys.executable, "-I", "-S", "-c", program, self.folder],
                              capture_output=True, text=True, encoding="utf-8", timeout=60)
        thread.join()
        return done.stdout or done.stderr

    def _answer(self, *answers):
        for answer in answers:
            with self._listening.accept()[0] as one:
                self.came += 1
                if answer is not None:
                    one.sendall(answer.encode())
                else:
                    one.recv(1)  # until it has gone

    def close(self):
        self._listening.close()


@pytest.fixture
def program(tmp_path, address):
    made = Program(tmp_path / "library", address)
    yield made
    made.close()


def test_a_program_that_imports_ssl_has_it(program):
    assert program.run("import ssl\nprint(ssl.VALUE, sys.modules['ssl'] is ssl)", "") == "42 True\n"


def test_for_python_s_own_modules_it_is_not_there_and_nobody_is_asked(program):
    assert program.run("import asyncio\nprint(asyncio.base_events.ssl, 'ssl' in sys.modules)") == "None False\n"


def test_they_have_it_once_the_program_has(program):
    code = "import asyncio, ssl\nprint(asyncio.base_events.ssl is ssl, asyncio.sslproto.CLASS)"
    assert program.run(code, "") == "True 42\n"


@pytest.mark.parametrize("way", ["import importlib\nssl = importlib.import_module('ssl')",
                                 "from ssl import VALUE\nimport ssl", "ssl = __import__('ssl')",
                                 "exec('import ssl')"])
def test_every_way_to_import_it_is_the_program_s(program, way):
    assert program.run(f"{way}\nprint(ssl.VALUE)", "") == "42\n"


def test_where_it_cannot_be_had_the_error_says_why_and_the_next_try_asks_again(program):
    told = program.run("""
try: import ssl
except ImportError as error: print(type(error).__name__, error.name, error)
import ssl
print(ssl.VALUE)""", "网络断了", "")
    assert told.startswith("ImportError ssl 页面里的 Linux 没有载入 ssl：网络断了。") and told.endswith("42\n")
    assert program.came == 2


def test_nobody_waits_for_ever(program):
    assert "等了 0.5 秒，没有等到" in program.run("import ssl", None)


def test_without_a_supervisor_the_error_is_an_import_s(program):
    program.close()
    assert "ImportError: 页面里的 Linux 没有载入 ssl" in program.run("import ssl")


def test_a_thread_that_comes_meanwhile_waits_for_the_whole_module(program):
    assert program.run("""
import threading
def look():
    import ssl
    print(ssl.VALUE)
threads = [threading.Thread(target=look) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()""", "") == "42\n" * 3
    assert program.came == 1
