"""How `make lab` stores notebooks: with the metadata that the book's have, so that opening one makes no diff.

JupyterLab writes the name and version of the reader's Python into a notebook as soon as its kernel starts.
"""

import json
import warnings
from pathlib import Path

METADATA = json.loads(Path(__file__).with_name("notebook-metadata.json").read_text(encoding="utf-8"))


def tidy(model, **_):
    content = model.get("content") or {}
    if model["type"] == "notebook" and content.get("metadata", {}).get("kernelspec", {}).get("name") == "python3":
        content["metadata"] = METADATA


warnings.filterwarnings("ignore", "Overriding existing pre_save_hook")  # jupyter_server looks at it twice
c.ContentsManager.pre_save_hook = tidy  # noqa: F821  (jupyter's configuration object)
