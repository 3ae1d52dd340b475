"""A small book built by the extension: claims, errata, exercises, pictures and search as they reach the HTML."""

import json
import os
import re
from pathlib import Path

import nbformat
import pytest
import yaml

import small_book
from iolab import questions
from iolab.questions import html as question_html
from small_book import begin, build

TOC = """\
format: jb-book
root: index
parts:
  - caption: 网络
    chapters: [{file: tcp}, {file: plain}]
  - caption: 附录
    chapters: [{file: claims}, {file: errata}, {file: again}, {file: lists}]
"""
CLAIMS = """\
stream: {section: tcp, claim: "`recv` 得到字节流 <b>。", verdict: 成立, confirms: "b'<hello>'", via: recv(}
queue: {section: tcp, claim: 队列没有上限。, verdict: 有误, correction: 有上限。, refutes: 第 3 个没进, via: f(}
told: {section: plain, claim: 协议由双方约定。, verdict: 成立, show: explain}
later: {section: udp, claim: 以后才写。, verdict: 成立, confirms: 写好了, via: write(}
never: {section: udp, claim: 也许不写。, verdict: 成立, confirms: 写不写, via: write(}
"""
APIS = """\
recv: {page: tcp, name: "sock.recv(bufsize)"}
play: {page: tcp, name: play(name)}
later: somewhere/else
"""
LISTS = """\
# 清单

```{api-index}
```

```{script-index}
```

```{interview-index}
```

```{error-index}
```

```{error-classes}
```

```{windows-errors}
```

```{glossary}
约定（protocol）
  双方都遵守的话。也说：规矩、convention。

没人说的（unused）
  谁也不提它。
```
"""
ERRATA = """\
# 勘误

```{errata-list}
```

```{recorded} twelve_clients
```
"""
CORRECTED = """\
- {number: E05, page: tcp, gist: '`recv` 不按条', text: '**要分**，见[传输](tcp.ipynb#字节流)。'}
- {number: E07, page: plain, gist: 第一句话。, text: 说明。}
- {number: E07, page: tcp, gist: 又一处。, text: 再说明。, claims: [stream]}
"""
QUESTION = """\
size:
  ask: 多大呢？
  right: 5
  shows: 有 {right} 个
  choices: {5: 正好五个。, 0: 不是。}
"""
ERRORS = """\
system:
  ECONNREFUSED: {number: 111, message: Connection refused, class: ConnectionRefusedError, windows: 10061,
                 also: [连接被拒绝], says: 没有监听。, pages: [tcp]}
python:
  - {class: TypeError, message: a bytes-like object is required, says: 要先 `encode`。, pages: [plain, tcp]}
"""
SCRIPT = '"""发送 <一行>。\n\n运行：  python code/day2/send.py > out\n"""\n'
PLAIN = """\
# 只有文字的一页

:::{admonition} 笔记勘误 E07
:class: erratum

第一句话。第二句话。
:::

:::{admonition} 笔记勘误 E31、E05：两条并作一条
:class: erratum

说明。
:::

(claim-told)=
## 约定

说好的话叫**约定（protocol）**，再说一次**约定（protocol）**，还有**双方**（both）。脚本是 `code/day2/send.py`。

(iv-why)=
**为什么要约定 `x`？**

:::{exercise} 想一想
:label: why

为什么要约定？
:::

:::{exercise} 再想
:label: again

还有呢？
:::

:::{solution} why
:class: dropdown

因为字节没有边界。
:::
"""
STYLED = "<style>\n.still { color: teal; }\n</style><p class='still'>一次交互</p>"
STILL = {"text/plain": "一次交互", "text/html": STYLED}
PICTURE = (
    '<figure class="iolab-picture" data-name="p"><figcaption>握手图</figcaption><img class="io-still" alt="握手图" '
    "src=\"data:image/svg+xml;charset=utf-8,%3Csvg xmlns='http://www.w3.org/2000/svg' id='s'%3E%3C/svg%3E\">"
    "<ol><li>一步</li></ol><!--iolab-player--><style>p{}</style><script>alert(1)</script><!--/iolab-player--></figure>"
)


