"""A page, parsed once: its text is prepared so that every look-up after that is one call into C."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, TypeAlias

from lxml import etree

from lufeng_crawler.pages.html.conventions import known_conventions
from lufeng_crawler.pages.text.urls import canonical_url
from lufeng_crawler.pages.text.whitespace import GAP, ROW, clean_line

Element: TypeAlias = Any
"""An lxml element; lxml ships no types."""

PLACE = "\ufffc"
"""Stands in a page's text where something was cut out: Unicode's own sign for an object that is not text."""

_BROKEN_ADDRESS = re.compile(
    rb"""\b(?:href|src|action)=(?:"[^"<>\t\r\n]{0,999}[\t\r\n][^"<>]{0,999}"|'[^'<>\t\r\n]{0,999}[\t\r\n][^'<>]{0,999}')"""
)
_CONTROL = bytes(code for code in range(32) if chr(code) not in "\t\n\r\f") + b"\x7f"
_RESERVED = (ROW, GAP, PLACE, "\ufffe", "\uffff")
"""Signs that this package puts into texts, and those that are no characters."""
# possessive (`?+`): what has failed behind a slash is not tried again before it
_CAPITAL = re.compile(rb"</?+[A-Z]\w*")
_BLOCK = (
    rb"<(?=/?+(?:d(?:iv|[ltd])|p(?:re)?|li|[uo]l|h(?:[1-6r]|eader)|b(?:r|lockquote)|f(?:orm|ieldset|ig(?:ure|caption)|"
    rb"ooter)|section|a(?:rticle|side)|nav|main|center|option|textarea%b)\b)"
)
"""The tags of blocks; `%b` stands for those that single CMSs add."""
_TABLE = re.compile(rb"<t(?:[rdh]|able)\b")
_ROW = re.compile(rb"<(?=/?+t(?:r|able)\b)")
_NEXT_CELL = re.compile(rb"<(?=t[dh]\b)(?:(?<=</t[dh]><)|(?<=</t[dh]> <))")
_PRE = re.compile(rb"<pre\b")
_UNSHOWN_START = re.compile(rb"<(?:!--|/(?i:html|body)\b|[sS](?i:cript|tyle)\b)")
_UNSHOWN_ENDS = {b"<!": re.compile(rb"-->"), b"</": re.compile(rb">")}
_SCRIPT_END = re.compile(rb"</[sS](?i:cript|tyle)\s*>")
_TAG = re.compile(r"<[^>]*>")
_STYLE, _MAX_STYLES, _LONG_MARKUP = b' style="', 100, 30_000
_DISPLAY = (b"isplay", b"ISPLAY")
_STYLED_AWAY = re.compile(r"display\s*:\s*none", re.I)

_ROW_TAGS = frozenset(("li", "tr", "div", "dl", "dd", "p", "a"))
_MAX_IN_ROW = 40
"""Elements that a line of a listing may hold; with more, a box that is styled away is no single line."""

# plain elements: those of lxml.html, which parsel would make, cost a call of Python each
_PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False)
_ids = etree.XPath("/descendant::*/@id", smart_strings=False)
_classes = etree.XPath("/descendant::*/@class", smart_strings=False)
# attributes, whose elements are taken with getparent(): XPath's own way back takes time with their number's square
_styles = etree.XPath("/descendant::*/@style[contains(.,'isplay') or contains(.,'ISPLAY')]")
_hidden = etree.XPath("/descendant::*/@hidden")
_set_aside = etree.XPath("/descendant::*/@class[contains(concat(' ',.,' '),' ng-hide ')]")


@dataclass(frozen=True, slots=True)
class HiddenRow:
    """A box with one link that is styled away: what it stood in, its tag and id, where it leads, and its text."""

    holder: Element
    tag: str
    id: str
    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page's URL, its markup as served, its tree, and what its head says.

    `title` is the text of `<title>`, markup inside it taken away; `meta` the names (or properties) and contents of its
    tags in their order. `names` are all ids and classes of its elements, and the tags that single CMSs alone write,
    each once and between spaces. `encoding` is what the page was decoded as, and what its forms are sent in.
    `hidden_rows` are boxes with a link that are styled away, one by one. `base` is what its links are resolved
    against where that is not its URL (`<base href>`).
    """

    url: str
    source: str
    root: Element
    title: str = ""
    meta: Sequence[tuple[str, str]] = ()
    names: str = "  "
    encoding: str = "utf-8"
    hidden_rows: Sequence[HiddenRow] = ()
    base: str = ""

    def resolve(self, href: str) -> str:
        """Return the URL that a link of this page leads to, empty where it leads nowhere (see `canonical_url`)."""
        return canonical_url(href, self.base or self.url, self.encoding)

    def find(self, css: str) -> Sequence[Element | str]:
        """Return what a site file's selector finds: elements, or strings for `::text` and `::attr(…)`.

        Raises cssselect.SelectorError for what is no selector.
        """
        found: list[Element | str] = self.root.xpath(_css_to_xpath(css))
        return found


