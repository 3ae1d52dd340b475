"""The palette. The SVG names each colour as a CSS variable whose fallback is the light theme's value.

So one SVG serves as an image (light, on its own paper) and inlined in a page, where player.css darkens the variables.
"""

LIGHT = {
    "ink": "#1f2a37",
    "soft": "#52606d",
    "paper": "#fffffe",
    "line": "#8592a0",
    "box": "#f0f3f7",
    "blue": "#1a63b8",
    "blue-fill": "#deebfb",
    "green": "#1b7742",
    "green-fill": "#dbf2e3",
    "amber": "#a5520a",
    "amber-fill": "#fdecd2",
    "green-bar": "#8fcfa6",
    "amber-bar": "#eebb78",
    "violet": "#6d3fb5",
    "violet-fill": "#ebe2fa",
    "red": "#b9252f",
    "red-fill": "#fbe0e0",
}

BRIGHT = ("blue", "green", "amber", "violet", "red")
FILLS = {"plain": ("box", "line"), **{name: (f"{name}-fill", name) for name in BRIGHT}}

FONT = ("'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',"
        "'WenQuanYi Zen Hei',sans-serif")


def variables(svg):
    """Replace the palette's values in an SVG by CSS variables."""
    for name, value in LIGHT.items():
        svg = svg.replace(value, f"var(--io-{name},{value})")
    return svg
