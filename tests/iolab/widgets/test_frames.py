"""Motion keeps up with the display on a slow machine: a few pictures and a level here, all in `make soak`."""

import bisect
import json
import statistics

import pytest

from iolab import explore
from iolab.draw import level_html, to_html
from pictures import SCENES, press
from soak import amount

ALL = [name for name, scene in SCENES.items() if hasattr(scene, "steps")]
SOME = ["handshake", "thousand_clients", "upload"]      # arrows that grow, the most cells, dots on their way
SLOWER, FRAME, LONG = 4, 16.7, 100      # 100 ms: what feels like at once
CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline"]
STEPPED = ".io-path > li, details > ol > li"

STEPS = """async figure => {
  const next = [...figure.querySelectorAll('button')].find(button => button.textContent === '下一步');
  let moving = true, frames = 0;
  const drawn = () => new Promise(requestAnimationFrame);
  const count = () => { frames += 1; if (moving) requestAnimationFrame(count); };
  requestAnimationFrame(count);
  while (!next.disabled) {
    next.click();
    await Promise.all(figure.getAnimations({subtree: true}).map(animation => animation.finished));
    await drawn();
    await drawn();
  }
  moving = false;
  return frames;
}"""


@pytest.fixture
def slowest(browser, tmp_path, open_html):
    """slowest(html, button, pace): (ms that 95 of 100 frames stay below, ms of the longest), on a slower machine, from
    pressing `button` to the end, a step each `pace` ms.

    What counts is the processor time of the page's main thread between two frames, times four: unlike the time between
    frames on a throttled processor it does not depend on what else the machine is doing. Nobody waits for the time in
    which a picture stands still: its frames cost nothing.
    """
    def slowest(html, button, pace=800):
        figure = open_html(html).locator("figure.iolab-picture")
        press(figure, button)
        frames, events = traced(figure)
        spent = main_thread_ms(events)
        steps = figure.locator(STEPPED).count()
        assert frames > steps > 1 and any(spent)  # the shortest bad path of some levels has two steps
        spent += [0] * (round(steps * pace / FRAME) - len(spent))
        return SLOWER * statistics.quantiles(spent, n=20)[-1], SLOWER * max(spent)

    def traced(figure):
        """(how many frames the picture saw on the way to its end, the events that the browser recorded)."""
        trace = tmp_path / "trace.json"
        browser.start_tracing(page=figure.page, path=trace, categories=CATEGORIES)
        try:
            frames = figure.evaluate(STEPS)
        finally:
            browser.stop_tracing()
        return frames, json.loads(trace.read_text(encoding="utf-8"))["traceEvents"]

    return slowest


def main_thread_ms(events):
    """Milliseconds of processor time that the page's main thread spent for each frame of a trace."""
    frames = [event for event in events if event["name"] == "FireAnimationFrame"]
    thread = frames[-1]["pid"], frames[-1]["tid"]
    starts = sorted(event["ts"] for event in frames)
    spent = [0] * (len(starts) + 1)
    for event in events:
        whole = event["name"] == "RunTask" and "tdur" in event  # one that the end of the trace cuts off has no duration
        if whole and (event["pid"], event["tid"]) == thread:
            spent[bisect.bisect(starts, event["ts"] + event["dur"])] += event["tdur"] / 1000
    return spent[1:-1]


@pytest.mark.parametrize("name", amount(SOME, ALL))
def test_a_picture_keeps_up(name, slowest):
    took, longest = slowest(to_html(SCENES[name]), "从头", getattr(SCENES[name], "pace", 0) or 800)
    print(f"{name}: {took:.1f} ms, longest {longest:.1f} ms")
    assert took <= FRAME and longest <= LONG


@pytest.mark.parametrize("name", amount(["starvation"], explore.names()))
def test_a_level_keeps_up(name, slowest):
    took, longest = slowest(level_html(explore.load(name)), "最短的坏路径")
    print(f"level {name}: {took:.1f} ms, longest {longest:.1f} ms")
    assert took <= FRAME and longest <= LONG