@cache
def _css_to_xpath(css: str) -> str:
    from parsel.csstranslator import HTMLTranslator  # slow to import, and only site files have selectors

    return HTMLTranslator().css_to_xpath(css)


def parse(url: str, source: str, utf8: bytes | None = None, encoding: str = "utf-8") -> Page:
    """Parse any `source`; scripts, styles, comments and what is styled away are not in the tree.

    `utf8` is the same in UTF-8, where it is at hand; `encoding` is what the page came in.
    """
    markup = _prepare(source, source.encode("utf-8", "replace") if utf8 is None else utf8)
    root = etree.fromstring(b"<html>" + markup, _PARSER)
    names = f" {' '.join({*_ids(root), *_classes(root), *_own_tags(root)})} "
    title, base, meta = "", "", []
    for element in list(root.iter("title", "meta", "base", "select", "option", "textarea", "noscript", "template")):
        if element.tag == "meta":
            meta.append(((element.get("name") or element.get("property", "")).strip(), element.get("content", "")))
            continue
        if element.tag == "base":
            base = base or canonical_url(element.get("href", ""), url)
            continue
        if element.tag == "title":
            title = title or clean_line(_TAG.sub("", text_of(element)))
        clear_element(element)
    hidden_rows: list[HiddenRow] = []
    for mark in list(_hidden_attributes(root, markup, names)):
        if row := _hidden_row(mark.getparent()):
            hidden_rows.append(row)
        clear_element(mark.getparent())
    return Page(url, source, root, title, meta, names, encoding, hidden_rows, base)


def _own_tags(root: Element) -> set[str]:
    """Return the tags in a tree that single CMSs alone write."""
    tags = known_conventions().title_tags + known_conventions().body_tags
    return {element.tag for element in root.iter(*tags)} if tags else set()


def iter_links(element: Element) -> Iterator[Element]:
    """Iterate over the links in an element, itself included, in page order.

    Walked, not searched: XPath sorts siblings in time that grows with their square.
    """
    return (link for link in element.iter("a") if link.get("href") is not None)


def link_texts(link: Element) -> list[str]:
    """Return the texts by which a column may be named: a link's own, its `title`, and those of its pictures."""
    pictures = [picture.get(name, "") for picture in link.iter("img") for name in ("alt", "title")]
    return [text for text in (text_of(link), link.get("title", ""), *pictures) if text]


def text_of(element: Element | str) -> str:
    r"""Return the text under an element.

    `\n` stands where a block begins or ends, ROW where a row does, `\t` between a row's cells.
    """
    if isinstance(element, str):
        return element
    if not len(element):  # as most links are: asking lxml to write them costs ten times as much
        return element.text or ""
    text: str = etree.tostring(element, encoding="unicode", method="text", with_tail=False)
    return text


def _hidden_attributes(root: Element, markup: bytes, names: str) -> Iterator[Element]:
    """Yield the attributes by which elements are styled away or set aside."""
    if any(mark in markup for mark in _DISPLAY):
        yield from (style for style in _styles(root) if _STYLED_AWAY.search(style))
    if b" hidden" in markup:
        yield from _hidden(root)
    if " ng-hide " in names:
        yield from _set_aside(root)


