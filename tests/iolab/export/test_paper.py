"""A page on paper: answers at the end and not before, nothing to press, pictures and code that any reader can show."""

import re
from importlib.resources import files

import html5lib
import pytest

from iolab.export import chapters, codelines, links, paper, tree

QUESTION = """<section class="iolab-question" data-name="p/{0}"><p class="q-ask"><strong>先猜</strong>
几个 <code>x</code>？</p><ol class="q-choices"><li>一</li><li>二</li></ol>
<details class="q-told"><summary>答案</summary>
<dl><dt>一</dt><dd>少了{0}。</dd><dt class="q-right">二</dt><dd>对了{0}。</dd></dl></details></section>"""
EXERCISE = """<div class="exercise admonition" id="ex"><p class="admonition-title">练习 1 (★ 数)</p></div>
<div class="cell tag_answer:ex docutils container"><div class="cell_input"><pre>def f(): ...</pre></div></div>
<div class="cell tag_check:ex plumbing docutils container" id="checked"><div class="cell_input">
<pre>check(f)</pre></div><div class="cell_output"><pre>还没有作答</pre></div></div>
<div class="solution dropdown admonition" id="solved"><p class="admonition-title">解答<span> 练习 1 (★ 数)</span></p>
<section><pre>def f(): return 7</pre></section></div>"""
SCRIPT = """<div class="cell tag_unseen plumbing"><div class="cell_input"><pre>show("day1/a.py")</pre></div>
<details class="admonition hide below-input"><summary><p class="collapsed">展开</p>
<p class="expanded">收起</p></summary>
<div class="cell_output"><p><strong>code/day1/a.py</strong></p><pre>import long</pre></div></details></div>"""
PICTURE = """<figure class="iolab-picture" data-name="x"><figcaption>图</figcaption>
<svg role="img" aria-label="一幅图" viewBox="0 0 9 9" width="9" height="9"><g data-gid="a" display="none">
<path d="M0 0"/></g>
<rect style="fill:var(--io-paper,#fffffe);stroke:var(--io-line,#8592a0)"/><a href="b.html"><text>到</text></a></svg>
<ol><li>第一步</li></ol><script type="application/json">{}</script></figure>"""
CLAIM = """<div class="cell tag_claim:c docutils container" id="claim-c"><div class="cell_input"><pre>1</pre></div>
<details class="claim-proof"><summary>已验证</summary><ul><li>成立</li></ul></details></div>"""


def still(html):
    body = tree.find(tree.parse(f"<article><section id='top'><h1>页<a class='headerlink' href='#top'>#</a></h1>{html}"
                                "</section></article>"), "article")[0]
    paper.put_on_paper(body)
    return body


def said(body):
    return "".join(tree.to_xml(body))


def test_answers_stand_at_the_end_and_not_before():
    body = still(QUESTION.format("甲") + "<p>中间</p>" + QUESTION.format("乙") + EXERCISE + "<p>最后一段</p>")
    text = tree.words(body)
    end = text.index("最后一段")
    for answer in ("少了甲", "对了甲", "对了乙", "return 7"):
        assert text.index(answer) > end and text.count(answer) == 1, f"{answer} must come after the page's last words"
    assert text.index("一二") < text.index("中间") < end, "choices stay with their question"
    assert tree.name(body[-1]) == "section" and tree.words(body[-1][0]) == "答案"


def test_questions_and_answers_lead_to_each_other():
    body = still(QUESTION.format("甲") + QUESTION.format("乙") + EXERCISE)
    ids = links.anchors(body)
    targets = [one.get("href") for one in tree.find(body, "a")]
    assert len(ids) == len(set(ids)) and {*targets} == {"#answer-1", "#ask-1", "#answer-2", "#ask-2", "#solved", "#ex"}
    assert {target[1:] for target in targets} <= set(ids)
    second = next(one for one in body.iter() if one.get("id") == "answer-2")
    assert tree.words(second).startswith("先猜 2 几个 x？") and "对了乙" in tree.words(second)


def test_an_edition_without_answers_has_no_section_for_them():
    bare = QUESTION.format("甲").partition("<details")[0] + "</section>"
    body = still(bare)
    assert "答案" not in tree.words(body) and not tree.find(body, "a")


def test_whole_scripts_stand_at_the_end():
    body = still(SCRIPT + "<p>接着说</p>" + QUESTION.format("甲"))
    text = tree.words(body)
    places = [text.index(one) for one in ("a.py（整个脚本在本章末尾）", "接着说", "对了甲", "import long")]
    assert places == sorted(places)
    assert "show(" not in text and "展开" not in text and "收起" not in text


def test_what_judges_an_answer_that_nobody_gave_goes_but_links_to_it_arrive():
    body = still(EXERCISE)
    assert "check(f)" not in tree.words(body) and "还没有作答" not in tree.words(body)
    assert "def f(): ..." in tree.words(body) and "checked" in links.anchors(body)


