"""Finds an article's text by the headline and the label line above it, whatever its box is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from lufeng_crawler.pages.article import labels
from lufeng_crawler.pages.html import meta_tags
from lufeng_crawler.pages.html.page import Element, Page, text_of
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.whitespace import clean_line, collapse_spaces, split_lines

_BUTTONS = re.compile(
    r"(?:字[体号]|大中小|大$|中$|小$|打印|分享|关闭|收藏|(?:全文|word|pdf|文件)?下载|次?(?:浏览|点击|阅读|访问)|扫一扫|"
    r"我要纠错|语音|播报|繁體|简体|无障碍|视力|保护色|背景色|默认|星期[一二三四五六日天]|微信|微博|QQ)",
    re.I,
)
"""How the words of buttons and counters over a text begin."""
_FOOT = re.compile(r"ICP备|公网安备|网站标识码|版权所有\s?[:：©]")
"""Words that stand only at the foot of a page."""
_WORD_BORDER = re.compile(r"[\W_]+")
AFTER_TEXT = re.compile(
    r"\W{0,3}(?:[上下]\s?[一1]?\s?[条篇页]\s?[:：]|[上下]一[条篇]|相关(?:链接|新闻|文章|阅读|稿件|信息|报道|文档|附件|解读)\W*|"
    r"本文来源|我?要?打\s?印|关闭|分享到|附件下载[:：]$|扫一扫|点击右上角|内容纠错|我要纠错|热点(?:推荐|新闻|文章)|推荐(?:阅读|新闻)|"
    r"猜你喜欢|返回(?:首页|顶部|列表)|网站声明|免责声明|版权声明|声明[:：]|信息发布[:：])"
)
"""How a line begins that follows a text and does not belong to it."""
_NEIGHBOUR_LINK = re.compile(r"\W{0,3}[上下]\s?[一1]?\s?[条篇页]")
_FACT_ROW = re.compile(r"[\u4e00-\u9fff ]{2,9}[:：]\s?.{0,40}")
_SITE_NAME_END = re.compile(r"(?:网|网站|门户|政府|首页|主页|局|厅|委员会|中心)!?$")
_HEADINGS = ("h1", "h2", "h3")
_BOX_TAGS = ("div", "td", "section", "article", "main", "dd", "span", "form", "center", "font")
_TEXT_TAGS = (*_HEADINGS, "h4", "h5", "h6", *_BOX_TAGS, "p", "strong", "b", "li", "dt", "header", "em", "label")
_MAX_BUTTON_LENGTH, _MAX_LEVELS_UP = 8, 3
_MAX_HEADLINES, _MAX_LABEL_LINES, _MAX_BOXES = 4, 2, 2000
_MIN_TITLE_LENGTH, _MIN_SURE_LENGTH = 6, 10
"""Characters of a headline, and of one that is sure enough for a date without label under it."""
_MAX_SITE_NAME_LENGTH, _MAX_SUBTITLE_LENGTH, _MAX_LINE_LENGTH, _MAX_HEAD_LENGTH = 20, 80, 120, 400


def find_body(page: Page) -> Element | None:
    """Return the box that holds what stands under a headline and its labels; None where the page has no such place.

    Several boxes that follow one another are put into one of their own. The box may be without any words: a text that
    is a picture, or a file.
    """
    worded = [(element, own) for element in page.root.iter(*_TEXT_TAGS) if (own := (element.text or "").strip())]
    for headline in _find_headlines(page, worded)[:_MAX_HEADLINES]:
        bare_date_counts = len(clean_line(text_of(headline))) >= _MIN_SURE_LENGTH
        if boxes := _boxes_behind(headline, _Candidate(bare_date_counts, has_date_label=_is_dated_above(headline))):
            return _unite_boxes(_without_headline(boxes, collapse_spaces(text_of(headline))))
    labelled = list(islice(_find_label_lines(worded), _MAX_LABEL_LINES + 1))
    for line in labelled if len(labelled) <= _MAX_LABEL_LINES else ():  # the lines of a listing may each have labels
        boxes = _boxes_behind(line, _Candidate(False, has_date_label=True))
        if any(text_of(box).strip() for box in boxes):
            return _unite_boxes(boxes)
    return None


def _without_headline(boxes: list[Element], title: str) -> list[Element]:
    """Return the boxes without the headline, where it stands over the text again or a table of facts names it."""
    first = boxes[0]
    if len(boxes) == 1 and first.tag != "p" and not (first.text or "").strip() and len(first):
        parts = list(islice(first, _MAX_BOXES))
        return parts[1:] if len(parts) > 1 and collapse_spaces(text_of(parts[0])) == title else boxes
    return boxes[1:] if len(boxes) > 1 and first.tag != "p" and collapse_spaces(text_of(first)) == title else boxes


def is_head_line(line: str) -> bool:
    """Return whether a line belongs over a text: labels with their values, a date, buttons, a counter, and no more."""
    if len(line) > _MAX_LINE_LENGTH or _NEIGHBOUR_LINK.match(line):
        return False
    before = dates.remove_dates(labels.text_before_label(line))
    return all(len(word) < 2 or _BUTTONS.match(word) for word in _WORD_BORDER.split(before))


@dataclass(slots=True)
class _Candidate:
    """A place for a text under a headline.

    `has_date_label` is true once labels that state a date were met; `bare_date_counts` if a date without label will do.
    """

    bare_date_counts: bool
    has_date_label: bool = False


def _find_headlines(page: Page, worded: Sequence[tuple[Element, str]]) -> list[Element]:
    """Return the elements that `<title>` or the tag confirms as headlines, else marked-up ones, the longest first."""
    stated = [collapse_spaces(meta_tags.read_meta_tags(page).get("articletitle", "")), collapse_spaces(page.title)]
    titles = [title for title in stated if len(title) >= _MIN_TITLE_LENGTH]
    starts = {title[0] for title in titles} | {page.title[:1]}
    headlines = [
        element
        for element, own in worded
        if own[0] in starts and any(_begins_title(title, element, own) for title in titles)
    ]
    headlines = headlines or [element for element in page.root.iter(*_HEADINGS) if _is_headline(element)]
    return sorted(headlines, key=lambda each: -len(clean_line(text_of(each))))


def _is_headline(element: Element) -> bool:
    text = clean_line(text_of(element))
    return _MIN_SURE_LENGTH <= len(text) <= _MAX_LINE_LENGTH and not (_is_site_name(text) or _is_linked(element))


def _find_label_lines(worded: Iterable[tuple[Element, str]]) -> Iterator[Element]:
    """Yield the boxes that state the date and source of a text, and no more."""
    for element, own in worded:
        if (":" in own or "：" in own) and labels.begins_with_label(own):
            lines = split_lines(text_of(element))
            if _are_head_lines(lines) and _state_date(lines, False):
                yield element


def _begins_title(title: str, element: Element, own: str) -> bool:
    """Return whether an element, whose text begins with `own`, holds the beginning of `title` and no site's name."""
    if not title.startswith(collapse_spaces(own)[:_MIN_TITLE_LENGTH]):
        return False
    text = text_of(element)
    text = collapse_spaces(text) if len(text) <= 2 * _MAX_LINE_LENGTH else ""
    is_beginning = title.startswith(text) and len(text) >= _MIN_TITLE_LENGTH
    return is_beginning and not (_is_site_name(text) or _is_linked(element))


