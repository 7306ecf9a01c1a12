"""Files of other makers: WARC and WACZ, their answers in the order of time, and what those repeat."""

from lufeng_crawler.archive.foreign.answers import Answer, Repeat, parse
from lufeng_crawler.archive.foreign.order import Index
from lufeng_crawler.archive.foreign.originals import kept_original
from lufeng_crawler.archive.foreign.records import Found, find

__all__ = ["Answer", "Found", "Index", "Repeat", "find", "kept_original", "parse"]
