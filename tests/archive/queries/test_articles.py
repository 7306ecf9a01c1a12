"""Tests what readers ask of an archive: filters that add up, rows decoded, one article's whole life, totals."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive import Reader, RunEnd, RunStart, open_archive, rebuild
from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.queries import articles, captures, run_history, statistics
from lufeng_crawler.errors import NotInArchive
from lufeng_crawler.items import Capture
from tests.support.archive_builder import READER, Story, address, answer, article, at, listing, moment, read, rows, take

DAYS = ("2026-10-31", "2026-11-01", "2026-11-01T00:00:00+08:00", "2026-11-01T23:59:59+08:00", "2026-11-02", None)
SITES, COLUMNS = ("gulou", "gongguan"), ("要闻", None)
FILE = ["http://gulou.example/form.docx", "报名表.docx"]


def page(number: int, day: str | None, **asked: Any) -> Capture:
    said = {"title": f"题{number}", "body": "文"} | ({"published": day} if day else {})
    return answer(number, said, **asked)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every combination of day, site and column; one article edited, one missing, one block."""
    story = Story(tmp_path_factory.mktemp("archive"))
    kinds = enumerate(product(DAYS, SITES, COLUMNS), 1)
    story.run(5, *(page(n, day, site=site, column=column) for n, (day, site, column) in kinds))
    story.run(6, article(1, "题一", author="某人", files=[FILE]), answer(5, status=404), answer(9, status=521))
    story.run(8, answer(5, status=404), answer(9, status=412), article(1, "题一", author="某人", files=[FILE]))
    return story.folder


def ids(db: sqlite3.Connection, wanted: Filter) -> set[int]:
    return {row["id"] for row in articles.list_articles(db, wanted)}


filters = st.builds(
    Filter,
    site=st.none() | st.sampled_from([*SITES, "nowhere"]),
    column=st.none() | st.just("要闻"),
    published_from=st.none() | st.sampled_from([day for day in DAYS if day]),
    published_to=st.none() | st.sampled_from([day for day in DAYS if day]),
)


@given(filters)
def test_a_filter_is_the_meeting_of_its_parts(folder: Path, wanted: Filter) -> None:
    parts = [
        Filter(site=wanted.site),
        Filter(column=wanted.column),
        Filter(published_from=wanted.published_from),
        Filter(published_to=wanted.published_to),
    ]
    with closing(connect_for_reading(folder)) as db:
        found = ids(db, wanted)
        assert found == set.intersection(*(ids(db, part) for part in parts))
        assert articles.count_articles(db, wanted) == len(found)


@pytest.mark.parametrize("day", ["2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02"])
def test_a_day_parts_the_dated_articles_in_two(db: sqlite3.Connection, day: str) -> None:
    following = f"{day[:-2]}{int(day[-2:]) + 1:02}" if day != "2026-10-31" else "2026-11-01"
    until, later = ids(db, Filter(published_to=day)), ids(db, Filter(published_from=following))
    dated = {row["id"] for row in articles.list_articles(db, Filter()) if row["published"]}
    assert until | later == dated
    assert not until & later


def test_articles_come_by_id_with_their_lists_decoded(db: sqlite3.Connection) -> None:
    found = list(articles.list_articles(db, Filter()))
    assert [row["id"] for row in found] == list(range(1, 25))
    assert list(found[0]) == articles.article_columns(db)
    assert (found[0]["urls"], found[1]["attachments"]) == ([address(1)], [])
    assert found[0]["attachments"] == [{"url": FILE[0], "text": FILE[1], "digest": None}]


def test_an_article_comes_with_the_provenance_of_its_latest_version(db: sqlite3.Connection, folder: Path) -> None:
    row = articles.get_article(db, "1")
    (stored,) = rows(folder, "SELECT provenance FROM versions WHERE article = 1 AND number = 2")
    assert row["provenance"] == json.loads(stored["provenance"])
    assert (row["version"], row["title"], row["author"]) == (2, "题一", "某人")


def test_a_life_told_by_its_states_and_by_every_look_at_it(db: sqlite3.Connection) -> None:
    states = [(row["number"], row["title"], row["last_seen"][8:10]) for row in articles.get_history(db, address(1))]
    assert states == [(1, "题1", "05"), (2, "题一", "08")]
    assert [look["id"] for look in captures.list_captures_of(db, "1")] == [1, 25, 30]


def test_the_blocks_of_one_run(db: sqlite3.Connection) -> None:
    assert captures.blocked_captures(db, "run-000") == []
    assert captures.blocked_captures(db, "run-002") == [{"url": address(9), "reason": "412"}]


def test_totals_count_each_answer_once(db: sqlite3.Connection, folder: Path) -> None:
    found = statistics.capture_totals(db)
    assert found == {"captures": 30, "new": 24, "edited": 1, "unchanged": 1}
    kinds = [row["kind"] for row in rows(folder, "SELECT kind FROM changes")]
    assert (found["new"], found["edited"]) == (kinds.count("new"), kinds.count("edited"))


def test_nothing_is_asked_of_the_health_of_a_site_without_runs(db: sqlite3.Connection) -> None:
    found = run_history.health_rows(db)
    assert list(found) == ["gongguan", "gulou"]
    assert (found["gongguan"]["last_good"], found["gongguan"]["articles"]) == (None, 12)
    assert (found["gulou"]["last_outcome"], found["gulou"]["blocked"]) == ("good", 1)


def test_a_history_says_who_read_each_version_and_what_captured_it(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, READER)
    archive.begin(RunStart("run", "crawl", moment(1), "gulou", software="software 1"))
    take(archive, "run", at(article(1), moment(1, 1)))
    archive.end(RunEnd("run", moment(1, 2), "good"))
    archive.close()
    rebuild(tmp_path, Reader(read, "reader 2"))
    with closing(connect_for_reading(tmp_path)) as db:
        (version,) = articles.get_history(db, address(1))
    assert (version["reader"], version["software"]) == ("reader 2", "software 1")


def test_a_version_with_all_there_is_of_it(folder: Path) -> None:
    with closing(connect_for_reading(folder)) as db:
        version = articles.get_version(db, 1, 2)
        assert (version["title"], version["author"], version["provenance"]) == ("题一", "某人", {})
        assert [(file["url"], file["capture"]) for file in version["files"]] == [(FILE[0], None)]
        assert articles.get_version(db, 1, 1)["files"] == []
        with pytest.raises(NotInArchive, match="article 1 has no version 3"):
            articles.get_version(db, 1, 3)


def test_addresses_and_lines_that_lead_to_an_article(tmp_path: Path) -> None:
    Story(tmp_path).run(1, listing(1), article(1), answer("old.htm", status=301, to=1))
    with closing(connect_for_reading(tmp_path)) as db:
        assert [row["url"] for row in articles.article_urls(db, 1)] == [address(1), address("old.htm")]
        [line] = articles.listing_entries(db, 1)
        assert (line["column"], line["title"], line["delisted_at"]) == ("要闻", "line 1", None)
        assert articles.listing_entries(db, 2) == []
