"""The list of families: a new one is one file and one line here."""

from __future__ import annotations

import re

from lufeng_crawler.pages.families import (
    epoint,
    generic,
    govcn,
    guangdong,
    hanweb,
    lonsun,
    shanghai,
    sichuan,
    siteserver,
    trs,
    ucap,
    vsb,
)
from lufeng_crawler.pages.html.family import Family, Traces
from lufeng_crawler.pages.html.page import Page

FAMILIES: tuple[Family, ...] = (
    vsb.FAMILY,
    hanweb.FAMILY,
    guangdong.FAMILY,
    shanghai.FAMILY,
    lonsun.FAMILY,
    epoint.FAMILY,
    siteserver.FAMILY,
    ucap.FAMILY,
    sichuan.FAMILY,
    govcn.FAMILY,
    trs.FAMILY,
)

_PATHS = re.compile(  # one search for all, since a pattern that begins with one sign is as quick as a single text
    "/(?:" + "|".join(re.escape(path[1:]) for one in FAMILIES for mark in one.marks for path in mark.paths) + ")"
)
_SEEN = 100_000
"""Characters in which marks are looked for: systems write them early, and every look costs by the length."""


def recognise(page: Page, named: str | None = None) -> Family:
    """The family that wrote a page, by its marks and never by its host; `named` (the site file's) goes first.

    The first whose marks are proof, surest marks first: a page of one system may hold a text that was pasted from
    another's editor. Generic reads what nobody's marks prove.
    """
    for family in FAMILIES:
        if family.name == named:
            return family
    found = family_traces(page)
    return next((family for family in FAMILIES if family.wrote(found)), generic.FAMILY)


def family_traces(page: Page) -> Traces:
    """What a page shows of the systems known here."""
    return Traces(page.source[:_SEEN], page.names, frozenset(_PATHS.findall(page.source, 0, _SEEN)))
