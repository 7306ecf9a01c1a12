"""Finds dates that no line of a page states: those of `<time datetime>` and those that scripts write into it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lxml import etree

from lufeng_crawler.pages import dates
from lufeng_crawler.pages.evidence import Finding
from lufeng_crawler.pages.page import Page, text_of
from lufeng_crawler.pages.text import squeezed

_TIMES = etree.XPath("//time[@datetime]")
_STAMP = r"[\"']((?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}[^\"'<>\n]{0,20})[\"']"
_NAMED = re.compile(
    r"\b(pub_?(?:lish)?_?(?:date|time)|(?:doc)?(?:pub|rel|release)_?(?:time|date))[\"']?\s{0,9}[:=]\s{0,9}" + _STAMP,
    re.I,
)
_WRITTEN = re.compile(r"document\.write(?:ln)?\(\s{0,9}" + _STAMP)


def timed(page: Page, zone: Collection[str]) -> Iterator[Finding]:
    """What `<time datetime>` says of a date, one without its year, that stands in `zone`, the lines round the title."""
    for element in _TIMES(page.root) if "<time" in page.source else ():
        shown = squeezed(text_of(element))
        stated = dates.moment(element.get("datetime"))
        if stated and shown and any(shown in squeezed(line) for line in zone):
            yield Finding("published", stated, "time datetime")
            return


def scripted(source: str) -> Iterator[Finding]:
    """The one date that scripts name as the publication's, or write; where they hold several, none is sure."""
    for pattern in (_NAMED, _WRITTEN):
        stated = {dates.stated(match[match.re.groups]) for match in pattern.finditer(source)} - {None}
        if len(stated) == 1:
            yield Finding("published", str(*stated), "script")
            return
