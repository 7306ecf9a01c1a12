"""Decides what a capture is, in this order: status, kind of content, block, soft 404, then listing or article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cssselect import SelectorError

from lufeng_crawler.items import Article, Blocked, Capture, Layout, Listing, Other, Reading
from lufeng_crawler.pages import refusals
from lufeng_crawler.pages.article import article, body_under_headline, breadcrumb
from lufeng_crawler.pages.families import generic, hanweb
from lufeng_crawler.pages.families.registry import recognise
from lufeng_crawler.pages.html import meta_tags
from lufeng_crawler.pages.html.family import Family
from lufeng_crawler.pages.html.page import Element, Page, parse, text_of
from lufeng_crawler.pages.listing import json_listing, listing
from lufeng_crawler.pages.text import content_encoding
from lufeng_crawler.pages.text.charset import decode_page
from lufeng_crawler.pages.text.urls import clean_url, is_root

_TEXT = re.compile(r"text/|html|xml|json|^$|octet-stream", re.I)
_XML = re.compile(r"\s*<(?:\?xml|datastore|recordset|totalrecord|record)\b", re.I)
_PAGE = re.compile("<!doctype html|<html", re.I)
_BINARY = re.compile(rb"%PDF|PK\x03\x04|\xff\xd8\xff|\x89PNG|GIF8|\xd0\xcf\x11\xe0|Rar!|\x1f\x8b|RIFF|BM.{4}\0\0\0\0")
_FRAME = re.compile(
    r"""<div[^<>]{0,99}\bid=["']?(?:app|root|main-app|__nuxt|__next)\b|<app-root\b|\bng-app\b|enable JavaScript"""
)
_FEW_WORDS = 30
_MOST_BESIDE = 12
"""Lines that stand beside a text."""
_MOST_TAGS = 100_000
"""Of the pages seen, none has a tenth of this; whoever serves more would only keep the reader busy."""
_PLAIN = Layout()
_SENTENCE, _PARAGRAPH = 15, 60
"""Characters of running text that a known container needs to count as a text, and that a guessed one needs."""
_GUESSED, _HEADED = "where most running text stands", "what stands under the headline and its labels"


def read(capture: Capture, layout: Layout = _PLAIN) -> Reading:
    """What `capture` says, a function of its bytes, headers and address alone; never raises, see `Other.reason`."""
    found = _text(capture, layout)
    text, utf8 = ("", None) if isinstance(found, Other) else found
    decided = refusals.refused_by_status(capture, text)
    if decided:
        return decided
    if isinstance(found, Other):
        return found
    if len(text) > _MOST_TAGS and text.count("<") > _MOST_TAGS:
        return Other(f"too large: more than {_MOST_TAGS:,} tags")
    url = clean_url(capture.url)
    if answer := _answer(text, url):
        return answer
    page = parse(url, text, utf8)
    try:
        return _told(page, capture, layout) or _content(page, capture, layout)
    except SelectorError as error:
        return Other(f"site file: a selector cannot be understood: {error}"[:200])


def _answer(text: str, url: str) -> Listing | Other | None:
    """What was written for a script to read and not for a browser to show; None for a page."""
    if json_listing.is_json(text):
        return json_listing.read_json_listing(text, url)
    return hanweb.read_records(text, url) if _XML.match(text) and not _PAGE.search(text[:500]) else None


def find_column(capture: Capture, name: str) -> str | None:
    """The absolute address of the link on a page whose text is the column's `name`; None where there is none."""
    found = _text(capture, _PLAIN)
    return None if isinstance(found, Other) else breadcrumb.find_column(parse(clean_url(capture.url), *found), name)


def _text(capture: Capture, layout: Layout) -> tuple[str, bytes | None] | Other:
    mime = (capture.header("Content-Type") or "").partition(";")[0].strip()
    try:
        body = content_encoding.decode_payload(capture.body, capture.header("Content-Encoding") or "")
    except content_encoding.TooLarge:
        return Other(f"too large: more than {content_encoding.LIMIT} bytes once decoded")
    except content_encoding.Undecodable as error:
        return Other(str(error))
    if not body or body.isspace():
        return Other("empty body")
    if not _TEXT.search(mime) or _BINARY.match(body):
        return Other(f"not a page: {mime or 'binary'}")
    return decode_page(body, capture.header("Content-Type"), layout.encoding)


