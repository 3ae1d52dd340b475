"""Facts that one page tells and another lists: kept in the environment, so that incremental builds are whole."""


class PageFacts:
    """A mapping docname -> fact in ``env``, that forgets a page when it is read again or removed."""

    def __init__(self, name):
        self.attribute = f"iolab_{name}"

    def of(self, env):
        """Return the mapping docname -> fact of this environment, to be read and written."""
        if not hasattr(env, self.attribute):
            setattr(env, self.attribute, {})
        return getattr(env, self.attribute)

    def connect(self, app):
        app.connect("env-purge-doc", lambda app, env, docname: self.of(env).pop(docname, None))
        app.connect("env-merge-info", self._merge)

    def _merge(self, app, env, docnames, other):
        self.of(env).update((name, fact) for name, fact in self.of(other).items() if name in docnames)


def reread_with_others(app, facts):
    """Have every page of ``facts`` read again as soon as any other page is: it lists what the others say."""

    def add(app, env, docnames):
        if docnames:
            docnames.extend(name for name in facts.of(env) if name in env.found_docs and name not in docnames)

    app.connect("env-before-read-docs", add)
