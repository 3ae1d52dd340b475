"""Tabs that forget: a browser context costs half a second of processor time, so does a window, a tab much less."""

from contextlib import contextmanager


class Tabs:
    """The contexts of one playwright browser, kept by their options, each for one user at a time.

    The first tab of each is never used: it keeps the window open.
    """

    def __init__(self, browser):
        self._browser = browser
        self._idle = {}  # options, as text -> contexts that nobody uses

    @contextmanager
    def open(self, clock=False, **options):
        """A tab of a context with these options that knows nothing of the tabs before it; tabs it opens end with it.

        clock: its time passes as the test says (page.clock). Nothing gives a context real time back: it is used once.
        """
        if clock:
            with self._browser.new_context(**options) as context:
                context.clock.install()
                yield context.new_page()
            return
        idle = self._idle.setdefault(repr(sorted(options.items())), [])
        if idle:
            context = idle.pop()
        else:
            context = self._browser.new_context(**options)
            context.new_page()
        try:
            yield context.new_page()
        finally:
            forget(context)
            idle.append(context)


def forget(context):
    """Close all tabs of a context but the first and clear what their pages have stored, of whatever origin."""
    context.unroute_all(behavior="ignoreErrors")
    first, *others = context.pages
    for tab in others:
        tab.close()
    session = context.new_cdp_session(first)
    session.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    session.detach()
    context.clear_cookies()
