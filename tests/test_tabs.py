"""A tab of a context that was used knows nothing of what was there."""

STORE = "() => { localStorage.setItem('kept', '1'); document.cookie = 'kept=1'; return localStorage.length; }"
STORED = "() => [localStorage.length, document.cookie]"


def test_a_tab_forgets_what_the_one_before_it_kept(tabs, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><title>page</title>")
    with tabs.open() as tab:
        context, other = tab.context, tab.context.new_page()
        tab.goto(page.as_uri())
        assert tab.evaluate(STORE) == 1
        other.goto(page.as_uri())
        assert other.evaluate(STORED)[0] == 1, "what one tab keeps, another of its context knows"
        tab.goto("about:blank")
        tab.close()
    with tabs.open() as tab:
        assert tab.context == context and context.pages[1:] == [tab]
        tab.goto(page.as_uri())
        assert tab.evaluate(STORED) == [0, ""]


def test_two_tabs_at_once_are_strangers(tabs):
    with tabs.open() as one, tabs.open() as two, tabs.open(color_scheme="dark") as three:
        assert len({one.context, two.context, three.context}) == 3


def test_a_tab_whose_time_is_the_tests_leaves_the_others_real_time(tabs):
    with tabs.open(clock=True) as tab:
        tab.goto("about:blank")
        assert "native code" not in tab.evaluate("requestAnimationFrame.toString()")
    with tabs.open() as tab:
        tab.goto("about:blank")
        assert "native code" in tab.evaluate("requestAnimationFrame.toString()")