def notebook():
    new = nbformat.v4
    choices = (("5", "正好五个。"), ("0", "不是。"))
    asked = questions.Question("tcp/size", "多大呢？", choices, "5", "有 {right} 个", "", False)
    question = question_html.to_html(asked)
    both = {"text/plain": "纯文本形式", "text/html": PICTURE}
    cells = [
        new.new_markdown_cell("# 传输\n\n开头。"),
        new.new_markdown_cell("## 字节流"),
        new.new_code_cell(
            "print('流')",
            execution_count=1,
            metadata={"tags": ["claim:stream", "claim:queue", "claim:nobody"]},
            outputs=[new.new_output("stream", text="流\n")],
        ),
        new.new_code_cell("play('p')", execution_count=2, outputs=[new.new_output("display_data", data=both)]),
        *[new.new_code_cell("still", execution_count=number, outputs=[new.new_output("display_data", data=STILL)])
          for number in (3, 4)],
        new.new_code_cell("1", execution_count=3, metadata={"tags": ["claim:stream"]},
                          outputs=[new.new_output("stream", text="\x1b[31mNameError\x1b[39m: 2\n")]),
        new.new_code_cell("import os", execution_count=4, metadata={"tags": ["setup"]}),
        new.new_code_cell("check(x)", execution_count=5, metadata={"tags": ["check:x"]}),
        *[new.new_code_cell("ask('tcp/size')", execution_count=number, metadata={"tags": ["remove-input"]},
                            outputs=[new.new_output("display_data", data={"text/html": question})])
          for number in (6, 7)],
        new.new_markdown_cell("## play 的用法\n\n见上。"),
    ]
    return small_book.notebook(cells)


def write(book):
    begin(book, TOC)
    (book / "_static").mkdir()
    (book / "_static" / "own.css").write_text("p{}", encoding="utf-8")
    (book / "claims.yml").write_text(CLAIMS, encoding="utf-8")
    (book / "apis.yml").write_text(APIS, encoding="utf-8")
    (book / "errors.yml").write_text(ERRORS, encoding="utf-8")
    (book / "lists.md").write_text(LISTS, encoding="utf-8")
    for day in ("day2", "day10"):
        (book.parent / "code" / day).mkdir(parents=True)
        (book.parent / "code" / day / "send.py").write_text(SCRIPT, encoding="utf-8")
    (book / "index.md").write_text("# 小书\n\n三次握手。\n\n<div class=\"empty\"></div>\n", encoding="utf-8")
    (book / "plain.md").write_text(PLAIN, encoding="utf-8")
    (book / "claims.md").write_text("# 总账\n\n```{claims-ledger}\n```\n", encoding="utf-8")
    (book / "errata.md").write_text(ERRATA, encoding="utf-8")
    (book / "errata.yml").write_text(CORRECTED, encoding="utf-8")
    (book / "again.md").write_text("# 再来\n\n```{question-review}\n```\n", encoding="utf-8")
    (book / "part").mkdir()
    (book / "part" / "tcp.questions.yml").write_text(QUESTION, encoding="utf-8")
    nbformat.write(notebook(), book / "tcp.ipynb")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    book = tmp_path_factory.mktemp("small") / "book"
    write(book)
    built = build(book)
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-3000:]
    return book


def html(book, page):
    return (book / "_build" / "html" / page).read_text(encoding="utf-8")


def article(book, page):
    return re.search(r"<article.*</article>", html(book, page), re.S)[0]


def test_a_proving_cell_carries_its_claims(book):
    page = article(book, "tcp.html")
    badges = re.findall(r'<details class="claim-proof">.*?</details>', page)
    assert len(badges) == 2  # one a cell: two claims, and one of them proved once more; the unknown tag is not told
    assert "<summary>已验证 2</summary>" in badges[0] and "<summary>已验证</summary>" in badges[1]
    both = badges[0].split("<li>")[1:]
    assert 'href="claims.html#claim-row-stream"' in both[0] and 'href="errata.html#E07-2">E07</a>' in both[0]
    assert "<code" in both[0] and "recv</code> 得到字节流 &lt;b&gt;。" in both[0]
    assert 'data-verdict="有误"' in both[1] and "有上限。" in both[1]
    assert page.count('id="claim-stream"') == 1