def test_a_picture_needs_no_style_of_its_own():
    body = still(PICTURE)
    text = said(body)
    assert "fill:#fffffe;stroke:#8592a0" in text and "var(" not in text
    assert "data-" not in text and "display" not in text and "<script" not in text and "aria-label" not in text
    assert "title>一幅图<" in text and "第一步" in text and 'xlink:href="b.html"' in text


def test_proofs_are_open():
    body = still(CLAIM)
    assert not tree.find(body, "details", "summary") and "成立" in tree.words(body) and "claim-c" in links.anchors(body)


def test_nothing_is_left_to_press():
    body = still('<p class="pst-js-only">x</p><p class="show-code"><button>显示</button></p>'
                 '<progress value="1"></progress><p class="live-hint d-print-none">make read</p><div hidden>y</div>'
                 "前<noscript>-</noscript>后<!-- z -->")
    assert tree.words(body) == "页前后"


@pytest.mark.parametrize(("html", "lines"), [
    ("<pre>a\n    b\n</pre>", [("d0", "a\n"), ("d4", "    b\n")]),
    ("<pre><span class='k'>if</span> x:\n\n<span class='s'>'''p\n  q'''</span></pre>",
     [("d0", "if x:\n"), ("d0", "\n"), ("d0", "'''p\n"), ("d2", "  q'''")]),
    ("<pre><span>a\n</span><span>  b\n</span></pre>", [("d0", "a\n"), ("d2", "  b\n")]),
    (f"<pre>{' ' * 30}far</pre>", [("d8", " " * 30 + "far")]),
])
def test_each_line_of_code_is_wrapped_by_itself(html, lines):
    pre = tree.find(tree.parse(html), "pre")[0]
    before = "".join(pre.itertext())
    codelines.cut(pre)
    assert [(one.get("class").removeprefix("line "), "".join(one.itertext())) for one in pre] == lines
    assert "".join(pre.itertext()).rstrip("\n") == before.rstrip("\n")


def test_colours_of_code_go_over_several_lines():
    pre = tree.find(tree.parse("<pre><span class='s'>'''p\nq'''</span> + 1</pre>"), "pre")[0]
    codelines.cut(pre)
    assert [tree.to_xml(one).count('class="s"') for one in pre] == [1, 1]


def test_links_between_chapters():
    def chapter(name, html):
        return chapters.Chapter(name, "", tree.parse(f"<article>{html}</article>")[0])

    here = chapter("a/one", '<p id="here">x</p><a href="#here">1</a><a href="../b/two.html#%E5%AD%97">2</a>'
                            '<a href="two.html?screen=x">3</a>前<a href="../_sources/one.ipynb">下<b>载</b></a>后<a href="https://x.org/">4</a>')
    there = chapter("b/two", '<p id="字">y</p>')
    broken = links.lead([here, there, chapter("a/two", "")], lambda name, anchor: f"{name}|{anchor}")
    assert broken == []
    assert [one.get("href") for one in tree.find(here.body, "a")] == ["a/one|here", "b/two|字", "a/two|", "https://x.org/"]
    assert "前下载后" in tree.words(here.body)
    wrong = chapter("a/one", '<a href="#gone">1</a>')
    assert links.lead([wrong], lambda *_: "") == [("a/one", "a/one#gone")]
    with pytest.raises(ValueError, match="a/one links to a/one#gone"):
        links.refuse([("a/one", "a/one#gone")])


def test_colours_of_an_epub_are_read_on_white_and_on_black():
    """An e-reader at night has a black ground; a style sheet cannot know."""
    css = files("iolab.export").joinpath("epub.css").read_text(encoding="utf-8")
    colours = re.findall(r"color: #(\w{6})", css)
    assert len(colours) == 5 and "@media" not in css
    for colour in colours:
        bright = sum(part * share for part, share in zip(map(linear, bytes.fromhex(colour)), (0.2126, 0.7152, 0.0722),
                                                         strict=True))
        assert 1.05 / (bright + 0.05) >= 4.5 and (bright + 0.05) / 0.05 >= 4.5, colour


def linear(byte):
    """A part of a colour as light (WCAG 2.2, relative luminance)."""
    part = byte / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def test_a_page_that_is_not_built_is_named(tmp_path):
    (tmp_path / "_toc.yml").write_text("root: index\nchapters: [{file: gone}]\n")
    (tmp_path / "index.html").write_text("<article class='x'><h1>书</h1></article>", encoding="utf-8")
    with pytest.raises(ValueError, match=r"gone\.html is not there.*make book"):
        chapters.read(tmp_path, tmp_path / "_toc.yml")


def test_what_is_written_is_read_again_as_the_same_page():
    body = still(QUESTION.format("甲") + PICTURE + CLAIM)
    again = html5lib.parse(said(body), treebuilder="etree")
    assert " ".join("".join(again.itertext()).split()) == tree.words(body)
