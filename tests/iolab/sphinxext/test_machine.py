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


def test_the_rest_of_the_machine_is_no_page_s_script():
    def file(name, **attributes):
        return SimpleNamespace(filename=name, attributes=attributes)

    own, offered = file("_static/player.js"), file("_static/machine/main.js", defer="defer")
    context = {"script_files": [own, file("machine/main.js"), file("machine/state.zst.js"), offered],
               "css_files": [file("machine/front.css")]}
    machine.keep_out(None, "page", "page.html", context, None)
    assert context == {"script_files": [own, offered], "css_files": []}
