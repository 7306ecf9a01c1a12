"""Renders events for readers elsewhere: as RSS 2.0, as Atom, and as one HTML page that loads and runs nothing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from email.utils import format_datetime
from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from lufeng_crawler.archive import change_kinds, timestamps
from lufeng_crawler.archive.queries.event_text import Event
from lufeng_crawler.archive.text import one_line

ABOUT = "What government sites changed, took down or moved, as seen by Lufeng Crawler; each event with its captures."

NOWHERE = "urn:uuid:6f1c1c5a-6a0c-5a50-9f0e-0f3b6f2c5b1d"
"""The id of an Atom feed that is served nowhere (made once, means nothing)."""


def render_rss(events: Iterable[Event]) -> str:
    """Render the events, newest first, as RSS 2.0 (rssboard.org/rss-specification).

    Guids are digests, the same everywhere.
    """
    feed = Element("rss", version="2.0")
    channel = SubElement(feed, "channel")
    listed = list(events)
    home = next(filter(None, (_web_address(event.url) for event in listed)), "about:blank")
    for name, text in {"title": "Changes", "link": home, "description": ABOUT, "language": "zh-CN"}.items():
        SubElement(channel, name).text = text
    if listed:
        SubElement(channel, "lastBuildDate").text = _rfc822(listed[0].at)
    for event in listed:
        _item(channel, event)
    ElementTree.indent(feed)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(feed, encoding="unicode")


def render_atom(events: Iterable[Event], here: str = NOWHERE) -> str:
    """Render the events, newest first, as Atom (RFC 4287); `here` is the address at which the feed is served."""
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    listed = list(events)
    for name, text in {"id": here, "title": "Changes", "subtitle": ABOUT}.items():
        SubElement(feed, name).text = text
    SubElement(feed, "updated").text = listed[0].at if listed else "1970-01-01T00:00:00Z"
    SubElement(SubElement(feed, "author"), "name").text = "Lufeng Crawler"
    if here != NOWHERE:
        SubElement(feed, "link", rel="self", type="application/atom+xml", href=here)
    for event in listed:
        _entry(feed, event)
    ElementTree.indent(feed)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(feed, encoding="unicode")


def render_html(events: Iterable[Event]) -> str:
    """Render the events, newest first, as one page that loads and runs nothing: by day, each with its captures."""
    from lufeng_crawler.archive.export.html_page import render_page  # Jinja, which no feed needs

    listed = list(events)
    days = [(day, list(of_day)) for day, of_day in groupby(listed, key=lambda event: event.at[:10])]
    return render_page(
        "changes.html",
        title="Changes",
        about=ABOUT,
        days=days,
        count=len(listed),
        kinds=change_kinds.BY_NAME,
        one_line=one_line,
        web_address=_web_address,
    )


def _item(channel: Element, event: Event) -> None:
    item = SubElement(channel, "item")
    SubElement(item, "title").text = f"{event.kind}: {one_line(event.title)}"
    if address := _web_address(event.url):
        SubElement(item, "link").text = address
    SubElement(item, "description").text = event.sentence
    for category in (event.kind, event.site):
        SubElement(item, "category").text = one_line(category)
    SubElement(item, "guid", isPermaLink="false").text = event.digest
    SubElement(item, "pubDate").text = _rfc822(event.at)


def _entry(feed: Element, event: Event) -> None:
    entry = SubElement(feed, "entry")
    SubElement(entry, "id").text = _digest_uri(event.digest)
    SubElement(entry, "title").text = f"{event.kind}: {one_line(event.title)}"
    SubElement(entry, "updated").text = event.at
    if address := _web_address(event.url):
        SubElement(entry, "link", rel="alternate", href=address)
    for category in (event.kind, event.site):
        SubElement(entry, "category", term=one_line(category))
    SubElement(entry, "content", type="text").text = event.sentence


def _web_address(url: str) -> str | None:
    """Return the URL if it is one of the web, else None: a page may name any address as its own."""
    return one_line(url) if url.lower().startswith(("http://", "https://")) else None


def _digest_uri(digest: str) -> str:
    """Return the URI that names a resource by its digest (RFC 6920): the same everywhere, and an IRI as Atom asks."""
    return "ni:///sha-256;" + b64encode(bytes.fromhex(digest.removeprefix("sha256:")), b"-_").decode().rstrip("=")


def _rfc822(time: str) -> str:
    return format_datetime(timestamps.parse(time), usegmt=True)
