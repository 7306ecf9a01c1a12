"""Builds SQL conditions from what a reader asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

BEFORE = "< ? || 'U'"
"""Behind every time of the day that is named last: 'T' comes before 'U'."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles: of a site, a column, a source, published from … to … (days or moments, the last day included).

    Moments are compared as pages state them: with China's time. `query` is one of `question`, in full text.
    """

    site: str | None = None
    column: str | None = None
    published_from: str | None = None
    published_to: str | None = None
    source: str | None = None
    query: str | None = None

    def counted(self) -> tuple[str, list[object]]:
        """The SQL condition without the query, for `latest` and `latest_articles`, and its values."""
        tests = {
            "site": "site = ?",
            "column": '"column" = ?',
            "published_from": "published >= ?",
            "published_to": f"published {BEFORE}",
            "source": "source = ?",
        }
        return condition({name: getattr(self, name) for name in tests}, tests)


def condition(given: Mapping[str, object], tests: Mapping[str, str]) -> tuple[str, list[object]]:
    """The SQL of the tests for which something is given, and the values; a value of several becomes a JSON list."""
    used = {name: said for name, said in given.items() if said not in (None, ())}
    values = [json.dumps(said) if isinstance(said, tuple) else said for said in used.values()]
    return " AND ".join(["1", *(tests[name] for name in used)]), values


NEAREST = """ORDER BY c.fetched_at < ?2, CASE WHEN c.fetched_at >= ?2 THEN c.fetched_at END, c.fetched_at DESC, c.id
    LIMIT 1"""
"""Of captures `c`: the first since the time ?2; where there is none, the last before."""
