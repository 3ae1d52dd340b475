"""Every script is run so that it tells which file, socket or child it has left."""

from pathlib import Path

import pytest

from iolab.launch import child

TOLD = {"PYTHONPATH": str(Path(__file__).with_name("told"))}


@pytest.fixture(autouse=True)
def what_is_left_is_told(monkeypatch):
    """The scripts say on stderr what their tests do not expect there."""
    environment = child.environment
    monkeypatch.setattr(child, "environment", lambda: environment() | TOLD)
    monkeypatch.setenv("PYTHONPATH", TOLD["PYTHONPATH"])
