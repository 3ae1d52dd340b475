from iolab.sphinxext.offline import without_icon_fonts


def test_icon_rules_and_fonts_go_and_the_rest_stays():
    css = (
        "/*!\n * Font Awesome Free 6 */.fa,.fas{color:red}.fa-bars:before{content:'x'}"
        "@font-face{font-family:F;src:url(a)}"
        ".btn .fa-bars{top:0}@media print{.fa-sun::after{left:0}p{color:#000}}a{b:c}/*# sourceMappingURL=x.map */"
    )
    assert without_icon_fonts(css) == ".btn .fa-bars{top:0}@media print{p{color:#000}}a{b:c}"
