"""What each mode does, held against real files: every button in every state that can be reached."""

import io

from iolab import diagrams
from iolab.diagrams.open_modes import FIRST, MODES, NEW, ROOM
from iolab.model import Went

SCENE = diagrams.load("open_modes")
LINES = dict(zip(("open", "read", "write", "seek", "close", "remove"), SCENE.code.lines, strict=True))
DRAWN_NOT = "这里只画得下", "这里不演", "没有打开", "打开着"     # what it leaves out, or what a state forbids


class File:
    """A real file on which the very lines that the picture shows are run."""

    def __init__(self, folder):
        self.path = folder / "note"
        self.path.write_text(FIRST)
        self.names = {"f": None, "open": lambda name, mode, **how: (folder / name).open(mode, **how), "os": self}

    def remove(self, name):
        self.path.unlink()

    def press(self, button):
        """What the line gives: its value, or the exception."""
        line = LINES.get(button, LINES["open"])
        try:
            if "=" in line and button in MODES:
                exec(line, self.names | {"mode": button}, made := {})
                self.names["f"] = made["f"]
                return None
            return eval(line, self.names)
        except (OSError, ValueError) as error:
            return error

    def state(self):
        file = self.names["f"]
        content = self.path.read_text() if self.path.exists() else None
        opened = file is not None and not file.closed
        return content, opened, file.tell() if opened else 0

    def close(self):
        if self.names["f"]:
            self.names["f"].close()


def ways():
    """For each state the buttons that lead to it, none before the one that stands first."""
    found, left = {SCENE.start: ()}, [SCENE.start]
    for state in left:
        for name, went in SCENE.moves[SCENE.states.index(state)].items():
            if isinstance(went, Went) and went.state not in found:
                found[went.state] = (*found[state], name)
                left.append(went.state)
    return found


def same(state, real):
    """Whether a state of the picture is that of the file; which mode it is, its calls show."""
    content, mode, place = state
    return (content, bool(mode), place) == real


def test_a_real_file_does_what_every_button_says(tmp_path):
    assert {state[1] for state in SCENE.states} == {None, *MODES}
    for state, way in ways().items():
        for name, went in SCENE.moves[SCENE.states.index(state)].items():
            if not isinstance(went, Went) and any(words in went for words in DRAWN_NOT):
                continue
            file = File(tmp_path)
            try:
                for before in way:
                    file.press(before)
                assert same(state, file.state()), (way, file.state())
                gives = file.press(name)
                check(file, state, went, gives, (*way, name))
            finally:
                file.close()


def check(file, state, went, gives, way):
    if isinstance(went, Went):
        assert not isinstance(gives, Exception), (way, gives)
        assert same(went.state, file.state()), (way, went.state, file.state())
        if isinstance(gives, bytes):
            assert f"返回 {gives!r}，位置向后移 {len(gives)}" in went.caption
        if way[-1] == "write":
            end = file.state()[0] == state[0] + NEW
            assert gives == len(NEW) and end == ("末尾" in went.caption) == ("覆盖" not in went.caption), way
        if way[-1] in MODES:
            assert ("清空" in went.caption) == (bool(state[0]) and not went.state[0])
            assert ("新建" in went.caption) == (state[0] is None)
    elif isinstance(gives, Exception):
        kind = "io.UnsupportedOperation" if isinstance(gives, io.UnsupportedOperation) else type(gives).__name__
        assert kind in went, (way, gives)
    else:
        assert same(state, file.state()) and (gives == b"" or state[2] == 0), (way, went, gives)


def test_what_the_picture_leaves_out_it_says(tmp_path):
    """No button is closed for another reason than the ones above."""
    for state, moves in zip(SCENE.states, SCENE.moves, strict=True):
        full = [name for name, went in moves.items() if not isinstance(went, Went) and DRAWN_NOT[0] in went]
        assert not full or (full == ["write"] and ROOM in (len(state[0]), state[2]))
        closed = [name for name, went in moves.items() if not isinstance(went, Went) and DRAWN_NOT[2] in went]
        assert not closed or (state[1] is None and set(closed) == {"read", "write", "seek", "close"})


def test_the_cells_show_the_content_and_the_position():
    for state in SCENE.states:
        shown = SCENE.look(state)
        assert "".join(held[0] for cell, held in shown.items() if cell.startswith("byte")) == (state[0] or "")
        assert [int(cell[2:]) for cell in shown if cell.startswith("at")] == ([state[2]] if state[1] else [])
