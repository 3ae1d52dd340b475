"""The only room that knows matplotlib: a scene becomes one SVG, a list of steps, and the HTML that a page shows."""

from iolab.draw.apart import without_data
from iolab.draw.html import inline_html, player_assets, renewed_html, to_html
from iolab.draw.layout import plan
from iolab.draw.level import level_html
from iolab.draw.listing import listing
from iolab.draw.render import svg

__all__ = ["inline_html", "level_html", "listing", "plan", "player_assets", "renewed_html", "svg", "to_html",
           "without_data"]
