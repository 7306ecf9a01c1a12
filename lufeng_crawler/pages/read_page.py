"""Decides what a capture is: by status, then as a document for scripts, a refusal, an article or a listing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cssselect import SelectorError

from lufeng_crawler.items import Article, Blocked, Capture, Kind, Layout, Listing, Other, Reading
from lufeng_crawler.pages import refusals
from lufeng_crawler.pages.article import article, body_under_headline, breadcrumb
from lufeng_crawler.pages.families import generic, registry
from lufeng_crawler.pages.families.generic import TextBox
from lufeng_crawler.pages.html import meta_tags
from lufeng_crawler.pages.html.family import Family
from lufeng_crawler.pages.html.page import Element, Page, parse, text_of
from lufeng_crawler.pages.listing import json_listing, listing
from lufeng_crawler.pages.text import content_encoding, statements
from lufeng_crawler.pages.text.charset import DecodedPage, decode_page
from lufeng_crawler.pages.text.urls import clean_url, is_root
from lufeng_crawler.pages.text.whitespace import clean_line, split_lines

_TEXT_TYPE = re.compile(r"text/|html|xml|json|^$|octet-stream", re.I)
_HTML_START = re.compile("<!doctype html|<html", re.I)
_BINARY = re.compile(rb"%PDF|PK\x03\x04|\xff\xd8\xff|\x89PNG|GIF8|\xd0\xcf\x11\xe0|Rar!|\x1f\x8b|RIFF|BM.{4}\0\0\0\0")
_FRAME = re.compile(
    r"""<div[^<>]{0,99}\bid=["']?(?:app|root|main-app|__nuxt|__next)\b|<app-root\b|\bng-app\b|enable JavaScript"""
)
_MAX_FRAME_WORDS = 30
_MAX_LINES_BESIDE_TEXT = 12
_MAX_NOTICE_LENGTH = 80
"""Characters of a text that may be no more than a site's word that there is nothing."""
_MAX_TAGS = 100_000
"""Of the pages seen, none has a tenth of this; reading a page with more would only cost time."""
_PLAIN = Layout()
_MIN_KNOWN_TEXT, _MIN_GUESSED_TEXT = 15, 60
"""Characters of running text that a known container needs to count as a text, and that a guessed one needs."""
_GUESSED, _HEADED = "where most running text stands", "what stands under the headline and its labels"


def read(capture: Capture, layout: Layout = _PLAIN) -> Reading:
    """Return what `capture` is and states: a function of the capture and its site's layout alone.

    Never raises: `Other.reason` says why nothing could be read.
    """
    decoded = _decode(capture, layout)
    markup = "" if isinstance(decoded, Other) else decoded.text
    if reading := refusals.read_status(capture, markup):
        return reading
    if isinstance(decoded, Other):
        return decoded
    if len(markup) > _MAX_TAGS and markup.count("<") > _MAX_TAGS:
        return Other(f"too large: more than {_MAX_TAGS:,} tags")
    url = clean_url(capture.url)
    if reading := _read_document(markup, url):
        return (isinstance(reading, Other) and refusals.read_json_message(markup)) or reading
    page = parse(url, markup, decoded.utf8, decoded.encoding)
    try:
        return _find_refusal(page, capture, layout) or _weigh_statement(page, _read_content(page, capture, layout))
    except SelectorError as error:
        return Other(f"site file: a selector cannot be understood: {error}"[:200])


def find_column(capture: Capture, name: str) -> str | None:
    """Return the absolute URL of the link on a page whose text is the column's `name`; None where there is none."""
    decoded = _decode(capture, _PLAIN)
    if isinstance(decoded, Other):
        return None
    return breadcrumb.find_column(parse(clean_url(capture.url), decoded.text, decoded.utf8, decoded.encoding), name)


