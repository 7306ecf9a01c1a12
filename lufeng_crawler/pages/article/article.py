"""Puts an article together: the best evidence for each field, and what its container holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lufeng_crawler.items import Article, Evidence, Layout
from lufeng_crawler.pages.article import body_under_headline, breadcrumb, content, labels, sources
from lufeng_crawler.pages.article import fields as article_fields
from lufeng_crawler.pages.article import title as article_title
from lufeng_crawler.pages.html import meta_tags
from lufeng_crawler.pages.html.conventions import article_key
from lufeng_crawler.pages.html.evidence import weigh_findings
from lufeng_crawler.pages.html.family import Family
from lufeng_crawler.pages.html.page import PLACE, Element, Page, clear_element, cut_out, text_of
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.whitespace import collapse_spaces, mark_gaps, split_lines

_FIRST = 14
"""Lines of a guessed container among which headline and fields may stand."""
_RUNNING = re.compile(r"[，、].*[。；：！]|。$")
_HEAD_LINE = re.compile(
    r"(?:发布|发文|成文|更新|发表)(?:时间|日期)|(?:日期|时间|来源)\s?[:：].*(?:浏览|点击|阅读|来源|作者|字号|字体|访问)"
)
_INDEX_LINE = re.compile(r"(?:索\s?引\s?号|主题分类|发文字号|体裁分类|服务对象)\b")


@dataclass(frozen=True, slots=True)
class ArticleBody:
    """An article's container, cut out of its page, its lines, and the page's lines before and behind it."""

    container: Element
    rule: str
    lines: Sequence[str]
    above: Sequence[str]
    below: Sequence[str]


def build_body(page: Page, container: Element, rule: str, noise: Iterable[Element] = ()) -> ArticleBody:
    """Cuts the container out, so that nothing around it can count as its text nor the other way round."""
    for element in list(noise):
        clear_element(element)
    inside = split_lines(text_of(container))
    cut_out(container, f"\n{PLACE}\n")
    above, _, below = text_of(page.root).partition(PLACE)
    return ArticleBody(container, rule, inside, mark_gaps(above[-4000:]), mark_gaps(below[:1500]))


def trim_body(body: ArticleBody, title: str) -> ArticleBody:
    """A body whose container was guessed, without the headline and fields it begins with and the buttons behind.

    Buttons end a text only behind its first running line.
    """
    whole = collapse_spaces(title)
    begins = next((i for i, line in enumerate(body.lines) if _RUNNING.search(line)), _FIRST)
    head = max((i + 1 for i, line in enumerate(body.lines[: min(begins, _FIRST)]) if _is_over(line, whole)), default=0)
    while head < len(body.lines) and _is_chrome(body.lines[head]):
        head += 1
    rest = body.lines[head:]
    running = next((i for i, line in enumerate(rest) if _RUNNING.search(line)), 0)
    end = next(
        (
            i
            for i, line in enumerate(rest)
            if i >= running and len(line) < 80 and body_under_headline.AFTER_TEXT.match(line)
        ),
        None,
    )
    rest, behind = rest[:end], rest[len(rest) if end is None else end :]
    return ArticleBody(body.container, body.rule, rest, [*body.above, *body.lines[:head]], [*behind, *body.below])


def read_article(
    page: Page, body: ArticleBody, family: Family, layout: Layout, asked_at: str, areas: Sequence[Element]
) -> Article:
    """The article whose text is `body`; `areas` are where its attachments may stand."""
    tags = meta_tags.read_meta_tags(page)
    trail = breadcrumb.read_breadcrumb(body.above)
    found = weigh_findings(article_title.find_titles(page, body.above, trail, family, layout, tags))
    title = found["title"].value if "title" in found else ""
    around = article_fields.ArticleContext(title, body.above, body.lines, body.below, asked_at)
    found |= sources.drop_source_of_originals(
        weigh_findings(article_fields.find_fields(page, around, family, layout, tags))
    )
    found["body"] = Evidence(body.rule, body.lines[0][:80] if body.lines else "")
    return Article(
        key=article_key(page.url),
        url=page.url,
        title=title,
        body="\n".join(body.lines),
        columns=tuple(step for step in trail if collapse_spaces(step) not in collapse_spaces(title) or len(step) < 5),
        attachments=content.find_attachments(areas, page.url),
        images=content.find_images(body.container, page.url),
        body_html=content.sanitize_body(body.container, page.url),
        provenance=found,
        keywords=meta_tags.split_keywords(tags),
        tags=meta_tags.select_prescribed(tags),
        family=family.name,
        **_values(found),
    )


def is_article(read: Article) -> bool:
    """Whether a text is an article: it has a headline of its own and, where that is short, states a field as well.

    校长简介 over a text that nobody dates or signs is one of a site's standing pages.
    """
    stated = read.provenance.keys() - {"title", "body", "kind"}
    rule = read.provenance["title"].rule if read.title else ""
    return bool(read.title) and (bool(stated or read.attachments) or (len(read.title) >= 8 and rule != "<title>"))


def _is_chrome(line: str) -> bool:
    """Whether a line is buttons and counters and states nothing."""
    return "\t" not in line and body_under_headline.is_head_line(line) and not labels.find_labelled_values(line)


def _is_over(line: str, title: str) -> bool:
    """Whether a line is the headline or one of fields."""
    return (len(line) > 7 and title.startswith(collapse_spaces(line))) or _is_label_line(line)


def _is_label_line(line: str) -> bool:
    return len(line) < 120 and bool((_HEAD_LINE.search(line) and dates.find_date(line)) or _INDEX_LINE.match(line))


def _values(fields: Mapping[str, Evidence]) -> dict[str, str]:
    wanted = ("published", "author", "source", "editor", "publisher", "doc_number", "index_number")
    return {name: fields[name].value for name in wanted if name in fields}
