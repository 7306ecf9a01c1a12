"""Searches the newest versions of articles: hits by relevance or by date, and counts of hits by facet.

Every function takes a connection to archive.db, which may be read-only, the query as the user wrote it (see
query_parser.py) and a Filter, whose own `query` is ignored here. A query that cannot be parsed raises UsageError, whose
one line is for the user.
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
"""Facets are counted over this many of the newest hits."""

HIT_SQL = """SELECT article.id, latest.site, article.url, version.title, latest.published, version.source,
        latest."column", article.presence, version.number AS version, version.body
    FROM latest JOIN articles article ON article.id = latest.article
        JOIN versions version ON version.id = latest.version
    WHERE latest.id = ?"""


FACETS = ("site", '"column"', "source", "substr(published, 1, 4)")
"""What hits are counted by, in the order of the fields of Facets: columns of `latest`, and the year of the date."""

Counts = tuple[tuple[str | None, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that a search found; `title` and `snippet` have the query's terms marked.

    `presence` is `live`, `missing` or `gone`; `score` is None where hits are sorted by date.
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
    """A page of hits. `total` counts the hits up to its end; `more` is True where others follow (see `facets`)."""

    hits: tuple[Hit, ...]
    total: int
    more: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """How many hits each site, column, source and year has, most first; the key is None where the page states none.

    Counted over the newest `counted` hits; `more` is True where there are others.
    """

    site: Counts
    column: Counts
    source: Counts
    year: Counts
    counted: int
    more: bool


def search(
    db: sqlite3.Connection,
    text: str,
    article_filter: Filter | None = None,
    sort: Sort = "relevance",
    limit: int = 20,
    offset: int = 0,
) -> SearchResults:
    """Return at most `limit` hits from number `offset` on, gone articles included. Raise UsageError.

    An empty text finds all articles, sorted by date.
    """
    matches = _match_query(db, text, article_filter)
    by_date = sort == "date" or matches.query is None
    page = _page_by_date(matches, limit + 1, offset) if by_date else _page_by_relevance(matches, limit + 1, offset)
    terms = scoring_terms(matches.query)
    hits = tuple(_load_hit(db, terms, id, score) for id, score in page[:limit])
    more = len(page) > limit
    total = offset + len(hits) if hits or not offset else len(matches.newest(offset))
    return SearchResults(hits, total, more)


def facets(db: sqlite3.Connection, text: str, article_filter: Filter | None = None) -> Facets:
    """Count the hits by facet; for an empty text, all articles. Raise UsageError."""
    matches = _match_query(db, text, article_filter)
    rows = matches.select(", ".join(FACETS), f"ORDER BY hit DESC LIMIT {MAX_FACETED_HITS + 1}").fetchall()
    site, column, source, year = (
        tuple(Counter(row[number] for row in rows[:MAX_FACETED_HITS]).most_common()) for number in range(len(FACETS))
    )
    return Facets(site, column, source, year, min(len(rows), MAX_FACETED_HITS), len(rows) > MAX_FACETED_HITS)


def _match_query(db: sqlite3.Connection, text: str, article_filter: Filter | None) -> MatchQuery:
    return MatchQuery(db, parse_query(text) if text.strip() else None, article_filter or Filter())


ResultPage = list[tuple[int, float | None]]
"""Ids in `latest`, and scores."""


def _page_by_date(matches: MatchQuery, limit: int, offset: int) -> ResultPage:
    return [(id, None) for id in matches.newest(limit, offset)]


def _page_by_relevance(matches: MatchQuery, limit: int, offset: int) -> ResultPage:
    """Return a page of the ranked candidates followed by the other matches by date."""
    ranking = rank(matches)
    page: ResultPage = list(ranking.scores[offset : offset + limit])
    if ranking.oldest_candidate is not None and len(page) < limit:
        candidates = {id for id, _ in ranking.scores}
        skipped = max(0, offset - len(candidates))
        missing = limit - len(page)
        # At most all candidates are among them, so that enough others remain.
        older = matches.newest(skipped + missing + len(candidates), below=ranking.oldest_candidate)
        others = [id for id in older if id not in candidates]
        page += [(id, 0.0) for id in others[skipped : skipped + missing]]
    return page


def _load_hit(db: sqlite3.Connection, terms: Sequence[Term], id: int, score: float | None) -> Hit:
    row = next(dicts(db, HIT_SQL, [id]))
    title, body = row.pop("title"), row.pop("body")
    title_terms, body_terms = ([term.text for term in terms if term.field != other] for other in ("body", "title"))
    return Hit(title=mark_all(title, title_terms), snippet=best_snippet(body, body_terms), score=score, **row)
