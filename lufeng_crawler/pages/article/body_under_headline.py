"""Finds a text by what stands over it, whatever its box is called: a headline, and under that its line of labels."""

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
"""What the words of buttons and counters over a text begin with."""
_FOOT = re.compile(r"ICP备|公网安备|网站标识码|版权所有\s?[:：©]")
"""What only the foot of a page says."""
_PARTED = re.compile(r"[\W_]+")
AFTER_TEXT = re.compile(
    r"\W{0,3}(?:[上下]\s?[一1]?\s?[条篇页]\s?[:：]|[上下]一[条篇]|相关(?:链接|新闻|文章|阅读|稿件|信息|报道|文档|附件|解读)\W*|"
    r"本文来源|我?要?打\s?印|关闭|分享到|附件下载[:：]$|扫一扫|点击右上角|内容纠错|我要纠错|热点(?:推荐|新闻|文章)|推荐(?:阅读|新闻)|"
    r"猜你喜欢|返回(?:首页|顶部|列表)|网站声明|免责声明|版权声明|声明[:：]|信息发布[:：])"
)
"""What follows a text begins with."""
_NEIGHBOUR = re.compile(r"\W{0,3}[上下]\s?[一1]?\s?[条篇页]")
_ROW = re.compile(r"[\u4e00-\u9fff ]{2,9}[:：]\s?.{0,40}")
_SITE = re.compile(r"(?:网|网站|门户|政府|首页|主页|局|厅|委员会|中心)!?$")
_HEADINGS = ("h1", "h2", "h3")
_BOXES = ("div", "td", "section", "article", "main", "dd", "span", "form", "center", "font")
_PLAIN = (*_HEADINGS, "h4", "h5", "h6", *_BOXES, "p", "strong", "b", "li", "dt", "header", "em", "label")
_BUTTON, _NEAR = 8, 3
_MOST_HEADLINES, _MOST_LABELLED, _MOST_BOXES = 4, 2, 2000
_SHORTEST, _CERTAIN, _LONGEST_NAME, _LONGEST_BETWEEN, _LONGEST_LINE, _LONGEST_HEAD = 6, 10, 20, 80, 120, 400


def find_body(page: Page) -> Element | None:
    """The box that holds what stands under a headline and its labels; None where the page has no such place.

    Several boxes that follow one another are put into one of their own. The box may be without any words: a text that
    is a picture, or a file.
    """
    worded = [(element, own) for element in page.root.iter(*_PLAIN) if (own := (element.text or "").strip())]
    for headline in _headlines(page, worded)[:_MOST_HEADLINES]:
        bare = len(clean_line(text_of(headline))) >= _CERTAIN
        if found := _behind(headline, _Candidate(bare, stated=_stated_over(headline))):
            return _boxed(_without_headline(found, collapse_spaces(text_of(headline))))
    labelled = list(islice(_label_lines(worded), _MOST_LABELLED + 1))
    for line in labelled if len(labelled) <= _MOST_LABELLED else ():  # the lines of a listing may each have labels
        found = _behind(line, _Candidate(False, stated=True))
        if any(text_of(box).strip() for box in found):
            return _boxed(found)
    return None


def _without_headline(boxes: list[Element], title: str) -> list[Element]:
    """The boxes without the headline that stands over the text once more, where a table of facts names it first."""
    first = boxes[0]
    if len(boxes) == 1 and first.tag != "p" and not (first.text or "").strip() and len(first):
        parts = list(islice(first, _MOST_BOXES))
        return parts[1:] if len(parts) > 1 and collapse_spaces(text_of(parts[0])) == title else boxes
    return boxes[1:] if len(boxes) > 1 and first.tag != "p" and collapse_spaces(text_of(first)) == title else boxes


def is_head_line(line: str) -> bool:
    """Whether a line belongs over a text: labels with their values, a date, buttons, a counter, and no more."""
    if len(line) > _LONGEST_LINE or _NEIGHBOUR.match(line):
        return False
    before = dates.remove_dates(labels.text_before_label(line))
    return all(len(word) < 2 or _BUTTONS.match(word) for word in _PARTED.split(before))


@dataclass(slots=True)
class _Candidate:
    """What has been met under a headline: `stated` once labels were; `bare` says that a date alone will do."""

    bare: bool
    stated: bool = False


def _headlines(page: Page, worded: Sequence[tuple[Element, str]]) -> list[Element]:
    """What `<title>` or the tag confirms, the longest first; else what is marked up as a headline."""
    stated = [collapse_spaces(meta_tags.read_meta_tags(page).get("articletitle", "")), collapse_spaces(page.title)]
    wanted = [title for title in stated if len(title) >= _SHORTEST]
    starts = {title[0] for title in wanted} | {page.title[:1]}
    found = [
        element for element, own in worded if own[0] in starts and any(_begins(title, element, own) for title in wanted)
    ]
    found = found or [element for element in page.root.iter(*_HEADINGS) if _is_headline(element)]
    return sorted(found, key=lambda each: -len(clean_line(text_of(each))))


def _is_headline(element: Element) -> bool:
    said = clean_line(text_of(element))
    return _CERTAIN <= len(said) <= _LONGEST_LINE and not (_names_a_site(said) or _is_linked(element))


