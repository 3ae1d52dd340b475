"""iolab under IOLAB_LANGUAGE=en, in a process of its own: pictures, levels, labs, widgets, errors; nothing Chinese."""

import json
import os
import re
import subprocess
import sys

import pytest

from iolab import diagrams, explore
from iolab.draw.listing import lines
from iolab.words.python import CHINESE

SAY = r"""
import contextlib, io, itertools, json
from iolab import diagrams, explore, launch, watch, words
from iolab.draw import plan, to_html
from iolab.draw.plan import Text
from iolab.draw.listing import listing, lines
from iolab.draw.text import width
from iolab.explore import export, text
from iolab.grade.labs import every
from iolab.model import Machine, Sweep, Table
from iolab.questions import html
from iolab.widgets import picture, sender
from iolab.wire import WireError

said, counts, wide = {}, {}, []
for name in diagrams.names():
    scene = diagrams.load(name)
    views = scene.views() if isinstance(scene, Machine) else (
        itertools.chain(*scene.films.values()) if isinstance(scene, Sweep) else ())
    said[name] = listing(scene) + "".join(view.caption for view in views)
    counts[name] = len(lines(scene))
    if not isinstance(scene, Table):
        drawn = plan(scene)
        for one in (shape for artist in drawn.artists for shape in artist.shapes if isinstance(shape, Text)):
            left = one.x - {"start": 0, "middle": 0.5, "end": 1}[one.anchor] * width(one.text, one.size)
            if not one.angle and not -8 < left <= drawn.width - width(one.text, one.size) + 8:
                wide.append((name, one.text))
    if isinstance(scene, (Machine, Sweep)):
        size = {cell.name: cell for cell in scene.board.cells}
        wide += [(name, held) for view in scene.steps for cell, (held, _) in view.held.items()
                 if width(held, size[cell].size) > size[cell].width - 2]
said["html"] = to_html(diagrams.load("handshake"))
for name in ("lost_update", "sigchld_merged", "both_send"):
    level = explore.load(name)
    said[name], counts[name] = export.encoded(level) + text.listing(level), len(level.variants[0].graph.states)
for lab in every():
    said[lab.name] = repr([lab.title, lab.hints, [(one.title, [each.title for each in one.scenarios])
                                                  for one in lab.stages]])
said["recording"] = repr(picture.play("twelve_clients")) + repr(picture.play("process_states"))
said["player"] = html.assets_inline()
said["sender"] = repr(sender.sender("127.0.0.1", 9))
for call in (lambda: diagrams.load("x"), lambda: explore.load("x"), lambda: launch.run("no.py"),
             lambda: sender.sender("127.0.0.1", 0)):
    try:
        call()
    except Exception as error:
        said[f"error {error.__class__.__name__} {len(said)}"] = str(error)
print(json.dumps([said, counts, wide]))
"""


@pytest.fixture(scope="module")
def english():
    done = subprocess.run([sys.executable, "-c", SAY], env=os.environ | {"IOLAB_LANGUAGE": "en"}, capture_output=True,
                          text=True, timeout=100)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_nothing_chinese_is_left(english):
    said = english[0]
    chat, said["player"] = said.pop("chat"), said["player"].replace("[,，\\s]", "")  # numbers as anybody types them
    said["reliable"] = said["reliable"].replace("'丢失'", "")  # a stage that is called as the relay calls that fate
    told = {name: CHINESE.search(text)[0] for name, text in said.items() if CHINESE.search(text)}
    assert not told and len(said) > 75
    assert not CHINESE.search(re.sub("“[^”]*”|'管理员'", "", chat)), "only its protocol stays Chinese"


def test_pictures_and_levels_have_as_many_steps_and_states_as_in_chinese(english):
    counts = english[1]
    assert {name: counts[name] for name in diagrams.names()} == {
        name: len(lines(diagrams.load(name))) for name in diagrams.names()}
    assert counts["lost_update"] == len(explore.load("lost_update").variants[0].graph.states)


def test_words_fit_into_their_cells_and_pictures(english):
    assert not english[2]


def test_commands_speak_it():
    done = subprocess.run([sys.executable, "-m", "iolab.grade", "--list"], env=os.environ | {"IOLAB_LANGUAGE": "en"},
                          capture_output=True, text=True, timeout=60)
    assert "An echo server that stays alive" in done.stdout and "One question, one answer" in done.stdout
