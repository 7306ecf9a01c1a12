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
from lufeng_crawler.pages.page import Page

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


def recognise(page: Page, named: str | None = None) -> Family:
    """The family that wrote a page, by its marks and never by its host; `named` (the site file's) goes first.

    The first whose marks are proof, surest marks first: a page of one system may hold a text that was pasted from
    another's editor. Generic reads what nobody's marks prove.
    """
    for family in FAMILIES:
        if family.name == named:
            return family
    return next((family for family in FAMILIES if family.wrote(page)), generic.FAMILY)
