"""The list of families: a new one is one file and one line here."""

from __future__ import annotations

from lufeng_crawler.pages import (
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
from lufeng_crawler.pages.family import Family

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

_SEEN = 100_000
"""Characters in which marks are looked for: systems write them early, and every look costs by the length."""


def recognise(source: str, named: str | None = None) -> Family:
    """The family that wrote `source`, by its marks and never by its host; `named` (the site file's) goes first.

    The first whose marks are proof, surest marks first: a page of one system may hold a text that was pasted from
    another's editor. Generic reads what nobody's marks prove.
    """
    for family in FAMILIES:
        if family.name == named:
            return family
    source = source[:_SEEN]
    return next((family for family in FAMILIES if family.wrote(source)), generic.FAMILY)
