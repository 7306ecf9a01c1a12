"""Finds what turns the pages of a listing: links, buttons and numbers, whether or not they can be followed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal

from lufeng_crawler.pages.html.page import Element, Page
from lufeng_crawler.pages.listing import script_pager
from lufeng_crawler.pages.listing.pager import (
    ARROWS,
    CURRENT_CLASS,
    NEXT_CLASS,
    NEXT_WORDS,
    SIGNS,
    is_beside,
    is_numbered,
    page_number,
)
from lufeng_crawler.pages.text.urls import is_same_page, site_host
from lufeng_crawler.pages.text.whitespace import collapse_spaces

Kind = Literal["next", "back", "last", "number", "more"]

_BACK = frozenset(["上页", "上一页", "前页", "前一页", "上一頁", "上頁", "prev", "previous", "prevpage"])
_LAST = frozenset(["尾页", "末页", "最后一页", "最后页", "最末页", "尾頁", "末頁", "last", "lastpage"])
_ENGLISH = frozenset(["next", "nextpage", "prev", "previous", "prevpage", "last", "lastpage"])
_LOAD_WORDS = re.compile(
    r"(?:点击|上拉|下拉|上滑|下滑|滑动|滚动|向上|向下)?(?:加载|载入)(?:更多|下一页|剩余|全部)?(?:的?(?:内容|信息|新闻|文章|数据|动态|列表))?"
    r"|(?:点击|上拉|下拉|上滑|下滑)(?:可|即可)?(?:查看|显示|获取|浏览)(?:更多|下一页)(?:的?(?:内容|信息|新闻|文章|数据|动态))?|loadmore|展开(?:全部|剩余)",
    re.I,
)
_MORE_WORDS = re.compile(
    r"(?:查看|显示|浏览|阅读|获取)?更多(?:的?(?:内容|信息|新闻|文章|数据|动态))?|showmore|viewmore|more", re.I
)
_MORE_CALL = re.compile(r"more|load|next|page|append", re.I)
_HEADING_BOX = re.compile(r"(?:^|[\s_-])(?:hd|head|heading|tit|title|top|bt)(?:$|[\s_-])", re.I)
_PAGER_BOX = re.compile(r"pag(?:e(?!view)|in)|fenye|fanye|fy\b|yema|laypage", re.I)
_OTHER_BOX = re.compile(
    r"swiper|slick|slide|banner|focus|carousel|owl-|flex-|homepage|page[-_]?(?:head|title|wrap|main|cont|body|box-?wrap)|"
    r"tempwrap|calendar|datepick",
    re.I,
)
_CAROUSEL_BOX = re.compile(r"pic-?scroll|slidetxt|slidebox|focusbox|pagestate|superslide", re.I)
"""The boxes and the marks by which SuperSlide and its kin turn pictures."""
_SHARE = re.compile(r"share|jiathis|(?:^|[\s_-])bds|addthis|social", re.I)
_FURTHER_PAGES = re.compile(r"[后下]\s?\d{1,2}\s?页")
_DISABLED_CLASS = re.compile(r"disabled?|no-?link|no-?click|un-?click|un-?able", re.I)
_VOID = re.compile(r"javascript:\s*(?:void\s*\(?\s*(?:0|null|'')?\s*\)?|;|//|return false|)\s*;?\s*", re.I)
_FIRST_CHARACTERS = frozenset("第展下后上前尾末最点滑滚向加载查显浏阅获更nplsvmNPLSVM123456789")
"""First characters of the names of controls: most elements begin with something else, or have no text of their own."""
_AROUND_NAMES = SIGNS + "|<«‹.…"
_BEFORE_NAMES = SIGNS + "|<«‹ \t\r\n\xa0\u3000"
_TAGS = ("a", "button", "input", "span", "li", "div", "td", "em", "b", "strong", "i", "p", "dd", "u", "font", "label")
_LINK_TAGS = frozenset(("a", "button", "input"))
_BUTTON_TYPES = frozenset(("button", "submit", "image"))
_HANDLERS = ("onclick", "ng-click", "data-onclick", "@click", "v-on:click", "(click)", "@tap", "@click.prevent")
_TARGETS = ("data-href", "data-url", "data-link", "data-next", "data-next-url", "data-page-url", "hx-get")
_URL_ARGUMENT = re.compile(
    r"""\(\s*(?:this\s*,\s*)?(['"])((?:[^'"\s?]{0,200}\.(?:s?html?|jsp|aspx?|php|do|action)|[^'"\s?]{0,200}(?=\?))"""
    r"""(?:\?[^'"\s]{0,300})?)\1"""
)
"""The address that a call is given: `toPage('/xw/list_2.htm')`."""
_PAGE_NUMBERS = (
    "data-page",
    "data-pageno",
    "data-page-no",
    "data-pagenum",
    "data-pageindex",
    "data-ci-pagination-page",
    "data-p",
    "data-pn",
    "data-no",
    "data-num",
    "data-index",
    "rel",
)
_MAX_LEVELS, _MAX_TEXT, _MAX_INSIDE, _MAX_CONTROLS = 3, 40, 6, 300


@dataclass(frozen=True, slots=True)
class Control:
    """Something that turns pages: its name in small letters without signs, and what it does.

    `url` is where it leads without a script, None where nowhere; `handler` is what a script would do (`goPage(2)`).
    `is_marked` says that it shows the page one is on; `number` is the page that it names or calls for.
    """

    element: Element
    name: str
    kind: Kind
    url: str | None
    handler: str
    is_disabled: bool
    is_marked: bool
    is_behind_rows: bool
    number: int | None = None

    @property
    def is_dead(self) -> bool:
        """Return whether it neither leads anywhere nor calls anything that the page's markup names."""
        return self.url is None and not self.handler


def find_controls(page: Page, rows: Collection[Element]) -> list[Control]:
    """Return what turns pages, in page order; numbers only beside other controls or in a pager's box.

    `rows` are the lines of the listing: the numbers in them are dates.
    """
    found = list(islice(_iter_controls(page, set(rows)), _MAX_CONTROLS))
    words = [control for control in found if control.kind in {"next", "back", "last"}]
    homes = {box for control in words for box in _boxes(control.element, 3)}
    rows_of_numbers = _addressed_numbers(found, page)
    return [
        control
        for control in found
        if control.kind != "number"
        or _is_in_pager(control.element)
        or control.element in rows_of_numbers
        or not homes.isdisjoint(_boxes(control.element, 2))
    ]


def _addressed_numbers(found: Iterable[Control], page: Page) -> set[Element]:
    """Return the numbers that lead to numbered addresses beside this page's, two of them or more one after another."""
    led = [each for each in found if each.kind == "number" and each.url and is_beside(each.url, page.url)]
    return {
        each.element
        for first, second in pairwise(led)
        if second.number == (first.number or 0) + 1 and is_numbered(second.url or "")
        for each in (first, second)
    }


def current_number(controls: Iterable[Control], page: Page) -> int | None:
    """Return the number of this page as its pager marks it: by its class, or as the one number without a link."""
    numbers = [control for control in controls if control.kind == "number" and control.number]
    marked = {control.number for control in numbers if control.is_marked or is_same_page(control.url or "", page.url)}
    if len(marked) == 1:
        return marked.pop()
    if {control.number for control in numbers} == {1} and _has_words(controls):
        return 1
    dead = {control.number for control in numbers if control.is_dead}
    return dead.pop() if len(dead) == 1 and (len(numbers) > 1 or _has_words(controls)) else None


def _has_words(controls: Iterable[Control]) -> bool:
    return any(control.kind in {"next", "back"} for control in controls)


def _iter_controls(page: Page, rows: set[Element]) -> Iterator[Control]:
    is_behind_rows = False
    for element in page.root.iter(*_TAGS):
        if element in rows:
            is_behind_rows = True
            continue
        text = element.text
        if text and len(text) > _MAX_TEXT:  # most elements, told without a call
            continue
        if not text and element.tag not in _LINK_TAGS:
            continue
        name = _control_name(element)
        if name is None or not (kind := _kind(element, name)):
            continue
        if rows and not rows.isdisjoint(islice(element.iterancestors(), 5)):
            continue
        if control := _make_control(element, name, kind, page, is_behind_rows):
            yield control


def _control_name(element: Element) -> str | None:
    """Return what an element is called if it may be a control; None for the boxes of controls and for texts."""
    tag = element.tag
    if tag == "input":
        kind = (element.get("type") or "").lower()
        label = element.get("value") or element.get("alt") or element.get("title") or ""
        return collapse_spaces(label).lower() if kind in _BUTTON_TYPES and len(label) < _MAX_TEXT else None
    text, is_link = element.text or "", tag in _LINK_TAGS
    first = text.lstrip(_BEFORE_NAMES)[:1]
    if len(text) > _MAX_TEXT or (first not in _FIRST_CHARACTERS if first else not (is_link or text.strip())):
        return None
    inside = list(islice(element.iterdescendants(), _MAX_INSIDE + 1))
    if len(inside) > _MAX_INSIDE or (not is_link and _is_box_of_links(element, inside)):
        return None
    text += "".join((each.text or "") + (each.tail or "") for each in inside)
    if len(text) > _MAX_TEXT:
        return None
    name = collapse_spaces(text).lower()
    if name.strip(SIGNS + "<«‹") or not is_link:
        return name
    labels = (each.get(key) for each in (element, *inside) for key in ("title", "aria-label", "alt"))
    return next((label for each in labels if each and len(each) < 9 and (label := collapse_spaces(each).lower())), name)


def _is_box_of_links(element: Element, inside: Iterable[Element]) -> bool:
    """Return whether an element holds links or buttons, or stands in one: these are the controls then."""
    above = islice(element.iterancestors(), _MAX_LEVELS)
    return any(each.tag in _LINK_TAGS for each in (*inside, *above))


def _kind(element: Element, name: str) -> Kind | None:
    """Return what a control of that name does; English words and arrows only in the box of a pager."""
    bare = name.strip(_AROUND_NAMES)
    if not bare:
        if name in ARROWS or _has_class(element, NEXT_CLASS):
            return "next" if _is_in_pager(element) else None
        return None
    if bare in _ENGLISH and not _is_in_pager(element):
        return None
    if bare in NEXT_WORDS:
        return "next"
    if bare in _BACK:
        return "back"
    if bare in _LAST:
        return "last"
    if _FURTHER_PAGES.fullmatch(bare):
        return "last"
    if page_number(bare):
        return "number"
    return "more" if _LOAD_WORDS.fullmatch(bare) or _MORE_WORDS.fullmatch(bare) else None


def _make_control(element: Element, name: str, kind: Kind, page: Page, is_behind_rows: bool) -> Control | None:
    url, handler = _lead(element, page)
    bare = name.strip(_AROUND_NAMES)
    control = Control(
        element,
        bare or name,
        kind,
        url,
        handler,
        _is_disabled(element),
        _has_class(element, CURRENT_CLASS) or element.get("aria-current") is not None,
        is_behind_rows,
        page_number(bare) if kind == "number" else None,
    )
    if _is_in(element, _OTHER_BOX) or _turns_pictures(element):
        return None
    return control if kind != "more" or _loads_more(control, page) else None


def _turns_pictures(element: Element) -> bool:
    """Return whether a control stands in a box of pictures, or beside the mark that counts these."""
    beside = islice(element.itersiblings(), _MAX_INSIDE), islice(element.itersiblings(preceding=True), _MAX_INSIDE)
    return _is_in(element, _CAROUSEL_BOX) or any(_CAROUSEL_BOX.search(_names(each)) for part in beside for each in part)


def _lead(element: Element, page: Page) -> tuple[str | None, str]:
    """Return where a control leads, and what it would have a script do if it leads nowhere."""
    href = element.get("href", "").strip()
    url = page.resolve(href) if href else ""
    if url and not (href.startswith("#")):
        return (url, "") if site_host(url) == site_host(page.url) else (None, "")
    carriers = [element, *islice(element.iterancestors("li", "span", "div", "td", "button"), 1)]
    for carrier in carriers:
        for target in (carrier.get(key) for key in _TARGETS):
            if target and re.search(r"[/?.]", target) and (url := page.resolve(target)):
                return url, ""
    handlers = [each for carrier in carriers for key in _HANDLERS if (each := carrier.get(key))]
    if href.lower().startswith("javascript:") and not _VOID.fullmatch(href):
        handlers.insert(0, href)
    for handler in handlers:
        argument = _URL_ARGUMENT.search(handler) if "__doPostBack" not in handler else None
        if argument and (url := page.resolve(argument[2])):
            return url, ""
        if (target := script_pager.click_target(handler)) and (url := page.resolve(target)):
            return url, ""
    numbers = ((key, value) for carrier in carriers for key in _PAGE_NUMBERS if (value := carrier.get(key)))
    numbered = next((f'{key}="{value}"' for key, value in numbers if value.isdecimal()), "")
    return None, handlers[0].strip() if handlers else numbered


def _loads_more(control: Control, page: Page) -> bool:
    """Return whether 加载更多 and its kin lead to more lines of this listing: not 更多 beside a column's name."""
    if _SHARE.search(control.handler) or _is_in(control.element, _SHARE):
        return False
    if control.name.startswith("展开"):
        return control.is_behind_rows and not control.url and not control.is_disabled
    if _LOAD_WORDS.fullmatch(control.name):
        return not control.is_disabled and (control.url is None or is_beside(control.url, page.url))
    if control.url or not control.is_behind_rows:
        return False
    if _MORE_CALL.search(control.handler):
        return True
    box = control.element.getparent()
    names = _names(control.element) + (_names(box) if box is not None else "")
    is_heading = _HEADING_BOX.search(names) or any(
        True for _ in control.element.itersiblings("h1", "h2", "h3", "h4", preceding=True)
    )
    return control.name not in {"更多", "more"} and not is_heading and _MORE_CALL.search(names) is not None


def _is_disabled(element: Element) -> bool:
    return element.get("disabled") is not None or _has_class(element, _DISABLED_CLASS)


def _has_class(element: Element, pattern: re.Pattern[str]) -> bool:
    """Return whether a control, the box it is in, or its first child has a class."""
    parent = element.getparent()
    if parent is not None and parent.tag not in {"li", "span", "td"}:
        alone = element.getnext() is None and element.getprevious() is None  # len() would count all siblings
        parent = parent if alone else None
    elements: Sequence[Element] = (element, parent, *element[:1])
    return any(pattern.search(names) for each in elements if each is not None and (names := each.get("class")))


def _names(element: Element) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _boxes(element: Element, levels: int) -> list[Element]:
    return [box for box in islice(element.iterancestors(), levels) if box.tag not in {"body", "html"}]


def _is_in_pager(element: Element) -> bool:
    return _is_in(element, _PAGER_BOX) and not _is_in(element, _OTHER_BOX)


def _is_in(element: Element, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(_names(each)) for each in (element, *islice(element.iterancestors(), _MAX_LEVELS)))
