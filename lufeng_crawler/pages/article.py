"""Puts an article together: the best evidence for each field, and what its container holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lufeng_crawler.items import Article, Evidence, Layout
from lufeng_crawler.pages import columns, content, dates, headline, labels, metatags
from lufeng_crawler.pages.addresses import key
from lufeng_crawler.pages.evidence import Finding, weigh
from lufeng_crawler.pages.family import Family
from lufeng_crawler.pages.page import PLACE, Element, Page, remove, text_of
from lufeng_crawler.pages.text import clean, gapped, lines, squeezed

_AFTERWARDS = re.compile(
    r"[上下][一1]?(?:条|篇|页)|相关(?:链接|新闻|文章|阅读|稿件|信息)|版权|网站声明|热点|推荐|猜你喜欢|Copyright", re.I
)
_TAIL = re.compile(
    r"[【\[]?(?:上一[条篇]|下一[条篇]|我?要?打印|关闭|分享到|附件下载[:：]$|相关(?:链接|新闻|文章|阅读)|扫一扫)"
)
_NUMBER_LINE = re.compile(
    r"[（(\s]*([\u4e00-\u9fff（）()、\s]{1,30}[〔\[［（【(]\s?(?:19|20)\d\d\s?[〕\]］）】)]\s?(?:第\s?)?\d{1,5}\s?号)[）)\s]*"
)
_HEAD_LINE = re.compile(
    r"(?:发布|发文|成文|更新|发表)(?:时间|日期)|(?:日期|时间|来源)\s?[:：].*(?:浏览|点击|阅读|来源|作者|字号|字体|访问)"
)
_INDEX_LINE = re.compile(r"(?:索\s?引\s?号|主题分类|发文字号|体裁分类|服务对象)\b")
_SIGNED = frozenset({"editor", "source", "author"})
_BELOW = _SIGNED | {"published"}


@dataclass(frozen=True, slots=True)
class Body:
    """An article's container, cut out of its page, its lines, and the page's lines before and behind it."""

    container: Element
    rule: str
    lines: Sequence[str]
    above: Sequence[str]
    below: Sequence[str]


def body_of(page: Page, container: Element, rule: str, noise: Iterable[Element] = ()) -> Body:
    """Cuts the container out, so that nothing around it can count as its text nor the other way round."""
    for element in list(noise):
        remove(element)
    inside = lines(text_of(container))
    remove(container, f"\n{PLACE}\n")
    above, _, below = text_of(page.root).partition(PLACE)
    return Body(container, rule, inside, gapped(above[-6000:]), gapped(below[:3000]))


def trimmed(body: Body) -> Body:
    """A body whose container was guessed, without the headline and fields it begins with and the buttons behind."""
    head = max((i + 1 for i, line in enumerate(body.lines[:14]) if _is_label_line(line)), default=0)
    rest = body.lines[head:]
    end = next((i for i, line in enumerate(rest) if len(line) < 80 and _TAIL.match(line)), len(rest))
    return Body(body.container, body.rule, rest[:end], [*body.above, *body.lines[:head]], [*rest[end:], *body.below])


def read(page: Page, body: Body, family: Family, layout: Layout, asked_at: str, areas: Sequence[Element]) -> Article:
    """The article whose text is `body`; `areas` are where its attachments may stand."""
    tags = metatags.read(page)
    trail = columns.breadcrumb(body.above)
    fields = weigh(headline.findings(page, body.above, trail, family, layout, tags))
    title = fields["title"].value if "title" in fields else ""
    fields |= weigh(_findings(page, body, family, layout, tags, title, asked_at))
    fields["body"] = Evidence(body.rule, body.lines[0][:80] if body.lines else "")
    return Article(
        key=key(page.url),
        url=page.url,
        title=title,
        body="\n".join(body.lines),
        columns=tuple(step for step in trail if squeezed(step) not in squeezed(title) or len(step) < 5),
        attachments=content.attachments(areas, page.url),
        images=content.images(body.container, page.url),
        body_html=content.safe_html(body.container, page.url),
        provenance=MappingProxyType(fields),
        family=family.name,
        **_values(fields),
    )


def _is_label_line(line: str) -> bool:
    return len(line) < 120 and bool((_HEAD_LINE.search(line) and dates.first(line)) or _INDEX_LINE.match(line))


def _values(fields: Mapping[str, Evidence]) -> dict[str, str]:
    wanted = ("published", "author", "source", "editor", "publisher", "doc_number", "index_number")
    return {name: fields[name].value for name in wanted if name in fields}


def _findings(
    page: Page, body: Body, family: Family, layout: Layout, tags: dict[str, str], title: str, asked_at: str
) -> Iterator[Finding]:
    yield from _by_site_file(page, layout, asked_at)
    if family.fields:
        yield from family.fields(page)
    yield from _by_labels(body, title, asked_at)
    yield from _within(body)
    yield from (found for found in metatags.findings(tags) if found.field != "title")


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


def _by_labels(body: Body, title: str, asked_at: str) -> Iterator[Finding]:
    """The label line under the title (or just over it), a date without label, the information table, the foot."""
    zone = _zone(body.above, title)
    yield from _dated(labels.scan("\n".join(zone)), "label line", asked_at)
    for line in zone:
        if len(line) < 120 and (bare := dates.first(labels.unlabelled(line))):
            yield Finding("published", bare, "date under the title")
            break
    yield from _dated(labels.scan("\n".join(body.above[-60:])), "information table", asked_at)
    foot = "\n".join(_until(body.below[:12], _AFTERWARDS))
    yield from (found for found in _dated(labels.scan(foot), "line under the text", asked_at) if found.field in _BELOW)


def _dated(found: Iterable[tuple[str, str]], rule: str, asked_at: str) -> Iterator[Finding]:
    """Labelled values as findings; when a document was signed fills nothing of its own."""
    for field, value in found:
        stated = dates.stated(value, asked_at) if field == "published" else value
        if stated and field not in {"title", "written"}:
            yield Finding(field, stated, rule)


def _within(body: Body) -> Iterator[Finding]:
    """What the text's own first and last lines state: they stay in it and fill their field as well."""
    for line in (*body.lines[:2], *body.lines[-3:]):
        if len(line) < 100 and labels.is_label(line):
            for field, value in labels.scan(line):
                if field in _SIGNED:
                    yield Finding(field, value, "line of the text")
    for line in body.lines[:8]:
        for cell in line.split("\t"):
            if number := _NUMBER_LINE.fullmatch(cell):
                yield Finding("doc_number", clean(number[1]), "line of the text")
                return


def _zone(above: Sequence[str], title: str) -> Sequence[str]:
    """The lines between the title and the text, and the two over the title; without a title the last dozen."""
    wanted = squeezed(title)
    for index in range(len(above) - 1, max(-1, len(above) - 60), -1):
        line = squeezed(above[index])
        if wanted and len(line) >= 4 and (line in wanted or wanted in line):
            return [*above[index:], *(line for line in above[max(0, index - 2) : index] if labels.is_label(line))]
    return above[-12:]


def _until(texts: Iterable[str], end: re.Pattern[str]) -> Iterator[str]:
    for text in texts:
        if end.search(text):
            return
        yield text
