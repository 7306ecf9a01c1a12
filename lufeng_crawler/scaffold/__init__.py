"""Helps to add a site: finds its columns and writes its file, or tries a file, without recording anything."""

from lufeng_crawler.scaffold.check import Checked, CheckedColumn, check
from lufeng_crawler.scaffold.columns import find
from lufeng_crawler.scaffold.files import Place, place, write
from lufeng_crawler.scaffold.found import Found
from lufeng_crawler.scaffold.looking import look

__all__ = ["Checked", "CheckedColumn", "Found", "Place", "check", "find", "look", "place", "write"]
