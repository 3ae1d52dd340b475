"""Search as a reader types it: Chinese words, names of functions, whole questions; from a server and from disk."""

import pytest

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
