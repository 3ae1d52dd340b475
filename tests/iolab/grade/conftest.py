from leftovers import nothing_left  # noqa: F401
