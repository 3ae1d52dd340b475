"""Every script of the days, servers with clients and whole pages in the page's Linux, against how they end outside.

`make test` runs all scripts, five servers and three pages; `make soak` all pages (an hour). What ends otherwise
is printed.
"""

import contextlib
import json
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

from iolab.launch import ScriptError, run
from iolab.launch.scripts import CODE
from live_driver import IGNORED, given, recorded
from pages import PAGES, ROOT
from soak import amount

ALL_SCRIPTS = sorted(path for path in CODE.glob("day*/**/*.py") if not path.stem.endswith("_common"))
# servers do not end, and clients need one: below
SCRIPTS = [str(path.relative_to(CODE)) for path in ALL_SCRIPTS if "--port" not in path.read_text(encoding="utf-8")]
NOTEBOOKS = [page for page in PAGES if (ROOT / "book" / page).with_suffix(".ipynb").exists()]
SOME = ["files/io.html", "process/pipes.html", "thread/deadlock.html"]
SERVERS = ["day4/tcp_server.py", "day9/fork_server.py", "day9/thread_server.py", "day10/select_server.py",
           "day10/epoll_server.py"]
PATIENCE = 30  # seconds for a script outside
LIMIT = 120  # seconds for a cell or a script inside, where it is many times slower, also on a busy machine
ENOUGH = {"scripts": 0.98, "cells": 0.97, "same": 0.95}
DRAWN = ("play(", "plot(", "level(", "ask(", "show(", "sender(", "record(", "compete(")  # by the page, or not at all
ALL = """from iolab import run
for script in {}:
    try:
        print(script, run(script, quiet=True, timeout={}).status)
    except Exception as error:
        print(script, str(error)[-200:].replace(chr(10), " "))"""
IDLE = """() => ![...document.querySelectorAll('div.cell')].some(
    ({dataset}) => ['running', 'waiting'].includes(dataset.live))"""
CLIENT = """import socket
with serve({!r}) as server, socket.create_connection(server.address) as client:
    for word in ("你好", "再见"):
        client.sendall(word.encode())
        print(client.recv(100).decode(), end=" ")"""
counted = {"cells": 0, "ended": 0, "comparable": 0, "same": 0}


def outside(script):
    """The exit status, None for one that does not end by itself."""
    try:
        return run(script, quiet=True, timeout=PATIENCE).status
    except ScriptError:
        return None


def open_page(machine, origin, page):
    machine.tab.goto(origin + page)
    machine.unfold()
    machine.tab.evaluate("""() => { const runs = window.runs = {};
        document.addEventListener('live-run', ({detail}) => { runs[detail.number] = JSON.stringify(detail) }) }""")
    machine.tab.locator(".machine-run").first.click()
    machine.tab.wait_for_function("window.runs[1]", timeout=2 * LIMIT * 1000)


@pytest.mark.timeout(20 * LIMIT)
def test_scripts_end_as_outside(machine, origin_of_machine):
    with ThreadPoolExecutor(8) as pool:
        statuses = dict(zip(SCRIPTS, pool.map(outside, SCRIPTS), strict=True))
    expected = {script: str(status) for script, status in statuses.items() if status is not None}
    open_page(machine, origin_of_machine, SOME[0])
    machine.begin(2, ALL.format(list(expected), LIMIT))
    machine.wait(2, timeout=LIMIT * 20)
    told = dict(line.split(" ", 1) for line in machine.output(2).splitlines())
    other = {script: f"{told.get(script)} instead of {status}" for script, status in expected.items()
             if told.get(script) != status}
    print(f"{len(expected) - len(other)} of {len(expected)} scripts end as outside",
          json.dumps(other, indent=1, ensure_ascii=False))
    assert len(expected) > len(SCRIPTS) * 0.9 and len(other) <= (1 - ENOUGH["scripts"]) * len(expected), other


def test_clients_talk_to_servers(machine, origin_of_machine):
    open_page(machine, origin_of_machine, SOME[0])
    machine.run(2, "from iolab import serve")
    told = {server: machine.run(2, CLIENT.format(server)).split() for server in SERVERS}
    assert told == {server: ["你好", "再见"] for server in SERVERS}


@pytest.mark.parametrize("page", amount(SOME, NOTEBOOKS))
def test_cells_of_a_page_end_as_in_the_book(machine, origin_of_machine, page):
    notebook = nbformat.read((ROOT / "book" / page).with_suffix(".ipynb"), as_version=4)
    cells = [cell for cell in notebook.cells
             if cell.cell_type == "code" and "remove-input" not in cell.metadata.get("tags", [])]
    open_page(machine, origin_of_machine, page)
    for number in range(2, len(cells) + 1):
        machine.tab.wait_for_function(IDLE, timeout=LIMIT * 1000)  # an answer runs its check, and to click that ends it
        if machine.tab.evaluate("number => number in window.runs", number):
            continue
        machine.cell(number).locator(".live-run").evaluate("button => button.click()")
        with contextlib.suppress(Exception):
            machine.tab.wait_for_function("number => window.runs[number]", arg=number, timeout=LIMIT * 1000)
            continue
        machine.tool("停止").click()
        machine.tab.wait_for_function("number => window.runs[number]", arg=number, timeout=LIMIT * 1000)
    runs = {int(number): json.loads(run) for number, run in machine.tab.evaluate("window.runs").items()}
    other, prints = {}, {}
    for number, cell in enumerate(cells, 1):
        expected = "error" if "error" in recorded(cell) else "ok"
        counted["cells"] += 1
        if runs[number]["status"] != expected:
            other[number] = [one for one in runs[number]["outputs"] if one["kind"] == "error"] or runs[number]["status"]
            continue
        counted["ended"] += 1
        if IGNORED not in cell.metadata.get("tags", []) and not any(name in cell.source for name in DRAWN):
            counted["comparable"] += 1
            counted["same"] += (same := given(runs[number]) == recorded(cell))
            prints |= {} if same else {number: (given(runs[number]), recorded(cell))}
    print(f"{page}: {len(cells) - len(other)} of {len(cells)} cells end as in the book {other} otherwise {prints}")
    assert len(other) <= max(1, len(cells) // 5)  # all together: below


def test_of_all_cells_most_end_and_print_as_in_the_book():
    if not counted["cells"]:
        pytest.skip("lacks the Linux of the page, and so counted nothing")
    print(counted)
    assert counted["ended"] >= ENOUGH["cells"] * counted["cells"]
    assert counted["same"] >= ENOUGH["same"] * counted["comparable"]
