"""Finds dates that no line of a page states: those of `<time datetime>` and those that scripts write into it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

from lxml import etree

from lufeng_crawler.pages.html.evidence import Finding
from lufeng_crawler.pages.html.page import Page, text_of
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.whitespace import collapse_spaces

_TIME_ELEMENTS = etree.XPath("//time[@datetime]")
_MAX_DATES, _MAX_SCRIPT_DATES = 300, 9
_QUOTED_DATE = re.compile(r"[\"']((?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}[^\"'<>\n]{0,20})[\"']")
_MAX_NAME_LENGTH = 40
_DATE_NAMES = (
    re.compile(r"\b(?:pub_?(?:lish)?_?|(?:doc)?(?:pub|rel|release)_?)(?:date|time)[\"']?\s{0,9}[:=]\s{0,9}\Z", re.I),
    re.compile(r"document\.write(?:ln)?\(\s{0,9}\Z"),
)
"""What stands before a date in quotes that is the publication's, the surer first."""


def find_hidden_time(page: Page, zone: Collection[str]) -> Iterator[Finding]:
    """Yield the `<time datetime>` of a date without its year that stands in `zone`, the lines round the title."""
    for element in _TIME_ELEMENTS(page.root)[:_MAX_DATES] if "<time" in page.source else ():
        shown = collapse_spaces(text_of(element))
        stated = dates.parse_timestamp(element.get("datetime"))
        if stated and shown and any(shown in collapse_spaces(line) for line in zone):
            yield Finding("published", stated, "time datetime")
            return


def find_scripted_date(source: str) -> Iterator[Finding]:
    """Yield the one date that scripts name as the publication's, or write; where they hold several, none is sure."""
    stamps = list(islice(_QUOTED_DATE.finditer(source), _MAX_DATES))
    for name in _DATE_NAMES:
        written = {
            stamp[1] for stamp in stamps if name.search(source, max(0, stamp.start() - _MAX_NAME_LENGTH), stamp.start())
        }
        stated = {dates.parse_date(text) for text in written} if len(written) <= _MAX_SCRIPT_DATES else set()
        if len(stated) == 1 and (date := stated.pop()):
            yield Finding("published", date, "script")
            return
