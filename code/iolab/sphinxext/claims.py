"""Claims of the notes: a badge on each cell that proves one, and the ledger of them all.

``book/claims.yml`` maps a claim's id to ``{section, claim, verdict, correction?, via, confirms | limits | refutes}``.
A code cell tagged ``claim:<id>`` proves it: it prints what ``confirms``, ``limits`` or ``refutes`` says, by means of
the call in ``via``. A claim with ``show: explain`` cannot be run; a target ``(claim-<id>)=`` marks its text.
"""

import re
from collections import Counter
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util.logging import getLogger

from iolab import words
from iolab.sphinxext import datafile
from iolab.sphinxext.errata import links_of_claim
from iolab.sphinxext.facts import PageFacts
from iolab.sphinxext.lists import add_list, book_file, home
from iolab.sphinxext.markup import body, inline, parts, table, url

VERDICTS = ("成立", "需补充", "有误", "已过时", "只在终端成立")
# What a proof must show, by verdict: the key says what the shown line does to the claim.
SHOWS = {"成立": "confirms", "需补充": "limits", "只在终端成立": "limits", "有误": "refutes", "已过时": "refutes"}
PROOF = {"via", *SHOWS.values()}
KEYS = {"section", "claim", "verdict", "correction", "show"} | PROOF
# What the correction of these verdicts must name, or nothing tells them from 需补充 and 有误.
NAMES = {"只在终端成立": (r"笔记本|单元格|内核", "the notebook"), "已过时": (r"\d", "the version, standard or year")}
ANYWHERE = re.compile(r"[\W_]*|True|False|None|[\d\s.,:%+-]+")  # what any cell might print
PROOFS = PageFacts("claim_proofs")  # docname -> {claim id: (anchor of its first cell there, heading above it)}
LEDGER = "claims-ledger"
TAG = "tag_claim:"

logger = getLogger(__name__)


def claims_file(env):
    return str(Path(env.srcdir, "claims.yml"))


def load(path):
    """Return the mapping id -> claim of a claims.yml; empty if there is none. Verdicts in the language spoken."""
    claims = datafile.read(path) or {}
    if words.language() == words.CHINESE:
        return claims
    return {name: claim | {"verdict": words.said_anew(claim["verdict"], "sphinxext")}
            if isinstance(claim, dict) and isinstance(claim.get("verdict"), str) else claim
            for name, claim in claims.items()}


def problems(claims):
    """Return one line for each thing that is wrong with a mapping of claims."""
    lines = []
    for name, claim in claims.items():
        if not isinstance(claim, dict):
            lines.append(f"{name}: is {claim!r}, not a mapping with section, claim and verdict")
            continue
        lines += [f"{name}: {key} is missing" for key in ("section", "claim", "verdict") if not claim.get(key)]
        lines += [f"{name}: unknown key {key}" for key in sorted(claim.keys() - KEYS)]
        if claim.get("verdict") and claim["verdict"] not in VERDICTS:
            lines.append(f"{name}: verdict {claim['verdict']!r} is none of {', '.join(VERDICTS)}")
        if claim.get("show", "run") not in ("run", "explain"):
            lines.append(f"{name}: show is {claim['show']!r}, neither run nor explain")
        lines += [f"{name}: {line}" for line in untied(claim)]
    return lines


def untied(claim):
    """One line for each way in which a claim's verdict, its correction and what its proof must show do not agree."""
    verdict, correction = claim.get("verdict"), claim.get("correction")
    if verdict not in VERDICTS:
        return
    if verdict == "成立" and correction:
        yield "verdict 成立 has a correction"
    if verdict != "成立" and not correction:
        yield f"verdict {verdict} needs a correction"
    pattern, what = NAMES.get(verdict, ("", ""))
    if correction and not re.search(pattern, correction):
        yield f"the correction of verdict {verdict} must name {what}"
    wanted = set() if claim.get("show") == "explain" else {"via", SHOWS[verdict]}
    yield from (f"{key} is missing" for key in sorted(wanted) if not claim.get(key))
    yield from (f"{key} does not belong to verdict {verdict}" for key in sorted((PROOF - wanted) & claim.keys()))
    shown = claim.get(SHOWS[verdict])
    if shown and not (isinstance(shown, str) and re.fullmatch(".{3,60}", shown) and not ANYWHERE.fullmatch(shown)):
        yield f"{SHOWS[verdict]}: {shown!r} is no piece of 3 to 60 characters that says something"


def check_claims(app):
    for line in problems(load(claims_file(app))):
        logger.warning("claims.yml: %s", line)


def find_proofs(app, doctree):
    proofs = {}
    for cell in doctree.findall(nodes.container):
        for name in claim_ids(cell):
            if name not in proofs:
                proofs[name] = f"claim-{name}", heading(cell)
                cell["ids"].append(f"claim-{name}")
    if proofs:
        PROOFS.of(app.env)[app.env.docname] = proofs
        app.env.note_dependency(claims_file(app.env))


