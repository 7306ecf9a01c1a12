"""A page, parsed once: its text is prepared so that every look-up after that is one call into C."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from lxml import etree
from parsel.csstranslator import HTMLTranslator

from lufeng_crawler.pages.text import GAP, ROW, clean

Element: TypeAlias = Any
"""An lxml element; lxml ships no types."""

PLACE = "\ufffc"
"""Stands in a page's text where something was cut out: Unicode's own sign for an object that is not text."""

_CONTROL = [chr(code) for code in range(32) if chr(code) not in "\t\n\r\f"] + [*"\x7f\ufffe\uffff", ROW, GAP, PLACE]
_ENDS = re.compile(r"</(?:html|body)\b[^>]*>", re.I)
_BLOCK = re.compile(
    r"<(?=(?:/?(?:p|div|li|ul|ol|dl|dt|dd|h[1-6]|form|section|article|aside|header|footer|main|nav|pre|"
    r"blockquote|center|fieldset|figure|figcaption|option|textarea|ucap\w+)|br|hr)\b)",
    re.I,
)
_ROW = re.compile(r"<(?=/?(?:tr|table)\b)", re.I)
_NEXT_CELL = re.compile(r"(</t[dh]\s*>\s?<t[dh]\b[^>]*>)", re.I)
_PRE = re.compile(r"<pre\b", re.I)
_STYLED_AWAY = re.compile(r"display\s*:\s*none", re.I)

_text_of = etree.XPath("string()", smart_strings=False)
# plain elements: those of lxml.html, which parsel would make, cost a call of Python each
_PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
_styled = etree.XPath("//*[@style]")


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
    root = etree.fromstring(f"<html>{_prepared(source)}".encode(), _PARSER)
    title = ""
    for element in list(root.iter("title", "select", "option", "textarea", "noscript")):
        if element.tag == "title":
            title = title or clean(re.sub(r"<[^>]*>", "", text_of(element)))
        remove(element)
    for element in _styled(root):
        if _STYLED_AWAY.search(element.get("style")):
            remove(element)
    return Page(url, source, root, title)


def text_of(element: Element | str) -> str:
    """The text under an element: `\\n` where a block begins or ends, ROW where a row does, `\\t` between its cells."""
    return str(element if isinstance(element, str) else _text_of(element))


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


def _prepared(source: str) -> str:
    """Markup in which only blocks break lines and only cells make tabs, as a browser would show them."""
    for char in _CONTROL:
        if char in source:
            source = source.replace(char, "")
    seen = _without_comments(_without_scripts(source))
    if _PRE.search(seen):
        seen = _breaks_in_pre(seen)
    seen = _ENDS.sub("", _one_space(seen))
    seen = _BLOCK.sub("\n<", seen)
    return _NEXT_CELL.sub("\\1\t", _ROW.sub(f"{ROW}<", seen)) if "<t" in seen or "<T" in seen else seen


def _one_space(seen: str) -> str:
    """Halving doubled spaces beats a regular expression tenfold."""
    seen = seen.replace("\r", " ").replace("\n", " ").replace("\t", " ").replace("\f", " ")
    while "  " in seen:
        seen = seen.replace("  ", " ")
    return seen


_SCRIPT = re.compile(r"<(?:script|style)\b", re.I)
_SCRIPT_END = re.compile(r"</(?:script|style)\s*>", re.I)


def _without_scripts(source: str) -> str:
    """Linear whatever is unclosed, which no regular expression over both ends is."""
    first, *rest = _SCRIPT.split(source)
    ends = [(part, _SCRIPT_END.search(part)) for part in rest]
    return first + "".join(part[end.end() :] for part, end in ends if end)


def _without_comments(source: str) -> str:
    first, *rest = source.split("<!--")
    kept = [first]
    for part in rest:
        _, end, tail = part.partition("-->")
        kept.append(part[1:] if part.startswith(">") else tail if end else "")
    return "".join(kept)


def _breaks_in_pre(source: str) -> str:
    first, *rest = _PRE.split(source)
    kept = [first]
    for part in rest:
        inside, end, tail = part.partition("</pre")
        kept.append("<pre" + (inside.replace("\n", "<br>") if end else inside) + end + tail)
    return "".join(kept)
