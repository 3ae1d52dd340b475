"""All server models of the book, and what people take instead, on one machine under one load."""

from iolab.arena.contenders import CONTENDERS, Contender
from iolab.arena.measure import Row, all_descriptors, meet, visit
from iolab.arena.tournament import compete, machine
from iolab.arena.transfer import Transfer, transfer

__all__ = ["CONTENDERS", "Contender", "Row", "Transfer", "all_descriptors", "compete", "machine", "meet", "transfer",
           "visit"]
