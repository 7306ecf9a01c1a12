"""What a family of sites (one CMS) is: marks to know it by, and where it puts things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from lufeng_crawler.pages.evidence import Finding
from lufeng_crawler.pages.page import Element, Page


@dataclass(frozen=True, slots=True)
class Mark:
    """Pieces of markup, any of which this CMS writes; `weight` 1 is proof, less is a hint."""

    texts: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Family:
    """Where a CMS puts things; everything but the name may be left out, `generic` then finds what it can.

    bodies, titles     XPaths to an article's text and headline, best first
    area               XPath to what holds the text with its attachments
    noise              XPath, from the body: what the CMS itself writes into it
    rows               XPath to the lines of listings
    records            lines of listings that are kept in scripts
    fields             further findings about an article (fields kept in scripts, say)
    next_page          the address that a pager drawn by script offers
    """

    name: str
    marks: tuple[Mark, ...] = ()
    bodies: tuple[etree.XPath, ...] = ()
    titles: tuple[etree.XPath, ...] = ()
    area: etree.XPath | None = None
    noise: etree.XPath | None = None
    rows: etree.XPath | None = None
    records: Callable[[Page], Sequence[Element]] | None = None
    fields: Callable[[Page], Iterable[Finding]] | None = None
    next_page: Callable[[Page], str | None] | None = None

    def score(self, source: str) -> float:
        """How surely `source` was written by this CMS: the weights of its marks, each counted once, up to 1."""
        score = 0.0
        for mark in self.marks:
            if any(text in source for text in mark.texts):
                score += mark.weight
                if score >= 1:
                    break
        return score


def first(paths: Iterable[etree.XPath], root: Element) -> Element | None:
    """The first element that the first fruitful path finds."""
    return next((found[0] for path in paths if (found := path(root))), None)
