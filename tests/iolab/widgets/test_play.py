"""Pictures that move, step by step in a real browser: by clicks and by keys, to the end that is stored.

Every third in `make test`, all in `make soak`.
"""

from itertools import pairwise

import pytest

from iolab.model import View
from pictures import LOOK, SCENES, press, said, stored
from soak import sample

MOVING = [name for name, scene in SCENES.items() if hasattr(scene, "steps")]
# From the first step to the last by the button: what is said and what is seen at each.
WALK = """async figure => {
  const look = LOOK, walked = [];
  const next = [...figure.querySelectorAll('button')].find(one => one.textContent === '下一步');
  for (;;) {
    walked.push([figure.querySelector('[aria-live=polite]').innerText, await look(figure)]);
    if (next.disabled) return walked;
    next.click();
  }
}""".replace("LOOK", LOOK)
HEAR = """figure => {
  const say = figure.querySelector('[aria-live=polite]');
  window.heard = [say.innerText];
  new MutationObserver(() => say.innerText === heard.at(-1) || heard.push(say.innerText)).observe(
    say, {childList: true, characterData: true, subtree: true});
}"""


@pytest.mark.parametrize("name", sample(MOVING, 5))
def test_a_picture_plays_to_its_stored_end(name, open_page):
    page = open_page(name)
    figure = page.locator("figure.iolab-picture")
    captions = [f"{number}/{len(SCENES[name].steps)} {step.caption}"
                for number, step in enumerate(SCENES[name].steps, 1)]
    assert said(figure) == captions[0], "it starts at the first step"
    begun = figure.evaluate(LOOK)
    figure.focus()
    page.keyboard.press("End")
    last = figure.evaluate(LOOK)
    assert last == stored(page, name)

    press(figure, "从头")
    assert figure.evaluate(LOOK) == begun
    by_click, looks = zip(*figure.evaluate(WALK), strict=True)
    assert list(by_click) == captions
    assert looks[-1] == last
    steps = pairwise(SCENES[name].steps)
    idle = [step.caption for one, two, (before, step) in zip(looks, looks[1:], steps, strict=False)
            if one == two and changes(before, step)]
    assert not idle, "a step changes nothing"

    figure.focus()
    page.keyboard.press("Home")
    figure.evaluate(HEAR)
    for _ in captions[1:]:
        page.keyboard.press("ArrowRight")
    assert page.evaluate("heard") == captions
    assert figure.evaluate(LOOK) == last
    page.keyboard.press("ArrowLeft")
    assert said(figure) == captions[-2]
    assert figure.evaluate(LOOK) == looks[-2]
    page.keyboard.press("End")
    assert said(figure) == captions[-1]


def changes(before, step):
    """Whether something happens in a step: an event, or on a board a cell that holds something else."""
    return step.held != before.held if isinstance(step, View) else bool(step.events)
