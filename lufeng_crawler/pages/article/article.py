"""Puts an article together: the best evidence for each field, and what its container holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lufeng_crawler.items import STATED_FIELDS, Article, Evidence, Layout
from lufeng_crawler.pages.article import body_under_headline, breadcrumb, files_and_markup, labels, sources, tool_lines
from lufeng_crawler.pages.article.find_fields import ArticleContext, find_fields
from lufeng_crawler.pages.article.title import find_titles
from lufeng_crawler.pages.html import meta_tags
from lufeng_crawler.pages.html.conventions import article_key
from lufeng_crawler.pages.html.evidence import weigh_findings
from lufeng_crawler.pages.html.family import Family
from lufeng_crawler.pages.html.page import PLACE, Element, Page, clear_element, cut_out, text_of
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.whitespace import collapse_spaces, mark_gaps, split_lines

_MAX_HEAD_LINES = 14
"""Lines of a guessed container that may be headline and fields."""
_MAX_AFTER_TEXT_LENGTH = 80
_RUNNING_TEXT = re.compile(r"[，、].*[。；：！]|。$")
_LABEL_LINE = re.compile(
    r"(?:发布|发文|成文|更新|发表)(?:时间|日期)|(?:日期|时间|来源)\s?[:：].*(?:浏览|点击|阅读|来源|作者|字号|字体|访问)"
)
_INDEX_LABEL = re.compile(r"(?:索\s?引\s?号|主题分类|发文字号|体裁分类|服务对象)\b")


@dataclass(frozen=True, slots=True)
class ArticleBody:
    """An article's container, cut out of its page, its lines, and the page's lines before and after it."""

    container: Element
    rule: str
    lines: Sequence[str]
    above: Sequence[str]
    below: Sequence[str]


def build_body(page: Page, container: Element, rule: str, noise: Iterable[Element] = ()) -> ArticleBody:
    """Cut the container out of the page, so that nothing around it counts as its text nor the other way round."""
    for element in list(noise):
        clear_element(element)
    inside = split_lines(text_of(container))
    cut_out(container, f"\n{PLACE}\n")
    above, _, below = text_of(page.root).partition(PLACE)
    return ArticleBody(container, rule, inside, mark_gaps(above[-4000:]), mark_gaps(below[:1500]))


def trim_body(body: ArticleBody, title: str) -> ArticleBody:
    """Return a guessed container's body without the headline and fields before the text and the buttons after it.

    Buttons end a text only after its first running line.
    """
    first = _text_start(body.lines, collapse_spaces(title))
    rest = body.lines[first:]
    end = _text_end(rest)
    return ArticleBody(
        body.container,
        body.rule,
        rest[:end],
        [*body.above, *body.lines[:first]],
        [*rest[end:], *body.below],
    )


def _text_start(lines: Sequence[str], title: str) -> int:
    """Return the index of the first line after headline, fields and buttons."""
    running = next((i for i, line in enumerate(lines) if _RUNNING_TEXT.search(line)), _MAX_HEAD_LINES)
    head = lines[: min(running, _MAX_HEAD_LINES)]
    start = max((i + 1 for i, line in enumerate(head) if _is_title_or_fields(line, title)), default=0)
    while start < len(lines) and _is_chrome(lines[start]):
        start += 1
    return start


def _text_end(lines: Sequence[str]) -> int:
    """Return the index of the first line of buttons and links after the first running line."""
    running = next((i for i, line in enumerate(lines) if _RUNNING_TEXT.search(line)), 0)
    for index in range(running, len(lines)):
        line = lines[index]
        if len(line) < _MAX_AFTER_TEXT_LENGTH and body_under_headline.AFTER_TEXT.match(line):
            return index
    return len(lines)


def read_article(
    page: Page, body: ArticleBody, family: Family, layout: Layout, fetched_at: str, areas: Sequence[Element]
) -> Article:
    """Read the article whose text is `body`; `areas` are where its attachments may stand."""
    tags = meta_tags.read_meta_tags(page)
    trail = breadcrumb.read_breadcrumb(body.above)
    evidence = weigh_findings(find_titles(page, body.above, trail, family, layout, tags))
    title = evidence["title"].value if "title" in evidence else ""
    context = ArticleContext(title, body.above, body.lines, body.below, fetched_at)
    evidence |= sources.drop_source_of_originals(weigh_findings(find_fields(page, context, family, layout, tags)))
    lines = tool_lines.remove_tools(body.lines)
    evidence["body"] = Evidence(body.rule, lines[0][:80] if lines else "")
    return Article(
        key=article_key(page.url),
        url=page.url,
        title=title,
        body="\n".join(lines),
        columns=tuple(step for step in trail if collapse_spaces(step) not in collapse_spaces(title) or len(step) < 5),
        attachments=files_and_markup.find_attachments(areas, page.base or page.url, page.encoding),
        images=files_and_markup.find_images(body.container, page.base or page.url, page.encoding),
        body_html=files_and_markup.sanitize_body(body.container, page.base or page.url, page.encoding),
        provenance=evidence,
        keywords=meta_tags.split_keywords(tags),
        tags=meta_tags.select_prescribed(tags),
        family=family.name,
        **_field_values(evidence),
    )


def is_article(article: Article) -> bool:
    """Return whether a text is an article: it has a headline of its own and, if that is short, a field as well.

    校长简介 over a text that nobody dates or signs is one of a site's standing pages.
    """
    fields = article.provenance.keys() - {"title", "body", "kind"}
    if not article.title:
        return False
    is_own_headline = len(article.title) >= 8 and article.provenance["title"].rule != "<title>"
    return bool(fields or article.attachments or is_own_headline)


def _is_chrome(line: str) -> bool:
    """Return whether a line is buttons and counters and states nothing."""
    return "\t" not in line and body_under_headline.is_head_line(line) and not labels.find_labelled_values(line)


def _is_title_or_fields(line: str, title: str) -> bool:
    """Return whether a line is the headline or one of fields."""
    return (len(line) > 7 and title.startswith(collapse_spaces(line))) or _is_label_line(line)


def _is_label_line(line: str) -> bool:
    return len(line) < 120 and bool((_LABEL_LINE.search(line) and dates.find_date(line)) or _INDEX_LABEL.match(line))


def _field_values(fields: Mapping[str, Evidence]) -> dict[str, str]:
    return {name: fields[name].value for name in STATED_FIELDS if name in fields}
