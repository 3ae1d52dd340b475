"""Refusals shared by all scenes: every message names the scene and what is wrong in it."""


class SceneError(ValueError):
    """A scene that cannot be drawn as it is written."""


def require(condition, scene, message):
    if not condition:
        raise SceneError(f"{type(scene).__name__} {scene.name!r}: {message}")


def unique(scene, kind, names):
    """Refuse two artists of one name."""
    seen = set()
    for name in names:
        require(name not in seen, scene, f"two {kind} are called {name!r}")
        seen.add(name)


def known(scene, kind, name, names):
    """Refuse a reference to something that does not exist."""
    require(name in names, scene, f"there is no {kind} {name!r}; there are {', '.join(map(repr, names))}")


def timeline(scene, steps, allowed):
    """Refuse an empty timeline, a step without caption, an event of the wrong kind, a lit line that is not there."""
    require(steps, scene, "the timeline is empty: give it at least one Step")
    last = len(scene.code.lines) if scene.code else 0
    for number, step in enumerate(steps, 1):
        require(step.caption.strip(), scene, f"step {number} has no caption")
        for line in step.at:
            require(1 <= line <= last, scene, f"step {number} lights line {line}, the code has {last}")
        for event in step.events:
            require(isinstance(event, allowed), scene,
                    f"step {number}: {event!r} is none of {', '.join(kind.__name__ for kind in allowed)}")
