"""The book's own chat room and echo server, opened to a room full of students: python -m iolab.classroom.

The servers stay on loopback as they are. What the network sees is a gate before each, which asks for the room's word
and keeps to limits, so that one guest who does as he likes costs the others nothing.
"""