def _is_site_name(text: str) -> bool:
    return len(text) < _MAX_SITE_NAME_LENGTH and _SITE_NAME_END.search(text) is not None


def _is_linked(element: Element) -> bool:
    return any(True for _ in element.iterancestors("a")) or element.find(".//a[@href]") is not None


def _boxes_behind(element: Element, candidate: _Candidate) -> list[Element]:
    """Return the boxes behind an element and its labels, up to what follows a text; none without labels."""
    box = element
    while box is not None and box.tag not in {"body", "html"}:
        if boxes := _skip_heads(islice(box.itersiblings(), _MAX_BOXES), candidate):
            return boxes if candidate.has_date_label else []
        box = box.getparent()
    return []


def _is_dated_above(headline: Element) -> bool:
    """Return whether the box directly over a headline states when the text was published, with a label."""
    box = headline
    for _ in range(_MAX_LEVELS_UP):
        before = next((each for each in box.itersiblings(preceding=True) if text_of(each).strip()), None)
        if before is not None:
            lines = split_lines(text_of(before))
            return _are_head_lines(lines) and _state_date(lines, False)
        box = box.getparent()
        if box is None or box.tag in {"body", "html"}:
            break
    return False


def _skip_heads(boxes: Iterable[Element], candidate: _Candidate) -> list[Element]:
    """Return the boxes from the first on that is neither labels nor, before these, a subtitle; none where all are.

    Where the labels share a box with the text, its parts are searched in its place.
    """
    boxes = list(boxes)
    for index, box in enumerate(boxes):
        lines = split_lines(text_of(box))
        is_labelled_paragraph = (
            candidate.has_date_label and box.tag == "p" and any(map(labels.begins_with_label, lines))
        )
        if _are_head_lines(lines) and not is_labelled_paragraph:
            candidate.has_date_label |= _state_date(lines, candidate.bare_date_counts)
        elif lines and not candidate.has_date_label and any(map(is_head_line, lines[:2])) and len(lines) > 1:
            if inner := _skip_heads(islice(box, _MAX_BOXES), candidate):
                return inner
        elif _begins_text(box, lines, candidate):
            return list(_boxes_until_end(boxes[index:])) or [_insert_empty_before(box)]
    return []


