"""The search page: hits with the words marked, facets, and how to write a query."""

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
from lufeng_crawler.ui.page import TemplateValues, UiPage
from lufeng_crawler.ui.request import PageRequest

MAX_HITS, LAST_PAGE = 20, 500
"""Hits on a page, and the last page: `lufeng export` writes all."""

MAX_UNFOLDED_VALUES = 8
"""Values of a facet that are shown at once; the others unfold."""

SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet, how many hits have it, and the URL that chooses it or, if it is chosen, drops it."""

    name: str
    count: int
    address: str
    is_chosen: bool


def read(db: sqlite3.Connection, request: PageRequest) -> TemplateValues:
    """Return the hits of a page and the facets; for a query that cannot be parsed the error, and no hits."""
    text, article_filter = request.argument("q") or "", _filter(request)
    page = request.number("page", 1, most=LAST_PAGE)
    sort = _sort(request, text)
    limits = {"MAX_HITS": MAX_HITS, "LAST_PAGE": LAST_PAGE, "MAX_UNFOLDED_VALUES": MAX_UNFOLDED_VALUES}
    values = {
        "text": text,
        "article_filter": article_filter,
        "sort": sort,
        "page": page,
        "sites": statistics.site_titles(db),
        "sorts": SORTS,
        **limits,
    }
    try:
        results = search(db, text, article_filter, sort, MAX_HITS, (page - 1) * MAX_HITS)
        counts = facets(db, text, article_filter)
    except UsageError as error:
        return values | {"wrong": str(error)}
    return values | {"results": results, "facets": counts, "choices": dict(_choices(request, counts))}


def _filter(request: PageRequest) -> Filter:
    return Filter(
        site=request.argument("site"),
        column=request.argument("column"),
        source=request.argument("source"),
        published_from=parameters.chosen_day(request, "from"),
        published_to=parameters.chosen_day(request, "to"),
    )


def _sort(request: PageRequest, text: str) -> Sort:
    """Return the chosen order; without words there is nothing to be relevant to."""
    chosen = parameters.chosen_words(request, "sort", SORTS)
    return "date" if "date" in chosen or not text.strip() else "relevance"


def _choices(request: PageRequest, counts: Facets) -> Iterator[tuple[str, list[Choice]]]:
    for name in ("site", "column", "source"):
        chosen = request.argument(name)
        values = [(value, count) for value, count in getattr(counts, name) if value is not None]
        yield (
            name,
            [
                Choice(
                    value,
                    count,
                    request.url_with(**{name: None if value == chosen else value}, page=None),
                    value == chosen,
                )
                for value, count in values
            ],
        )
    years = sorted(((year, count) for year, count in counts.year if year), reverse=True)
    yield "year", [_year_choice(request, year, count) for year, count in years]


def _year_choice(request: PageRequest, year: str, count: int) -> Choice:
    span = {"from": f"{year}-01-01", "to": f"{year}-12-31"}
    is_chosen = all(request.argument(name) == day for name, day in span.items())
    url = request.url_with(**dict.fromkeys(span) if is_chosen else span, page=None)
    return Choice(year, count, url, is_chosen)


ROUTES = (UiPage(r"^/search$", "search.html", read, link="search"),)
