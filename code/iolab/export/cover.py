"""The cover, in the language spoken: an SVG to print, and drawn from it what every reader can show, as fonts differ."""

from pathlib import Path

from iolab import words

HERE = Path(__file__).parent
SIZE = {"width": 800, "height": 1200}


def svg():
    """The text of the cover."""
    return words.handed_out(HERE / "cover.svg")


def png():
    """The path of its picture. There may be none yet: see draw()."""
    language = words.language()
    return HERE / ("cover.png" if language == words.CHINESE else f"cover-{language}.png")


def draw():
    """Draw the picture anew and return its path. Raises DriverError where there is no Chromium."""
    from iolab.export import chromium

    with chromium.paper_tab() as tab:
        tab.set_viewport_size(SIZE)
        tab.set_content("<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>" + svg())
        tab.screenshot(path=png())
    return png()
