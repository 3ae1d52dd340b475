import pytest

from iolab.wire import Log
from iolab.wire.transcript import quote, rows


def test_an_entry_knows_its_bytes():
    log = Log()
    entry = log.add("←", "你".encode())
    assert (entry.size, entry.text, entry.hex) == (3, "你", "e4 bd a0")
    assert log.add("←", b"\xe4\xbd").text is None


def test_the_newest_lines_are_kept_and_the_rest_is_counted():
    log = Log(keep_lines=3)
    for number in range(10):
        log.add("→", b"%d" % number)
    assert [entry.text for entry in log] == ["7", "8", "9"]
    assert (log.dropped, log.dropped_bytes, log.sent) == (7, 7, 10)


def test_the_bytes_are_bounded_too_but_the_newest_entry_stays_whole():
    log = Log(keep_bytes=10)
    for size in (4, 4, 4, 25):
        log.add("←", b"x" * size)
    assert [entry.size for entry in log] == [25]
    assert (log.dropped, log.dropped_bytes, log.received) == (3, 12, 37)
    assert len(log.answer) <= 20 and log.answer_size == 37


def test_of_a_long_answer_exactly_the_newest_bytes_are_kept():
    log = Log(keep_bytes=10)
    log.add("←", bytes(20))
    assert log.answer == bytes(20), "up to twice as much nothing is cut"
    log.add("←", b"0123456789")
    assert (log.answer, log.answer_size) == (b"0123456789", 30)


def test_the_round_trip_stands_at_the_first_answer_to_the_first_unanswered_send():
    log = Log()
    sent = [log.add("→", b"a"), log.add("→", b"b")]
    first, second = log.add("←", b"a"), log.add("←", b"b")
    assert first.round_trip_ms == pytest.approx((first.at - sent[0].at) * 1000)
    assert second.round_trip_ms is None and sent[0].round_trip_ms is None


def test_an_answer_of_another_connection_has_no_round_trip():
    log = Log()
    log.begin()
    log.add("→", b"lost")
    log.begin()
    assert log.add("←", b"greeting").round_trip_ms is None


def test_clear_forgets_and_goes_on():
    log = Log(keep_lines=1)
    log.add("→", b"dropped")
    log.add("→", b"kept")
    log.clear()
    assert (log.dropped, log.dropped_bytes) == (0, 0)
    log = Log()
    log.add("→", b"a")
    log.clear()
    assert len(log) == 0 and log.sent == 1
    assert log.add("→", b"b") == log[-1]


@pytest.mark.parametrize("limits", [{"keep_lines": 0}, {"keep_bytes": -1}])
def test_a_log_that_keeps_nothing_is_refused(limits):
    with pytest.raises(ValueError, match=r"keep_lines=\d+, keep_bytes=-?\d+"):
        Log(**limits)


def test_rows_do_not_depend_on_how_tcp_cut_the_stream():
    def logged(*calls):
        log = Log()
        log.next_turn()
        for direction, data in calls:
            log.add(direction, data)
        return [str(row) for row in rows(log)]

    one = logged(("→", b"ab"), ("→", b"ab"), ("←", b"abab"))
    assert one == ['→ 4 字节（2 次 send） "abab"', '← 4 字节 "abab"']
    assert logged(("→", b"ab")) == ['→ 2 字节 "ab"']
    assert logged(("→", b"ab"), ("←", b"a"), ("→", b"ab"), ("←", b"bab")) == one


def test_rows_show_what_is_no_text_as_hex_and_cut_what_is_long():
    log = Log()
    log.add("←", b"\xff\x00")
    log.next_turn()
    log.add("←", b"\n" * 100)
    log.next_turn()
    log.add("←", b"\xff" * 100)
    shown = [row.shown for row in rows(log)]
    assert quote(b"\xff" * 100, 64) == "十六进制 " + "ff " * 21 + "…"  # never half a byte
    assert [str(row)[:6] for row in rows(log)] == ["← 2 字节", "← 100 ", "← 100 "]
    assert shown == ["十六进制 ff 00", '"' + "\\n" * 60 + '…"', "十六进制 " + "ff " * 20 + "…"]
