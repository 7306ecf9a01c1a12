"""Moves: a permanent redirect and the page it leads to make two addresses one article, in whatever order they come."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest

from lufeng_crawler.archive import Reader
from lufeng_crawler.items import Article, Capture, Reading
from tests.support.archive_builder import Story, address, answer, article, everything, listing, read, rebuilt, rows


def lives(folder: Path) -> list[tuple[object, ...]]:
    """Each article: its address, addresses, versions, presence."""
    found = rows(folder, "SELECT * FROM latest_articles ORDER BY id")
    return [(row["url"], sorted(json.loads(row["urls"])), row["version"], row["presence"]) for row in found]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["redirect first", "page first"])
def test_a_move_is_one_event_in_either_order(story: Story, order: tuple[int, int]) -> None:
    story.run(1, article(1), article(3, "另"))
    day = [answer(1, status=301, to=2), article(2)]
    assert [event["kind"] for event in story.run(2, *(day[one] for one in order))] == ["moved"]
    assert lives(story.folder)[0] == (address(2), [address(1), address(2)], 1, "live")
    assert len(lives(story.folder)) == 2
    assert everything(story.folder) == rebuilt(story.folder)


def test_the_evidence_is_the_redirect_and_the_page(story: Story) -> None:
    story.run(1, article(1))
    (moved,) = story.run(2, article(2), answer(1, status=308, to=2))
    assert json.loads(moved["evidence"]) == [3, 2]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_redirects_may_lead_on_to_redirects(story: Story, order: tuple[int, ...]) -> None:
    story.run(1, article(1))
    day = [answer(1, status=301, to="hop"), answer("hop", status=301, to=2), article(2)]
    story.run(2, *(day[one] for one in order))
    assert story.kinds() == ["new", "moved"]
    assert lives(story.folder)[0][:2] == (address(2), sorted([address(1), address(2), address("hop")]))
    assert everything(story.folder) == rebuilt(story.folder)


def test_a_moved_article_that_was_edited_as_well_has_both_events(story: Story) -> None:
    for folder, order in ((story.folder / "a", 1), (story.folder / "b", -1)):
        folder.mkdir()
        told = Story(folder)
        told.run(1, article(1, body="前"))
        told.run(2, *[answer(1, status=301, to=2), article(2, body="后")][::order])
        assert sorted(told.kinds()) == ["edited", "moved", "new"]
        edited = told.events("kind = 'edited'")[0]
        assert (edited["from_version"], edited["to_version"], json.loads(edited["fields"])) == (1, 2, ["body"])


def test_an_article_known_long_before_its_redirect_is_made_one_with_it(story: Story) -> None:
    story.run(1, article(1, body="一"))
    story.run(2, article(2, body="二"))
    story.run(3, article(2, body="三"), article(1, body="一"))
    story.run(4, answer(1, status=301, to=2))
    assert sorted(story.kinds()) == ["edited", "edited", "moved", "new"]
    assert lives(story.folder) == [(address(2), [address(1), address(2)], 3, "live")]
    said = rows(story.folder, "SELECT number, body, first_seen FROM versions ORDER BY number")
    assert [row["body"] for row in said] == ["一", "二", "三"]
    assert everything(story.folder) == rebuilt(story.folder)


def test_the_ids_of_what_was_taken_over_are_not_given_again(story: Story) -> None:
    story.run(1, article(1))
    story.run(2, article(2), answer(1, status=301, to=2), article(3, "另"))
    assert [row["id"] for row in rows(story.folder, "SELECT id FROM articles ORDER BY id")] == [1, 3]
    assert [event["id"] for event in story.events()] == [1, 3, 4]


def test_one_page_at_which_many_addresses_end_is_no_second_articles(story: Story) -> None:
    """A rebuilt site sends its old addresses to one page; at most one article can have become it."""
    story.run(1, article(1, "甲"), article(2, "乙"), article(3, "丙"))
    story.run(2, *(answer(one, status=301, to=9) for one in (1, 2, 3)), article(9, "公告"))
    assert story.kinds("kind = 'moved'") == ["moved"]
    assert len(lives(story.folder)) == 3
    story.run(3, *(answer(one, status=301, to=9) for one in (1, 2, 3)))
    assert story.kinds("kind = 'moved'") == ["moved"]
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize("there", [answer(2, status=404), answer(2, {"gone": "不存在"}), answer(2, status=521)])
def test_a_redirect_to_what_is_no_article_moves_nothing(story: Story, there: Capture) -> None:
    story.run(1, article(1))
    story.run(2, answer(1, status=301, to=2), there)
    assert story.kinds("kind = 'moved'") == []
    assert [life[:3] for life in lives(story.folder)] == [(address(1), [address(1)], 1)]


def test_a_redirect_for_now_moves_nothing(story: Story) -> None:
    story.run(1, article(1))
    assert [event["kind"] for event in story.run(2, answer(1, status=302, to=2), article(2, "另"))] == ["new"]


def test_a_redirect_that_no_longer_stands_moves_nothing(story: Story) -> None:
    story.run(1, article(1))
    story.run(2, answer(1, status=301, to=2), answer(2, status=503))
    story.run(3, article(1), article(2, "另"))
    assert story.kinds() == ["new", "new"]


def test_a_move_and_back_are_two_moves_and_then_it_is_quiet(story: Story) -> None:
    story.run(1, article(1))
    story.run(2, answer(1, status=301, to=2), article(2))
    for day in (3, 4):
        story.run(day, answer(2, status=301, to=1), article(1))
    assert story.kinds() == ["new", "moved", "moved"]
    assert lives(story.folder)[0][0] == address(1)


def test_an_article_that_was_missing_and_moved_is_restored(story: Story) -> None:
    for folder, order in ((story.folder / "a", 1), (story.folder / "b", -1)):
        folder.mkdir()
        told = Story(folder)
        told.run(1, article(1))
        told.run(2, answer(1, status=404))
        told.run(3, *[answer(1, status=301, to=2), article(2)][::order])
        assert sorted(told.kinds()) == ["missing", "moved", "new", "restored"]
        assert lives(folder) == [(address(2), [address(1), address(2)], 1, "live")]


def test_its_listings_may_name_either_address(story: Story) -> None:
    story.run(1, listing(1, 5), article(1), article(5, "另"), sweeps={"要闻": "complete"})
    moving = [listing(2, 5), article(2), answer(1, status=301, to=2), article(5, "另")]
    story.run(2, *moving, sweeps={"要闻": "complete"})
    assert story.kinds("kind NOT IN ('new')") == ["moved"]
    story.run(3, listing(5), article(2), article(5, "另"), sweeps={"要闻": "complete"})
    assert story.kinds("kind = 'delisted'") == ["delisted"]
    story.run(4, listing(1, 5), article(2), article(5, "另"), sweeps={"要闻": "complete"})
    assert story.kinds("kind NOT IN ('new')") == ["moved", "delisted", "relisted"]
    assert everything(story.folder) == rebuilt(story.folder)


def test_what_only_our_readers_tell_apart_is_no_edit_when_two_prove_to_be_one(story: Story) -> None:
    story.run(1, article(1))
    story.reader = Reader(lambda capture: _signed(read(capture)), "reader 2")
    story.run(2, article(2))
    assert rows(story.folder, "SELECT count(DISTINCT content_digest) AS n FROM versions") == [{"n": 2}]
    story.run(3, answer(1, status=301, to=2))
    assert story.kinds() == ["new", "moved"]
    assert lives(story.folder) == [(address(2), [address(1), address(2)], 1, "live")]


def _signed(reading: Reading) -> Reading:
    return replace(reading, author="某人") if isinstance(reading, Article) else reading


def test_what_the_old_address_answers_after_a_move_says_nothing_of_the_article(story: Story) -> None:
    story.run(1, article(1))
    story.run(2, answer(1, status=301, to=2), article(2))
    for day in (3, 5):
        assert story.run(day, answer(1, status=404), article(2)) == []
    assert [event["kind"] for event in story.run(6, answer(2, status=404))] == ["missing"]


def test_its_new_id_is_known_under_other_columns(story: Story) -> None:
    story.run(1, listing(1), article(1))
    story.run(2, listing(2), answer(1, status=301, to=2), article(2))
    story.run(3, article("info/9/2.htm"))
    assert story.kinds() == ["new", "moved"]


def test_two_sites_that_share_a_host_keep_their_articles_apart(tmp_path: Path) -> None:
    """The page that an address of one leads to may be known as the other's article; neither is merged into it."""
    told = Story(tmp_path)
    text = "县人民政府召开常务会议，研究部署冬春农田水利建设。" * 8
    told.run(1, article(1, "水利", text, site="street"), article(2, "水利", text), kind="ingest")
    told.run(2, answer(1, status=301, to=2, site="street"), kind="ingest")
    told.run(
        3,
        answer(2, status=301, to=3),
        answer(3, status=301, to=9, site="street"),
        article(3, "水利", text),
        kind="ingest",
    )
    found = rows(tmp_path, "SELECT s.name, a.url FROM articles a JOIN sites s ON s.id = a.site ORDER BY a.id")
    assert [(row["name"], row["url"]) for row in found] == [("street", address(1)), ("gulou", address(3))]
    assert told.kinds() == ["new", "new", "moved"]
    assert everything(tmp_path) == rebuilt(tmp_path)
