import os
import threading

import pytest


@pytest.fixture(autouse=True)
def nothing_left():
    """No test of this room may leave a thread or a descriptor."""
    threads, descriptors = threading.active_count(), len(os.listdir("/proc/self/fd"))
    yield
    assert threading.active_count() <= threads
    assert len(os.listdir("/proc/self/fd")) <= descriptors
