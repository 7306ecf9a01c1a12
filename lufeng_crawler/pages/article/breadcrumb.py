"""Reads where a page says it stands (当前位置：首页 > 新闻动态) and finds a column by its name in the navigation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from lufeng_crawler.pages.html.page import Element, Page, iter_links, link_texts
from lufeng_crawler.pages.text.whitespace import clean_line, collapse_spaces

_POSITION_LABEL = re.compile(
    r"(?:当前|现在的?|所在|所处|您的|你的|目前)[^:：>\s]{0,4}位置\s*(?:是|在|为)?\s*[:：]?\s*|^位置\s*[:：]\s*"
)
_FROM_HOME = re.compile(r"(?:网站)?首页|home\b", re.I)
_STEP_SEPARATOR = re.compile(r"\s*(?:>+|&gt;|[»›＞→▸▶/\\|·]+|—+|-{1,2})\s*")
_HOME_NAME = re.compile(r"(?:.{0,16}(?:首页|主页)|home|网站首页)$", re.I)
_NOT_A_COLUMN_NAME = frozenset(
    ("正文", "内容", "详细内容", "文章内容", "详情", "信息详情", "列表", "浏览文章", "内容详情")
)
_IN_NAVIGATION = etree.XPath(
    "boolean(ancestor::nav or ancestor::*[contains(@class,'nav') or contains(@class,'menu') or contains(@id,'nav') "
    "or contains(@id,'menu')])"
)
_DECORATION = re.compile(r"^[\s>›»·•◆■▶\[【「|+…-]+|[\s>›»·•◆■▶\]】」|+…-]+$")


def read_breadcrumb(above: Sequence[str]) -> tuple[str, ...]:
    """Return the columns above an article, outermost first, without home page and 正文.

    The article's title may end them.
    """
    for index, line in enumerate(above):
        here = _POSITION_LABEL.search(line) if "位置" in line else None
        if not here and not (_FROM_HOME.match(line) and _STEP_SEPARATOR.search(line)):
            continue
        trail = _join_steps(line[here.end() :] if here else line, above[index + 1 : index + 10])
        steps = [clean_line(step) for step in _STEP_SEPARATOR.split(trail.replace("\t", " "))]
        named = [step for step in steps if step and not _HOME_NAME.match(step) and step not in _NOT_A_COLUMN_NAME]
        return tuple(named[:6])
    return ()


def find_column(page: Page, name: str) -> str | None:
    """Return the URL of the link that has the column's name, one in the navigation before any other.

    Spaces, full-width forms and decorations do not count; a picture's `alt` and a link's `title` are names as well.
    """
    bare_name = _bare_name(name)
    links = [link for link in iter_links(page.root) if bare_name in _link_names(link)]
    ranked = sorted(links, key=lambda link: not _IN_NAVIGATION(link))
    return next((url for link in ranked if (url := page.resolve(link.get("href")))), None)


def _join_steps(line: str, following: Sequence[str]) -> str:
    """Join the steps of a breadcrumb that have boxes of their own: goes on while a separator is open."""
    trail = line
    for part in following:
        if (trail and not (_STEP_SEPARATOR.search(trail[-2:]) or _STEP_SEPARATOR.match(part))) or len(part) > 40:
            break
        trail = f"{trail} {part}"
    return trail


def _link_names(link: Element) -> set[str]:
    return set(map(_bare_name, link_texts(link)))


def _bare_name(text: str) -> str:
    return _DECORATION.sub("", collapse_spaces(text)).lower()
