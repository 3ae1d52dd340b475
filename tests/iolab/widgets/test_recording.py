import pytest

from iolab import play, record
from iolab.watch import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_recording_is_shown_with_its_origin(kind):
    shown = play(kind)._repr_mimebundle_()
    assert shown["text/plain"].endswith(f"{play(kind).trace.kernel}，Python {play(kind).trace.python}")
    assert 'class="iolab-picture"' in shown["text/html"]
    assert shown == play(kind)._repr_mimebundle_()


@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_made_here_has_the_same_order(kind):
    assert record(kind).order == play(kind).order


def test_an_unknown_kind_names_those_there_are():
    with pytest.raises(LookupError, match=r"weather.*process_states"):
        record("weather")