def test_the_ledger_lists_every_claim_by_part(book):
    page = article(book, "claims.html")
    assert "共 5 条论断：2 条有运行过的证明，1 条只能用文字解释" in page
    assert "成立 4 条，有误 1 条" in page
    assert re.findall(r'<tbody data-part="(.*?)">', page) == ["网络", "还没有写到"]
    assert re.findall(r'<tr id="claim-row-(\w+)"', page) == ["stream", "queue", "told", "later", "never"]
    assert '<a href="tcp.html#claim-stream">字节流</a>' in page
    assert '<a href="plain.html#claim-told">约定</a>（正文）' in page
    shown = re.findall(r'<code class="claim-shown">(.*?)</code>', page)
    assert shown == ["b&#x27;&lt;hello&gt;&#x27;", "第 3 个没进", "写好了", "写不写"]
    assert "claim-shown" not in article(book, "tcp.html"), "one small mark stays one small mark"
    assert "ledger.js" in html(book, "claims.html") and "ledger.js" not in html(book, "tcp.html")


def test_the_errata_are_listed_by_number_with_their_text_and_lead_to_their_pages(book):
    page = article(book, "errata.html")
    assert re.findall(r'<dt id="(.*?)"><a href="#.*?">(E\d+)</a> (.*?)</dt>', page) == [
        ("E05", "E05", "<code>recv</code> 不按条"), ("E07", "E07", "第一句话。"), ("E07-2", "E07", "又一处。"),
    ]
    told = re.findall(r"<dd>(.*?) <span>见：<a href=\"(.*?)\">(.*?)</a></span></dd>", page)
    assert told == [
        ('<strong>要分</strong>，见<a href="tcp.html#字节流">传输</a>。', "tcp.html", "传输"),
        ("说明。", "plain.html#erratum-E07", "只有文字的一页"),
        ("再说明。", "tcp.html#claim-stream", "传输"),
    ]
    assert "共 2 条" in page
    assert html(book, "plain.html").count('id="erratum-E07"') == 1


def test_a_page_without_callouts_says_at_its_end_what_it_corrects(book):
    said = re.findall(r'<p class="page-errata">(.*?)</p>', html(book, "tcp.html"))
    assert said == ['这一页和讲义说法不同的地方：'
                    '<a href="errata.html#E05">E05</a>、<a href="errata.html#E07-2">E07</a>。']
    assert "page-errata" not in html(book, "plain.html"), "its callouts say it"


def test_code_that_need_not_be_seen_is_marked_and_one_button_shows_it(book):
    page = article(book, "tcp.html")
    hidden = re.findall(r'<div class="cell tag_(\w+:?\w*) [^"]*plumbing[^"]*"', page)
    assert hidden == ["setup", "check:x"]
    assert page.count("显示代码") == 1 and page.index("显示代码") < page.index("tag_setup")
    assert "显示代码" not in article(book, "plain.html")


def test_a_question_brings_its_script_once_a_page(book):
    page = html(book, "tcp.html")
    assert page.count("data-name=\"tcp/size\"") == 2 and "iolabQuestions" not in page
    assert page.count("question.js") == 1 and "question.css" in page
    assert "question.js" not in html(book, "plain.html")
    assert "iolabQuestions" in html(book, "_static/question.js")


def test_one_page_asks_all_questions_again_and_gives_them_away(book):
    page = article(book, "again.html")
    assert '<h2><a href="tcp.html">传输</a></h2>' in page and "tcp/size" in page
    assert html(book, "_static/again-tcp.js").count("tcp/size") == 1
    assert "review.js" in html(book, "again.html") and "review.js" not in html(book, "tcp.html")
    assert yaml.safe_load(html(book, "questions.yml"))["part/tcp"]["size"]["right"] == 5