def _label_lines(worded: Iterable[tuple[Element, str]]) -> Iterator[Element]:
    """The boxes that say when a text was published and whence it came, and no more."""
    for element, own in worded:
        if (":" in own or "：" in own) and labels.begins_with_label(own):
            said = split_lines(text_of(element))
            if _is_heads(said) and _states(said, False):
                yield element


def _begins(title: str, element: Element, own: str) -> bool:
    """Whether an element, whose text begins with `own`, says what `title` begins with, a site's name left aside."""
    if not title.startswith(collapse_spaces(own)[:_SHORTEST]):
        return False
    said = text_of(element)
    said = collapse_spaces(said) if len(said) <= 2 * _LONGEST_LINE else ""
    whole = title.startswith(said) and len(said) >= _SHORTEST
    return whole and not (_names_a_site(said) or _is_linked(element))


def _names_a_site(said: str) -> bool:
    return len(said) < _LONGEST_NAME and _SITE.search(said) is not None


def _is_linked(element: Element) -> bool:
    return any(True for _ in element.iterancestors("a")) or element.find(".//a[@href]") is not None


def _behind(element: Element, seen: _Candidate) -> list[Element]:
    """The boxes behind an element and the labels that follow it, up to what follows a text; empty without labels."""
    box = element
    while box is not None and box.tag not in {"body", "html"}:
        if found := _past_heads(islice(box.itersiblings(), _MOST_BOXES), seen):
            return found if seen.stated else []
        box = box.getparent()
    return []


def _stated_over(headline: Element) -> bool:
    """Whether the box directly over a headline states when the text was published, with a label."""
    box = headline
    for _ in range(_NEAR):
        before = next((each for each in box.itersiblings(preceding=True) if text_of(each).strip()), None)
        if before is not None:
            said = split_lines(text_of(before))
            return _is_heads(said) and _states(said, False)
        box = box.getparent()
        if box is None or box.tag in {"body", "html"}:
            break
    return False


def _past_heads(boxes: Iterable[Element], seen: _Candidate) -> list[Element]:
    """What of the boxes is neither labels nor, before these, a subtitle; empty where nothing else is there.

    Where the labels share a box with the text, its parts are looked at in its place.
    """
    boxes = list(boxes)
    for index, box in enumerate(boxes):
        said = split_lines(text_of(box))
        if _is_heads(said) and not (seen.stated and box.tag == "p" and any(map(labels.begins_with_label, said))):
            seen.stated |= _states(said, seen.bare)
        elif said and not seen.stated and any(map(is_head_line, said[:2])) and len(said) > 1:
            if found := _past_heads(islice(box, _MOST_BOXES), seen):
                return found
        elif sum(map(len, said)) > (0 if seen.stated else _LONGEST_BETWEEN) or (seen.stated and _holds_media(box)):
            return list(_until_end(boxes[index:])) or [_before(box)]
    return []


def _holds_media(box: Element) -> bool:
    return any(True for _ in box.iter("img", "iframe", "video", "embed", "object"))


def _before(box: Element) -> Element:
    """An empty box in front of what follows a text without words."""
    empty = etree.Element("div")
    box.addprevious(empty)
    return empty


def _is_heads(said: Sequence[str]) -> bool:
    """Whether lines all belong over a text.

    Beside labels, a few characters are a button nobody listed; of several lines each may be the row of a fact sheet.
    """
    if not said or sum(map(len, said)) > _LONGEST_HEAD:
        return False
    heads = [is_head_line(line) for line in said]
    if any(heads) and all(head or len(line) <= _BUTTON for head, line in zip(heads, said, strict=True)):
        return True
    return len(said) > 2 and all(head or _ROW.fullmatch(line) for head, line in zip(heads, said, strict=True))


def _states(said: Sequence[str], bare: bool) -> bool:
    """Whether lines state when a text was published: with a label, or where `bare` will do, without."""
    text = "\n".join(said)
    stated = {field for field, _ in labels.find_labelled_values(text)}
    return bool(stated & {"published", "source"}) or (
        (bare or bool(stated & {"publisher", "author"})) and dates.find_date(text) is not None
    )


def _until_end(boxes: Iterable[Element]) -> Iterator[Element]:
    for box in boxes:
        said = clean_line(text_of(box))
        if AFTER_TEXT.match(said) or (_FOOT.search(said) and len(said) < 1000):
            return
        yield box


def _boxed(boxes: Sequence[Element]) -> Element:
    """The box of the text alone: the one box that holds words or media, of its parts as many, or a new one."""
    boxes = _text_alone(boxes)
    full = [box for box in boxes if text_of(box).strip() or _holds_media(box)]
    if len(full) == 1 and full[0].tag in _BOXES:
        box = full[0]
        parts = list(islice(box, _MOST_BOXES)) if not (box.text or "").strip() else []
        return _boxed(parts) if parts and _text_alone(parts) and _text_alone(parts) != parts else box
    held = etree.Element("div")
    boxes[0].addprevious(held)
    held.extend(boxes)
    return held


def _text_alone(boxes: Sequence[Element]) -> list[Element]:
    """The boxes up to what follows a text, without those of labels and buttons at its end; paragraphs are its own."""
    kept = list(_until_end(boxes))
    while kept and kept[-1].tag != "p" and (not (said := split_lines(text_of(kept[-1]))) or _is_heads(said)):
        if not said and _holds_media(kept[-1]):
            break
        kept.pop()
    return kept or list(boxes)
