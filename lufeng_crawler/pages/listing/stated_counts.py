"""Reads what a listing's page says of its length: 共23条记录, 1/3页, 当前第1页 共3页, and numbers kept for scripts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import islice
from unicodedata import normalize

from lxml import etree

from lufeng_crawler.items import Entry
from lufeng_crawler.pages.html.page import Element, Page, iter_links, text_of
from lufeng_crawler.pages.text.whitespace import collapse_spaces, split_lines

_N = r"\s{0,4}(\d{1,3}(?:,\d{3})+|\d{1,7})\s{0,4}"
_UNIT = r"(?:条|篇|项|件|个|则|份|款)"
_THING = r"(?:条?记录|信息|数据|文章|新闻|结果|内容|文件|公告|消息|公示|政策|稿件)"
_TOTALS = (
    re.compile(
        rf"(?:\bshowing\s{{1,4}})?(?<![\d/-])\b\d{{1,6}}\s{{0,4}}(?:-|–|to)\s{{0,4}}\d{{1,6}}\s{{1,4}}of{_N}(?:entries)?(?!\s?pages?)",
        re.I,
    ),
    re.compile(rf"(?:总|全部)\s{{0,4}}{_N}{_UNIT}\s{{0,4}}{_THING}?|(?:信息|文章|新闻)数\s{{0,4}}[:：]{_N}{_UNIT}?"),
    re.compile(
        rf"(?:总共|共计|共有|合计|总计|共)\s{{0,4}}(?:有|计)?\s{{0,4}}{_THING}?\s{{0,4}}[:：]?{_N}{_UNIT}\s{{0,4}}{_THING}?"
    ),
    re.compile(rf"(?:总共|共计|共有|合计|总计|共)\s{{0,4}}(?:有|计)?{_N}{_THING}"),
    re.compile(
        rf"(?:总\s?(?:记录|条|信息|文章|数据|篇|件)\s?数?|(?:记录|信息|文章|数据|新闻|结果)\s?总数|记录数|总数量?|总计|合计)"
        rf"\s{{0,4}}[:：]?{_N}{_UNIT}?\s{{0,4}}{_THING}?"
    ),
    re.compile(rf"(?:检索|搜索|查询|找|查)到(?:相关)?{_THING}?约?{_N}{_UNIT}?\s{{0,4}}{_THING}?"),
    re.compile(
        rf"(?<![\d/每-]){_N}条记录(?!/)|\btotal:?{_N}(?:items?|records?|results?|rows?)?|(?<![\d/-]){_N}(?:items|records|results)\b",
        re.I,
    ),
)
_PAGE_TOTALS = (
    re.compile(rf"(?:总共|共计|共有|共分|总计|[共总])\s{{0,4}}(?:有|计|分)?{_N}页"),
    re.compile(rf"总\s?页\s?数?\s{{0,4}}[:：]{_N}页?|(?<![分前])页数\s{{0,4}}[:：]{_N}(?!\s?/)|\bof{_N}pages?", re.I),
)
_FRACTION = re.compile(
    r"(?P<sure>第|页次|页码|页数|页|page)?\s{0,4}[:：]?\s{0,4}(?<![\d/.-])(\d{1,6})\s{0,4}页?\s{0,4}(?:/|of\b)\s{0,4}(?:[共总]\s{0,4})?"
    r"(\d{1,6})(?![\d/.-])\s{0,4}(?P<end>页)?",
    re.I,
)
_PAGES = (
    re.compile(
        rf"(?:当前|现在|目前|本页)\s{{0,4}}(?:显示|是|为|在)?\s{{0,4}}(?:页码?|页数)?\s{{0,4}}[:：]?\s{{0,4}}第?{_N}页?"
    ),
    re.compile(rf"(?<![到转至])第{_N}页|\bpage{_N}(?=of\b)", re.I),
)
_PAGES_BEHIND_TOTAL = re.compile(rf"\A\s{{0,4}}{_N}页")
_OLD_SIGNS = str.maketrans("頁總條當", "页总条当")
_CHINESE_NUMBER = re.compile(
    r"(?<=[共总第])\s{0,4}(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?\s{0,4}(?=[页条])"
)
_CHINESE_DIGITS = "零一二三四五六七八九"
_PER_PAGE = re.compile(
    rf"每页\s{{0,4}}(?:显示|共|有)?\s{{0,4}}[:：]?{_N}{_UNIT}?\s{{0,4}}{_THING}?|{_N}{_UNIT}\s{{0,4}}/\s{{0,4}}页|本页\s?{_N}{_UNIT}"
    rf"|(?:当前)?(?:显示)?第?{_N}(?:-|~|到|至){_N}{_UNIT}\s{{0,4}}{_THING}?"
)
_WORDS = re.compile(
    r"首页|[上下前后尾末]一?页|第一页|最后一?页|跳转|转到|跳到|前往|到第|跳至|确定|确认|显示|当前|本栏目|本页|分页|页码|页次|页数|输入|直接|go(?:to)?\b|"
    r"next|prev(?:ious)?|first|last|更多|上一篇|页|第|到|转|共|有|约|为您|相关|结果|现在|目前|是|您|的|per|page|of",
    re.I,
)
_DIGIT = re.compile(r"\d")
_QUICK = re.compile(
    r"[共总前次到]|\d\s{0,4}页?\s{0,4}/\s{0,4}共?\s{0,4}\d|第\s{0,4}\d+\s{0,4}页|条记录|合计|[Oo]f\s{0,4}\d|[Tt]otal|TOTAL|items|re(?:cord|sult)s|全部|[息章闻]数|頁|總"
)
_PAGER_NAMES = re.compile(r"pag(?:e(?!view)|in)|fenye|fanye|yema", re.I)
_LIKE_PAGER = "contains(.,'ag') or contains(.,'AG') or contains(.,'enye') or contains(.,'anye') or contains(.,'yema')"
# attributes, whose elements are taken with getparent(): XPath sorts elements in time that grows with their square
_pager_classes = etree.XPath(f"/descendant::*/@class[{_LIKE_PAGER}]")
_pager_ids = etree.XPath(f"/descendant::*/@id[{_LIKE_PAGER}]")
_CAROUSEL = re.compile(r"swiper|slick|slide|banner|focus|carousel|owl-|flex-|pagestate|pic-?scroll", re.I)
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:side(?:bar)?|header|foot(?:er)?|nav|stat(?:s|istics?)?|pdf\w*|flip\w*|epaper|visit\w*|aside)(?:$|[\s_-])"
    r"|pagestate|pic-?scroll|slidetxt|pdf-?view",
    re.I,
)
"""The boxes whose figures are not the listing's: of the site, of visits, of pictures, of a document that is shown."""
_PICTURE_MARK = re.compile(r"pagestate", re.I)
_all_classes, _all_ids = etree.XPath("/descendant::*/@class"), etree.XPath("/descendant::*/@id")
_MAX_ELSEWHERE, _SMALL_BOXES = (
    4000,
    frozenset(("div", "p", "span", "aside", "ul", "section", "header", "footer", "nav")),
)
_MAX_LINE, _MAX_REST, _MAX_LINES, _MAX_LINKS, _MAX_STATING, _MAX_BOXES = 200, 4, 4000, 3000, 10, 60

