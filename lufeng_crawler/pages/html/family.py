"""Describes a family of sites (one CMS): marks to know it by, and where it puts things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from lxml import etree

from lufeng_crawler.items import Listing
from lufeng_crawler.pages.html.conventions import Conventions
from lufeng_crawler.pages.html.evidence import Finding
from lufeng_crawler.pages.html.page import Element, Page

_PROOF = 0.99
"""The score of proof: weights are tenths, whose sums floats miss by a hair."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What marks are searched for in: a page's markup, its names, and those of all `Mark.paths` that it holds."""

    source: str
    names: str
    paths: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """Pieces of markup, any of which this CMS writes; `weight` 1 is proof, less is a hint.

    `names` are beginnings of `Page.names`, `paths` pieces of URLs that begin with a slash. Searching for either costs a
    tenth of what a text costs, for which the whole markup is searched.
    """

    texts: tuple[str, ...] = ()
    weight: float = 1.0
    names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    def matches(self, traces: Traces) -> bool:
        """Return whether one of the pieces is on the page."""
        for name in self.names:
            if f" {name}" in traces.names:
                return True
        return not traces.paths.isdisjoint(self.paths) or any(text in traces.source for text in self.texts)


@dataclass(frozen=True, slots=True)
class Family:
    """Where a CMS puts things; everything but the name may be left out, `generic` then finds what it can.

    bodies, titles     XPaths to an article's text and headline, best first
    body_names         beginnings of names without any of which `bodies` find nothing
    area               XPath to what holds the text with its attachments
    noise              XPath, from the body: what the CMS itself writes into it
    rows               XPath to the lines of listings, used where `row_mark` is in the markup
    records            lines of listings that are kept in scripts
    fields             further findings about an article (fields kept in scripts, say)
    next_page          the URL that a pager drawn by script leads to
    page_number        the number of a listing's page, where its URL has it
    read_document      the listing in a document that is no page but data for the CMS's scripts, given its text and
                       URL; None for any other document
    conventions        what the CMS writes in its own way, known on the pages of every family
    """

    name: str
    marks: tuple[Mark, ...] = ()
    bodies: tuple[etree.XPath, ...] = ()
    body_names: tuple[str, ...] = ("",)
    titles: tuple[etree.XPath, ...] = ()
    area: etree.XPath | None = None
    noise: etree.XPath | None = None
    rows: etree.XPath | None = None
    row_mark: str = ""
    records: Callable[[Page], Sequence[Element]] | None = None
    fields: Callable[[Page], Iterable[Finding]] | None = None
    next_page: Callable[[Page], str | None] | None = None
    page_number: Callable[[Page], int | None] | None = None
    read_document: Callable[[str, str], Listing | None] | None = None
    conventions: Conventions = field(default_factory=Conventions)

    def find_rows(self, page: Page) -> Sequence[Element]:
        """Return the lines of listings on a page of this CMS."""
        rows: Sequence[Element] = self.rows(page.root) if self.rows and self.row_mark in page.source else []
        return rows

    def score(self, traces: Traces) -> float:
        """Return how surely this CMS wrote a page: the weights of its marks, each counted once; 1 is proof."""
        return sum(mark.weight for mark in self.marks if mark.matches(traces))

    def is_proved_by(self, traces: Traces) -> bool:
        """Return whether the score is proof; stops once the marks that are left cannot change that."""
        score, left = 0.0, sum(mark.weight for mark in self.marks)
        for mark in self.marks:
            if score >= _PROOF or score + left < _PROOF:
                break
            left -= mark.weight
            score += mark.weight * mark.matches(traces)
        return score >= _PROOF
