"""Tests the order of hits by id alone, and that wanted days are a span of ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.search.matches import MatchQuery
from lufeng_crawler.archive.search.query_parser import parse_query
from tests.support.archive_builder import Story, answer, article


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    story = Story(tmp_path)
    days = {1: "2026-11-02", 2: "2026-11-01", 3: "2026-11-02T08:00:00+08:00", 4: "2025-01-01"}
    pages = [article(name, f"税收{name}", published=day) for name, day in days.items()]
    story.run(5, *pages, answer(5, {"title": "税收五"}), article(6, "通知"))
    story.run(6, article(2, "税收二", body="改", published="2026-11-03"))
    with closing(connect_for_reading(tmp_path)) as opened:
        yield opened


def articles(db: sqlite3.Connection, ids: list[int]) -> list[int]:
    return [db.execute("SELECT article FROM latest WHERE id = ?", (id,)).fetchone()[0] for id in ids]


def test_the_newest_come_first_and_what_is_dead_not_at_all(db: sqlite3.Connection) -> None:
    hits = MatchQuery(db, parse_query("税收"), Filter())
    assert articles(db, hits.newest(9)) == [5, 2, 3, 1, 4]
    assert articles(db, hits.newest(2, 1)) == [2, 3]
    assert articles(db, hits.newest(9, below=hits.newest(2)[-1])) == [3, 1, 4]


def test_no_question_finds_all(db: sqlite3.Connection) -> None:
    assert len(MatchQuery(db, None, Filter()).newest(9)) == 6
    assert len(MatchQuery(db, None, Filter(site="nowhere")).newest(9)) == 0


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-11-02", None, [2, 3, 1]),
        (None, "2026-11-02", [3, 1, 4]),
        ("2026-11-02", "2026-11-02", [3, 1]),
        ("2026-11-02T07:00:00+08:00", None, [2, 3]),
        ("2025", "2026-11-01", [4]),
        ("2026-12-01", None, []),
    ],
)
def test_wanted_days(db: sqlite3.Connection, first: str | None, last: str | None, expected: list[int]) -> None:
    wanted = Filter(published_from=first, published_to=last)
    assert articles(db, MatchQuery(db, parse_query("税收"), wanted).newest(9)) == expected


def test_one_hit_among_others(db: sqlite3.Connection) -> None:
    hits = MatchQuery(db, parse_query("税收 -改"), Filter())
    everything = MatchQuery(db, None, Filter()).newest(9)
    assert articles(db, [id for id in everything if hits.is_match(id)]) == [5, 3, 1, 4]
    assert articles(db, [id for (id,) in hits.select("id", "", titles='"二"')]) == [2]
