"""The Linux that runs in the page: how it is built, what lives in it, and the scripts with which a page speaks to it.

Builds from packages of others (lock.json) and knows the book only as files that it copies. guest/ runs inside,
front/ in the browser, all else where the book is built.
"""
