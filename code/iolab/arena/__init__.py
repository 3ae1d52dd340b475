"""All server models of the book, and what people take instead, on one machine under one load."""

from iolab.arena.contenders import CONTENDERS, Contender
from iolab.arena.measure import Row, meet
from iolab.arena.tournament import arena, machine

__all__ = ["CONTENDERS", "Contender", "Row", "arena", "machine", "meet"]
