"""Every picture that moves, step by step in a real browser: by clicks and by keys, to the end that is stored."""

from itertools import pairwise

import pytest

from iolab.model import View
from pictures import LOOK, SCENES, press, said, stored

MOVING = [name for name, scene in SCENES.items() if hasattr(scene, "steps")]


@pytest.mark.parametrize("name", MOVING)
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
    by_click, looks = [said(figure)], [figure.evaluate(LOOK)]
    while figure.get_by_role("button", name="下一步", exact=True).is_enabled():
        press(figure, "下一步")
        by_click.append(said(figure))
        looks.append(figure.evaluate(LOOK))
    assert by_click == captions
    assert looks[-1] == last
    steps = pairwise(SCENES[name].steps)
    idle = [step.caption for one, two, (before, step) in zip(looks, looks[1:], steps, strict=False)
            if one == two and changes(before, step)]
    assert not idle, "a step changes nothing"

    figure.focus()
    page.keyboard.press("Home")
    by_key = [said(figure)]
    for _ in captions[1:]:
        page.keyboard.press("ArrowRight")
        by_key.append(said(figure))
    assert by_key == captions
    assert figure.evaluate(LOOK) == last
    page.keyboard.press("ArrowLeft")
    assert said(figure) == captions[-2]
    assert figure.evaluate(LOOK) == looks[-2]
    page.keyboard.press("End")
    assert said(figure) == captions[-1]


def changes(before, step):
    """Whether something happens in a step: an event, or on a board a cell that holds something else."""
    return step.held != before.held if isinstance(step, View) else bool(step.events)
