"""Gathers what a page says of its article's fields, best evidence first: labels, lines, scripts and tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from lufeng_crawler.items import Layout
from lufeng_crawler.pages.article import hidden_dates, labels, sources
from lufeng_crawler.pages.html import meta_tags
from lufeng_crawler.pages.html.evidence import Finding
from lufeng_crawler.pages.html.family import Family
from lufeng_crawler.pages.html.page import Page, text_of
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.whitespace import clean_line, collapse_spaces

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
_OVER_TITLE, _JUST_OVER = 12, 3
_SHORTEST_TITLE = 4
_CLOCK = re.compile("今天|今日|现在|当前|欢迎")
_OTHERWISE = re.compile("通过|修[订正改]|施行|批准|召开|会议|第.{1,4}[号届次]|印发|公布$|公布[)）]")


@dataclass(frozen=True, slots=True)
class ArticleContext:
    """An article's title, the page's lines over its text, those of the text, and those under it; when it was asked."""

    title: str
    above: Sequence[str]
    lines: Sequence[str]
    below: Sequence[str]
    asked_at: str


def find_fields(
    page: Page, around: ArticleContext, family: Family, layout: Layout, tags: Mapping[str, str]
) -> Iterator[Finding]:
    """Every rule's word on every field but the title, best first; what nobody sees dates only what shows no date."""
    zone, over = _zone(around.above, around.title)
    found = [*_by_site_file(page, layout, around.asked_at), *_visible(page, around, family, tags, zone)]
    found += [] if _is_dated(found) else _over_title(over)
    told = [*sources.keep_shown_sources(meta_tags.find_tagged_fields(tags), tags, zone, page.source)]
    yield from (*found, *told)
    if not _is_dated([*found, *told]):
        yield from chain(meta_tags.find_other_dates(tags), hidden_dates.scripted_dates(page.source))


def _is_dated(found: Iterable[Finding]) -> bool:
    return any(finding.field == "published" for finding in found)


def _visible(
    page: Page, around: ArticleContext, family: Family, tags: Mapping[str, str], zone: Sequence[str]
) -> Iterator[Finding]:
    yield from _in_zone(page, zone, around)
    if family.fields:
        yield from family.fields(page)
    yield from _dated(labels.find_labelled_values("\n".join(around.above[-60:])), "information table", around)
    yield from sources.drop_site_as_source(_under(around), tags)
    yield from _within(around.lines)


def _by_site_file(page: Page, layout: Layout, asked_at: str) -> Iterator[Finding]:
    for field, css in layout.article.items():
        found = page.find(css) if field not in {"title", "body"} else ()
        if not found:
            continue
        text = clean_line(text_of(found[0]))
        value = dict(labels.find_labelled_values(text)).get(field, text)
        stated = dates.parse_date(value, asked_at) if field == "published" else value
        if stated and not labels.begins_with_label(stated):
            yield Finding(field, stated, f"site file: {css}")


def _in_zone(page: Page, zone: Sequence[str], around: ArticleContext) -> Iterator[Finding]:
    """The label line under the title (or just over it), and a date without label."""
    text = "\n".join(zone)
    yield from _dated(labels.find_labelled_values(text), "label line", around)
    yield from _dated(labels.find_boxed_values(page.source, text), "label in a box", around)
    lines = [line for line in (_untitled(line, around.title) for line in zone) if line]
    parted = [date for index in range(len(lines)) if (date := dates.parse_split_date(lines[index : index + 3]))]
    bare = next(filter(None, map(_bare_date, lines)), parted[0] if len(parted) == 1 else None)
    if bare:
        yield Finding("published", bare, "date under the title")
        return
    yield from hidden_dates.hidden_times(page, zone)


def _untitled(line: str, title: str) -> str:
    """A line without the title: a date that this names is none of the page's own."""
    return line.replace(title, "") if len(title) >= _SHORTEST_TITLE else line


def _bare_date(line: str) -> str | None:
    """The date in front of a line's labels; behind them as well on a line that says whose the text is.

    （2024年5月11日第三次会议通过） says when something else was done.
    """
    if len(line) >= _LONGEST_LINE or not (found := dates.find_date(line)):
        return None
    stated = {field for field, _ in labels.find_labelled_values(line)}
    if stated & _SIGNED and "written" not in stated:
        return found
    before = labels.text_before_label(line)
    return None if _OTHERWISE.search(before) else dates.find_date(before)


def _over_title(over: Sequence[str]) -> Iterator[Finding]:
    """A date just above the title, where only one line there is one, and not the clock of the page."""
    befores = [labels.text_before_label(line) for line in over if not _CLOCK.search(line)]
    stated = [date for before in befores if dates.is_date(before) and (date := dates.find_date(before))]
    if len(stated) == 1:
        yield Finding("published", stated[0], "date over the title")


def _under(around: ArticleContext) -> Iterator[Finding]:
    foot = "\n".join(_until(around.below[:12], _AFTERWARDS))
    found = _dated(labels.find_labelled_values(foot), "line under the text", around)
    return (finding for finding in found if finding.field in _BELOW)


def _dated(found: Iterable[tuple[str, str]], rule: str, around: ArticleContext) -> Iterator[Finding]:
    """Labelled values as findings; when a document was signed fills nothing of its own.

    What follows an empty label is no value of its: neither the title, nor words where a number is due.
    """
    title = collapse_spaces(around.title)
    for field, value in found:
        stated = dates.parse_date(value, around.asked_at) if field == "published" else value
        if not stated or field in {"title", "written"} or (field in _NUMBERS and not _NUMBER.search(stated)):
            continue
        if collapse_spaces(stated) != title:
            yield Finding(field, stated, rule)


def _within(lines: Sequence[str]) -> Iterator[Finding]:
    """What the text's own first and last lines state: they stay in it and fill their field as well."""
    for line in (*lines[:2], *lines[-3:]):
        if len(line) < 100 and labels.begins_with_label(line):
            for field, value in labels.find_labelled_values(line):
                if field in _SIGNED:
                    yield Finding(field, value, "line of the text")
    yield from _number(lines[:8])


def _number(lines: Sequence[str]) -> Iterator[Finding]:
    """The number a document bears above its text, or beside its label; one in a wider table is another document's."""
    for line in lines:
        cells = line.split("\t")
        for cell in cells if len(cells) <= 2 else ():
            if number := _NUMBER_LINE.fullmatch(cell[:_LONGEST_LINE]):
                yield Finding("doc_number", clean_line(number[1]), "line of the text")
                return


def _zone(above: Sequence[str], title: str) -> tuple[Sequence[str], Sequence[str]]:
    """The lines between the title and the text, with the labels just over it, and the few lines over it.

    Without a title the last dozen lines, and none.
    """
    wanted = collapse_spaces(title)
    for index in range(len(above) - 1, max(-1, len(above) - 60), -1):
        line = collapse_spaces(above[index])
        if wanted and len(line) >= _SHORTEST_TITLE and (line in wanted or wanted in line):
            over = above[max(0, index - _OVER_TITLE) : index]
            return [*above[index:], *(line for line in over if labels.begins_with_label(line))], over[-_JUST_OVER:]
    return above[-12:], ()


def _until(texts: Iterable[str], end: re.Pattern[str]) -> Iterator[str]:
    for text in texts:
        if end.search(text):
            return
        yield text
