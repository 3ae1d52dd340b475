"""Execute the book's notebooks again and store them with minimal diffs.

Usage: refresh.py [-j JOBS] [--accept CLAIM ...] [NOTEBOOK ...]     (default: all notebooks under book/)

Outputs that nbval would call equal (tests/nbval_sanitize.cfg), and those it does not compare, keep their old text, so
that a new port or a new measurement makes no diff (clear such a cell's output to measure again); only the player of a
kept picture is renewed. A notebook that raises an error is not stored, except in a cell tagged raises-exception. Nor
is one in which the proof of a claim prints something else than before, unless --accept names the claim.
"""

import argparse
import configparser
import copy
import difflib
import json
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from iolab.draw import renewed_html
from iolab.questions import html as question

ROOT = Path(__file__).resolve().parents[1]
WIDGET = "application/vnd.jupyter.widget-view+json"
METADATA = json.loads(Path(__file__).with_name("notebook-metadata.json").read_text(encoding="utf-8"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-j", "--jobs", type=int, default=1)
    parser.add_argument("--accept", action="append", default=[], metavar="CLAIM",
                        help="store what the proof of this claim prints now (may be given again)")
    parser.add_argument("notebooks", nargs="*", type=Path)
    options = parser.parse_args()
    notebooks = options.notebooks or [p for p in sorted(ROOT.glob("book/**/*.ipynb")) if "_build" not in p.parts]
    with ProcessPoolExecutor(options.jobs) as pool:
        problems = [problem for problem in pool.map(partial(refresh, accepted=options.accept), notebooks) if problem]
    print(f"{len(notebooks) - len(problems)} of {len(notebooks)} notebooks are up to date.")
    sys.exit("\n".join(problems) if problems else 0)


def refresh(path, accepted=()):
    """Execute one notebook in place; return None, or the sentence that says why it was not stored."""
    text = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    old = copy.deepcopy(notebook.cells)
    try:
        NotebookClient(notebook, timeout=60, kernel_name="python3", store_widget_state=False,
                       extra_arguments=["--log-level=ERROR"],
                       resources={"metadata": {"path": str(path.resolve().parent)}}).execute()
    except CellExecutionError as error:
        return f"{path} is unchanged, a cell failed:\n{error}"
    patterns = sanitizers()
    for cell in notebook.cells:
        tidy(cell)
    pairs = zip(old, notebook.cells, strict=True)
    if changes := [change for pair in pairs for change in unasked(*pair, patterns, accepted)]:
        return "\n".join([f"{path} is unchanged: --accept these claims if they still hold.", *changes])
    for cell, before in zip(notebook.cells, old, strict=True):
        if cell.cell_type == "code" and keeps(before, cell, patterns):
            cell.outputs = before.outputs
            for output in cell.outputs:
                if "text/html" in output.get("data", {}):
                    output.data["text/html"] = question.renewed_html(renewed_html(output.data["text/html"]))
    notebook.metadata = nbformat.from_dict(METADATA)
    new = nbformat.writes(notebook, indent=1, ensure_ascii=False).rstrip("\n") + "\n"
    if new != text:
        path.write_text(new, encoding="utf-8")
        print(f"stored {path}")
    return None


def keeps(before, after, patterns):
    """Whether a cell's old outputs stay: the new ones say the same, or they are measurements that nobody compares."""
    measured = before.outputs and "nbval-ignore-output" in before.metadata.get("tags", [])
    return measured or plain(after.outputs, patterns) == plain(before.outputs, patterns)


def unasked(before, after, patterns, accepted):
    """What a cell that proves claims prints now and printed before, a text for each claim that nobody accepted."""
    if before.cell_type != "code" or before.execution_count is None:
        return
    old, new = (plain(cell.outputs, patterns).splitlines() for cell in (before, after))
    diff = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]
    lines = [f"  {line[0]} {line[1:].strip()}" for line in diff if not line.startswith("@@")]
    for name in (tag.removeprefix("claim:") for tag in after.metadata.get("tags", []) if tag.startswith("claim:")):
        if lines and name not in accepted:
            yield "\n".join([f"{name}: {after.source.splitlines()[0]}", *lines])


def tidy(cell):
    """Drop what changes from run to run and is nobody's point, and join stream outputs that came in pieces."""
    cell.metadata.pop("execution", None)
    if cell.cell_type != "code":
        return
    if folded := folds(cell.metadata.get("tags", [])):
        cell.metadata["jupyter"] = folded
    else:
        cell.metadata.pop("jupyter", None)
    joined = []
    for output in cell.outputs:
        output.get("data", {}).pop(WIDGET, None)  # a widget without its kernel is an error message, its HTML a still
        if output.output_type == "stream" and joined and joined[-1].get("name") == output.name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    cell.outputs = joined


def folds(tags):
    """What JupyterLab folds of a cell with these tags, as its metadata has it: the code or the output."""
    code = {"setup", "unseen", "remove-input"} & set(tags) or any(tag.startswith("check:") for tag in tags)
    return ({"source_hidden": True} if code else {}) | ({"outputs_hidden": True} if "hide-output" in tags else {})


def sanitizers():
    config = configparser.RawConfigParser()
    config.read(ROOT / "tests/nbval_sanitize.cfg", encoding="utf-8")
    return [(re.compile(config[name]["regex"]), config[name]["replace"]) for name in config.sections()]


def plain(outputs, patterns):
    text = nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=outputs, id="x")]))
    for pattern, replacement in patterns:
        text = pattern.sub(replacement, text)
    return text


if __name__ == "__main__":
    main()
