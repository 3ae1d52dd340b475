"""All server models of the book, and what people take instead, on one machine under one load."""

from iolab.arena.contenders import CONTENDERS, Contender
from iolab.arena.measure import Row, meet
from iolab.arena.tournament import compete, machine
from iolab.arena.transfer import Transfer, transfer

__all__ = ["CONTENDERS", "Contender", "Row", "Transfer", "compete", "machine", "meet", "transfer"]
