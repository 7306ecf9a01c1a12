"""Moves without a redirect: the same content at a new address while the old one is gone; never two that both live."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.items import Capture
from tests.support.archive_builder import Story, answer, article, everything, listing, moment, rebuilt, rows

BODY = "县人民政府召开常务会议，研究部署冬春农田水利建设。" * 8


def long(name: str | int, **more: Any) -> Capture:
    return article(name, **({"title": "水利", "body": BODY} | more))


GONE = answer(1, status=404)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    told = Story(tmp_path)
    told.run(1, long(1), article(5, "另"))
    return told


def article_one(story: Story) -> tuple[Any, ...]:
    (row,) = rows(story.folder, "SELECT * FROM latest_articles WHERE id = 1")
    return row["key"], row["presence"], row["version"], len(json.loads(row["urls"]))


def test_gone_first_then_found(story: Story) -> None:
    story.run(2, GONE)
    (restored, moved) = story.run(3, long(9))
    assert (restored["kind"], moved["kind"]) == ("restored", "moved")
    assert json.loads(moved["evidence"]) == [3, 4]
    assert article_one(story) == ("9", "live", 1, 2)
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize("order", [1, -1])
def test_in_one_run_the_order_does_not_matter(story: Story, order: int) -> None:
    told = story.run(2, *[GONE, long(9)][::order])
    assert [event["kind"] for event in told if event["article"] == 1] == ["moved"]
    assert article_one(story) == ("9", "live", 1, 2)
    (row,) = rows(story.folder, "SELECT presence_since FROM articles WHERE id = 1")
    assert row["presence_since"] == moment(1, 1)
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize("between", [0, 2])
def test_found_first_then_gone(story: Story, between: int) -> None:
    story.run(2, long(9), *([GONE] if not between else []))
    if between:
        story.run(2 + between, GONE)
    assert story.kinds() == ["new", "new", "moved"]
    assert json.loads(story.events("kind = 'moved'")[0]["evidence"]) == [4, 3]
    assert article_one(story) == ("9", "live", 1, 2)
    assert everything(story.folder) == rebuilt(story.folder)


def test_what_was_proved_gone_may_come_back_elsewhere(story: Story) -> None:
    for day in (2, 4):
        story.run(day, answer(1, {"gone": "不存在"}))
    story.run(9, long(9))
    assert story.kinds("article = 1") == ["new", "missing", "gone", "restored", "moved"]


def test_two_that_were_seen_alive_at_once_are_copies(story: Story) -> None:
    story.run(2, long(9), long(1))
    story.run(3, GONE, long(9))
    story.run(5, GONE, long(9))
    assert "moved" not in story.kinds()
    assert story.kinds("article = 1") == ["new", "missing", "gone"]


@pytest.mark.parametrize(
    "other",
    [
        long(9, body=BODY + "改"),
        long(9, title="水利二"),
        long(9, published="2026-11-02"),
        long(9, site="gongguan"),
    ],
)
def test_what_is_not_the_same_content_of_the_same_site_is_another_article(story: Story, other: Capture) -> None:
    story.run(2, GONE)
    story.run(3, other)
    assert story.kinds("kind IN ('moved', 'restored')") == []


@pytest.mark.parametrize("page", [{"body": "详见附件"}, {"published": ""}])
def test_what_says_too_little_is_not_known_again(tmp_path: Path, page: dict[str, str]) -> None:
    story = Story(tmp_path)
    story.run(1, long(1, **page))
    story.run(2, GONE)
    story.run(3, long(9, **page))
    assert story.kinds() == ["new", "missing", "new"]


def test_what_three_articles_say_alike_is_nobodys(story: Story) -> None:
    story.run(2, long(2), long(1))
    story.run(3, GONE, answer(2, status=404))
    story.run(4, long(9))
    assert "moved" not in story.kinds()


@pytest.mark.parametrize("there", [long("info/2/1.htm"), answer("info/2/1.htm", status=521)])
def test_an_article_with_an_address_that_does_not_say_gone_has_not_moved(story: Story, there: Capture) -> None:
    story.run(2, long("info/2/1.htm"))
    story.run(3, GONE)
    story.run(4, there, long(9))
    assert "moved" not in story.kinds()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_it_moves_once_all_of_its_addresses_say_gone(story: Story, order: tuple[int, ...]) -> None:
    story.run(2, long("info/2/1.htm"))
    day = [GONE, answer("info/2/1.htm", status=404), long(9)]
    story.run(3, *(day[one] for one in order))
    assert story.kinds("kind IN ('moved', 'gone')") == ["moved"]
    assert article_one(story) == ("9", "live", 1, 3)
    assert everything(story.folder) == rebuilt(story.folder)


def test_the_dead_address_says_nothing_more_of_it(story: Story) -> None:
    story.run(2, long(9), GONE)
    for day in (3, 5, 7):
        assert story.run(day, GONE, long(9)) == []
    story.run(8, answer(9, status=404))
    assert [event["kind"] for event in story.run(10, answer(9, status=404))] == ["gone"]


def test_the_dead_address_proves_nothing_of_the_new_one(story: Story) -> None:
    story.run(2, long(9), GONE)
    story.run(3, answer(9, status=404))
    assert story.run(5, GONE, answer(9, status=503)) == []


def test_a_later_edit_is_of_the_one_life(story: Story) -> None:
    story.run(2, long(9), GONE)
    (edited,) = story.run(3, long(9, body=BODY + "补充"))
    assert (edited["kind"], edited["article"], edited["from_version"], edited["to_version"]) == ("edited", 1, 1, 2)


def test_what_appears_at_the_old_address_is_an_article_of_its_own(story: Story) -> None:
    story.run(2, long(9), GONE)
    story.run(3, listing(1, 9), long(1, body=BODY + "新稿"), long(9))
    story.run(4, long(1, body=BODY + "新稿"), long(9))
    assert story.kinds("kind IN ('new', 'edited')") == ["new", "new", "new"]
    found = rows(story.folder, "SELECT key, presence, version FROM latest_articles ORDER BY id")
    assert [tuple(row.values()) for row in found] == [("9", "live", 1), ("5", "live", 1), ("1", "live", 1)]
    lines = rows(story.folder, "SELECT e.key, a.key AS article FROM entries e JOIN articles a ON a.id = e.article")
    assert all(row["key"] == row["article"] for row in lines)
    assert everything(story.folder) == rebuilt(story.folder)


def test_the_same_text_back_at_the_old_address_is_still_the_one_article(story: Story) -> None:
    story.run(2, long(9), GONE)
    assert story.run(3, long(1), long(9)) == []


def test_a_column_that_names_the_new_address_has_delisted_nothing(story: Story) -> None:
    whole: Any = {"sweeps": {"要闻": "complete"}}
    story.run(2, listing(1, 5), long(1), article(5, "另"), **whole)
    story.run(3, listing(9, 5), long(9), article(5, "另"), GONE, **whole)
    story.run(4, listing(9, 5), long(9), article(5, "另"), **whole)
    assert story.kinds("kind NOT IN ('new')") == ["moved"]
