"""Events for readers elsewhere: RSS 2.0 and Atom feeds, and one HTML page that needs nothing else and runs nothing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from email.utils import format_datetime
from itertools import groupby
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.text import one_line

Event = Mapping[str, Any]

ABOUT = "What government sites changed, took down or moved, as seen by Lufeng Crawler; each event with its captures."

NOWHERE = "urn:uuid:6f1c1c5a-6a0c-5a50-9f0e-0f3b6f2c5b1d"
"""What an Atom feed is called that is not served anywhere (made once, means nothing)."""


def render_rss(events: Iterable[Event]) -> str:
    """The events, newest first, as RSS 2.0 (rssboard.org/rss-specification): guids are digests, the same everywhere."""
    feed = Element("rss", version="2.0")
    channel = SubElement(feed, "channel")
    listed = list(events)
    home = next(filter(None, (_address(event["url"]) for event in listed)), "about:blank")
    for name, text in {"title": "Changes", "link": home, "description": ABOUT, "language": "zh-CN"}.items():
        SubElement(channel, name).text = text
    if listed:
        SubElement(channel, "lastBuildDate").text = _rfc822(listed[0]["at"])
    for event in listed:
        _item(channel, event)
    ElementTree.indent(feed)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(feed, encoding="unicode")


def render_atom(events: Iterable[Event], here: str = NOWHERE) -> str:
    """The events, newest first, as Atom (RFC 4287); `here` is the address at which the feed is served."""
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    listed = list(events)
    for name, text in {"id": here, "title": "Changes", "subtitle": ABOUT}.items():
        SubElement(feed, name).text = text
    SubElement(feed, "updated").text = listed[0]["at"] if listed else "1970-01-01T00:00:00Z"
    SubElement(SubElement(feed, "author"), "name").text = "Lufeng Crawler"
    if here != NOWHERE:
        SubElement(feed, "link", rel="self", type="application/atom+xml", href=here)
    for event in listed:
        _entry(feed, event)
    ElementTree.indent(feed)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(feed, encoding="unicode")


def render_html(events: Iterable[Event]) -> str:
    """The events, newest first, as a page in one piece: by day, each with its sentence and, folded, its captures."""
    page = Element("html", lang="en")
    head = SubElement(page, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    policy = {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"}
    SubElement(head, "meta", policy)
    SubElement(head, "title").text = "Changes"
    SubElement(head, "style").text = STYLE
    body = SubElement(page, "body")
    SubElement(body, "h1").text = "Changes"
    SubElement(body, "p", {"class": "about"}).text = f"{ABOUT} Days and times are UTC."
    listed = list(events)
    for day, of_day in groupby(listed, key=lambda event: str(event["at"])[:10]):
        section = SubElement(body, "section")
        SubElement(section, "h2").text = day
        for event in of_day:
            _card(section, event)
    SubElement(body, "footer").text = f"{len(listed):,} events"
    return "<!DOCTYPE html>\n" + ElementTree.tostring(page, encoding="unicode", method="html")


def _item(channel: Element, event: Event) -> None:
    item = SubElement(channel, "item")
    SubElement(item, "title").text = f"{event['kind']}: {one_line(event['title'])}"
    if address := _address(event["url"]):
        SubElement(item, "link").text = address
    SubElement(item, "description").text = event["sentence"]
    for category in (event["kind"], event["site"]):
        SubElement(item, "category").text = one_line(category)
    SubElement(item, "guid", isPermaLink="false").text = event["digest"]
    SubElement(item, "pubDate").text = _rfc822(event["at"])


def _entry(feed: Element, event: Event) -> None:
    entry = SubElement(feed, "entry")
    SubElement(entry, "id").text = _name(event["digest"])
    SubElement(entry, "title").text = f"{event['kind']}: {one_line(event['title'])}"
    SubElement(entry, "updated").text = event["at"]
    if address := _address(event["url"]):
        SubElement(entry, "link", rel="alternate", href=address)
    for category in (event["kind"], event["site"]):
        SubElement(entry, "category", term=one_line(category))
    SubElement(entry, "content", type="text").text = event["sentence"]


def _card(section: Element, event: Event) -> None:
    card = SubElement(section, "article")
    top = SubElement(card, "p", {"class": "top"})
    SubElement(top, "b", {"class": event["kind"]}).text = event["kind"]
    _text(top, f"{str(event['at'])[11:19]} · {event['site']} · article {event['article']}")
    _link(SubElement(card, "h3", lang="zh-CN"), event["url"], event["title"])
    SubElement(card, "p", {"class": "says"}).text = event["sentence"]
    proofs = event["evidence"]
    folded = SubElement(card, "details")
    SubElement(folded, "summary").text = f"{len(proofs)} capture{'' if len(proofs) == 1 else 's'} to prove it"
    for proof in proofs:
        row = SubElement(folded, "p", {"class": "proof"})
        _text(row, f"capture {proof['capture']} · {proof['at']} · {proof['status']} {proof['outcome']}")
        _link(row, proof["url"], proof["url"])
        SubElement(row, "code").text = proof["digest"]


def _text(parent: Element, text: str) -> None:
    SubElement(parent, "span").text = one_line(text)


def _link(parent: Element, url: str, text: str) -> None:
    """A link where the address is one of the web; else its text alone: a page may name any address as its own."""
    address = _address(url)
    shown = SubElement(parent, "a", href=address, rel="noreferrer") if address else SubElement(parent, "span")
    shown.text = one_line(text)


def _address(url: str) -> str | None:
    return one_line(url) if url.lower().startswith(("http://", "https://")) else None


def _name(digest: str) -> str:
    """A digest as an address of what it is the digest of (RFC 6920): the same everywhere, and an IRI as Atom asks."""
    return "ni:///sha-256;" + b64encode(bytes.fromhex(digest.removeprefix("sha256:")), b"-_").decode().rstrip("=")


def _rfc822(time: str) -> str:
    return format_datetime(timestamps.parse(time), usegmt=True)


STYLE = """
:root { color-scheme: light dark; --ink: #1c1f23; --soft: #5c6570; --line: #d9dee4; --paper: #f5f6f8; --card: #fff;
  --link: #0b4f8a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a3abb5; --line: #3a4048; --paper: #16181b;
  --card: #1f2226; --link: #8cc2f5; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px 16px 48px; max-width: 880px; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, "Noto Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 28px; line-height: 1.3; }
h2 { margin: 32px 0 8px; font-size: 16px; color: var(--soft); font-variant-numeric: tabular-nums; }
h3 { margin: 4px 0; font-size: 18px; line-height: 1.45; }
p { margin: 0; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
.about, .top, summary, .proof, footer { color: var(--soft); font-size: 14px; }
article { margin: 0 0 8px; padding: 12px 16px; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; }
.top { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; }
.top b { padding: 0 8px; border-radius: 4px; background: #4a5560; color: #fff; font-weight: 600; }
.top .new, .top .restored, .top .relisted { background: #1d6b3a; }
.top .edited, .top .moved { background: #0b4f8a; }
.top .missing, .top .delisted { background: #8a5300; }
.top .gone { background: #a11d1d; }
details { margin-top: 4px; }
summary { cursor: pointer; }
.proof { margin-top: 8px; padding-left: 12px; border-left: 2px solid var(--line); }
.proof * { display: block; }
code { font-size: 12px; }
footer { margin-top: 24px; }
"""
