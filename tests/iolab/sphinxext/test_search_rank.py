"""What search-rank.js holds to be nearest, on a book of a few lines; tests/book asks the whole book."""

import json
from pathlib import Path

import pytest

from iolab import sphinxext

SCRIPT = Path(sphinxext.__file__).parent / "static" / "search-rank.js"
TERMS = [["粘包", "sticky packets", "TCP 粘包"], ["线程", "thread"], ["套接字", "socket"]]
ERRORS = [["ECONNREFUSED", 111, "Connection refused", "ConnectionRefusedError", 10061, ["拒绝连接"],
           ["tcp.html", "udp.html"]],
          ["EAGAIN", 11, "Resource temporarily unavailable", "BlockingIOError", None, [], ["udp.html"]],
          ["", None, "a bytes-like object is required, not 'str'", "TypeError", None, [], ["bytes.html"]]]
PAGES = {  # url -> sections (heading, prose, names), topics
    "appendix/glossary.html": ([("术语", "粘包：几条消息连在一起。", ""), ("进程", "", "")], []),
    "tcp.html": ([("传输", "字节流没有边界，会粘包。", "sendall"),
                  ("连接被拒绝", "Connection refused 是没有监听。", "")], []),
    "udp.html": ([("数据报", "一个报文一次 recvfrom，套接字不连接。", "recvfrom")], ["recvfrom"]),
    "bytes.html": ([("编码", "文字要先编码。What is the best of all？", "encode")], []),
    "threads.html": ([("并发", "多个线程共享内存。线程要加锁。", ""), ("锁", "锁保护共享的数据。", "")], ["锁"]),
    "locks.html": ([("死锁", "两把锁，两个线程互相等，见第 11 行。", "recv")], []),
}


@pytest.fixture(scope="module")
def tab(browser):
    index = {"pages": [[sections[0][0], url, [[str(at), *one] for at, one in enumerate(sections)], topics]
                       for url, (sections, topics) in PAGES.items()], "terms": TERMS, "errors": ERRORS}
    tab = browser.new_page()
    tab.add_script_tag(content=f"const BOOK_INDEX = {json.dumps(index)};")
    tab.add_script_tag(path=SCRIPT)
    yield tab
    tab.close()


def found(tab, query):
    """[(url, heading of the best section), …], best first."""
    return [tuple(one) for one in tab.evaluate(
        "query => bookSearch(query).results.map(({ page, sections }) => [page.url, sections[0].heading])", query)]


@pytest.mark.parametrize(("query", "first"), [
    ("粘包", ("tcp.html", "传输")),                         # the appendix says it too, and comes first in the book
    ("sticky packets", ("tcp.html", "传输")),               # under its English name, which no page says
    ("什么是粘包？", ("tcp.html", "传输")),
    ("thread", ("threads.html", "并发")),
    ("What is the thread?", ("threads.html", "并发")),     # English words that no answer is about
    ("多线程", ("threads.html", "并发")),                   # about 线程 too
    ("锁", ("threads.html", "锁")),                         # the page that is there to explain it, and its section
    ("recv", ("locks.html", "死锁")),                       # not recvfrom
    ("recvfrom", ("udp.html", "数据报")),
    ("连接被拒绝怎么办", ("tcp.html", "连接被拒绝")),
    ("ConnectionRefusedError: [Errno 111] Connection refused", ("tcp.html", None)),
    ("ECONNREFUSED", ("tcp.html", None)),
    ("errno 11", ("udp.html", "数据报")),                    # 11 is not the beginning of 111
    ("错误码：111", ("tcp.html", None)),
    ("BlockingIOError", ("udp.html", "数据报")),
    ("TypeError: a bytes-like object is required, not 'str'", ("bytes.html", "编码")),
])
def test_the_first_answer(tab, query, first):
    url, heading = found(tab, query)[0]
    assert url == first[0] and heading == (first[1] or heading)


def test_what_no_page_says_is_not_found(tab):
    assert found(tab, "量子纠缠") == [] and found(tab, "什么是") == []


def test_the_number_of_an_error_is_no_word_to_look_for(tab):
    assert [url for url, _ in found(tab, "errno 11")] == ["udp.html"]


def test_of_an_error_all_its_pages_are_found_the_best_first(tab):
    assert [url for url, _ in found(tab, "ECONNREFUSED")] == ["tcp.html", "udp.html"]


def test_words_of_every_language_are_marked(tab):
    words = tab.evaluate("bookSearch('Sticky Packets').words")
    assert {"sticky packets", "粘包"} <= set(words)
