import pytest

from iolab.sphinxext.offline import used_rules


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
