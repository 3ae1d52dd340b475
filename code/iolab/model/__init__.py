"""Nouns of the pictures: frozen scenes that refuse to contradict themselves. No I/O, no drawing."""

from iolab.model.bars import Bars
from iolab.model.board import Board, Cell, Label, View, Way
from iolab.model.check import SceneError
from iolab.model.graph import Edge, Graph, Hide, Mark, Move, Node, Show, Token
from iolab.model.journey import Journey, Part, Stop
from iolab.model.layers import Box, Column, Layers, Link
from iolab.model.machine import Button, Machine, Went
from iolab.model.runs import Curves, Dots
from iolab.model.sequence import (
    Actor,
    Begin,
    Block,
    Call,
    End,
    Enter,
    Leave,
    Message,
    Note,
    Sequence,
    State,
    Wake,
)
from iolab.model.step import Code, Step
from iolab.model.sweep import Slider, Sweep
from iolab.model.table import Table
from iolab.model.timeline import Timeline

__all__ = [
    "Actor", "Bars", "Begin", "Block", "Board", "Box", "Button", "Call", "Cell", "Code", "Column", "Curves", "Dots",
    "Edge", "End", "Enter", "Graph", "Hide", "Journey", "Label", "Layers", "Leave", "Link", "Machine", "Mark",
    "Message", "Move", "Node", "Note", "Part", "SceneError", "Sequence", "Show", "Slider", "State", "Step", "Stop",
    "Sweep", "Table", "Timeline", "Token", "View", "Wake", "Way", "Went",
]
