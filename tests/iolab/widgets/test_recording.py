import pytest

from iolab import record, recorded
from iolab.watch import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_recording_is_shown_with_its_origin(kind):
    shown = recorded(kind)._repr_mimebundle_()
    assert shown["text/plain"].endswith(f"{recorded(kind).trace.kernel}，Python {recorded(kind).trace.python}")
    assert 'class="iolab-picture"' in shown["text/html"]
    assert shown == recorded(kind)._repr_mimebundle_()


@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_made_here_has_the_same_order(kind):
    assert record(kind).order == recorded(kind).order


def test_an_unknown_kind_names_those_there_are():
    with pytest.raises(LookupError, match=r"weather.*process_states"):
        recorded("weather")