def visible_lines(capture: Capture, layout: Layout = _PLAIN) -> tuple[str, ...]:
    """Return the lines of text that a reader of a page sees, white space made one space; empty for what is no page."""
    decoded = _decode(capture, layout)
    if isinstance(decoded, Other) or decoded.text.count("<") > _MAX_TAGS:
        return ()
    url = clean_url(capture.url)
    if _read_document(decoded.text, url):
        return ()
    lines = split_lines(text_of(parse(url, decoded.text, decoded.utf8, decoded.encoding).root))
    return tuple(text for line in lines if (text := clean_line(line)))


def _decode(capture: Capture, layout: Layout) -> DecodedPage | Other:
    mime = (capture.header("Content-Type") or "").partition(";")[0].strip()
    try:
        body = content_encoding.decode_payload(capture.body, capture.header("Content-Encoding") or "")
    except content_encoding.TooLarge:
        return Other(f"too large: more than {content_encoding.MAX_DECODED_BYTES} bytes once decoded")
    except content_encoding.Undecodable as error:
        return Other(str(error))
    if not body or body.isspace():
        return Other("empty body")
    if not _TEXT_TYPE.search(mime) or _BINARY.match(body):
        return Other(f"not a page: {mime or 'binary'}")
    return decode_page(body, capture.header("Content-Type"), layout.encoding)


def _read_document(text: str, url: str) -> Listing | Other | None:
    """Read what was written for a script to read and not for a browser to show; None for a page."""
    if not _HTML_START.search(text[:500]) and (entries := registry.read_document(text, url)):
        return entries
    return json_listing.read_json_listing(text, url) if json_listing.is_json(text) else None


def _find_refusal(page: Page, capture: Capture, layout: Layout) -> Reading | None:
    """Return what a page says that is not the content asked for; None for content."""
    text = text_of(page.root)
    refusal = refusals.read_refusal(page.source, text, refusals.join_cookies(capture))
    if refusal:
        return refusal
    if (error := statements.read_error_page(page.title, text)) and not refusals.is_labelled(text):
        return error
    code = meta_tags.read_meta_tags(page).get("siteidcode") if layout.site_id_code else None
    if code and code != layout.site_id_code:
        return Blocked(f"SiteIDCode {code} instead of {layout.site_id_code}")
    return None


def _weigh_statement(page: Page, reading: Article | Listing | Other) -> Reading:
    """Return a site's own "not there" in its full template, else the reading: an article or a listing goes before it.

    An article that is nothing but the statement, undated and from nowhere, is none; nor is a listing without a pager
    beside it, as 热点新闻 stands beside an error.
    """
    if isinstance(reading, Article):
        is_bare = len(reading.body) <= _MAX_NOTICE_LENGTH and not (reading.published or reading.source)
        return (is_bare and statements.find_statement(f"{reading.title}\n{reading.body}")) or reading
    if isinstance(reading, Listing) and (reading.extent.has_pager or reading.next_page):
        return reading
    return (not is_root(page.url) and statements.find_statement(text_of(page.root))) or reading


@dataclass(frozen=True, slots=True)
class _Context:
    """What the rules for a page's content need beside a container."""

    page: Page
    family: Family
    layout: Layout
    fetched_at: str
    kind: Kind


def _read_content(page: Page, capture: Capture, layout: Layout) -> Article | Listing | Other:
    """Read known containers as an article, repeated rows as a listing, and what is left as an article if it is long."""
    if is_root(page.url) and not layout.listing:
        return Other("home page")
    context = _Context(page, registry.recognise(page, layout.family), layout, capture.fetched_at, capture.kind)
    known = _find_known_text(context)
    return (
        _read_known_text(context, known)
        or _read_text_under_headline(context, known)
        or _read_listing_or_longest_text(context, known)
    )


def _read_known_text(context: _Context, known: TextBox | None) -> Article | Other | None:
    return _read_article(context, known) if known and _is_one_text(context, known) else None


def _read_text_under_headline(context: _Context, known: TextBox | None) -> Article | None:
    """Read the text under a headline and its labels; a site file that selects listings says that there is none."""
    if context.layout.listing or (element := body_under_headline.find_body(context.page)) is None:
        return None
    reading = _read_article(context, known or TextBox(element, _HEADED))
    return reading if isinstance(reading, Article) else None


