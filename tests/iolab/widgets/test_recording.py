import pytest

from iolab import play, record
from iolab.watch import KINDS
from soak import sample


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_recording_is_shown_with_its_origin(kind):
    shown = play(kind)._repr_mimebundle_()
    trace = play(kind).trace
    assert shown["text/plain"].splitlines() == [
        trace.title, *(f"{label}：{' → '.join(states)}" for label, states in trace.order.items()),
        f"{trace.kernel}，Python {trace.python}"]
    assert 'class="iolab-picture"' in shown["text/html"]
    assert shown == play(kind)._repr_mimebundle_()


@pytest.mark.parametrize("kind", sample(KINDS, 3))
def test_a_recording_made_here_has_the_same_order(kind):
    assert record(kind).order == play(kind).order


def test_an_unknown_kind_names_those_there_are():
    with pytest.raises(LookupError, match=r"weather.*process_states"):
        record("weather")
