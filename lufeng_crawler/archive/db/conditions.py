"""Builds SQL conditions from what a reader asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

UP_TO = "< ? || 'U'"
"""SQL for "up to and including" a day or a moment: the times of a day sort after the day itself, at 'T', before 'U'."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles: of a site, a column, a source, published from … to … (days or moments, the last day included).

    Moments are compared as pages state them: in China's time. `query` is a full-text query, see search/query_parser.py.
    """

    site: str | None = None
    column: str | None = None
    published_from: str | None = None
    published_to: str | None = None
    source: str | None = None
    query: str | None = None

    def column_conditions(self) -> tuple[str, list[object]]:
        """Return the SQL condition over columns of `latest` or `latest_articles`, without the query, and its values."""
        tests = {
            "site": "site = ?",
            "column": '"column" = ?',
            "published_from": "published >= ?",
            "published_to": f"published {UP_TO}",
            "source": "source = ?",
        }
        return condition({name: getattr(self, name) for name in tests}, tests)


def condition(given: Mapping[str, object], tests: Mapping[str, str]) -> tuple[str, list[object]]:
    """Return the SQL of the tests for which a value is given, and the values; a tuple becomes a JSON list."""
    used = {name: value for name, value in given.items() if value not in (None, ())}
    values = [json.dumps(value) if isinstance(value, tuple) else value for value in used.values()]
    return " AND ".join(["1", *(tests[name] for name in used)]), values


MAX_REDIRECT_HOPS = 5
"""Redirects that are followed one after another, from a URL or back to it."""


NEAREST = """ORDER BY c.fetched_at < ?2, CASE WHEN c.fetched_at >= ?2 THEN c.fetched_at END, c.fetched_at DESC, c.id
    LIMIT 1"""
"""SQL that picks of captures `c` the first since the time ?2; where there is none, the last before."""
