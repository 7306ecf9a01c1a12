"""Reads where a page says it stands (当前位置：首页 > 新闻动态) and finds a column by its name in the navigation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from lufeng_crawler.pages.html.page import Element, Page, iter_links, text_of
from lufeng_crawler.pages.text.urls import canonical_url
from lufeng_crawler.pages.text.whitespace import clean_line, collapse_spaces

_HERE = re.compile(
    r"(?:当前|现在的?|所在|所处|您的|你的|目前)[^:：>\s]{0,4}位置\s*(?:是|在|为)?\s*[:：]?\s*|^位置\s*[:：]\s*"
)
_FROM_HOME = re.compile(r"(?:网站)?首页|home\b", re.I)
_STEP = re.compile(r"\s*(?:>+|&gt;|[»›＞→▸▶/\\|·]+|—+|-{1,2})\s*")
_HOME = re.compile(r"(?:.{0,16}(?:首页|主页)|home|网站首页)$", re.I)
_TEXT = frozenset(("正文", "内容", "详细内容", "文章内容", "详情", "信息详情", "列表", "浏览文章", "内容详情"))
_IN_NAVIGATION = etree.XPath(
    "boolean(ancestor::nav or ancestor::*[contains(@class,'nav') or contains(@class,'menu') or contains(@id,'nav') "
    "or contains(@id,'menu')])"
)
_DECORATION = re.compile(r"^[\s>›»·•◆■▶\[【「|+…-]+|[\s>›»·•◆■▶\]】」|+…-]+$")


def read_breadcrumb(above: Sequence[str]) -> tuple[str, ...]:
    """The columns above an article, outermost first, without home page and 正文; the article's title may end it."""
    for index, line in enumerate(above):
        here = _HERE.search(line) if "位置" in line else None
        if not here and not (_FROM_HOME.match(line) and _STEP.search(line)):
            continue
        trail = _trail(line[here.end() :] if here else line, above[index + 1 : index + 10])
        steps = [clean_line(step) for step in _STEP.split(trail.replace("\t", " "))]
        named = [step for step in steps if step and not _HOME.match(step) and step not in _TEXT]
        return tuple(named[:6])
    return ()


def find_column(page: Page, name: str) -> str | None:
    """The address of the link that has the column's name, one in the navigation before any other.

    Spaces, full-width forms and decorations do not count; a picture's `alt` and a link's `title` are names as well.
    """
    wanted = _bare(name)
    named = [link for link in iter_links(page.root) if wanted in _names(link)]
    found = sorted(named, key=lambda link: not _IN_NAVIGATION(link))
    return next((address for link in found if (address := canonical_url(link.get("href"), page.url))), None)


def _trail(line: str, following: Sequence[str]) -> str:
    """The steps of a breadcrumb may stand in boxes of their own: goes on while a separator is open."""
    trail = line
    for part in following:
        if (trail and not (_STEP.search(trail[-2:]) or _STEP.match(part))) or len(part) > 40:
            break
        trail = f"{trail} {part}"
    return trail


def _names(link: Element) -> set[str]:
    pictures = [picture.get(name, "") for picture in link.iter("img") for name in ("alt", "title")]
    return {_bare(text) for text in (text_of(link), link.get("title", ""), *pictures) if text}


def _bare(text: str) -> str:
    return _DECORATION.sub("", collapse_spaces(text)).lower()
