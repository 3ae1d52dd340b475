"""The book in English, with one of each list besides: what the extension adds to its HTML has nothing Chinese."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from iolab.words.python import CHINESE

ROOT = Path(__file__).parent.parent.parent.parent
LISTS = """\
# Lists

```{claims-ledger}
```

```{errata-list}
```

```{question-review}
```

```{api-index}
```

```{script-index}
```

```{error-index}
```

```{error-classes}
```

```{book-map}
```

```{recorded} twelve_clients
```

```{glossary}
protocol (agreement)
  Words that both sides keep. Also: rules, convention.

socket (endpoint)
  An endpoint.
```

A **protocol (agreement)**.

:::{exercise} One
:label: one

Why?
:::

:::{solution} one
:class: dropdown

So.
:::
"""
DATA = {
    "claims.yml": 'told: {section: tcp, claim: "`recv` gives bytes.", verdict: 成立, show: explain}\n'
                  'half: {section: tcp, claim: Any., verdict: wrong, correction: Some., refutes: third, via: f(}\n',
    "errata.yml": "- {number: E05, page: lists, gist: One thing., text: 'Another, see [it](lists.md).'}\n",
    "errors.yml": "system:\n  ECONNREFUSED: {number: 111, message: Connection refused, class: ConnectionRefusedError, "
                  "windows: 10061, says: Nobody listens., pages: [lists]}\npython: []\n",
    "apis.yml": 'recv: {page: lists, name: "sock.recv(bufsize)"}\n',
    "map.yml": "network/tcp-socket: {needs: [], short: TCP}\nlists: {needs: [network/tcp-socket], short: Lists}\n",
}


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    book = tmp_path_factory.mktemp("english") / "book-en"
    shutil.copytree(ROOT / "code/iolab/words/book-en", book, ignore=shutil.ignore_patterns("_build"))
    (book.parent / "code" / "day2").mkdir(parents=True)
    (book.parent / "code" / "day2" / "send.py").write_text('"""Send.\n\n运行：  python code/day2/send.py\n"""\n')
    (book / "_toc.yml").write_text((book / "_toc.yml").read_text() + "      - file: lists\n")
    (book / "lists.md").write_text(LISTS)
    for name, text in DATA.items():
        (book / name).write_text(text)
    built = subprocess.run([Path(sys.executable).parent / "jupyter-book", "build", "-W", "-n", "--keep-going", book],
                           capture_output=True, text=True, timeout=120)
    assert built.returncode == 0, built.stdout[-1500:] + built.stderr[-3000:]
    return book / "_build" / "html"


def test_the_book_has_nothing_chinese_but_the_scripts_that_it_shows(html):
    pages = [*html.rglob("*.html"), *(html / "_static").glob("*.js"), *(html / "_static").glob("*.css")]
    left = {}
    for path in pages:
        text = re.sub(r"<pre>.*?</pre>", "", path.read_text(encoding="utf-8"), flags=re.S)
        text = text.replace("[,，\\s]", "")
        if path.name not in ("search-rank.js", "copybutton.js", "search-index.js") and CHINESE.search(text):
            left[path.name] = re.findall(f".*{CHINESE.pattern}.*", text)[:3]
    assert not left and len(pages) > 15


def test_it_says_it_in_english(html):
    page = (html / "network/tcp-socket.html").read_text(encoding="utf-8")
    for words in ('<html lang="en"', ">Show code<", "Run <code>make read</code>", "Guess first", "connect() returns",
                  "TCP: the three-way handshake", "Download this page", "Contents of this page"):
        assert words in page, words
    lists = (html / "lists.html").read_text(encoding="utf-8")
    for words in ("2 claims", ">holds</span>", "Name, number, exception", "answered wrongly", "about 15 minutes",
                  "builds on", "convention", "Twelve clients", "Day 2"):
        assert words in lists, words
    assert "section#in-short" in (html / "_static/book.css").read_text(encoding="utf-8")
    assert "'Next'" in (html / "_static/player.js").read_text(encoding="utf-8")
    assert "Search needs JavaScript" in (html / "search.html").read_text(encoding="utf-8")
    assert "Pages about" in (html / "_static/search.js").read_text(encoding="utf-8")
