"""What tests of pictures in a browser share: the scenes, what one shows, its buttons and its words."""

from iolab import diagrams, watch
from iolab.draw import inline_html, to_html

SCENES = {name: diagrams.load(name) for name in diagrams.names()}
SCENES["twelve_clients"] = watch.picture(watch.shipped("twelve_clients"))

# What a picture shows once nothing moves any more: for every part whether it is seen, where it stands in picture units,
# and for a cell of a board what it holds.
LOOK = """async figure => {
  figure.getAnimations({subtree: true}).forEach(animation => animation.finish());
  while (figure.querySelector('.io-dot')) await new Promise(requestAnimationFrame);
  const svg = figure.querySelector('svg'), zero = svg.getBoundingClientRect();
  const unit = zero.width / svg.viewBox.baseVal.width;
  return Object.fromEntries([...svg.querySelectorAll('[data-gid]')].map(part => {
    const box = part.getBoundingClientRect();
    const held = part.dataset.gid.startsWith('cell-')
      ? [part.querySelector('text')?.textContent.trim(), getComputedStyle(part.querySelector('path')).fill] : [];
    return [part.dataset.gid, getComputedStyle(part).display === 'none' ? null
      : [...[box.x - zero.x, box.y - zero.y].map(length => Math.round(length / unit)), ...held]];
  }));
}"""


def press(figure, words):
    figure.get_by_role("button", name=words, exact=True).click()


def said(figure):
    return figure.locator("[aria-live=polite]").inner_text()


def stored(page, name):
    """What the picture that is stored in the page shows, before any player touched it."""
    svg = inline_html(to_html(SCENES[name]))
    page.evaluate("""svg => {
        const still = document.createElement('figure');
        still.id = 'stored';
        still.style.cssText = 'margin:0';
        still.innerHTML = svg.slice(svg.indexOf('<svg'), svg.indexOf('</svg>') + 6);
        document.body.append(still);
        const played = document.querySelector('figure.iolab-picture svg').getBoundingClientRect();
        still.style.width = still.firstChild.style.width = played.width + 'px';
        still.firstChild.style.height = played.height + 'px';
    }""", svg)
    return page.locator("#stored").evaluate(LOOK)
