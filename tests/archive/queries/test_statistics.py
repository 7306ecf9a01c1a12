"""Tests what the archive says that it holds: how much, of which sites, and how many articles of which month and day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.queries import statistics
from lufeng_crawler.errors import NotInArchive
from tests.support.archive_builder import Story, article, moment


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles of October, one of them edited later; one of another site; one without a date."""
    story = Story(tmp_path_factory.mktemp("archive"))
    story.run(
        1,
        article(1, "一", published="2026-10-31T09:00:00+08:00"),
        article(2, "二", published="2026-10-01"),
        article(3, "三", published="2025-12-30", site="gongguan"),
        article(4, "四", published=""),
    )
    story.run(3, article(1, "一改", published="2026-10-31T09:00:00+08:00"))
    return story.folder


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    story = Story(tmp_path)
    story.run(1)
    with closing(connect_for_reading(story.folder)) as connection:
        yield connection


def test_how_much_there_is(db: sqlite3.Connection, folder: Path) -> None:
    held = statistics.count_holdings(db)
    assert (held["articles"], held["versions"], held["captures"]) == (4, 5, 5)
    assert (held["since"], held["until"]) == (moment(1, 1), moment(3, 1))
    assert held["bytes"] == sum(path.stat().st_size for path in (folder / "captures").iterdir())


def test_nothing_is_held_by_an_empty_archive(empty: sqlite3.Connection) -> None:
    assert statistics.count_holdings(empty)["captures"] == 0
    assert (statistics.months_covered(empty, 12), statistics.days_of_last_year(empty)) == ([], [])


def test_sites_and_their_titles(db: sqlite3.Connection) -> None:
    assert statistics.site_titles(db) == {"gongguan": "gongguan", "gulou": "gulou"}
    assert statistics.site_title(db, "gulou") == "gulou"
    with pytest.raises(NotInArchive, match=r"^nowhere: the archive has nothing of a site of this name$"):
        statistics.site_title(db, "nowhere")


def test_the_newest_articles_of_a_site_come_first(db: sqlite3.Connection) -> None:
    newest = statistics.newest_articles(db, "gulou", 2)
    assert [(row["title"], row["published"]) for row in newest] == [
        ("一改", "2026-10-31T09:00:00+08:00"),
        ("二", "2026-10-01"),
    ]


def test_each_article_is_counted_in_its_month_and_on_its_day(db: sqlite3.Connection) -> None:
    assert statistics.count_published(db, ["2025-12", "2026-09", "2026-10"]) == {
        "2025-12": 1,
        "2026-09": 0,
        "2026-10": 2,
    }
    assert statistics.count_published(db, ["2026-10-01", "2026-10-31"], "gulou") == {"2026-10-01": 1, "2026-10-31": 1}
    assert statistics.count_published(db, ["2026-10"], "gongguan") == {"2026-10": 0}


def test_months_run_from_the_first_article_to_the_last_capture(db: sqlite3.Connection) -> None:
    months = statistics.months_covered(db, 120)
    assert (months[0], months[-1], len(months)) == ("2025-12", "2026-11", 12)
    assert statistics.months_covered(db, 3) == ["2026-09", "2026-10", "2026-11"]
    assert statistics.months_covered(db, 120, "gulou") == ["2026-10", "2026-11"]
    assert statistics.months_covered(db, 120, "nowhere") == []


def test_days_are_those_of_a_year_of_weeks(db: sqlite3.Connection) -> None:
    days = statistics.days_of_last_year(db)
    assert (days[0], days[-1], len(days)) == ("2025-11-03", "2026-11-03", 52 * 7 + 2)
