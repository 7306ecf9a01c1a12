"""The page that finds articles: hits with the words marked, what they are counted by, and how to ask."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.queries import statistics
from lufeng_crawler.archive.search.search import Facets, Sort, facets, search
from lufeng_crawler.errors import UsageError
from lufeng_crawler.ui import parameters
from lufeng_crawler.ui.page import Shown, UiPage
from lufeng_crawler.ui.request import PageRequest

MOST, LAST = 20, 500
"""Hits on a page, and the last page: who wants all takes them home with `lufeng export`."""

NAMED = 8
"""Values of a facet that are shown at once; the others unfold."""

SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: how many hits have it, and where choosing it (or, where it is chosen, leaving it) leads."""

    name: str
    count: int
    address: str
    is_chosen: bool


def read(db: sqlite3.Connection, asked: PageRequest) -> Shown:
    """The hits of a page and the facets; a query that cannot be understood is said, and nothing is found."""
    text, wanted, page = asked.text("q") or "", _wanted(asked), asked.number("page", 1, most=LAST)
    sort = _sort(asked, text)
    fixed = {"MOST": MOST, "LAST": LAST, "NAMED": NAMED, "SORTS": SORTS}
    shown = {
        "text": text,
        "wanted": wanted,
        "sort": sort,
        "page": page,
        "sites": statistics.site_titles(db),
        **fixed,
    }
    try:
        found = search(db, text, wanted, sort, MOST, (page - 1) * MOST)
        counted = facets(db, text, wanted)
    except UsageError as error:
        return shown | {"wrong": str(error)}
    return shown | {"found": found, "counted": counted, "choices": dict(_choices(asked, counted))}


def _wanted(asked: PageRequest) -> Filter:
    return Filter(
        site=asked.text("site"),
        column=asked.text("column"),
        source=asked.text("source"),
        published_from=parameters.chosen_day(asked, "from"),
        published_to=parameters.chosen_day(asked, "to"),
    )


def _sort(asked: PageRequest, text: str) -> Sort:
    """As asked; without words there is nothing to be relevant to."""
    said = parameters.chosen_of(asked, "sort", SORTS)
    return "date" if "date" in said or not text.strip() else "relevance"


def _choices(asked: PageRequest, counted: Facets) -> Iterator[tuple[str, list[Choice]]]:
    for name in ("site", "column", "source"):
        chosen = asked.text(name)
        values = [(value, count) for value, count in getattr(counted, name) if value is not None]
        yield (
            name,
            [
                Choice(
                    value,
                    count,
                    asked.address(**{name: None if value == chosen else value}, page=None),
                    value == chosen,
                )
                for value, count in values
            ],
        )
    years = sorted(((year, count) for year, count in counted.year if year), reverse=True)
    yield "year", [_year(asked, year, count) for year, count in years]


def _year(asked: PageRequest, year: str, count: int) -> Choice:
    span = {"from": f"{year}-01-01", "to": f"{year}-12-31"}
    is_chosen = all(asked.text(name) == day for name, day in span.items())
    address = asked.address(**dict.fromkeys(span) if is_chosen else span, page=None)
    return Choice(year, count, address, is_chosen)


PAGES = (UiPage(r"^/search$", "search.html", read),)
