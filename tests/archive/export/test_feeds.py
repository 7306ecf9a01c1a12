"""Feeds: what a reader of feeds or a browser makes of them, whatever a page put into a title or an address."""

from __future__ import annotations

import re
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from lufeng_crawler.archive.export.feeds import NOWHERE, render_atom, render_html, render_rss
from lufeng_crawler.archive.queries.event_text import Event, EventCapture

NASTY = "</title><script>alert(1)</script>&amp;\"'\x00\x0b\ud800﷐ 《题》"


def event(number: int = 1, **more: Any) -> Event:
    at = f"2026-11-0{number}T02:00:00Z"
    proof = EventCapture(
        capture=number, at=at, run=1, url="http://a.example/1", status=404, outcome="gone", reason="404", location=None,
        column=None, digest="sha256:00",
    )  # fmt: skip
    told = Event(
        id=number, at=at, kind="gone", site="demo", article=7, url="http://a.example/1", title=f"题{number}", fields=(),
        silent=False, backdated=False, from_version=None, to_version=None, captures=(number,), key="1", published=None,
        published_before=None, run="run", evidence=(proof,), sentence="taken down", digest=f"sha256:{number:064x}",
    )  # fmt: skip
    return replace(told, **more)


def channel(*events: Event) -> ElementTree.Element:
    parsed = ElementTree.fromstring(render_rss(events).encode())
    assert (parsed.tag, parsed.attrib, len(parsed)) == ("rss", {"version": "2.0"}, 1)
    return parsed[0]


def test_a_feed_has_what_the_specification_asks_for() -> None:
    feed = channel(event(2), event(1))
    assert all(feed.findtext(name) for name in ("title", "link", "description"))
    assert feed.findtext("lastBuildDate") == "Mon, 02 Nov 2026 02:00:00 GMT"
    first, second = feed.findall("item")
    assert first.findtext("title") == "gone: 题2"
    assert first.findtext("description") == "taken down"
    assert first.findtext("link") == "http://a.example/1"
    assert parsedate_to_datetime(first.findtext("pubDate") or "").isoformat() == "2026-11-02T02:00:00+00:00"
    guid = second.find("guid")
    assert guid is not None and (guid.text, guid.attrib) == (f"sha256:{1:064x}", {"isPermaLink": "false"})


def test_a_feed_of_nothing_is_a_feed() -> None:
    feed = channel()
    assert (feed.findtext("link"), feed.findall("item")) == ("about:blank", [])


ATOM = "{http://www.w3.org/2005/Atom}"


def feed(*events: Event, **more: str) -> ElementTree.Element:
    parsed = ElementTree.fromstring(render_atom(events, **more).encode())
    assert parsed.tag == f"{ATOM}feed"
    return parsed


def test_an_atom_feed_has_what_rfc_4287_asks_for() -> None:
    digest = "sha256:" + "ab" * 32
    told = feed(event(2, digest=digest), event(1), here="http://127.0.0.1/changes.atom?kind=gone")
    assert all(told.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert told.findtext(f"{ATOM}updated") == "2026-11-02T02:00:00Z"
    assert told.findtext(f"{ATOM}author/{ATOM}name") == "Lufeng Crawler"
    links = [link.attrib for link in told.findall(f"{ATOM}link")]
    assert links == [{"rel": "self", "type": "application/atom+xml", "href": told.findtext(f"{ATOM}id")}]
    first, _ = told.findall(f"{ATOM}entry")
    assert [first.findtext(f"{ATOM}{name}") for name in ("title", "updated", "content")] == [
        "gone: 题2",
        "2026-11-02T02:00:00Z",
        "taken down",
    ]
    assert first.findtext(f"{ATOM}id") == "ni:///sha-256;q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s"
    assert [link.attrib for link in first.findall(f"{ATOM}link")] == [
        {"rel": "alternate", "href": "http://a.example/1"}
    ]
    assert [one.attrib["term"] for one in first.findall(f"{ATOM}category")] == ["gone", "demo"]


def test_an_atom_feed_that_is_served_nowhere_and_of_nothing_is_a_feed() -> None:
    told = feed()
    assert (told.findtext(f"{ATOM}id"), told.findtext(f"{ATOM}updated")) == (NOWHERE, "1970-01-01T00:00:00Z")
    assert told.findall(f"{ATOM}link") == told.findall(f"{ATOM}entry") == []


def page(*events: Event) -> Selector:
    text = render_html(events)
    assert text.startswith("<!DOCTYPE html>")
    return Selector(text)


def test_a_page_tells_each_event_under_its_day_with_its_proofs() -> None:
    shown = page(event(2), event(2, kind="edited"), event(1))
    assert shown.css("h2::text").getall() == ["2026-11-02", "2026-11-01"]
    assert [len(section.css("article")) for section in shown.css("section")] == [2, 1]
    assert shown.css("article h3 a::text").getall() == ["题2", "题2", "题1"]
    assert shown.css(".says::text").getall() == ["taken down"] * 3
    assert shown.css("details").xpath("string()").get("").startswith("1 capture to prove it")
    assert shown.css("footer::text").get() == "3 events"


def test_a_page_needs_nothing_else_and_runs_nothing() -> None:
    text = render_html([event()])
    assert not re.search(r"<(?:script|link|img|iframe|form)\b|@import|url\(|\son\w+=|src=", text)
    assert "default-src 'none'" in text and "width=device-width" in text
    assert "prefers-color-scheme: dark" in text


@pytest.mark.parametrize("name", ["title", "sentence", "site"])
def test_what_a_page_says_stays_text(name: str) -> None:
    more: dict[str, Any] = {name: NASTY if name != "sentence" else "says <b>&"}
    nasty = event(**more)
    shown = page(nasty)
    assert shown.css("script, article b b").getall() == []
    assert "<script" not in render_html([nasty])
    assert len(channel(nasty).findall("item")) == len(feed(nasty).findall(f"{ATOM}entry")) == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", "//a.example/", '" onclick="x'])
def test_only_addresses_of_the_web_are_links(url: str) -> None:
    shown = page(event(url=url))
    assert shown.css("h3 a").getall() == []
    assert shown.css("h3 span::text").get() == "题1"
    assert channel(event(url=url)).findall("item/link") == []
    assert feed(event(url=url)).findall(f"{ATOM}entry/{ATOM}link") == []


@given(st.text(max_size=40))
def test_any_title_makes_a_feed_that_can_be_read(title: str) -> None:
    (item,) = channel(event(title=title)).findall("item")
    assert (item.findtext("title") or "").startswith("gone:")
    assert (feed(event(title=title)).findtext(f"{ATOM}entry/{ATOM}title") or "").startswith("gone:")