def _told(page: Page, capture: Capture, layout: Layout) -> Reading | None:
    if told := refusals.refused_by_text(page.source, text_of(page.root), refusals.cookies(capture)):
        return told
    code = meta_tags.read_meta_tags(page).get("siteidcode") if layout.site_id_code else None
    if code and code != layout.site_id_code:
        return Blocked(f"SiteIDCode {code} instead of {layout.site_id_code}")
    return None


def _content(page: Page, capture: Capture, layout: Layout) -> Article | Listing | Other:
    """Known containers make an article, repeated rows a listing; what is left is an article if its text is long."""
    if is_root(page.url) and not layout.listing:
        return Other("home page")
    family = recognise(page, layout.family)
    asked_at = capture.fetched_at
    known = _known(page, family, layout)
    if known and _is_article(page, family, *known):
        return _article(page, family, layout, asked_at, *known)
    headed_text = None if layout.listing else _headed(page)
    if headed_text and isinstance(read := _article(page, family, layout, asked_at, *(known or headed_text)), Article):
        return read
    found = listing.read_listing(page, family, layout)
    if found and (known or found.next_page or len(found.entries) > _MOST_BESIDE):
        return found
    rest = known or _densest(page)
    if found and not (rest and _outweighs(rest[0], found)):
        return found
    if not rest or generic.running_length(rest[0]) < (0 if known else _PARAGRAPH):
        return listing.read_undated_listing(page, family, layout) or _nothing(page)
    read = _article(page, family, layout, asked_at, *rest)
    proved = known or (isinstance(read, Article) and (read.published or read.source))
    return read if proved else found or Other("a text without date or source")


def _outweighs(text: Element, found: Listing) -> bool:
    """Whether a text is more than the few lines beside it: 相关阅读 and its like make no listing."""
    titles = [entry.title for entry in found.entries]
    return generic.running_length(text) > 3 * sum(map(len, titles)) and titles[0] not in text_of(text)


def _nothing(page: Page) -> Other:
    """A page without text of its own: perhaps the frame that a script would fill."""
    if _FRAME.search(page.source) and len(text_of(page.root).split()) < _FEW_WORDS:
        return Other("SPA shell: what it shows is fetched by its scripts")
    return Other("neither listing nor article")


def _known(page: Page, family: Family, layout: Layout) -> tuple[Element, str] | None:
    """The container that site file, family or common practice name, and the rule that found it."""
    if css := layout.article.get("body"):
        for found in page.find(css):
            if not isinstance(found, str):
                return found, f"site file: {css}"
    for path in family.bodies if any(f" {name}" in page.names for name in family.body_names) else ():
        if found := path(page.root):
            return generic.longest_text(found), f"{family.name}: {path.path}"
    return generic.find_known_container(page)


def _is_article(page: Page, family: Family, container: Element, rule: str) -> bool:
    """Whether a known container holds one text and not the lines of a listing.

    The containers of a site file or family are proof unless the listing's lines stand in them; those that many
    systems share are asked how much of their text is links.
    """
    if any(container in row.iterancestors() for row in family.lines(page)[:1]):
        return False
    return not rule.startswith("generic") or generic.running_length(container) >= _SENTENCE or _holds_files(container)


def _holds_files(container: Element) -> bool:
    return any(True for _ in container.iter("img", "iframe", "video", "embed"))


def _headed(page: Page) -> tuple[Element, str] | None:
    found = body_under_headline.find_body(page)
    return (found, _HEADED) if found is not None else None


def _densest(page: Page) -> tuple[Element, str] | None:
    found = generic.find_densest(page)
    return (found, _GUESSED) if found is not None else None


def _article(
    page: Page, family: Family, layout: Layout, asked_at: str, container: Element, rule: str
) -> Article | Other:
    areas = _areas(family, page, container)
    noise = family.noise(container) if family.noise else []
    if rule in {_GUESSED, _HEADED} or rule.startswith("generic"):
        noise = [*noise, *generic.trailing_links(container)]
        body = article.trim_body(
            article.build_body(page, container, rule, noise), page.title if rule == _GUESSED else ""
        )
    else:
        body = article.build_body(page, container, rule, noise)
    read = article.read_article(page, body, family, layout, asked_at, areas)
    return read if article.is_article(read) else Other("a text that states neither title, date nor source")


def _areas(family: Family, page: Page, container: Element) -> Sequence[Element]:
    """Where attachments may stand: the family's area, else the container with what follows it in its box."""
    if family.area and (found := family.area(page.root)):
        return [*found, container]
    parent = container.getparent()
    return [container] if parent is None or parent.tag == "body" else [parent, container]
