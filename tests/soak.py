"""How much a test does: a sample in `make test`, which has twelve minutes; all of it in `make soak` (SOAK=1)."""

import os

SOAK = bool(os.environ.get("SOAK"))


def amount(test, soak):
    """How often a test repeats something."""
    return soak if SOAK else test


def sample(cases, step):
    """Every step-th of the cases, the first among them."""
    return list(cases) if SOAK else list(cases)[::step]
