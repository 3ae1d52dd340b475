import os
import uuid

import pytest

from iolab.launch import scripts
from processes import marked, wait_until


@pytest.fixture
def mark():
    """An environment variable's value that everything started by the test inherits; at the end nothing has it."""
    value = f"iolab-test-{uuid.uuid4().hex}"
    os.environ["IOLAB_TEST_MARK"] = value
    yield value
    del os.environ["IOLAB_TEST_MARK"]
    wait_until(lambda: not marked(value), f"the end of all processes that the test started: {marked(value)}")


@pytest.fixture
def script(tmp_path, monkeypatch):
    """script(source) writes code/day1/script.py into a code/ of the test's own and returns its name."""
    monkeypatch.setattr(scripts, "CODE", tmp_path / "code")

    def write(source, name="day1/script.py"):
        path = tmp_path / "code" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        return name

    return write
