"""Every script of the days and every page in the page's Linux, against how they end outside. For `make soak`: minutes.

MACHINE_ALL=1 runs it; it prints what ends otherwise.
"""

import json
import os

import nbformat
import pytest

from iolab.launch import ScriptError, run
from iolab.launch.scripts import CODE
from pages import PAGES, ROOT

pytestmark = pytest.mark.skipif(not os.environ.get("MACHINE_ALL"), reason="takes many minutes: MACHINE_ALL=1")
SCRIPTS = sorted(str(path.relative_to(CODE)) for path in CODE.glob("day*/**/*.py") if not path.stem.endswith("_common"))
PATIENCE = 10  # seconds outside; inside it is many times slower
ENOUGH = {"scripts": 0.98, "cells": 0.97}
ONE = """from iolab import run
try:
    print('status', run('{}', quiet=True, timeout=90).status)
except Exception as error:
    print('status', str(error)[-300:])"""


def outside(script):
    """The exit status, None for one that does not end by itself."""
    try:
        return run(script, quiet=True, timeout=PATIENCE).status
    except ScriptError:
        return None


def test_scripts_end_as_outside(machine):
    machine.tab.get_by_role("button", name="收起", exact=True).click()
    machine.tab.locator(".machine-run").first.click()
    machine.wait(1)
    expected = {script: status for script in SCRIPTS if (status := outside(script)) is not None}
    other = {}
    for script, status in expected.items():
        machine.run(2, ONE.format(script))
        told = machine.output(2).partition("status ")[2].strip()
        if told != str(status):
            other[script] = f"{told} instead of {status}"
    print(f"{len(expected) - len(other)} of {len(expected)} scripts end as outside", json.dumps(other, indent=1,
                                                                                             ensure_ascii=False))
    assert len(other) <= (1 - ENOUGH["scripts"]) * len(expected), other


@pytest.mark.parametrize("page", [page for page in PAGES if (ROOT / "book" / page).with_suffix(".ipynb").exists()])
def test_cells_of_a_page_end_as_in_the_book(machine, origin_of_machine, page):
    notebook = nbformat.read((ROOT / "book" / page).with_suffix(".ipynb"), as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    machine.tab.goto(origin_of_machine + page)
    machine.tab.locator(".machine-run").first.click()
    machine.wait(1, timeout=120)
    runs = machine.run_all(timeout=60 * len(cells))
    failed = [number for number in range(2, len(cells) + 1) if runs.get(number, {}).get("status") != "ok"]
    print(f"{page}: {len(cells) - len(failed)} of {len(cells)} cells end as in the book", failed)
    assert len(failed) <= 3
