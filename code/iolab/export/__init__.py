"""The built book as one file: a zip that opens from disk, an EPUB, a PDF. From its HTML alone, never from its sources.

``python -m iolab.export`` runs it; ``make offline``, ``make epub``, ``make pdf`` and ``make release`` call that.
"""
