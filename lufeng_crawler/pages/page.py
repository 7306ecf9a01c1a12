"""A page, parsed once: its text is prepared so that every look-up after that is one call into C."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from lxml import etree
from parsel.csstranslator import HTMLTranslator

from lufeng_crawler.pages.text import GAP, ROW, clean

Element: TypeAlias = Any
"""An lxml element; lxml ships no types."""

PLACE = "\ufffc"
"""Stands in a page's text where something was cut out: Unicode's own sign for an object that is not text."""

_CONTROL = bytes(code for code in range(32) if chr(code) not in "\t\n\r\f") + b"\x7f"
_OURS = (ROW.encode(), b"\xef\xbf")
"""What our own signs and those that are no characters begin with in UTF-8: hardly a page has either."""
_NOT_THEIRS = tuple(sign.encode() for sign in (ROW, GAP, PLACE, "\ufffe", "\uffff"))
_ENDS = re.compile(rb"</(?i:html|body)\b[^>]*>")
# both cases of first letters spelled out: told apart by them, the alternatives cost a third less than under re.I
_BLOCK = re.compile(
    rb"<(?=/?(?:[pP](?i:re)?|[dD](?i:iv|[ltd])|[uUoO][lL]|[lL][iI]|[hH](?i:[1-6r]|eader)|[bB](?i:r|lockquote)|"
    rb"[fF](?i:orm|ieldset|ig(?:ure|caption)|ooter)|[sS](?i:ection)|[aA](?i:rticle|side)|[nN](?i:av)|[mM](?i:ain)|"
    rb"[cC](?i:enter)|[oO](?i:ption)|[tT](?i:extarea)|[uU](?i:cap\w+))\b)"
)
_ROW = re.compile(rb"<(?=/?[tT](?i:r|able)\b)")
_NEXT_CELL = re.compile(rb"<(?=[tT][dDhH]\b)(?:(?<=</[tT][dDhH]><)|(?<=</[tT][dDhH]> <))")
_PRE = re.compile(rb"<[pP](?i:re)\b")
_SCRIPT = re.compile(rb"<[sS](?i:cript|tyle)\b")
_SCRIPT_END = re.compile(rb"</[sS](?i:cript|tyle)\s*>")
_TAG = re.compile(r"<[^>]*>")
_STYLE, _MANY = b' style="', 100
_SHOWN_STYLE = re.compile(rb' style="(?![^"]*(?i:none))[^"<>]*"')
"""How a text pasted from Word looks, which is half of its markup and nothing that is read."""
_DISPLAY = (b"isplay:none", b"isplay: none", b"isplay :", b"ISPLAY")
_STYLED_AWAY = re.compile(r"display\s*:\s*none", re.I)

# plain elements: those of lxml.html, which parsel would make, cost a call of Python each
_PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False)
# attributes, whose elements Python asks for: XPath's own way back to them takes time with their number's square
_styles = etree.XPath("//@style[contains(.,'none') or contains(.,'NONE') or contains(.,'None')]")
_SET_ASIDE = (b"ng-hide", b" hidden>", b" hidden ", b' hidden="')
_hidden = etree.XPath("//@hidden")
_set_aside = etree.XPath("//@class[contains(concat(' ',.,' '),' ng-hide ')]")


@dataclass(frozen=True, slots=True)
class Page:
    """A page's address, its markup as served, its tree, and what `<title>` says, markup inside it taken away."""

    url: str
    source: str
    root: Element
    title: str

    def find(self, css: str) -> Sequence[Element | str]:
        """What a site file's selector finds: elements, or strings for `::text` and `::attr(…)`.

        Raises cssselect.SelectorError for what is no selector.
        """
        found: list[Element | str] = self.root.xpath(HTMLTranslator().css_to_xpath(css))
        return found


def parse(url: str, source: str) -> Page:
    """Parses `source`, whatever it is; scripts, styles, comments and what is styled away are not in the tree."""
    markup = _prepared(source)
    root = etree.fromstring(b"<html>" + markup, _PARSER)
    title = ""
    for element in list(root.iter("title", "select", "option", "textarea", "noscript")):
        if element.tag == "title":
            title = title or clean(_TAG.sub("", text_of(element)))
        blank(element)
    for style in _styles(root) if any(mark in markup for mark in _DISPLAY) else ():
        if _STYLED_AWAY.search(style):
            blank(style.getparent())
    if any(mark in markup for mark in _SET_ASIDE):
        for mark in (*_hidden(root), *_set_aside(root)):
            blank(mark.getparent())
    return Page(url, source, root, title)


def links(element: Element) -> Iterator[Element]:
    """The links in an element, itself included, in page order; walked, as XPath sorts siblings in their square."""
    return (link for link in element.iter("a") if link.get("href") is not None)


def text_of(element: Element | str) -> str:
    """The text under an element: `\\n` where a block begins or ends, ROW where a row does, `\\t` between its cells."""
    if isinstance(element, str):
        return element
    text: str = etree.tostring(element, encoding="unicode", method="text", with_tail=False)
    return text


def blank(element: Element) -> None:
    """Leaves nothing of an element but its place: taking very many out of one box would copy its text as often."""
    element.clear(keep_tail=True)
    element.tag = "span"


def remove(element: Element, instead: str = "") -> None:
    """Takes an element out of its tree, leaving `instead` and the text behind it."""
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


def _prepared(source: str) -> bytes:
    """Markup in which only blocks break lines and only cells make tabs, as a browser would show them.

    In UTF-8, the parser's own coding: patterns run over bytes in half the time.
    """
    seen = source.encode("utf-8", "replace").translate(None, _CONTROL)
    seen = _without_comments(_without_scripts(seen))
    if any(sign in seen for sign in _OURS):
        for sign in _NOT_THEIRS:
            seen = seen.replace(sign, b"")
    if _PRE.search(seen):
        seen = _breaks_in_pre(seen)
    if seen.count(_STYLE) > _MANY:
        seen = _SHOWN_STYLE.sub(b"", seen)
    seen = _BLOCK.sub(b"\n<", _ENDS.sub(b"", b" ".join(seen.split())))
    if b"<t" in seen or b"<T" in seen:
        seen = _NEXT_CELL.sub(b"\t<", _ROW.sub(ROW.encode() + b"<", seen))
    return seen


def _without_scripts(source: bytes) -> bytes:
    """Linear whatever is unclosed, which no regular expression over both ends is."""
    first, *rest = _SCRIPT.split(source)
    ends = [(part, _SCRIPT_END.search(part)) for part in rest]
    return first + b"".join(part[end.end() :] for part, end in ends if end)


def _without_comments(source: bytes) -> bytes:
    first, *rest = source.split(b"<!--")
    kept = [first]
    for part in rest:
        _, end, tail = part.partition(b"-->")
        kept.append(part[1:] if part.startswith(b">") else tail if end else b"")
    return b"".join(kept)


def _breaks_in_pre(source: bytes) -> bytes:
    first, *rest = _PRE.split(source)
    kept = [first]
    for part in rest:
        inside, end, tail = part.partition(b"</pre")
        kept.append(b"<pre" + (inside.replace(b"\n", b"<br>") if end else inside) + end + tail)
    return b"".join(kept)