def test_search_does_not_tell_the_answer_of_a_question(book):
    index = html(book, "_static/search-index.js")
    assert "多大呢" in index and "正好五个" not in index


def test_the_apis_lead_to_the_section_that_is_headed_by_them_or_the_first_that_speaks_of_them(book):
    page = article(book, "lists.html")
    assert "<dt>网络：" in page and "somewhere" not in page and "共 2 个" in page
    assert '<li><a href="tcp.html"><code>sock.recv(bufsize)</code></a></li>' in page
    assert '<li><a href="tcp.html#play-的用法"><code>play(name)</code></a></li>' in page


def test_the_scripts_are_listed_by_day_and_can_be_downloaded(book):
    page = article(book, "lists.html")
    found = re.findall(r'<dt><a href="(.*?)" download>(.*?)</a></dt><dd>(.*?)</dd>', page)
    assert [(url, name) for url, name, _ in found] == [
        ("./_scripts/day2/send.py", "day2/send.py"),
        ("./_scripts/day10/send.py", "day10/send.py"),
    ]
    assert "发送 &lt;一行&gt;。<code>python code/day2/send.py &gt; out</code>" in found[0][2]
    assert '<a href="plain.html">只有文字的一页</a>' in found[0][2] and "plain.html" not in found[1][2]
    assert html(book, "_scripts/day2/send.py") == SCRIPT


def test_interview_questions_are_listed(book):
    assert '<li><a href="plain.html#iv-why">为什么要约定 x？</a>（只有文字的一页）</li>' in article(book, "lists.html")


def test_a_term_leads_to_its_entry_and_back(book):
    page = article(book, "plain.html")
    assert page.count('href="lists.html#term-protocol"') == 1 and page.count('id="introduces-') == 2
    assert re.search(r'href="lists.html#term-protocol"[^>]*><strong>约定（protocol）</strong>', page)
    entries = dict(re.findall(r'<dt id="(.*?)">.*?</dt><dd>(.*?)</dd>', article(book, "lists.html"), re.DOTALL))
    assert 'href="plain.html#introduces-1"' in entries["term-protocol"]
    assert "href" not in entries["term-unused"]


def test_exercises_repeat_no_id(book):
    assert "exercise-content" not in html(book, "plain.html")
    assert html(book, "plain.html").count("为什么要约定？") == 1


def test_a_picture_is_inline_and_its_player_comes_once(book):
    page = html(book, "tcp.html")
    assert "<svg" in article(book, "tcp.html") and "alert(1)" not in page
    assert page.count("player.js") == 1 and page.count("player.css") == 1
    assert "player" not in html(book, "plain.html")
    assert '<div class="empty"></div>' in html(book, "index.html") and "player" not in html(book, "index.html")


def test_a_page_without_cells_shows_a_recording(book):
    page = html(book, "errata.html")
    assert 'data-name="twelve_clients"' in page and "<svg" in article(book, "errata.html")
    assert page.count("player.js") == 1 and page.count("player.css") == 1


def test_a_style_that_two_outputs_bring_comes_once(book):
    page = html(book, "tcp.html")
    assert page.count("color: teal") == 1 and page.count("class='still'") == 2
    assert page.index("color: teal") < page.index("class='still'")


def test_pages_load_no_script_that_they_do_not_use(book):
    page = html(book, "plain.html")
    scripts = [Path(name).name for name in re.findall(r'<script[^>]*src="([^"?]*)', page)]
    assert scripts == ["documentation_options.js", "clipboard.min.js", "copybutton.js", "book-theme.js"]
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert not (book / "_build" / "html" / "_static" / "scripts").exists()


def index_of(book):
    script = html(book, "_static/search-index.js")
    return json.loads(script.removeprefix("const BOOK_INDEX = ").removesuffix(";\n"))


def pages(book):
    return index_of(book)["pages"]


