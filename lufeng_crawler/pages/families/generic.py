"""Any government or institution page: containers that many systems share, else the place where most text stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from lufeng_crawler.pages.article import labels
from lufeng_crawler.pages.article.files_and_markup import has_file_links
from lufeng_crawler.pages.html.conventions import known_conventions
from lufeng_crawler.pages.html.family import Family
from lufeng_crawler.pages.html.page import Element, Page, text_of
from lufeng_crawler.pages.text.whitespace import clean_line

_IDS = (
    "UCAP-CONTENT zoom Zoom zoomcon ivs_content js_content easysiteText BodyLabel endText articleContent "
    "article_content articleText article-content artContent art_content newsContent news_content newscontent "
    "contentText content_text mainText xxgkContent divMainContentID detailContent cmsArticleContent fontzoom "
    "font_size printContent"
)
_CLASSES = (
    "TRS_UEDITOR trs_editor_view TRS_Editor Custom_UnionStyle pages_content article-content article_content "
    "articleContent article-body articleBody news_content newsContent news-content wp_articlecontent "
    "xxgk_content j-fontContent zoomcon detail-content detail_content wenzhang-content art-content art_con "
    "content-text main-txt Article_content text_content view"
)


_BOX_NAMES = (*(("id", name) for name in _IDS.split()), *(("class", name) for name in _CLASSES.split()))
"""Ids and classes that systems give to the box of a text, the surest first."""

_ids_named = etree.XPath("/descendant::*/@id[.=$name]")
_classes_containing = etree.XPath("/descendant::*/@class[contains(.,$name)]")
_long_texts = etree.XPath("/descendant::text()[string-length(normalize-space(.)) > 14]")
_INLINE_TAGS = frozenset(
    ("span", "font", "strong", "b", "em", "i", "u", "o", "big", "small", "sup", "p", "h1", "h2", "h3")
)

FAMILY = Family(name="generic")


@dataclass(frozen=True, slots=True)
class TextBox:
    """An element that may hold an article's text, and the rule that found it."""

    element: Element
    rule: str

    @property
    def is_shared(self) -> bool:
        """Return whether the rule is a name that many systems share: no proof that the element holds one text."""
        return self.rule.startswith("generic")


def find_known_container(page: Page) -> TextBox | None:
    """Return the container that has the best known id or class; of nested ones the innermost."""
    alike = _boxes_by_name(page)
    if not alike:
        return None
    holders = {holder for element in alike for holder in element.iterancestors()}
    inner = [element for element in alike if element not in holders]
    best = longest_text(inner)
    return TextBox(best, f"generic: {best.tag}#{best.get('id', '')}.{best.get('class', '')}"[:60])


def _boxes_by_name(page: Page) -> list[Element]:
    """Return the boxes of the surest name on the page; only names that the page has are searched for."""
    own = [tag for tag in known_conventions().body_tags if f" {tag} " in page.names]
    boxes: list[Element] = list(page.root.iter(*own)) if own else []
    page_names = set(page.names.split())
    for attribute, name in () if boxes else _BOX_NAMES:
        if name in page_names:
            values = (_ids_named if attribute == "id" else _classes_containing)(page.root, name=name)
            boxes = [value.getparent() for value in values if name in value.split()]
            if boxes:
                break
    return boxes


def longest_text(boxes: Sequence[Element]) -> Element:
    """Return the box with the most text; measured only where there are several, which is rare."""
    return max(boxes, key=lambda element: len(text_of(element))) if len(boxes) > 1 else boxes[0]


def find_densest(page: Page) -> Element | None:
    """Return the element whose own paragraphs hold most of the page's running text; None where there is hardly any.

    A text counts in full for the box it stands in, less for the two above; what stands in links does not count.
    """
    weights: dict[Element, float] = defaultdict(float)
    for text in _long_texts(page.root):
        holder = text.getparent().getparent() if text.is_tail else text.getparent()
        while holder is not None and holder.tag in _INLINE_TAGS:
            holder = holder.getparent()
        for share in (1.0, 0.9, 0.4):
            if holder is None or holder.tag in {"body", "html", "a"}:
                break
            weights[holder] += len(text.strip()) * share
            holder = holder.getparent()
    best = max(weights, key=lambda element: weights[element], default=None)
    return _widen(best) if best is not None and weights[best] >= 80 else None


def running_length(element: Element) -> int:
    """Return the characters of running text: what stands in links counts against it."""
    return len(clean_line(text_of(element))) - 2 * sum(len(clean_line(text_of(link))) for link in element.iter("a"))


def trailing_links(container: Element) -> list[Element]:
    """Return the boxes at a text's end whose words are mostly links to other texts; links to files are the text's own.

    Empty where there is nothing before them: then they are the text.
    """
    boxes: list[Element] = []
    for box in container.iterchildren(reversed=True):
        text = clean_line(text_of(box))
        if not text or labels.begins_with_label(text):
            continue
        if box.tag not in {"div", "table", "ul"} or running_length(box) > 0 or has_file_links(box):
            return boxes
        boxes.append(box)
    return []


def _widen(container: Element) -> Element:
    """Return the container with what stands beside it, a table or a second box, if this is text and no links."""
    while (parent := container.getparent()) is not None and parent.tag not in {"body", "html"}:
        if running_length(parent) < 1.15 * running_length(container):
            break
        container = parent
    return container
