"""What readers do with a picture that has buttons or sliders: any of them, at any time.

Every third in `make test`, all in `make soak`.
"""

import pytest

from iolab.model import Machine, Sweep, View, Went
from pictures import SCENES, press, said
from soak import sample

MACHINES = [name for name, scene in SCENES.items() if isinstance(scene, Machine)]
SWEEPS = [name for name, scene in SCENES.items() if isinstance(scene, Sweep)]
HELD = """figure => Object.fromEntries([...figure.querySelectorAll('[data-gid^=cell-]')]
  .filter(part => getComputedStyle(part).display !== 'none' && part.querySelector('text')?.textContent.trim())
  .map(part => [part.dataset.gid.slice(5), part.querySelector('text').textContent]))"""
WALK = """figure => {
  const button = text => [...figure.querySelectorAll('button')].find(one => one.textContent === text);
  const held = HELD, walked = [];
  button('从头').click();
  for (;;) {
    walked.push([figure.querySelector('.io-say').textContent, held(figure)]);
    if (button('下一步').disabled) return walked;
    button('下一步').click();
  }
}""".replace("HELD", HELD)

# From the start over these buttons; which buttons cannot be pressed then.
GO = """(figure, labels) => {
  const drive = [...figure.querySelectorAll('.io-drive button')];
  [...figure.querySelectorAll('button')].find(one => one.textContent === '从头').click();
  for (const label of labels) drive.find(one => one.textContent === label).click();
  return drive.map(one => one.ariaDisabled);
}"""


def words(view):
    return {name: text for name, (text, _) in view.held.items() if text}


@pytest.mark.parametrize("name", sample(MACHINES, 5))
def test_readers_press_the_buttons_in_any_order(name, open_page):
    """Each button once where it can be pressed, on the shortest way there, and once where it cannot."""
    scene, figure = SCENES[name], open_page(name).locator("figure.iolab-picture")
    labels = {button.name: button.label for button in scene.buttons}
    drive = figure.locator(".io-drive button")
    assert drive.all_inner_texts() == list(labels.values())
    for number, (path, button, went) in enumerate(tries(scene)):
        disabled = figure.evaluate(GO, [labels[one] for one in path])
        state = scene.after(*path)
        ways = scene.moves[scene.states.index(state)]
        assert disabled == [str(not isinstance(went, Went)).lower() for went in ways.values()]
        pressed(figure, labels[button], by_key=number % 2)
        assert said(figure) == (went.caption if isinstance(went, Went) else went)
        assert figure.evaluate(HELD) == words(View(".", scene.look(getattr(went, "state", state))))
    press(figure, "从头")
    assert figure.evaluate(HELD) == words(scene.steps[0])
    press(figure, "下一步")
    assert figure.evaluate(HELD) == words(scene.steps[1])


def pressed(figure, label, by_key=False):
    button = figure.locator(".io-drive").get_by_role("button", name=label, exact=True)
    button.focus()
    if by_key:
        button.press("Enter")
    else:
        button.click(force=True)        # or playwright would wait until it is no longer aria-disabled


def tries(scene):
    """(way there, button, what it does) for each button, once where it can be pressed and once where it cannot."""
    ways, seen = {scene.start: ()}, set()
    for state, path in ((state, ways[state]) for state in scene.states):
        for button, went in scene.moves[scene.states.index(state)].items():
            able = isinstance(went, Went)
            if able:
                ways.setdefault(went.state, (*path, button))
            if (button, able) not in seen:
                seen.add((button, able))
                yield path, button, went


@pytest.mark.parametrize("name", sample(SWEEPS, 5))
def test_readers_set_the_sliders_and_the_steps_follow(name, open_page):
    scene, page = SCENES[name], open_page(name)
    figure = page.locator("figure.iolab-picture")
    at = [slider.at for slider in scene.sliders]
    for number, slider in enumerate(scene.sliders):
        for place in (len(slider.values) - 1, 0):
            at[number] = place
            made = figure.get_by_role("slider", name=slider.label, exact=True)
            made.fill(str(place))
            assert made.get_attribute("aria-valuetext") == f"{slider.values[place]}{slider.unit}"
            film = scene.films[tuple(at)]
            assert figure.locator("li").count() == len(film)
            assert figure.evaluate(WALK) == [
                [f"{count}/{len(film)} {view.caption}", words(view)] for count, view in enumerate(film, 1)]
            page.emulate_media(media="print")
            assert figure.evaluate(HELD) == words(film[-1])
            page.emulate_media(media="screen")
