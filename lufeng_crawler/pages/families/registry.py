"""The list of families: adding a CMS takes one module in this folder, and one line here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lufeng_crawler.items import Listing
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
from lufeng_crawler.pages.html.conventions import register_conventions
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
"""All families, surest marks first: a page of one system may hold a text that was pasted from another's editor."""

_SEARCHED_LENGTH = 100_000
"""Characters in which marks are searched for: systems write them early, and a search costs by the length."""

_families: tuple[Family, ...]
_mark_paths: re.Pattern[str]


def register(families: Sequence[Family]) -> None:
    """Make these the known families, in the order in which `recognise` tries them, and their conventions known."""
    global _families, _mark_paths
    _families = tuple(families)
    paths = [re.escape(path[1:]) for family in _families for mark in family.marks for path in mark.paths]
    # one search for all, since a pattern that begins with one sign is as quick as a single text
    _mark_paths = re.compile(f"/(?:{'|'.join(paths)})" if paths else r"(?!)")
    register_conventions(family.conventions for family in _families)


register(FAMILIES)


def recognise(page: Page, named: str | None = None) -> Family:
    """Return the family that wrote a page, by its marks and never by its host; `named` (the site file's) goes first.

    The first family whose marks are proof; `generic` where none's are.
    """
    for family in _families:
        if family.name == named:
            return family
    traces = family_traces(page)
    return next((family for family in _families if family.is_proved_by(traces)), generic.FAMILY)


def family_traces(page: Page) -> Traces:
    """Return what a page shows of the known families' marks."""
    return Traces(
        page.source[:_SEARCHED_LENGTH], page.names, frozenset(_mark_paths.findall(page.source, 0, _SEARCHED_LENGTH))
    )


def read_document(text: str, url: str) -> Listing | None:
    """Return the listing in a document that a CMS writes for its own scripts; None for what no family knows."""
    readers = (family.read_document for family in _families if family.read_document)
    return next((listing for read in readers if (listing := read(text, url))), None)
