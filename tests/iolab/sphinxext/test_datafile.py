"""A file of the book is parsed once, and again when it changes."""

import os

import pytest
import yaml

from iolab.sphinxext import datafile


@pytest.fixture
def parsed(monkeypatch):
    """The texts that were parsed."""
    texts, parse = [], yaml.safe_load
    monkeypatch.setattr(yaml, "safe_load", lambda text: texts.append(text) or parse(text))
    return texts


def test_a_file_is_parsed_once_until_it_changes(tmp_path, parsed):
    path = tmp_path / "rows.yml"
    path.write_text("a: 1", encoding="utf-8")
    assert datafile.read(path) == datafile.read(str(path)) == {"a": 1} and parsed == ["a: 1"]
    later = path.stat().st_mtime_ns + 1
    path.write_text("a: 2", encoding="utf-8")
    os.utime(path, ns=(later, later))
    assert datafile.read(path) == {"a": 2} and parsed == ["a: 1", "a: 2"]


def test_no_file_and_an_empty_one_hold_nothing(tmp_path):
    (tmp_path / "empty.yml").touch()
    assert datafile.read(tmp_path / "empty.yml") is datafile.read(tmp_path / "missing.yml") is None
