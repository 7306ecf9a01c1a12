"""Tests `latest`: one row for each article, its newest version, ids in the order of days."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive.search import latest
from tests.support.archive_builder import Story, answer, article, rebuilt, rows

NEWEST_FIRST = "SELECT key FROM latest l JOIN articles a ON a.id = l.article ORDER BY l.id DESC"


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def keys(story: Story) -> list[str]:
    return [row["key"] for row in rows(story.folder, NEWEST_FIRST)]


def test_a_row_says_what_the_newest_version_says(story: Story) -> None:
    story.run(2, article(1, source="县府办", column="要闻"), article(2))
    story.run(3, article(1, source="市府办", published="2026-11-02"))
    found: list[dict[str, Any]] = rows(story.folder, "SELECT * FROM latest ORDER BY article")
    assert [row.pop("id") // latest.IDS_PER_DAY for row in found] == [739922, 739921]
    assert [tuple(row.values()) for row in found] == [
        (1, 3, "gulou", "要闻", "市府办", "2026-11-02"),
        (2, 2, "gulou", None, None, "2026-11-01"),
    ]


def test_the_newest_come_first_by_id_alone(story: Story) -> None:
    days = {1: "2026-11-02", 2: "2025-12-31T23:59:59+08:00", 3: "2026-11-03", 4: "2026-11-02T00:00:00+08:00"}
    story.run(5, *(article(name, f"题{name}", published=day) for name, day in days.items()))
    assert keys(story) == ["3", "4", "1", "2"]
    story.run(6, article(2, "题2", published="2026-11-04"))
    assert keys(story) == ["2", "3", "4", "1"]


def test_without_a_date_the_day_it_was_first_seen_counts(story: Story) -> None:
    undated = answer(1, {"title": "无日期"})
    story.run(5, undated, article(2, published="2026-11-04"))
    story.run(9, article(4, published="2026-11-06"), answer(1, {"title": "无日期", "body": "改"}))
    assert keys(story) == ["4", "1", "2"]


def test_a_rebuild_keeps_the_order_of_days(story: Story) -> None:
    story.run(5, *(article(n, f"题{n}", published=f"2026-11-0{n}") for n in (2, 1, 4, 3)))
    rebuilt(story.folder)
    assert keys(story) == ["4", "3", "2", "1"]