def _begins_text(box: Element, lines: Sequence[str], candidate: _Candidate) -> bool:
    """Return whether a box is no subtitle: after labels any words or media begin the text, before them long ones."""
    if candidate.has_date_label and _holds_media(box):
        return True
    return sum(map(len, lines)) > (0 if candidate.has_date_label else _MAX_SUBTITLE_LENGTH)


def _holds_media(box: Element) -> bool:
    return any(True for _ in box.iter("img", "iframe", "video", "embed", "object"))


def _insert_empty_before(box: Element) -> Element:
    """Return a new empty box in front of what follows a text without words."""
    empty = etree.Element("div")
    box.addprevious(empty)
    return empty


def _are_head_lines(lines: Sequence[str]) -> bool:
    """Return whether lines all belong over a text.

    Beside labels, a few characters are an unknown button; of several lines each may be the row of a fact sheet.
    """
    if not lines or sum(map(len, lines)) > _MAX_HEAD_LENGTH:
        return False
    heads = [is_head_line(line) for line in lines]
    if any(heads) and all(head or len(line) <= _MAX_BUTTON_LENGTH for head, line in zip(heads, lines, strict=True)):
        return True
    return len(lines) > 2 and all(head or _FACT_ROW.fullmatch(line) for head, line in zip(heads, lines, strict=True))


def _state_date(lines: Sequence[str], bare_date_counts: bool) -> bool:
    """Return whether lines state when a text was published: with a label, or without one where a bare date counts."""
    text = "\n".join(lines)
    fields = {field for field, _ in labels.find_labelled_values(text)}
    if fields & {"published", "source"}:
        return True
    return (bare_date_counts or bool(fields & {"publisher", "author"})) and dates.find_date(text) is not None


def _boxes_until_end(boxes: Iterable[Element]) -> Iterator[Element]:
    for box in boxes:
        text = clean_line(text_of(box))
        if AFTER_TEXT.match(text) or (_FOOT.search(text) and len(text) < 1000):
            return
        yield box


def _unite_boxes(boxes: Sequence[Element]) -> Element:
    """Return the box of the text alone: the one box that holds words or media, the smallest such, or a new one."""
    boxes = _trim_boxes(boxes)
    filled = [box for box in boxes if text_of(box).strip() or _holds_media(box)]
    if len(filled) == 1 and filled[0].tag in _BOX_TAGS:
        box = filled[0]
        parts = list(islice(box, _MAX_BOXES)) if not (box.text or "").strip() else []
        return _unite_boxes(parts) if parts and _trim_boxes(parts) and _trim_boxes(parts) != parts else box
    wrapper = etree.Element("div")
    boxes[0].addprevious(wrapper)
    wrapper.extend(boxes)
    return wrapper


def _trim_boxes(boxes: Sequence[Element]) -> list[Element]:
    """Return the boxes up to what follows a text, without those of labels and buttons at its end.

    Paragraphs are its own.
    """
    kept = list(_boxes_until_end(boxes))
    while kept and kept[-1].tag != "p" and (not (lines := split_lines(text_of(kept[-1]))) or _are_head_lines(lines)):
        if not lines and _holds_media(kept[-1]):
            break
        kept.pop()
    return kept or list(boxes)
