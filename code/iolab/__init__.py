"""The bench behind the book: what a page imports."""

from iolab.launch import run, serve, show

__all__ = ["run", "serve", "show"]