def heading(node):
    while not isinstance(node, nodes.section):
        node = node.parent
    return node.next_node(nodes.title).astext()


def claim_ids(cell):
    return [name.removeprefix(TAG) for name in cell["classes"] if name.startswith(TAG)]


def resolve(app, doctree, docname):
    claims = load(claims_file(app)) if docname in PROOFS.of(app.env) else {}
    for cell in doctree.findall(nodes.container):
        names = [name for name in claim_ids(cell) if name in claims]
        if names:
            cell += nodes.raw("", badge(app, docname, {name: claims[name] for name in names}), format="html")


def badge(app, docname, claims):
    """One small mark for all claims that a cell proves; it opens on a click and leads to the ledger and the errata."""
    told = "".join(f"<li>{entry(app, docname, name, claim)}</li>" for name, claim in claims.items())
    count = f" {len(claims)}" if len(claims) > 1 else ""
    return f'<details class="claim-proof"><summary>已验证{count}</summary><ul>{told}</ul></details>'


def entry(app, docname, name, claim):
    page, links = home(app.env, LEDGER), links_of_claim(app, docname, name)
    if page:
        links = [f'<a href="{url(app, docname, page, f"claim-row-{name}")}">总账</a>', *links]
    return f'{verdict_mark(claim["verdict"])} {inline(claim["claim"])}{correction(claim)} {"、".join(links)}'


def verdict_mark(verdict):
    return f'<span class="claim-verdict" data-verdict="{verdict}">{verdict}</span>'


def correction(claim):
    return f'<span class="claim-correction">{inline(claim["correction"])}</span>' if claim.get("correction") else ""


def ledger(app, docname):
    """Return the ledger as HTML: the counts, the filter that ledger.js shows, and a table with a body for each part."""
    claims = load(claims_file(app))
    captions = {**parts(app), None: "还没有写到"}
    order = list(captions)
    bodies = {}
    shown = [(*place(app, name), name, claim) for name, claim in claims.items()]
    for page, anchor, label, proved, name, claim in sorted(shown, key=lambda entry: order.index(entry[0])):
        link = f'<a href="{url(app, docname, page, anchor)}">{inline(label)}</a>' if page else "—"
        text = "（正文）" if page and not proved else shown_line(claim)
        bodies.setdefault(captions[page], []).append(row(name, claim, link + text))
    filled = "".join(body(rows, caption, 3) for caption, rows in bodies.items())
    proved = sum(entry[3] for entry in shown)
    explained = sum(claim.get("show") == "explain" for claim in claims.values())
    verdicts = Counter(claim["verdict"] for claim in claims.values())
    counts = "，".join(f"{verdict} {verdicts[verdict]} 条" for verdict in VERDICTS if verdicts[verdict])
    return (
        f'<p class="claim-count">共 {len(claims)} 条论断：{proved} 条有运行过的证明，{explained} 条只能用文字解释。'
        f"结论：{counts}。</p>"
        '<p class="claim-filter pst-js-only"><label>部分 <select name="part"></select></label> '
        '<label>结论 <select name="verdict"></select></label> <output></output></p>'
        + table("claim-ledger", ("论断", "结论", "证明"), filled)
    )


def shown_line(claim):
    line = claim.get(SHOWS.get(claim["verdict"]))
    return f'<code class="claim-shown">{escape(str(line))}</code>' if line else ""


def row(name, claim, link):
    return (
        f'<tr id="claim-row-{name}" data-verdict="{claim["verdict"]}">'
        f"<td>{inline(claim['claim'])}{correction(claim)}</td><td>{verdict_mark(claim['verdict'])}</td><td>{link}</td></tr>"
    )


def place(app, name):
    """Return where a claim is shown: its page or None, the anchor, what to call it, whether a cell proves it."""
    for page, proofs in sorted(PROOFS.of(app.env).items()):
        if name in proofs:
            return page, *proofs[name], True
    standard = app.env.get_domain("std")
    page, anchor = standard.anonlabels.get(f"claim-{name}", (None, ""))
    label = standard.labels.get(f"claim-{name}", ("", "", ""))[2]
    return page, anchor, label or (page and app.env.titles[page].astext()), False


def add_script(app, pagename, templatename, context, doctree):
    if pagename == home(app.env, LEDGER):
        app.add_js_file("ledger.js", loading_method="defer")


def setup(app):
    PROOFS.connect(app)
    add_list(app, LEDGER, ledger, book_file("claims.yml"))
    app.connect("builder-inited", check_claims)
    app.connect("doctree-read", find_proofs)
    app.connect("doctree-resolved", resolve)
    app.connect("html-page-context", add_script)
