"""All server models of the book, and what people take instead, on one machine under one load."""

from iolab.arena.contenders import CONTENDERS, Contender
from iolab.arena.measure import Row, meet
from iolab.arena.tournament import compete, machine

__all__ = ["CONTENDERS", "Contender", "Row", "compete", "machine", "meet"]
