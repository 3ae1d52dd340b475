"""The book made live: a server of pages and kernels on this machine, and the scripts with which a page's cells run.

It knows HTML and kernels, and nothing of what the book says: a page offers its cells (front/cells.js), and that is all.
"""