def _hidden_row(element: Element) -> HiddenRow | None:
    """Return what is to be known of a box that is styled away; None where it is no line with a link to one place."""
    holder = element.getparent()
    if holder is None or element.tag not in _ROW_TAGS:
        return None
    inside = list(islice(element.iter(), _MAX_IN_ROW + 1))
    links = {href for each in inside if each.tag == "a" and (href := each.get("href"))}
    if len(inside) > _MAX_IN_ROW or len(links) != 1:
        return None
    return HiddenRow(holder, element.tag, element.get("id", ""), links.pop(), clean_line(text_of(element)))


def clear_element(element: Element) -> None:
    """Leave nothing of an element but its place: taking very many out of one box would copy its text as often."""
    element.clear(keep_tail=True)
    element.tag = "span"


def cut_out(element: Element, instead: str = "") -> None:
    """Take an element out of its tree, leaving `instead` and the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    left, before = instead + (element.tail or ""), element.getprevious()
    element.tail = None
    if before is None:
        parent.text = (parent.text or "") + left
    else:
        before.tail = (before.tail or "") + left
    parent.remove(element)


def _prepare(source: str, markup: bytes) -> bytes:
    """Return markup in which only blocks break lines and only cells make tabs, as a browser would show them.

    In UTF-8, the parser's own encoding: patterns run over bytes in half the time, over names in small letters in half
    of that.
    """
    for sign in _RESERVED:
        if sign in source:
            markup = markup.replace(sign.encode(), b"")
    if any(code in markup for code in _CONTROL):
        markup = markup.translate(None, _CONTROL)
    markup = _CAPITAL.sub(_lower, _without_scripts(markup))
    if _PRE.search(markup):
        markup = _mark_breaks_in_pre(markup)
    if len(markup) > _LONG_MARKUP and markup.count(_STYLE) > _MAX_STYLES:
        markup = _without_styles(markup)
    markup = _BROKEN_ADDRESS.sub(_on_one_line, markup)
    markup = _block_pattern(known_conventions().block_tags).sub(b"\n<", b" ".join(markup.split()))
    if _TABLE.search(markup):
        markup = _NEXT_CELL.sub(b"\t<", _ROW.sub(ROW.encode() + b"<", markup))
    return markup


@cache
def _block_pattern(block_tags: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(_BLOCK % b"".join(rb"|%b\w+" % re.escape(name).encode() for name in block_tags))


def _on_one_line(attribute: re.Match[bytes]) -> bytes:
    """Return an attribute without the tabs and line ends in its address: browsers take no notice of them."""
    return attribute[0].translate(None, b"\t\r\n")


def _lower(name: re.Match[bytes]) -> bytes:
    return name[0].lower()


def _without_scripts(source: bytes) -> bytes:
    """Remove scripts, styles and comments, each up to where a browser ends it, and what ends a page too early.

    Linear whatever is unclosed.
    """
    kept, place = [], 0
    while start := _UNSHOWN_START.search(source, place):
        kept.append(source[place : start.start()])
        end = _UNSHOWN_ENDS.get(start[0][:2], _SCRIPT_END).search(source, start.start() + 2)  # <!--> is a comment
        if not end:
            return b"".join(kept)
        place = end.end()
    return b"".join((*kept, source[place:]))


def _without_styles(source: bytes) -> bytes:
    """Remove style attributes: half the markup of a text pasted from Word, and never read; what hides it stays."""
    first, *rest = source.split(_STYLE)
    kept = [first]
    for part in rest:
        style, end, tail = part.partition(b'"')
        shown = end and b"none" not in style.lower() and b"<" not in style and b">" not in style
        kept += (tail,) if shown else (_STYLE, part)
    return b"".join(kept)


def _mark_breaks_in_pre(source: bytes) -> bytes:
    first, *rest = _PRE.split(source)
    kept = [first]
    for part in rest:
        inside, end, tail = part.partition(b"</pre")
        kept.append(b"<pre" + (inside.replace(b"\n", b"<br>") if end else inside) + end + tail)
    return b"".join(kept)
