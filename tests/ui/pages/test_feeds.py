"""Tests the feeds that are served: of what was asked for, named by their own address, in the reader's language."""

from __future__ import annotations

from xml.etree import ElementTree

from lufeng_crawler.ui.pages.feeds import MAX_EVENTS_IN_FEED
from tests.support.browser import get
from tests.support.demo_archive import AllDays

ATOM = "{http://www.w3.org/2005/Atom}"


def test_atom_is_named_by_its_address(all_days: AllDays) -> None:
    answer = get(all_days.folder, "/changes.atom?kind=gone&site=demo", accept_language="en")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    assert feed.findtext(f"{ATOM}id") == "http://localhost/changes.atom?kind=gone&site=demo"
    assert len(feed.findall(f"{ATOM}entry")) == 5
    assert (feed.findtext(f"{ATOM}entry/{ATOM}content") or "").startswith("taken down: seen gone on")


def test_rss_has_the_newest_first_and_no_more_than_a_feed_needs(all_days: AllDays) -> None:
    answer = get(all_days.folder, "/changes.rss", accept_language="zh")
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    items = ElementTree.fromstring(answer.content).findall("channel/item")
    assert 0 < len(items) <= MAX_EVENTS_IN_FEED
    assert (items[0].findtext("description") or "").startswith("已被撤下：")
    assert "Accept-Language" in answer.headers["vary"]
