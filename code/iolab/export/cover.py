"""The cover of the EPUB as the picture that every reader can show, drawn from cover.svg: fonts differ by machine."""

from pathlib import Path

from iolab.export import chromium

HERE = Path(__file__).parent
SIZE = {"width": 800, "height": 1200}


def draw():
    """Draw cover.png beside cover.svg anew and return its path. Raises DriverError where there is no Chromium."""
    with chromium.paper_tab() as tab:
        tab.set_viewport_size(SIZE)
        tab.set_content("<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>"
                        + (HERE / "cover.svg").read_text(encoding="utf-8"))
        tab.screenshot(path=HERE / "cover.png")
    return HERE / "cover.png"
