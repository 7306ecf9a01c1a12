"""Finds articles by what their newest versions say: hits by relevance or by date, and what they are counted by.

Everything takes a connection to archive.db that may be read-only, the query as the user wrote it (see `question`) and
a Filter, whose own `query` does not count here. A query that cannot be understood raises UsageError, whose one line is
for the user.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.rows import dicts
from lufeng_crawler.archive.search.matches import MatchQuery
from lufeng_crawler.archive.search.query_parser import Term, parse_query
from lufeng_crawler.archive.search.ranking import rank, scoring_terms
from lufeng_crawler.archive.search.snippets import Snippet, best_snippet, mark_all

Sort = Literal["relevance", "date"]

MAX_FACETED_HITS = 3_000
"""Hits over which facets are counted: the newest ones."""

HIT_SQL = """SELECT a.id, l.site, a.url, v.title, l.published, v.source, l."column", a.presence, v.number AS version,
    v.body FROM latest l JOIN articles a ON a.id = l.article JOIN versions v ON v.id = l.version WHERE l.id = ?"""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found. `title` and `snippet` have marks where the words stand.

    `presence` is `live`, `missing` or `gone`; `score` is None where hits are in the order of date.
    """

    id: int
    site: str
    url: str
    title: Snippet
    published: str | None
    source: str | None
    column: str | None
    presence: str
    version: int
    snippet: Snippet
    score: float | None


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of hits. `total` are known by its end; where `more` is set there are others (`facets` counts further)."""

    hits: tuple[Hit, ...]
    total: int
    more: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """How many hits each site, column, source and year has, the most first; None is what states none.

    Counted over `counted` hits, the newest; there are others where `more` is set.
    """

    site: tuple[tuple[str | None, int], ...]
    column: tuple[tuple[str | None, int], ...]
    source: tuple[tuple[str | None, int], ...]
    year: tuple[tuple[str | None, int], ...]
    counted: int
    more: bool


def search(
    db: sqlite3.Connection,
    text: str,
    wanted: Filter | None = None,
    sort: Sort = "relevance",
    limit: int = 20,
    offset: int = 0,
) -> SearchResults:
    """The hits from number `offset` on, at most `limit` of them; gone articles included. Raises UsageError.

    An empty text finds all articles; they come by date.
    """
    hits = _hits(db, text, wanted)
    by_date = sort == "date" or hits.asked is None
    page = _by_date(hits, limit + 1, offset) if by_date else _by_relevance(hits, limit + 1, offset)
    words = scoring_terms(hits.asked)
    shown = tuple(_hit(db, words, *one) for one in page[:limit])
    more = len(page) > limit
    total = offset + len(shown) if shown or not offset else len(hits.newest(offset))
    return SearchResults(shown, total, more)


def facets(db: sqlite3.Connection, text: str, wanted: Filter | None = None) -> Facets:
    """What the hits are counted by; for an empty text, all articles. Raises UsageError."""
    hits = _hits(db, text, wanted)
    rows = hits.select(
        'site, "column", source, substr(published, 1, 4)', f"ORDER BY hit DESC LIMIT {MAX_FACETED_HITS + 1}"
    )
    found = rows.fetchall()
    site, column, source, year = (
        tuple(Counter(row[number] for row in found[:MAX_FACETED_HITS]).most_common()) for number in range(4)
    )
    return Facets(site, column, source, year, min(len(found), MAX_FACETED_HITS), len(found) > MAX_FACETED_HITS)


def _hits(db: sqlite3.Connection, text: str, wanted: Filter | None) -> MatchQuery:
    return MatchQuery(db, parse_query(text) if text.strip() else None, wanted or Filter())


ResultPage = list[tuple[int, float | None]]


def _by_date(hits: MatchQuery, limit: int, offset: int) -> ResultPage:
    return [(id, None) for id in hits.newest(limit, offset)]


def _by_relevance(hits: MatchQuery, limit: int, offset: int) -> ResultPage:
    """Candidates first, then the others by date."""
    best = rank(hits)
    page: ResultPage = list(best.scores[offset : offset + limit])
    if best.oldest is not None and len(page) < limit:
        weighed = {id for id, _ in best.scores}
        wanted = max(offset, len(weighed)) + limit - len(page) - len(weighed)
        others = [id for id in hits.newest(wanted + len(weighed), below=best.oldest) if id not in weighed]
        page += [(id, 0.0) for id in others[max(0, offset - len(weighed)) :][: limit - len(page)]]
    return page


def _hit(db: sqlite3.Connection, words: Sequence[Term], id: int, score: float | None) -> Hit:
    row = next(dicts(db, HIT_SQL, [id]))
    title, body = row.pop("title"), row.pop("body")
    in_title, in_body = ([term.text for term in words if term.field != other] for other in ("body", "title"))
    return Hit(title=mark_all(title, in_title), snippet=best_snippet(body, in_body), score=score, **row)
