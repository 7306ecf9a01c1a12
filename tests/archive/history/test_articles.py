"""Tests the decision which article a page shows: a value that is made before anything is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lufeng_crawler.archive import open_archive
from lufeng_crawler.archive.history.articles import ArticleIdentity, identify
from lufeng_crawler.archive.history.content_moves import ContentMove
from lufeng_crawler.archive.history.observation import Observation
from lufeng_crawler.archive.history.redirect_moves import RedirectMove
from lufeng_crawler.items import Article, Capture, PresenceRule
from tests.support.archive_builder import READER, Story, address, answer, article, everything, moment, read

BODY = "县人民政府召开常务会议，研究部署冬春农田水利建设。" * 8
LAST_CAPTURE = 100
"""The id that the capture would have which is identified."""


def identified(story: Story, page: Capture) -> ArticleIdentity:
    """Decide, and make sure that nothing was written."""
    before = everything(story.folder)
    archive = open_archive(story.folder, READER)
    at = moment(9)
    capture = Capture(page.url, at, 200, page.headers, page.body, "gulou", None, "article")
    reading = read(capture)
    assert isinstance(reading, Article)
    observation = Observation(
        archive.db, LAST_CAPTURE, 1, 1, PresenceRule(), capture, "reader 1", lambda id: pytest.fail("read again")
    )
    changes = archive.db.total_changes
    identity = identify(observation, reading)
    assert archive.db.total_changes == changes
    archive.close()
    assert everything(story.folder) == before
    return identity


@pytest.fixture
def story(tmp_path: Path) -> Story:
    told = Story(tmp_path)
    told.run(1, article(1, "水利", BODY), article(5, "另"))
    return told


def test_a_page_that_nobody_knows_is_a_new_article(story: Story) -> None:
    assert identified(story, article(7)) == ArticleIdentity(None)


def test_a_known_page_is_its_article(story: Story) -> None:
    assert identified(story, article(5, "改")) == ArticleIdentity(2)


def test_a_page_that_a_known_article_redirects_to_is_that_article(story: Story) -> None:
    story.run(2, answer(1, status=301, to=8))
    move = RedirectMove(1, address(8), merged=None, changes_url=True, evidence=(3, LAST_CAPTURE))
    assert identified(story, article(8, "水利", BODY)) == ArticleIdentity(1, redirect_move=move)


def test_a_move_that_was_recorded_changes_no_url_again(story: Story) -> None:
    story.run(2, answer(1, status=301, to=8), article(8, "水利", BODY))
    move = RedirectMove(1, address(8), merged=None, changes_url=False, evidence=(3, LAST_CAPTURE))
    assert identified(story, article(8, "水利", BODY)) == ArticleIdentity(1, redirect_move=move)


def test_two_articles_are_merged_where_one_redirects_to_the_other(story: Story) -> None:
    elsewhere = "http://gulou.example/info/2/5.htm"  # article 2 under another column: the same id of the CMS
    story.run(2, replace(answer(1, status=301, to=0), headers=(("Location", elsewhere),)))
    move = RedirectMove(1, elsewhere, merged=2, changes_url=True, evidence=(3, LAST_CAPTURE))
    assert identified(story, replace(article(5, "另"), url=elsewhere)) == ArticleIdentity(1, redirect_move=move)


def test_a_new_page_with_the_content_of_a_gone_article_is_that_article(story: Story) -> None:
    story.run(2, answer(1, status=404))
    move = ContentMove(1, "9", address(9), evidence=(3, LAST_CAPTURE))
    assert identified(story, article(9, "水利", BODY)) == ArticleIdentity(1, content_move=move)


def test_a_copy_of_a_live_article_is_a_new_one(story: Story) -> None:
    assert identified(story, article(9, "水利", BODY)) == ArticleIdentity(None)


def test_a_url_that_an_article_left_may_show_another(story: Story) -> None:
    story.run(2, answer(1, status=404))
    story.run(3, article(9, "水利", BODY))
    assert identified(story, article(1, "别的", "别的文章")) == ArticleIdentity(None, reuses_url=True)
