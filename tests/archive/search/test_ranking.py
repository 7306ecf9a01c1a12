"""Tests which hits come first: those that have the words in the title, then those that have them often."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.search import ranking
from lufeng_crawler.archive.search.matches import MatchQuery
from lufeng_crawler.archive.search.query_parser import parse_query
from lufeng_crawler.archive.search.ranking import rank, scoring_terms
from tests.support.archive_builder import Story, article

PAGES = {
    1: ("税收", "无"),
    2: ("题二", "税收" * 5 + "通知"),
    3: ("题三", "税收" + "长" * 200),
    4: ("题四", "税收"),
    5: ("通知", "稅收稅收"),
    6: ("通知六", "税收，办法"),
    7: ("通知七", "税收"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    story = Story(tmp_path_factory.mktemp("archive"))
    story.run(9, *(article(name, *said, published=f"2026-11-0{name}") for name, said in PAGES.items()))
    return story.folder


def best(db: sqlite3.Connection, query: str) -> list[int]:
    found = rank(MatchQuery(db, parse_query(query), Filter()))
    return [db.execute("SELECT article FROM latest WHERE id = ?", (id,)).fetchone()[0] for id, _ in found.scores]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("税收", [1, 2, 5, 7, 4, 6, 3]),
        ("title:税收", [1]),
        ("body:税收", [2, 5, 7, 4, 6, 3]),
        ("税收 通知", [5, 7, 6, 2]),
        ("税收 -通知", [1, 4, 3]),
        ("无 OR 办法", [1, 6]),
        ("没有", []),
    ],
)
def test_who_says_most_of_it_comes_first(db: sqlite3.Connection, query: str, expected: list[int]) -> None:
    assert best(db, query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("税收", [1, 7, 6]),
        ("税收 通知", [7, 6]),
        ("税收 -办法", [1, 5, 7]),
        ("(税收 OR 办法) title:税收", [1]),
        ("body:税收", [7, 6]),
    ],
)
def test_of_many_the_newest_and_those_with_the_word_in_the_title(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, query: str, expected: list[int]
) -> None:
    monkeypatch.setattr(ranking, "MAX_NEWEST_CANDIDATES", 2)
    monkeypatch.setattr(ranking, "MAX_TITLE_CANDIDATES", 1)
    assert best(db, query) == expected


def test_a_rare_word_says_more(db: sqlite3.Connection) -> None:
    common, rare = (ranking._inverse_frequency(db, term) for term in scoring_terms(parse_query("通知 税收")))
    assert 0 < common < rare


def test_only_words_of_titles_and_bodies_make_a_hit_a_good_one() -> None:
    assert [term.text for term in scoring_terms(parse_query("a source:b -c title:d a"))] == ["a", "d"]
    assert scoring_terms(None) == []
