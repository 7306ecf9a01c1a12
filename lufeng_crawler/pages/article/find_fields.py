"""Finds what a page says of its article's fields, best evidence first: labels, lines, scripts and tags."""

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

_AFTER_ARTICLE = re.compile(
    r"[上下][一1]?(?:条|篇|页)|相关(?:链接|新闻|文章|阅读|稿件|信息)|版权|网站声明|热点|推荐|猜你喜欢|Copyright", re.I
)
_NUMBER_LINE = re.compile(
    r"[（(\s]*([\u4e00-\u9fff（）()、\s]{1,30}[〔\[［（【(]\s?(?:19|20)\d\d\s?[〕\]］）】)]\s?(?:第\s?)?\d{1,5}\s?号)[）)\s]*"
)
_NUMBER_FIELDS = frozenset({"doc_number", "index_number"})
_HAS_NUMBER = re.compile(r"\d|[〔\[]|[一二三四五六七八九十]号")
_SIGNED_FIELDS = frozenset({"editor", "source", "author"})
_FIELDS_UNDER_TEXT = _SIGNED_FIELDS | {"published"}
_MAX_LINE_LENGTH = 120
_LINES_OVER_TITLE, _LINES_JUST_OVER = 12, 3
_MIN_TITLE_LENGTH = 4
_PAGE_CLOCK = re.compile("今天|今日|现在|当前|欢迎")
_OTHER_ACT = re.compile("通过|修[订正改]|施行|批准|召开|会议|第.{1,4}[号届次]|印发|公布$|公布[)）]")


@dataclass(frozen=True, slots=True)
class ArticleContext:
    """An article's title, the page's lines over its text, those of the text and those under it; when it was fetched."""

    title: str
    above: Sequence[str]
    lines: Sequence[str]
    below: Sequence[str]
    fetched_at: str