def test_the_search_index_knows_a_term_by_all_its_names_and_an_error_by_all_its_words(book):
    index = index_of(book)
    assert index["terms"] == [["没人说的", "unused"], ["约定", "protocol", "规矩", "convention"]]
    assert index["errors"] == [
        ["ECONNREFUSED", 111, "Connection refused", "ConnectionRefusedError", 10061, ["连接被拒绝"], ["tcp.html"]],
        ["", None, "a bytes-like object is required", "TypeError", None, [], ["plain.html", "tcp.html"]]]


def test_the_errors_are_listed_with_what_they_mean_and_where(book):
    listed = article(book, "lists.html").partition('class="table error-classes"')[0]
    rows = re.findall(r"<tr[^>]*>(?:<td>.*?</td>)+</tr>", listed)
    assert rows == [
        '<tr id="error-econnrefused"><td><code>ECONNREFUSED</code> 111（Windows 10061）<br>'
        '<code>ConnectionRefusedError</code></td>'
        '<td>Connection refused</td><td>没有监听。</td><td><a href="tcp.html">传输</a></td></tr>',
        "<tr><td><code>TypeError</code></td><td>a bytes-like object is required</td><td>要先 <code>encode</code>。</td>"
        '<td><a href="plain.html">只有文字的一页</a>、<a href="tcp.html">传输</a></td></tr>']


def test_the_errors_that_windows_numbers_itself_are_listed_by_its_numbers(book):
    listed = article(book, "lists.html").partition('class="table windows-errors"')[2].partition("</table>")[0]
    assert re.findall(r"<td>(.*?)</td>", listed) == [
        "<code>[WinError 10061]</code>", "<code>[Errno 111]</code>", "<code>ECONNREFUSED</code>",
        "<code>ConnectionRefusedError</code>"]


def test_the_classes_of_errors_lead_to_the_errors_that_are_listed(book):
    tree = article(book, "lists.html").partition('class="table error-classes"')[2].partition("windows-errors")[0]
    rows = dict(re.findall(r"<tr><td>(　*<code>.*?</code>)</td><td>(.*?)</td></tr>", tree))
    assert next(iter(rows)) == "<code>OSError</code>"
    assert rows["　　<code>ConnectionRefusedError</code>"] == (
        '<a href="#error-econnrefused"><code>ECONNREFUSED</code></a>')
    assert rows["　<code>FileExistsError</code>"] == "<code>EEXIST</code>", "no row to lead to"


def test_a_heading_is_called_by_its_words_before_any_label(book):
    (_, first, *_), (_, second, *_) = pages_of_sections(book, "plain.html")
    assert [anchor for anchor, *_ in pages_of_sections(book, "plain.html")] == ["只有文字的一页", "约定"]
    assert (first, second) == ("只有文字的一页", "约定") and 'id="claim-told"' in html(book, "plain.html")


def pages_of_sections(book, page):
    return next(sections for _, url, sections, _ in pages(book) if url == page)


def test_the_links_beside_headings_and_terms_say_what_they_lead_to(book):
    said = re.findall(r'<h[12]>[^<]*<a class="headerlink"[^>]*title="(.*?)"', article(book, "plain.html"))
    assert said == ["这一节的链接"] * 2
    assert 'title="这个词的链接"' in article(book, "lists.html")


def test_exercises_are_numbered_in_the_order_of_the_page(book):
    found = re.findall(r'<div class="exercise admonition" id="(.*?)">.*?caption-number">(.*?)<',
                       article(book, "plain.html"), re.S)
    assert [(name, number.strip()) for name, number in found] == [("why", "练习 1"), ("again", "练习 2")]


def pages_of_index(book):
    return {url: {heading: (prose, names) for _, heading, prose, names in found} for _, url, found, _ in pages(book)}


