"""Gathers what a page says of its article's fields, best evidence first: labels, lines, scripts and tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lufeng_crawler.items import Layout
from lufeng_crawler.pages import dates, labels, metatags, sources
from lufeng_crawler.pages.evidence import Finding
from lufeng_crawler.pages.family import Family
from lufeng_crawler.pages.page import Page, text_of
from lufeng_crawler.pages.text import clean, squeezed

_AFTERWARDS = re.compile(
    r"[上下][一1]?(?:条|篇|页)|相关(?:链接|新闻|文章|阅读|稿件|信息)|版权|网站声明|热点|推荐|猜你喜欢|Copyright", re.I
)
_NUMBER_LINE = re.compile(
    r"[（(\s]*([\u4e00-\u9fff（）()、\s]{1,30}[〔\[［（【(]\s?(?:19|20)\d\d\s?[〕\]］）】)]\s?(?:第\s?)?\d{1,5}\s?号)[）)\s]*"
)
_NUMBERS = frozenset({"doc_number", "index_number"})
_NUMBER = re.compile(r"\d|[〔\[]|[一二三四五六七八九十]号")
_SIGNED = frozenset({"editor", "source", "author"})
_BELOW = _SIGNED | {"published"}
_LONGEST_LINE = 120
_OVER_TITLE = 12


@dataclass(frozen=True, slots=True)
class Around:
    """An article's title, the page's lines over its text, those of the text, and those under it; when it was asked."""

    title: str
    above: Sequence[str]
    lines: Sequence[str]
    below: Sequence[str]
    asked_at: str


def findings(page: Page, around: Around, family: Family, layout: Layout, tags: Mapping[str, str]) -> Iterator[Finding]:
    """Every rule's word on every field but the title, best first."""
    zone = _zone(around.above, around.title)
    yield from _by_site_file(page, layout, around.asked_at)
    yield from _in_zone(zone, around)
    if family.fields:
        yield from family.fields(page)
    yield from _dated(labels.scan("\n".join(around.above[-60:])), "information table", around)
    yield from sources.without_site(_under(around), tags)
    yield from _within(around.lines)
    yield from sources.shown(metatags.findings(tags), tags, zone, page.source)


def _by_site_file(page: Page, layout: Layout, asked_at: str) -> Iterator[Finding]:
    for field, css in layout.article.items():
        found = page.find(css) if field not in {"title", "body"} else ()
        if not found:
            continue
        text = clean(text_of(found[0]))
        value = dict(labels.scan(text)).get(field, text)
        stated = dates.stated(value, asked_at) if field == "published" else value
        if stated and not labels.is_label(stated):
            yield Finding(field, stated, f"site file: {css}")


def _in_zone(zone: Sequence[str], around: Around) -> Iterator[Finding]:
    """The label line under the title (or just over it), and a date without label."""
    yield from _dated(labels.scan("\n".join(zone)), "label line", around)
    for line in zone:
        if len(line) < _LONGEST_LINE and (bare := _bare_date(line)):
            yield Finding("published", bare, "date under the title")
            return


def _bare_date(line: str) -> str | None:
    """The date in front of a line's labels; behind them as well on a line that says whose the text is."""
    stated = {field for field, _ in labels.scan(line)}
    return dates.first(line if stated & _SIGNED and "written" not in stated else labels.unlabelled(line))


def _under(around: Around) -> Iterator[Finding]:
    foot = "\n".join(_until(around.below[:12], _AFTERWARDS))
    found = _dated(labels.scan(foot), "line under the text", around)
    return (finding for finding in found if finding.field in _BELOW)


def _dated(found: Iterable[tuple[str, str]], rule: str, around: Around) -> Iterator[Finding]:
    """Labelled values as findings; when a document was signed fills nothing of its own.

    What follows an empty label is no value of its: neither the title, nor words where a number is due.
    """
    title = squeezed(around.title)
    for field, value in found:
        stated = dates.stated(value, around.asked_at) if field == "published" else value
        if not stated or field in {"title", "written"} or (field in _NUMBERS and not _NUMBER.search(stated)):
            continue
        if squeezed(stated) != title:
            yield Finding(field, stated, rule)


def _within(lines: Sequence[str]) -> Iterator[Finding]:
    """What the text's own first and last lines state: they stay in it and fill their field as well."""
    for line in (*lines[:2], *lines[-3:]):
        if len(line) < 100 and labels.is_label(line):
            for field, value in labels.scan(line):
                if field in _SIGNED:
                    yield Finding(field, value, "line of the text")
    yield from _number(lines[:8])


def _number(lines: Sequence[str]) -> Iterator[Finding]:
    """The number a document bears above its text, or beside its label; one in a wider table is another document's."""
    for line in lines:
        cells = line.split("\t")
        for cell in cells if len(cells) <= 2 else ():
            if number := _NUMBER_LINE.fullmatch(cell[:_LONGEST_LINE]):
                yield Finding("doc_number", clean(number[1]), "line of the text")
                return


def _zone(above: Sequence[str], title: str) -> Sequence[str]:
    """The lines between the title and the text, and the labels just over it; without a title the last dozen."""
    wanted = squeezed(title)
    for index in range(len(above) - 1, max(-1, len(above) - 60), -1):
        line = squeezed(above[index])
        if wanted and len(line) >= 4 and (line in wanted or wanted in line):
            over = above[max(0, index - _OVER_TITLE) : index]
            return [*above[index:], *(line for line in over if labels.is_label(line))]
    return above[-12:]


def _until(texts: Iterable[str], end: re.Pattern[str]) -> Iterator[str]:
    for text in texts:
        if end.search(text):
            return
        yield text