def find_fields(
    page: Page, context: ArticleContext, family: Family, layout: Layout, tags: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield what every rule finds for every field but the title, best first.

    Hidden dates count only on a page that shows no date.
    """
    zone, over = _title_zone(context.above, context.title)
    shown = [*_site_file_fields(page, layout, context.fetched_at), *_visible_fields(page, context, family, tags, zone)]
    shown += [] if _is_dated(shown) else _date_over_title(over)
    tagged = [*sources.keep_shown_sources(meta_tags.find_tagged_fields(tags), tags, zone, page.source)]
    yield from (*shown, *tagged)
    if not _is_dated([*shown, *tagged]):
        yield from chain(meta_tags.find_other_dates(tags), hidden_dates.find_scripted_date(page.source))


def _is_dated(findings: Iterable[Finding]) -> bool:
    return any(finding.field == "published" for finding in findings)


def _visible_fields(
    page: Page, context: ArticleContext, family: Family, tags: Mapping[str, str], zone: Sequence[str]
) -> Iterator[Finding]:
    yield from _fields_at_title(page, zone, context)
    if family.fields:
        yield from family.fields(page)
    yield from _as_findings(labels.find_labelled_values("\n".join(context.above[-60:])), "information table", context)
    yield from sources.drop_site_as_source(_fields_under_text(context), tags)
    yield from _fields_in_text(context.lines)


def _site_file_fields(page: Page, layout: Layout, fetched_at: str) -> Iterator[Finding]:
    for field, css in layout.article.items():
        elements = page.find(css) if field not in {"title", "body"} else ()
        if not elements:
            continue
        text = clean_line(text_of(elements[0]))
        value = dict(labels.find_labelled_values(text)).get(field, text)
        field_value = dates.parse_date(value, fetched_at) if field == "published" else value
        if field_value and not labels.begins_with_label(field_value):
            yield Finding(field, field_value, f"site file: {css}")


def _fields_at_title(page: Page, zone: Sequence[str], context: ArticleContext) -> Iterator[Finding]:
    """Yield the values of the label line under the title (or just over it), and a date without label."""
    text = "\n".join(zone)
    yield from _as_findings(labels.find_labelled_values(text), "label line", context)
    yield from _as_findings(labels.find_boxed_values(page.source, text), "label in a box", context)
    lines = [line for line in (_without_title(line, context.title) for line in zone) if line]
    split_dates = [date for index in range(len(lines)) if (date := dates.parse_split_date(lines[index : index + 3]))]
    bare = next(filter(None, map(_unlabelled_date, lines)), split_dates[0] if len(split_dates) == 1 else None)
    if bare:
        yield Finding("published", bare, "date under the title")
        return
    yield from hidden_dates.find_hidden_time(page, zone)


def _without_title(line: str, title: str) -> str:
    """Return a line without the title: a date in the title is not the page's date."""
    return line.replace(title, "") if len(title) >= _MIN_TITLE_LENGTH else line


def _unlabelled_date(line: str) -> str | None:
    """Return the date in front of a line's labels; behind them as well on a line that says whose the text is.

    （2024年5月11日第三次会议通过） says when something else was done.
    """
    if len(line) >= _MAX_LINE_LENGTH or not (first_date := dates.find_date(line)):
        return None
    fields = {field for field, _ in labels.find_labelled_values(line)}
    if fields & _SIGNED_FIELDS and "written" not in fields:
        return first_date
    before = labels.text_before_label(line)
    return None if _OTHER_ACT.search(before) else dates.find_date(before)


def _date_over_title(over: Sequence[str]) -> Iterator[Finding]:
    """Yield a date just above the title, where only one line there is one, and not the clock of the page."""
    befores = [labels.text_before_label(line) for line in over if not _PAGE_CLOCK.search(line)]
    over_dates = [date for before in befores if dates.is_date(before) and (date := dates.find_date(before))]
    if len(over_dates) == 1:
        yield Finding("published", over_dates[0], "date over the title")


def _fields_under_text(context: ArticleContext) -> Iterator[Finding]:
    foot = "\n".join(_lines_until(context.below[:12], _AFTER_ARTICLE))
    findings = _as_findings(labels.find_labelled_values(foot), "line under the text", context)
    return (finding for finding in findings if finding.field in _FIELDS_UNDER_TEXT)


def _as_findings(values: Iterable[labels.LabelledValue], rule: str, context: ArticleContext) -> Iterator[Finding]:
    """Yield labelled values as findings; when a document was signed fills no field.

    What follows an empty label is no value of its: neither the title, nor words where a number is due.
    """
    title = collapse_spaces(context.title)
    for field, value in values:
        field_value = dates.parse_date(value, context.fetched_at) if field == "published" else value
        if (
            not field_value
            or field in {"title", "written"}
            or (field in _NUMBER_FIELDS and not _HAS_NUMBER.search(field_value))
        ):
            continue
        if collapse_spaces(field_value) != title:
            yield Finding(field, field_value, rule)


def _fields_in_text(lines: Sequence[str]) -> Iterator[Finding]:
    """Yield what the text's own first and last lines state: they stay in it and fill their field as well."""
    for line in (*lines[:2], *lines[-3:]):
        if len(line) < 100 and labels.begins_with_label(line):
            for field, value in labels.find_labelled_values(line):
                if field in _SIGNED_FIELDS:
                    yield Finding(field, value, "line of the text")
    yield from _document_number(lines[:8])


def _document_number(lines: Sequence[str]) -> Iterator[Finding]:
    """Yield the number that a document bears above its text, or beside its label.

    One in a wider table is another document's.
    """
    for line in lines:
        cells = line.split("\t")
        for cell in cells if len(cells) <= 2 else ():
            if number := _NUMBER_LINE.fullmatch(cell[:_MAX_LINE_LENGTH]):
                yield Finding("doc_number", clean_line(number[1]), "line of the text")
                return


def _title_zone(above: Sequence[str], title: str) -> tuple[Sequence[str], Sequence[str]]:
    """Return the lines between the title and the text, with the labels just over it, and the few lines over it.

    Without a title the last dozen lines, and none.
    """
    bare_title = collapse_spaces(title)
    for index in range(len(above) - 1, max(-1, len(above) - 60), -1):
        line = collapse_spaces(above[index])
        if bare_title and len(line) >= _MIN_TITLE_LENGTH and (line in bare_title or bare_title in line):
            over = above[max(0, index - _LINES_OVER_TITLE) : index]
            return [*above[index:], *(line for line in over if labels.begins_with_label(line))], over[
                -_LINES_JUST_OVER:
            ]
    return above[-12:], ()


def _lines_until(texts: Iterable[str], end: re.Pattern[str]) -> Iterator[str]:
    for text in texts:
        if end.search(text):
            return
        yield text
