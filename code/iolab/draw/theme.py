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
    "blue-bar": "#9cc4f0",
    "green-bar": "#8fcfa6",
    "amber-bar": "#eebb78",
    "violet": "#6d3fb5",
    "violet-fill": "#ebe2fa",
    "violet-bar": "#c5aef0",
    "red": "#b9252f",
    "red-fill": "#fbe0e0",
    "red-bar": "#eea3a6",
}

BRIGHT = ("blue", "green", "amber", "violet", "red")
FILLS = {"plain": ("box", "line"), **{name: (f"{name}-fill", name) for name in BRIGHT}}

# What a colour says wherever something moves, lasts or is measured: in players, timelines and charts alike.
MEANINGS = {"green": "在运行，或者占着", "amber": "在等", "blue": "在路上", "violet": "停着",
            "red": "丢了、死了、出错"}
STATES = {
    "green": ("R", "ESTABLISHED", "运行", "持有", "计算", "已锁"),
    "amber": ("S", "D", "LISTEN", "FIN_WAIT2", "FIN_WAIT_2", "CLOSE_WAIT", "等", "阻塞"),
    "blue": ("SYN_SENT", "SYN_RECV", "SYN_RCVD", "FIN_WAIT1", "FIN_WAIT_1", "LAST_ACK"),  # its segment is under way
    "violet": ("T", "TIME_WAIT"),
    "red": ("Z", "终止"),
    "plain": ("就绪", "排队", "创建"),
}


def tone(state):
    """The colour of a state by what it means, or None: its name is known, or it begins with a word that is."""
    for name, states in STATES.items():
        if any(state == word or (state.startswith(word) and not word.isupper()) for word in states):
            return name
    return None


def colours(names):
    """{name: (fill, stroke)}: states by their meaning, what has none in the colours that mean nothing in particular.

    Names that share a colour differ in how strongly they are filled.
    """
    given, taken = {}, {}
    for number, name in enumerate(names):
        family = tone(name) or ("blue", "violet", "plain")[number % 3]
        nuances = _nuances(family)
        given[name] = nuances[taken.get(family, 0) % len(nuances)]
        taken[family] = taken.get(family, 0) + 1
    return given


def _nuances(family):
    if family == "plain":
        return ("box", "line"), ("line", "line"), ("paper", "soft"), ("soft", "soft")
    return (f"{family}-fill", family), (f"{family}-bar", family), ("paper", family), ("box", family)


FONT = ("'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',"
        "'WenQuanYi Zen Hei',sans-serif")


def variable(name):
    """A colour of the palette as a style names it."""
    return f"var(--io-{name},{LIGHT[name]})"


def variables(svg):
    """Replace the palette's values in an SVG by CSS variables."""
    for name, value in LIGHT.items():
        svg = svg.replace(value, variable(name))
    return svg
