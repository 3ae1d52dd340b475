"""What a newcomer reads when no browser can be driven."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from iolab.export import chromium

SAYS = "node: error while loading shared libraries: libatomic.so.1: cannot open shared object file"


@pytest.fixture
def broken_node(tmp_path, monkeypatch):
    """A Node that lacks a library, and no Chromium of the system."""
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho '{SAYS}' >&2\nexit 127\n")
    node.chmod(0o755)
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
    monkeypatch.setenv("PATH", os.path.dirname(sys.executable))
    return node


def test_a_library_that_node_lacks_is_named(broken_node, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(chromium.DriverError, match=r"libatomic\.so\.1"):
        chromium.executable()
    with pytest.raises(chromium.DriverError, match=r"libatomic\.so\.1"), chromium.driver():
        pass


def test_the_command_says_so_too(broken_node):
    done = subprocess.run([sys.executable, chromium.__file__], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stderr == f"playwright's driver does not run: {SAYS}\n" and not done.stdout


def test_a_driver_that_runs(browser):
    assert Path(chromium.executable()).exists() and browser.version
