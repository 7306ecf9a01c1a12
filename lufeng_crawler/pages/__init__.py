"""Reads pages: `read` says what a capture is and states; `find_column` and `recognise` help to find one's way."""

from lufeng_crawler.pages.families.registry import recognise
from lufeng_crawler.pages.read_page import find_column, read

__all__ = ["READER", "find_column", "read", "recognise"]

READER = 1
"""The number of the present reading rules, stored with each version that they read.

Raise it by hand when a page reads differently than before: versions that an older number read are then read again
before they are compared, so that our change is not reported as an edit by the site. `tests/data/readings.json` keeps a
digest of every saved page's reading, and a test fails when one changes and this number does not.
"""
