"""Tests the views of copies: what is found, how much of it, who was first, by what, and who names whom."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.search import copies
from lufeng_crawler.archive.store.merge import merge_archives
from lufeng_crawler.items import Capture
from tests.support.archive_builder import READER, Story, address, answer, article, everything, rebuilt, rows
from tests.support.made_copies import edited, made

TEXT = made(400)
Row = dict[str, Any]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def page(name: int, body: str = TEXT, title: str = "通知", **more: Any) -> Capture:
    return article(name, title, body, **more)


def of(story: Story, wanted: int) -> list[Row]:
    with closing(connect_for_reading(story.folder)) as db:
        return copies.list_copies(db, wanted)


def one(story: Story, wanted: int = 1) -> Row:
    (row,) = of(story, wanted)
    return row


def republished(story: Story) -> list[Row]:
    return rows(story.folder, "SELECT * FROM republications ORDER BY article")


def test_the_same_text_on_another_site_is_a_copy_whatever_its_spacing_and_title(story: Story) -> None:
    body = "，".join(TEXT[at : at + 20] for at in range(0, 400, 20))
    story.run(1, page(1), page(2, body, "转发通知", site="gongguan", column="公告", author="某人"))
    row = one(story)
    assert (row["copy"], row["site"], row["column"], row["url"]) == (2, "gongguan", "公告", address(2))
    assert (row["exact"], row["similarity"], row["part"], row["copy_part"]) == (1, 1.0, 1.0, 1.0)
    assert row["fields"] == ["title", "author"]
    assert one(story, 2)["copy"] == 1


def test_another_column_of_the_same_site_is_elsewhere_too(story: Story) -> None:
    story.run(1, page(1, column="要闻"), page(2, column="公告"))
    assert (one(story)["site"], one(story)["column"], one(story)["fields"]) == ("gulou", "公告", [])


@pytest.mark.parametrize("body", [made(400, 2), TEXT[:59], TEXT[:150] + made(250, 3)])
def test_what_shares_less_than_half_or_says_too_little_is_no_copy(story: Story, body: str) -> None:
    story.run(1, page(1), page(2, body))
    assert of(story, 1) == republished(story) == []


def test_an_article_that_says_too_little_is_not_compared(story: Story) -> None:
    story.run(1, page(1, "详见附件。"), page(2, "详见附件。"), page(3))
    with closing(connect_for_reading(story.folder)) as db:
        assert [copies.is_compared(db, id) for id in (1, 2, 3)] == [False, False, True]


def test_how_much_of_each_stands_in_the_other_is_told_from_both_sides(story: Story) -> None:
    story.run(1, page(1), page(2, made(800, 2) + TEXT + made(400, 3)))
    row, back = one(story), one(story, 2)
    assert (row["exact"], row["part"], row["copy_part"], row["similarity"]) == (0, 1.0, 0.248, 0.248)
    assert (back["part"], back["copy_part"], back["similarity"]) == (0.248, 1.0, 0.248)


def test_a_quotation_is_a_copy_and_no_republication(story: Story) -> None:
    story.run(1, page(1), page(2, made(800, 2) + TEXT), page(3, edited(TEXT, 0.1)))
    assert [row["copy"] for row in of(story, 1)] == [2, 3]
    assert [(row["article"], row["first"]) for row in republished(story)] == [(3, 1)]


def test_a_copy_of_what_was_edited_since_is_still_found(story: Story) -> None:
    story.run(1, page(1), page(2, site="gongguan"))
    story.run(2, page(1, made(400, 2)))
    row = one(story)
    assert (row["copy"], row["exact"], row["version"], row["copy_version"]) == (2, 1, 1, 1)


def test_of_several_versions_those_most_alike_are_told(story: Story) -> None:
    story.run(1, page(1), page(2, TEXT + made(80, 2)))
    story.run(2, page(2, TEXT + made(20, 3)))
    story.run(3, page(2, TEXT + made(90, 4)))
    assert [(row["version"], row["copy_version"], row["part"]) for row in of(story, 1)] == [(1, 2, 1.0)]


def test_versions_of_one_article_are_no_copies_of_each_other(story: Story) -> None:
    story.run(1, page(1))
    story.run(2, page(1, edited(TEXT, 0.05)))
    assert of(story, 1) == []


def test_what_was_taken_down_is_told_from_its_sibling_and_finds_it(story: Story) -> None:
    story.run(1, page(1), page(2, site="gongguan"))
    story.run(2, answer(1, status=404))
    assert (one(story, 2)["presence"], one(story)["presence"]) == ("missing", "live")


ORDER = [
    # published, day it was first seen: of the first, of the second; how it is known
    (("2026-10-01", 5), ("2026-10-02", 4), "published"),
    (("2026-10-01T08:00:00+08:00", 5), ("2026-10-01T09:00:00+08:00", 4), "published"),
    (("2026-10-01T23:30:00+08:00", 5), ("2026-10-02", 4), "published"),
    (("2026-10-01", 4), ("2026-10-01", 5), "first_seen"),
    (("2026-10-01T08:00:00+08:00", 4), ("2026-10-01", 5), "first_seen"),
    (("2026-10-01T08:00:00+08:00", 5), ("2026-10-01", 4), "unknown"),
    (("", 4), ("", 5), "first_seen"),
    (("2026-10-01", 5), ("", 4), "unknown"),
    (("", 4), ("2026-11-05", 6), "first_seen"),
    (("2026-11-09", 3), ("2026-11-05", 6), "first_seen"),
]


@pytest.mark.parametrize(("first", "second", "by"), ORDER)
def test_who_was_first(story: Story, first: Any, second: Any, by: str) -> None:
    told = sorted([(first[1], 1, first[0]), (second[1], 2, second[0])])
    for day, name, published in told:
        story.run(day, page(name, published=published) if published else answer(name, {"title": "通知", "body": TEXT}))
    ids = {row["key"]: row["id"] for row in rows(story.folder, "SELECT id, key FROM articles")}
    for row in (one(story, 1), one(story, 2)):
        assert (row["first"], row["first_by"]) == (ids["1"], by)
    (row,) = republished(story)
    assert (row["article"], row["first"], row["first_by"]) == (ids["2"], ids["1"], by)


def test_republications_tell_the_first_of_all_and_the_days_between(story: Story) -> None:
    days = {1: "2026-10-03", 2: "2026-10-01", 3: "2026-10-02", 4: "2026-10-13"}
    story.run(14, *(page(name, published=day) for name, day in days.items()), page(5, made(300, 5)))
    found = [(row["article"], row["first"], row["days"], row["first_published"]) for row in republished(story)]
    assert found == [(1, 2, 2, "2026-10-01"), (3, 2, 1, "2026-10-01"), (4, 2, 12, "2026-10-01")]
    assert [row["copy"] for row in of(story, 4)] == [2, 3, 1]


@pytest.mark.parametrize(
    ("source", "credits"),
    [("鼓楼区人民政府", 1), ("鼓楼区人民政府网站", 1), ("鼓楼区", 1), ("区财政局", 1), ("区水务局", 0), (None, 0)],
)
def test_whether_the_source_that_a_copy_names_is_the_other(story: Story, source: str | None, credits: int) -> None:
    story.run(1, page(1), page(2, site="gongguan", **({"source": source} if source else {})))
    with closing(sqlite3.connect(story.folder / "archive.db")) as db, db:
        db.execute("UPDATE versions SET publisher = '区财政局' WHERE article = 1")
        db.execute("UPDATE sites SET title = '鼓楼区人民政府' WHERE name = 'gulou'")
    assert (one(story)["credits"], one(story)["credited"]) == (credits, 0)
    assert (one(story, 2)["credits"], one(story, 2)["credited"]) == (0, credits)
    assert republished(story)[0]["credits"] == credits


def test_a_site_that_names_itself_credits_nobody(story: Story) -> None:
    story.run(1, page(1, source="gulou"), page(2, source="gulou"))
    assert (one(story)["credits"], one(story)["credited"]) == (0, 0)


BODIES = [TEXT, edited(TEXT, 0.02), TEXT[:250], TEXT + made(500, 2), made(200, 3)]
LIVES = st.lists(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, len(BODIES))), min_size=1, max_size=5), min_size=1, max_size=4
)


@settings(max_examples=8)
@given(LIVES)
def test_a_rebuild_says_the_same_however_runs_were_cut(
    tmp_path_factory: pytest.TempPathFactory, lives: list[list[tuple[int, int]]]
) -> None:
    story = Story(tmp_path_factory.mktemp("life"))
    for day, run in enumerate(lives, 1):
        said = [page(name, BODIES[body]) if body < len(BODIES) else answer(name, status=404) for name, body in run]
        story.run(day, *said, outcome="good" if day % 3 else None)
    story.run(20)
    expected, told = everything(story.folder), rows(story.folder, "SELECT * FROM copies ORDER BY article, copy")
    assert rebuilt(story.folder) == expected
    assert rows(story.folder, "SELECT * FROM copies ORDER BY article, copy") == told
    _is_symmetric(told)


def _is_symmetric(told: list[Row]) -> None:
    by_pair = {(row["article"], row["copy"]): row for row in told}
    for (one, other), row in by_pair.items():
        back = by_pair[other, one]
        same = ("exact", "similarity", "fields", "first", "first_by")
        assert [back[name] for name in same] == [row[name] for name in same]
        turned = {"part": "copy_part", "version": "copy_version", "credits": "credited"}
        assert [back[name] for name in turned] == [row[name] for name in turned.values()]
        assert max(row["part"], row["copy_part"]) >= 0.5


def test_archives_united_in_any_order_tell_the_same_copies(tmp_path: Path) -> None:
    archives = [tmp_path / name for name in ("one", "two", "three")]
    for number, folder in enumerate(archives, 1):
        story = Story(folder, told=["taken"] * number * 10)
        story.run(number, page(number, BODIES[number], published=f"2026-10-0{4 - number}"), page(9, BODIES[0]))
    told = set()
    for order in permutations(archives):
        folder = tmp_path / "-".join(path.name for path in order)
        for _ in range(2):
            with merge_archives(folder, order, READER, "test"):
                pass
            told.add(json.dumps([rows(folder, f"SELECT * FROM {view}") for view in ("copies", "republications")]))
    assert len(told) == 1
    assert len(json.loads(told.pop())[0]) >= 6
