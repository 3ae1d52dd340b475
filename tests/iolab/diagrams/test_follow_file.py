"""Following a log, held against real files: every button in every state, the follower being the picture's own lines."""

import os

from iolab import diagrams
from iolab.diagrams.follow_file import SIZE
from iolab.model import Went

SCENE = diagrams.load("follow_file")
BLOCKS = dict(zip(("read", "size", "name"), ("\n".join(SCENE.code.lines[at:at + 2]) for at in (0, 2, 4)), strict=True))


class Log:
    """Two files in a folder, a program that writes and a follower that reads."""

    def __init__(self, folder):
        self.path, self.count, self.printed = folder / "app.log", 0, []
        for old in folder.iterdir():
            old.unlink()
        self.writer = open(self.path, "ab", buffering=0)                            # noqa: SIM115
        self.names = {"log": open(self.path, "rb", buffering=0), "name": self.path, "os": os,    # noqa: SIM115
                      "print": self.hear}

    def hear(self, data):
        self.printed += [int(line) for line in data.split()]

    def press(self, button):
        if button == "write":
            self.count += 1
            self.writer.write(b"%03d\n" % self.count)
        elif button == "empty":
            os.truncate(self.path, 0)
        elif button == "rotate":
            self.path.rename(self.path.with_suffix(".log.1"))
            self.path.touch()
        elif button == "reopen":
            self.writer.close()
            self.writer = open(self.path, "ab", buffering=0)                        # noqa: SIM115
        else:
            before = self.names["log"]
            exec(BLOCKS[button], self.names)
            if self.names["log"] is not before:
                before.close()

    def state(self):
        rotated = self.path.with_suffix(".log.1")
        files = [tuple(map(int, path.read_text().split())) for path in (rotated, self.path) if path.exists()]
        old, new = files if len(files) == 2 else (files[0], None)
        newest = new is not None and self.path.stat().st_ino
        at = [int(os.fstat(one.fileno()).st_ino == newest) for one in (self.writer, self.names["log"])]
        return self.count, old, new, *at, self.names["log"].tell() // SIZE, tuple(self.printed)

    def close(self):
        self.writer.close()
        self.names["log"].close()


def ways():
    found, left = {SCENE.start: ()}, [SCENE.start]
    for state in left:
        for name, went in SCENE.moves[SCENE.states.index(state)].items():
            if isinstance(went, Went) and went.state not in found:
                found[went.state] = (*found[state], name)
                left.append(went.state)
    return found


def test_real_files_come_to_the_same_states_by_the_same_buttons(tmp_path):
    found = ways()
    assert len(found) == len(SCENE.states) > 50
    for state, way in found.items():
        for name, went in SCENE.moves[SCENE.states.index(state)].items():
            if isinstance(went, Went) or name in BLOCKS:
                log = Log(tmp_path)
                for before in way:
                    log.press(before)
                if name == "name" and not isinstance(went, Went) and "还没有读" not in went and "没读的" in went:
                    log.close()         # the lines would open the new one; the sentence says what to do first
                    continue
                log.press(name)
                after = went.state if isinstance(went, Went) else state
                assert log.state() == after, (*way, name)
                log.close()


def test_what_was_never_read_is_called_lost_once_no_file_has_it():
    for state in SCENE.states:
        count, old, new, *_, printed = state
        gone = set(range(1, count + 1)) - {*old, *(new or ()), *printed}
        shown = {held[0] for cell, held in SCENE.look(state).items() if cell.startswith("out") and held[1] == "red"}
        assert shown == {f"第 {number} 行没了" for number in gone}