def _read_listing_or_longest_text(context: _Context, known: TextBox | None) -> Article | Listing | Other:
    """Weigh a page's repeated rows against its longest text.

    A listing is sure where a container is known and yet holds no text, where it has a next page, or where it has more
    lines than stand beside a text.
    """
    rows = listing.read_listing(context.page, context.family, context.layout, context.kind == "listing")
    if rows and (known or rows.next_page or len(rows.entries) > _MAX_LINES_BESIDE_TEXT):
        return rows
    box = known or _find_densest_text(context.page)
    if rows and not (box and _outweighs(box.element, rows)):
        return rows
    if not box or generic.running_length(box.element) < (0 if known else _MIN_GUESSED_TEXT):
        return listing.read_undated_listing(context.page, context.family, context.layout) or _nothing_read(context.page)
    reading = _read_article(context, box)
    is_proved = known or (isinstance(reading, Article) and (reading.published or reading.source))
    return reading if is_proved else rows or Other("a text without date or source")


def _outweighs(text: Element, rows: Listing) -> bool:
    """Return whether a text is more than the few lines beside it: 相关阅读 and its like make no listing."""
    titles = [entry.title for entry in rows.entries]
    return generic.running_length(text) > 3 * sum(map(len, titles)) and titles[0] not in text_of(text)


def _nothing_read(page: Page) -> Other:
    """Return why a page without text of its own reads as nothing: perhaps its scripts would fill it."""
    if _FRAME.search(page.source) and len(text_of(page.root).split()) < _MAX_FRAME_WORDS:
        return Other("SPA shell: what it shows is fetched by its scripts")
    return Other("neither listing nor article")


def _find_known_text(context: _Context) -> TextBox | None:
    """Find the container that site file, family or common practice name."""
    page, family = context.page, context.family
    if css := context.layout.article.get("body"):
        for element in page.find(css):
            if not isinstance(element, str):
                return TextBox(element, f"site file: {css}")
    for path in family.bodies if any(f" {name}" in page.names for name in family.body_names) else ():
        if elements := path(page.root):
            return TextBox(generic.longest_text(elements), f"{family.name}: {path.path}")
    return generic.find_known_container(page)


def _find_densest_text(page: Page) -> TextBox | None:
    element = generic.find_densest(page)
    return None if element is None else TextBox(element, _GUESSED)


def _is_one_text(context: _Context, box: TextBox) -> bool:
    """Return whether a known container holds one text and not the lines of a listing.

    The containers of a site file or family are proof unless the listing's lines stand in them; of those that many
    systems share the share of links in their text decides.
    """
    if any(box.element in row.iterancestors() for row in context.family.find_rows(context.page)[:1]):
        return False
    return not box.is_shared or generic.running_length(box.element) >= _MIN_KNOWN_TEXT or _holds_media(box.element)


def _holds_media(container: Element) -> bool:
    return any(True for _ in container.iter("img", "iframe", "video", "embed"))


def _read_article(context: _Context, box: TextBox) -> Article | Other:
    """Read the article in a box; the box is cut out of the page."""
    page, family = context.page, context.family
    areas = _attachment_areas(family, page, box.element)
    noise = family.noise(box.element) if family.noise else []
    if box.is_shared or box.rule in {_GUESSED, _HEADED}:
        noise = [*noise, *generic.trailing_links(box.element)]
        body = article.build_body(page, box.element, box.rule, noise)
        body = article.trim_body(body, page.title if box.rule == _GUESSED else "")
    else:
        body = article.build_body(page, box.element, box.rule, noise)
    reading = article.read_article(page, body, family, context.layout, context.fetched_at, areas)
    return reading if article.is_article(reading) else Other("a text that states neither title, date nor source")


def _attachment_areas(family: Family, page: Page, container: Element) -> Sequence[Element]:
    """Return where attachments may stand: the family's area, else the container with what follows it in its box."""
    if family.area and (areas := family.area(page.root)):
        return [*areas, container]
    parent = container.getparent()
    return [container] if parent is None or parent.tag == "body" else [parent, container]
