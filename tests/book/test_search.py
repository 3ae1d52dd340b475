"""Search as a reader types it: Chinese words, names of functions, whole questions; from a server and from disk."""

import re
from pathlib import Path

import pytest

from iolab.sphinxext import apis

BOOK = Path(__file__).parent.parent.parent / "book"
TCP = "network/tcp-socket.html"


def results(tab):
    tab.wait_for_selector("#search-results .search-summary")
    return [link.get_attribute("href") for link in tab.locator("#search-results .search-page").all()]


TERMS = [
    "三次握手",
    "粘包",
    "缓冲区",
    "套接字",
    "recv",
    "sendall",
    "SO_REUSEADDR",
    "so_reuseaddr",
    "ｒｅｃｖ",
    "粘包 recv",
]


@pytest.mark.parametrize("query", TERMS)
def test_a_term_is_found_among_the_first_three(reader, origin, query):
    with reader(origin) as (tab, trouble):
        tab.goto(f"{origin}search.html?q={query}", wait_until="load")
        assert any(href.startswith(TCP) for href in results(tab)[:3])
        assert tab.locator("#search-results mark").count() > 0
        assert trouble == []


def ask(tab, query):
    """The first three pages that the open search page finds, without loading it again for each of many queries."""
    tab.evaluate("(query) => history.replaceState(null, '', '?' + new URLSearchParams({ q: query }))", query)
    tab.add_script_tag(url="_static/search.js")
    assert f"“{query}”" in tab.locator(".search-summary").inner_text()
    return [href.partition("#")[0].removesuffix(".html") for href in results(tab)[:3]]


def test_every_api_is_found_on_its_page(reader, site):
    with reader(site) as (tab, trouble):
        tab.goto(site + "search.html", wait_until="load")
        asked = {(word, page) for page, name in apis.load(BOOK / apis.FILE).values() for word in apis.called(name)}
        lost = [f"{word}: {page} is not in {found}" for word, page in asked if page not in (found := ask(tab, word))]
        assert asked and not lost, "\n".join(sorted(lost))
        assert trouble == []


KNOWN_BY = {
    "僵尸进程": "process/orphan-zombie", "僵尸": "process/orphan-zombie", "孤儿": "process/orphan-zombie",
    "epoll": "concurrency/multiplexing", "边缘触发": "concurrency/multiplexing", "半关闭": "network/tcp-socket",
    "四次挥手": "network/transport-services", "死锁": "thread/deadlock", "GIL": "thread/gil", "管道": "process/ipc",
    "写时复制": "process/fork", "进程池": "process/multiprocessing", "竞态条件": "thread/sync", "HTTP": "network/http",
    "事件循环": "concurrency/asyncio", "asyncio": "concurrency/asyncio", "字节序": "network/struct",
    "文件描述符": "files/buffer-offset", "怎样避免僵尸": "process/orphan-zombie",
    "select 和 epoll": "concurrency/multiplexing",
    "守护线程": "thread/thread", "非阻塞": "concurrency/io-kinds", "丢包": "network/udp-socket",
}


def test_every_subject_is_found_on_its_page(reader, site):
    with reader(site) as (tab, trouble):
        tab.goto(site + "search.html", wait_until="load")
        asked = KNOWN_BY.items()
        lost = [f"{word}: {page} is not in {found}" for word, page in asked if page not in (found := ask(tab, word))]
        assert not lost, "\n".join(lost)
        assert trouble == []


def test_every_term_of_the_glossary_is_found_where_it_is_introduced(reader, site, built_book):
    glossary = (built_book / "appendix" / "glossary.html").read_text(encoding="utf-8")
    entries = re.findall(r'<dt id="[^"]*">(.*?)（.*?</dt><dd>(.*?)</dd>', glossary, re.DOTALL)
    with reader(site) as (tab, trouble):
        tab.goto(site + "search.html", wait_until="load")
        lost = [
            f"{term}: {pages} not in {found}"
            for term, text in entries
            if (pages := set(re.findall(r'href="\.\./([^"]*)\.html#', text))).isdisjoint(found := ask(tab, term))
        ]
        assert len(entries) > 100 and not lost, "\n".join(lost)
        assert trouble == []


def test_a_question_is_found_by_its_words(reader, origin):
    with reader(origin) as (tab, _):
        tab.goto(f"{origin}search.html?q=怎么样才能防止粘包呢", wait_until="load")
        assert any(href.startswith(TCP) for href in results(tab)[:3])


def test_a_result_leads_to_the_heading_and_quotes_the_text(reader, origin):
    with reader(origin) as (tab, trouble):
        tab.goto(f"{origin}search.html?q=粘包", wait_until="load")
        quote = tab.locator("#search-results .context", has_text="粘包").first
        assert 2 < len(quote.text_content()) < 200
        link = tab.locator("#search-results .search-section a").first
        heading = link.text_content()
        link.click()
        tab.wait_for_url("**/*.html#*")
        anchor = tab.evaluate("location.hash.slice(1)")
        assert heading in tab.locator(f"#{anchor}").locator(":is(h1, h2, h3, h4)").first.text_content()
        assert trouble == []


def test_what_no_page_says_is_not_found(reader, origin):
    with reader(origin) as (tab, trouble):
        tab.goto(f"{origin}search.html?q=quetzalcoatl", wait_until="load")
        assert results(tab) == []
        assert "quetzalcoatl" in tab.locator(".search-summary").text_content()
        assert trouble == []


@pytest.mark.parametrize("query", ["<img src=x onerror=alert(1)>", "((", "\\", "a" * 3000, "%", "𠮷 ﬁ"])
def test_strange_queries_do_no_harm(reader, origin, query):
    with reader(origin) as (tab, trouble):
        tab.goto(origin + "search.html", wait_until="load")
        tab.locator(".bd-search-container input[name=q]").fill(query)
        tab.keyboard.press("Enter")
        results(tab)
        assert tab.locator("#search-results img").count() == 0
        assert trouble == []


def test_search_opens_by_key_on_any_page(reader, origin):
    with reader(origin) as (tab, trouble):
        tab.goto(origin + "index.html", wait_until="load")
        tab.keyboard.press("Control+k")
        tab.keyboard.type("粘包")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/search.html?q=*")
        assert any(href.startswith(TCP) for href in results(tab))
        assert trouble == []
