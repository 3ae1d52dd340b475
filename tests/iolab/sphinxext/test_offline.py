from types import SimpleNamespace

import pytest

from iolab.sphinxext import offline, rights, scripts, zh_search
from iolab.sphinxext.offline import used_rules


@pytest.mark.parametrize("finish", [offline.lighten, rights.add_files, scripts.copy_scripts, zh_search.write_index])
@pytest.mark.parametrize(("form", "exception"), [("html", ValueError()), ("latex", None), ("latex", ValueError())])
def test_what_ends_a_build_touches_nothing_of_a_failed_one_or_of_another_form(finish, form, exception):
    """This app has no folder that it could write to."""
    finish(SimpleNamespace(builder=SimpleNamespace(format=form)), exception)


def test_the_licences_come_from_the_project_however_deep_its_book_lies(tmp_path):
    book, html = tmp_path / "code/words/book-en", tmp_path / "html"
    for folder in (book, html):
        folder.mkdir(parents=True)
    for name in rights.LICENCES:
        (tmp_path / name).write_text(name)
    rights.add_files(SimpleNamespace(builder=SimpleNamespace(format="html"), srcdir=book, outdir=html), None)
    copied = {path.name: path.read_text() for path in html.glob("*.txt")}
    assert copied == {f"{name}.txt": name for name in rights.LICENCES}


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".btn{a:b}.unseen{a:b}p{a:b}", ".btn{a:b}p{a:b}"),
        (".btn,.unseen,.btn .unseen,p>.btn{a:b}", ".btn,p>.btn{a:b}"),
        ("p:not(.unseen){a:b}", "p:not(.unseen){a:b}"),
        ("p:is(.unseen,.btn) a,.unseen{a:b}", "p:is(.unseen,.btn) a{a:b}"),
        ("p:not(a:is(.x),b:is(.y)){a:b}", "p:not(a:is(.x),b:is(.y)){a:b}"),
        ("@media print{.unseen{a:b}.btn{a:b}}", "@media print{.btn{a:b}}"),
        ("@media (min-width:1px){.unseen{a:b}}p{a:b}", "p{a:b}"),
        ("@font-face{font-family:F;src:url(f.woff2)}p{a:b}", "p{a:b}"),
        ("/* .btn{ */p{a:b}/*# sourceMappingURL=x.map */", "p{a:b}"),
        ("@keyframes turn{to{a:b}}", "@keyframes turn{to{a:b}}"),
        ("[data-x=y] p::after{content:'.'}", "[data-x=y] p::after{content:'.'}"),
        (".w-50\\%{a:b}", ".w-50\\%{a:b}"),
    ],
)
def test_only_rules_that_a_page_can_use_stay(css, left):
    assert used_rules(css, {"btn"}) == left
