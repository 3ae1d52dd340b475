"""Every script is run so that it says which file, socket or process it has not closed."""

import pytest


@pytest.fixture(autouse=True)
def unclosed_is_told(monkeypatch):
    """The scripts print a ResourceWarning, which their tests do not expect."""
    monkeypatch.setenv("PYTHONWARNINGS", "always::ResourceWarning")
