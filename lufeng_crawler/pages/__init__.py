"""Reads pages: `read` returns what a capture is and states; `find_column` and `recognise` help to explore a site.

`impossible_url` and `visible_lines` are for learning what a site answers where it has nothing.
"""

from lufeng_crawler.pages.families.registry import recognise
from lufeng_crawler.pages.html.impossible_url import impossible_url
from lufeng_crawler.pages.read_page import find_column, read, visible_lines

__all__ = ["READER", "find_column", "impossible_url", "read", "recognise", "visible_lines"]

READER = 2
"""The version number of the reading rules, stored with each version of an article that they read.

Raise it by hand when a page reads differently than before: versions with an older number are then read again before
they are compared, so that a change of the rules is not reported as an edit by the site. `tests/data/readings.json`
keeps a digest of every saved page's reading, and a test fails when one changes and this number does not.
"""