_ROWS_NAME = (
    r"(?:total_?(?:counts?|records?|record_?(?:count|num)|nums?|number|rows?|items?|elements?|data|size)"
    r"|record_?(?:count|num|total)s?|records?|row_?count|data_?count|items?_?count|all_?count|count_?record)"
)
_PAGES_NAME = (
    r"(?:total_?pages?(?:_?(?:num|count|no))?|pages?_?(?:count|total|sum|amount)|count_?pages?|all_?pages?(?:_?num)?"
    r"|max_?pages?|last_?page|sum_?page|pages)"
)
_CURRENT_NAME = (
    r"(?:cur(?:r|rent)?_?(?:page)?_?(?:no|num|number|index)?|page_?(?:no|num|number|index|current)|pno|now_?page"
    r"|this_?page|intcurpage)"
)
_ROWS, _PAGES_OF, _CURRENT = (re.compile(name, re.I) for name in (_ROWS_NAME, _PAGES_NAME, _CURRENT_NAME))


@dataclass(frozen=True, slots=True)
class Counts:
    """What is stated of a listing's length: its lines, its pages, the number of this page, the lines of a page."""

    total: int | None = None
    pages: int | None = None
    page: int | None = None
    per_page: int | None = None

    def or_else(self, other: Counts) -> Counts:
        """Return these counts, completed by others where nothing is stated."""
        return Counts(
            *(
                own if (own := getattr(self, each.name)) is not None else getattr(other, each.name)
                for each in fields(self)
            )
        )

    @property
    def all_pages(self) -> int | None:
        """Return how many pages there are, as stated or by the lines of each."""
        if self.pages is None and self.total and self.per_page:
            return -(-self.total // self.per_page)
        return self.pages


def read_text_counts(page: Page, entries: Collection[Entry]) -> Counts:
    """Return what the lines of a page state that hold nothing else: a headline that mentions 共23条 states nothing."""
    counts, left = Counts(), _MAX_STATING
    boxed, elsewhere = set(_lines_in_pager(page)), None
    for line in islice(split_lines(text_of(page.root)), _MAX_LINES):
        text = line.replace("\t", "  ")
        if len(text) > _MAX_LINE or not _QUICK.search(text):
            continue
        found = _read_line(_in_plain_signs(text), text in boxed, page.title)
        if found == Counts():
            continue
        left -= 1
        elsewhere = _lines_elsewhere(page) if elsewhere is None else elsewhere
        if (text in boxed or text not in elsewhere) and not _is_headline(text, page, entries):
            counts = counts.or_else(found)
        if not left:
            break
    return counts


def _in_plain_signs(line: str) -> str:
    """Return a line with the signs that the patterns know: narrow, simplified, and figures for Chinese numerals."""
    return _CHINESE_NUMBER.sub(_in_figures, normalize("NFKC", line).translate(_OLD_SIGNS))


def _in_figures(numeral: re.Match[str]) -> str:
    tens, ten, units = (each or "" for each in numeral.groups())
    number = (_CHINESE_DIGITS.find(tens) if tens else 1) * 10 * bool(ten) + (
        _CHINESE_DIGITS.find(units) if units else 0
    )
    return str(number) if number else numeral[0]


def _lines_elsewhere(page: Page) -> set[str]:
    """Return the lines that stand in boxes beside the listing: of head, foot and side, a viewer of documents."""
    if not _ELSEWHERE.search(page.names):
        return set()
    named = [name for names in (_all_classes, _all_ids) for name in names(page.root) if _ELSEWHERE.search(name)]
    marks = ((name, name.getparent()) for name in named[:_MAX_BOXES])
    boxes = (mark.getparent() if _PICTURE_MARK.search(name) else mark for name, mark in marks)
    parts = (split_lines(text_of(box)[:_MAX_ELSEWHERE]) for box in boxes if box is not None and box.tag in _SMALL_BOXES)
    return {line.replace("\t", "  ") for lines in parts for line in lines}


def read_attribute_counts(page: Page) -> Counts:
    """Return what hidden fields and the attributes of a pager's box keep for scripts."""
    counts = Counts()
    for field in islice(page.root.iter("input"), 200):
        if (field.get("type") or "").lower() == "hidden" and (value := field.get("value", "").strip()).isdecimal():
            names = (field.get("id", ""), field.get("name", ""))
            counts = counts.or_else(
                next((found for name in names if (found := named_count(name, value)) != Counts()), Counts())
            )
    for box in _pager_boxes(page):
        for name, value in islice(box.items(), 20):
            if value.isdecimal():
                bare = name.removeprefix("data-").replace("-", "")
                counts = counts.or_else(
                    Counts(total=int(value)) if bare in {"total", "count"} else named_count(bare, value)
                )
    return counts if counts.total or counts.pages else Counts()


def named_count(name: str, value: str) -> Counts:
    """Return what a variable or field of that name states; nothing for other names, and for 0, which fills in later."""
    number = int(value[:9])
    if not number:
        return Counts()
    if _PAGES_OF.fullmatch(name):
        return Counts(pages=number)
    if _ROWS.fullmatch(name):
        return Counts(total=number)
    return Counts(page=number) if _CURRENT.fullmatch(name) else Counts()


def _read_line(line: str, is_in_pager: bool, title: str = "") -> Counts:
    """Return what a line states, if what is left of it without counts and the words of pagers is next to nothing.

    Words beside a total alone are those of something else that is counted, unless the page's `title` has them.
    """
    per_page, rest = _take(_PER_PAGE, line)
    total = pages = page = None
    for pattern in _TOTALS:
        if total is None:
            total, rest = _take(pattern, rest)
    for pattern in (*_PAGE_TOTALS, *((_PAGES_BEHIND_TOTAL,) if total is not None else ())):
        if pages is None:
            pages, rest = _take(pattern, rest)
    if fraction := _FRACTION.search(rest):
        is_sure = fraction["sure"] or fraction["end"] or total is not None or is_in_pager or _has_pager_words(rest)
        first, second = int(fraction[2]), int(fraction[3])
        if is_sure and 0 < first <= second and pages in {None, second}:
            page, pages = first, second
            rest = rest[: fraction.start()] + rest[fraction.end() :]
    for pattern in _PAGES:
        if page is None:
            page, rest = _take(pattern, rest)
    letters = [sign for sign in _WORDS.sub("", rest) if sign.isalpha()]
    if len(letters) > _MAX_REST or (total is pages is None and not (page and _has_pager_words(rest))):
        return Counts()
    if len(letters) > 1 and pages is page is None and not is_in_pager and "".join(letters) not in title:
        return Counts()
    return Counts(total, pages, page if pages is None or page is None or page <= pages else None, per_page)


def _take(pattern: re.Pattern[str], line: str) -> tuple[int | None, str]:
    """Return the number that a pattern finds, and the line without what it found."""
    match = pattern.search(line)
    number = next(filter(None, match.groups()), None) if match else None
    if not match or not number:
        return None, line
    return int(number.replace(",", "")), line[: match.start()] + " " + line[match.end() :]


def _has_pager_words(line: str) -> bool:
    return re.search(r"[上下尾末]一?页", line) is not None


def _is_headline(line: str, page: Page, entries: Iterable[Entry]) -> bool:
    """Return whether a line is an entry's, or that of another link as long as a headline."""
    bare = collapse_spaces(line)
    if any(collapse_spaces(entry.title)[:20] in bare for entry in entries):
        return True
    texts = (collapse_spaces(text_of(link)) for link in islice(iter_links(page.root), _MAX_LINKS))
    return any(len(text) > 5 and text in bare and any(sign.isdigit() for sign in text) for text in texts)


def _lines_in_pager(page: Page) -> Iterator[str]:
    for box in _pager_boxes(page):
        yield from (line.replace("\t", "  ") for line in split_lines(text_of(box)[:400]))


def _pager_boxes(page: Page) -> list[Element]:
    """Return the boxes that are named as pagers are, and hold no more than a pager does."""
    if not _PAGER_NAMES.search(page.names):
        return []
    named = [name for names in (_pager_classes, _pager_ids) for name in islice(names(page.root), _MAX_BOXES)]
    boxes = [name.getparent() for name in named if _PAGER_NAMES.search(name) and not _CAROUSEL.search(name)]
    return [box for box in boxes if box is not None and len(list(islice(box.iter(), 80))) < 80]
