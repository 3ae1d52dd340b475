"""The figures of the arena are what their names say: percentiles, rates, medians of the repeats."""

import json
import socket
import threading
from pathlib import Path

import pytest

from iolab.arena import load, tournament
from iolab.arena.measure import Row

RECORD = Path(__file__).parents[3] / "book" / "traces" / "arena.json"


def row(**figures):
    return Row("x", 2, 0, **({"held": 2, "problem": None, "says": ""} | figures))


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50_000), (0.99, 99_000), (0.9, 90_000), (0, 0), (1, 99_000)])
def test_a_percentile_is_the_value_that_so_many_do_not_reach(share, expected):
    assert load.at([number for number in range(100)], share) == expected
    assert load.at([], share) is None and load.at([0.002], share) == 2.0


def test_the_figure_of_repeats_is_their_median():
    rows = [row(rate=rate, p50_ms=1 / rate, waiting=3.0, held=held) for rate, held in ((10.0, 2), (90.0, 2), (20.0, 1))]
    found = tournament._median(rows)
    assert (found.rate, found.p50_ms, found.waiting, found.held) == (20.0, 1 / 20, 3.0, 2)
    assert found.server_cpu is None and found.problem is None


def test_a_problem_of_one_repeat_is_told():
    found = tournament._median([row(rate=1.0), row(problem="坏了", says="再见"), row(rate=3.0)])
    assert (found.problem, found.says, found.rate) == ("坏了", "再见", 2.0)


def test_the_load_reports_what_it_measured():
    """Two clients whose echoes come at once: as many requests as echoes, latencies in order."""
    found, echoed = ask_two_clients()
    assert 0 < found["requests"] <= sum(echoed) / 16 <= found["requests"] + 2 + 2 * load.LAZY
    assert 0.3 <= found["seconds"] < 5 and 0 < found["p50_ms"] <= found["p99_ms"] < 5000
    assert 0 < found["waiting"] <= 2


def test_the_percentiles_are_taken_where_their_names_say(monkeypatch):
    monkeypatch.setattr(load, "at", lambda ordered, share: (share, ordered == sorted(ordered)))
    found, _ = ask_two_clients()
    assert (found["p50_ms"], found["p99_ms"]) == ((0.5, True), (0.99, True))


def ask_two_clients():
    pairs = [socket.socketpair() for _ in range(2)]
    echoed = [0, 0]

    def echo(number, one):
        while data := one.recv(4096):
            echoed[number] += len(data)
            one.sendall(data)

    threads = [threading.Thread(target=echo, args=(number, pair[1])) for number, pair in enumerate(pairs)]
    for thread in threads:
        thread.start()
    found = load.ask([pair[0] for pair in pairs], 0.3, 16, 1)
    for one, _ in pairs:
        one.shutdown(socket.SHUT_WR)
    for thread in threads:
        thread.join()
    for pair in pairs:
        for one in pair:
            one.close()
    return found, echoed


def test_the_shipped_record_keeps_the_order_of_its_figures():
    for shown in json.loads(RECORD.read_text("utf-8"))["rows"]:
        if shown["rate"] is not None:
            assert 0 < shown["p50_ms"] <= shown["p99_ms"] and shown["waiting"] <= shown["active"]
        assert shown["held"] <= shown["active"] + shown["idle"]
        assert (shown["rate"] is None) <= (shown["problem"] is not None)
