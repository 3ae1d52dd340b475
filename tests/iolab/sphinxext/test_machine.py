"""The page's Linux is offered where it has been built, on pages with cells."""

from types import SimpleNamespace

import pytest

from iolab.sphinxext import machine


@pytest.mark.parametrize(("built", "body", "added"), [
    (True, '<div class="cell docutils container">', [("machine/main.js", {"loading_method": "defer"})]),
    (True, "<p>text</p>", []),
    (False, '<div class="cell docutils container">', []),
])
def test_the_script_comes_with_cells_and_only_when_built(tmp_path, built, body, added):
    if built:
        (tmp_path / "_static/machine").mkdir(parents=True)
        (tmp_path / "_static/machine/main.js").touch()
    found = []
    app = SimpleNamespace(srcdir=tmp_path, add_js_file=lambda name, **options: found.append((name, options)))
    machine.add_script(app, "page", "page.html", {"body": body}, None)
    assert found == added
