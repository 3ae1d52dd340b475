"""All server models of the book, and what people take instead, on one machine under one load."""

from iolab.arena.contenders import CONTENDERS, LEFT_OUT, Contender, let_in
from iolab.arena.measure import Row, all_descriptors, meet, visit
from iolab.arena.tournament import COURSES, Course, compete, machine, tournament
from iolab.arena.transfer import Transfer, transfer

__all__ = ["CONTENDERS", "COURSES", "LEFT_OUT", "Contender", "Course", "Row", "Transfer", "all_descriptors", "compete",
           "let_in", "machine", "meet", "tournament", "transfer", "visit"]