def test_the_search_index_holds_what_a_reader_sees(book):
    index = pages_of_index(book)
    assert index["index.html"] == {"小书": ("三次握手。", "")}
    prose, _ = index["plain.html"]["约定"]
    assert "为什么要约定？" in prose and "因为字节没有边界。" not in prose, "an answer is none of the results"
    prose, names = index["tcp.html"]["字节流"]
    assert "握手图" in prose and "一步" in prose
    assert "alert" not in prose and "纯文本形式" not in prose
    assert names == "NameError check import play print still", "colours are no names"
    assert [anchor for anchor, *_ in index_of(book)["pages"][-1][2]] == ["传输", "字节流", "play-的用法"]
    topics = {url: words for _, url, _, words in pages(book)}
    assert topics["tcp.html"] == ["play", "recv", "sock.recv"] and topics["plain.html"] == ["约定"]


def test_a_build_of_what_has_not_changed_leaves_the_book_as_it_was(book):
    folder = book / "_build" / "html"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    built = build(book)
    assert built.returncode == 0, built.stderr[-2000:]
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_what_changes_is_built_again(book):
    def change(*changes):
        for name, old, new in changes:
            path = book / name
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new), encoding="utf-8")
            newer = path.stat().st_mtime + 2
            os.utime(path, (newer, newer))
        built = build(book)
        assert built.returncode == 0, built.stderr[-2000:]

    change(("claims.yml", "verdict: 有误, correction: 有上限。", "verdict: 已过时, correction: 2.0 起有上限。"))
    assert "2.0 起有上限。" in article(book, "tcp.html") and "2.0 起有上限。" in article(book, "claims.html")

    change(("errata.yml", "gist: 又一处", "gist: 另一处"),
           ("errata.yml", "- {number: E05, page: tcp", "- {number: E05, page: plain"))
    assert "另一处。" in article(book, "errata.html")
    assert "E05" not in html(book, "tcp.html") and ">E07</a>。</p>" in html(book, "tcp.html")

    change(("part/tcp.questions.yml", "多大呢", "多重呢"), ("_static/own.css", "p{}", "q{}"))
    assert "多重呢" in html(book, "_static/again-tcp.js") and "多重呢" in html(book, "questions.yml")
    assert html(book, "_static/own.css") == "q{}"

    (book.parent / "code" / "day2" / "new.py").write_text(SCRIPT, encoding="utf-8")
    (book.parent / "code" / "day10" / "send.py").unlink()
    change(("lists.md", "没人说的（unused）", "双方（both）"))
    assert re.findall(r"download>(.*?)</a>", article(book, "lists.html")) == ["day2/new.py", "day2/send.py"]
    assert not (book / "_build" / "html" / "_scripts" / "day10" / "send.py").exists()
    assert 'href="lists.html#term-both"' in article(book, "plain.html")  # written again, though it has not changed


def test_what_moves_to_a_page_that_is_read_before_is_built(tmp_path):
    book = tmp_path / "book"
    write(book)
    moving = "\n\n(moving)=\n## 搬家\n\n```{exercise} ★ 搬\n:label: moving-ex\n\n搬。\n```\n"
    stays = {name: (book / name).read_text(encoding="utf-8") for name in ("lists.md", "plain.md")}
    for old, new in (("lists.md", "plain.md"), ("plain.md", "lists.md")):
        (book / new).write_text(stays[new] + moving, encoding="utf-8")
        (book / old).write_text(stays[old], encoding="utf-8")
        built = build(book)
        assert built.returncode == 0, built.stderr[-2000:]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("claims.yml", "x: {section: tcp, claim: 话, verdict: 对}", "x: verdict '对' is none of 成立"),
        (
            "plain.md",
            "# 页\n\n(claim-told)=\n## 约定\n\n:::{admonition} 笔记勘误\n:class: erratum\n\n话。\n:::\n",
            "has no number",
        ),
        ("errata.yml", "- {number: E05, page: tcp, gits: 话}", "E05: unknown key gits"),
    ],
)
def test_what_is_wrong_fails_the_build_and_says_why(tmp_path, name, text, said):
    book = tmp_path / "book"
    write(book)
    (book / name).write_text(text, encoding="utf-8")
    built = build(book)
    assert built.returncode != 0
    assert said in re.sub(r"\x1b\[[\d;]*m", "", built.stderr + built.stdout)
