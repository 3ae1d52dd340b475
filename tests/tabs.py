"""Tabs that forget: a browser context costs half a second of processor time, a tab of one that is there a tenth."""

from contextlib import contextmanager


class Tabs:
    """The contexts of one playwright browser, kept by their options, each for one tab at a time."""

    def __init__(self, browser):
        self._browser = browser
        self._idle = {}  # options, as text -> contexts that nobody uses

    @contextmanager
    def open(self, **options):
        """A tab of a context with these options that knows nothing of the tabs before it; tabs it opens end with it."""
        idle = self._idle.setdefault(repr(sorted(options.items())), [])
        context = idle.pop() if idle else self._browser.new_context(**options)
        tab = context.new_page()
        try:
            yield tab
        finally:
            forget(context)
            idle.append(context)

    def close(self):
        for idle in self._idle.values():
            for context in idle:
                context.close()


def forget(context):
    """Close all tabs of a context and clear what its pages have stored, of whatever origin."""
    context.unroute_all(behavior="ignoreErrors")
    for tab in context.pages[1:]:
        tab.close()
    tab = context.pages[0] if context.pages else context.new_page()
    session = context.new_cdp_session(tab)
    session.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    context.clear_cookies()
    tab.close()
