"""Works out how long a page says that its listing is: rows, totals, and the controls that cannot be followed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lufeng_crawler.items import Entry, Extent
from lufeng_crawler.pages.html.page import Element, HiddenRow, Page
from lufeng_crawler.pages.listing import form_pager, pager_calls, script_pager, stated_counts
from lufeng_crawler.pages.listing.controls import Control, current_number, find_controls
from lufeng_crawler.pages.listing.pager import followable_url, is_numbered
from lufeng_crawler.pages.listing.pager_calls import PagerCall
from lufeng_crawler.pages.listing.stated_counts import Counts
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.urls import is_same_page

_SELECT = re.compile(r"<select\b([^<>]{0,600})>", re.I)
_OPTION = re.compile(
    r"<option\b([^<>]{0,300})>\s{0,40}第?\s{0,9}(\d{1,6})\s{0,9}(?:页|/\s?\d{1,6}\s?页?)?\s{0,40}(?=<|\Z)", re.I
)
_OTHER_UNIT = re.compile(r"(?:</select\s*>)?\s{0,9}(?:<[^<>]{0,60}>\s{0,9}){0,2}[期月日年号版章集季周]", re.I)
_DATE_NAME = re.compile(r"month|day|year|hour|date|月|日", re.I)
_QUERY_NUMBER = re.compile(
    r"[?&](?:page|pageno|pagenum|pageindex|page_no|curpage|currentpage|cur_page|pn|p|pageid)=(\d{1,6})(?=&|$)", re.I
)
_ROW_ID = re.compile(r"line_?\w{0,12}_\d+")
_MAX_OPTIONS_LENGTH = 40_000
_MIN_HIDDEN = 3
_MAX_SIGNS = 5
_MAX_SIGN_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Survey:
    """What of a listing's page tells how long the listing is; `number` is this page's, where anything tells it."""

    page: Page
    controls: Sequence[Control]
    calls: Sequence[PagerCall]
    counts: Counts
    number: int | None
    options: tuple[int, int] | None

    def next_page(self) -> str | None:
        """Return the address of the next page that no link offers: by a control's data, a form, a function, a call."""
        ahead = [each for each in self.controls if each.kind in {"next", "more"} and not each.is_disabled and each.url]
        urls = (followable_url(each.url or "", self.page) for each in ahead)
        handled = [(each.name, each.handler) for each in self.controls if each.handler and not each.is_disabled]
        return (
            next(filter(None, urls), None)
            or form_pager.next_from_forms(self.page, handled, self.number)
            or next(filter(None, (call.next_page(self.page) for call in self.calls)), None)
        )

    @property
    def is_past_end(self) -> bool:
        """Return whether the numbers stated say that no page follows."""
        pages = self.counts.all_pages
        return pages is not None and (pages == 1 or (self.number is not None and self.number >= pages))


def survey(page: Page, rows: Collection[Element], entries: Collection[Entry], number: int | None = None) -> Survey:
    """Read everything on a page that tells how long its listing is; `number` is this page's if its family knows it."""
    controls = find_controls(page, rows)
    scripts = pager_calls.read_scripts(page)
    calls = pager_calls.find_calls(scripts, page)
    counts = stated_counts.read_text_counts(page, entries)
    for call in calls:
        counts = counts.or_else(call.counts)
    if counts.all_pages is None or counts.page is None:
        counts = counts.or_else(pager_calls.read_variables(scripts)).or_else(stated_counts.read_attribute_counts(page))
    options = _page_options(page)
    number = counts.page or number or current_number(controls, page) or (options[0] if options else None)
    if number is None and counts.all_pages and (match := _QUERY_NUMBER.search(page.url)):
        number = int(match[1])
    return Survey(page, controls, calls, counts, number, options)


def read_extent(
    found: Survey, rows: Collection[Element], row_count: int, entries: Sequence[Entry], next_page: str | None
) -> Extent:
    """Return the extent of a listing whose next page is known, if there is one that can be followed."""
    counts, signs = found.counts, list(_signs(found))
    is_last = _is_last(found, signs, row_count, next_page)
    turning = any(each.kind != "number" or each.number != 1 for each in found.controls)
    return Extent(
        rows=row_count,
        hidden=_count_hidden(found.page, rows, entries),
        total=counts.total,
        pages=counts.pages,
        page=found.number,
        more=() if next_page or is_last else tuple(dict.fromkeys(signs))[:_MAX_SIGNS],
        has_pager=bool(next_page or turning or found.calls or counts.pages or counts.page or found.options),
        is_last=is_last,
    )


def _is_last(found: Survey, signs: Sequence[str], row_count: int, next_page: str | None) -> bool:
    """Return whether the page shows itself as the last of its listing."""
    counts = found.counts
    if found.is_past_end:
        return True
    if next_page:
        return False
    is_whole = counts.total is not None and counts.total <= row_count and not any(map(_is_further, found.controls))
    if is_whole and (found.number or 1) == (counts.pages or 1) == 1:
        return True
    return not counts.all_pages and not signs and _ends_by_controls(found)


def _ends_by_controls(found: Survey) -> bool:
    """Return whether the pager ends here: 下一页 leads nowhere or here, or this page's number is the highest.

    Where 下一页 leads nowhere and is not marked as disabled, a script may be bound to it: the pager must show that it
    works by links, or show no page but this one.
    """
    controls = found.controls
    ahead = [each for each in controls if each.kind == "next"]
    back = [each for each in controls if each.kind == "back"]
    numbers = [each.number for each in controls if each.kind == "number" and each.number]
    if numbers and found.number is None:
        return False
    if numbers and found.number is not None and max(numbers) > found.number:
        return False
    if not ahead:
        return bool(back and numbers and found.number and found.number > 1)
    if any(each.url and not is_same_page(each.url, found.page.url) for each in ahead if not each.is_disabled):
        return False
    works_by_links = _works_by_links(found)
    return all(
        is_same_page(each.url or "", found.page.url)
        or each.is_disabled
        or works_by_links
        or _calls_back(each, found)
        or _shows_no_further(each, found)
        or not _may_be_bound(each, found.page)
        for each in ahead
    )


def _may_be_bound(control: Control, page: Page) -> bool:
    """Return whether a script of the page may act on a control that its markup lets do nothing."""
    element = control.element
    names = [f"#{element.get('id')}"] if element.get("id") else []
    names += [f".{name}" for name in element.get("class", "").split()]
    is_made_to_act = element.tag in {"button", "input"} or _calls_for_script(element)
    return bool(element.get("id")) or is_made_to_act or any(name in page.source for name in names)


def _calls_for_script(element: Element) -> bool:
    """Return whether an address is one that only holds a place for a script: `javascript:;`, `#`."""
    href = element.get("href", "").strip().lower()
    return href.startswith("#") or (href.startswith("javascript:") and "return false" not in element.get("onclick", ""))


def _signs(found: Survey) -> Iterator[str]:
    """Yield the words or calls of what leads to further lines and cannot be followed."""
    for each in found.controls:
        if not each.is_disabled and (_leads_away(each, found) if each.url else _leads_on(each, found)):
            yield _sign(each)
    for call in found.calls:
        if call.counts == Counts() or (call.counts.all_pages or 2) > (found.number or 1):
            yield call.text
    if found.options and found.options[1] > (found.number or found.options[0]):
        yield f"<select> 1…{found.options[1]}"


def _leads_on(control: Control, found: Survey) -> bool:
    """Return whether a control that leads nowhere by itself would show more lines once a script runs."""
    if control.kind == "number":
        return _is_higher(control, found.number or 1)
    if control.kind == "next" and control.handler:
        return not _calls_back(control, found)
    if control.kind == "next":
        is_open = _may_be_bound(control, found.page) and not _works_by_links(found)
        return _counts_on(found) or (is_open and not _shows_no_further(control, found))
    if control.kind == "last":
        called = form_pager.called_number(control.handler) or _data_number(control.handler)
        return (called or 0) > (found.number or 1) and _is_without_next(found)
    return control.kind == "more"


def _calls_back(control: Control, found: Survey) -> bool:
    """Return whether a control calls for this page or one before it."""
    called = form_pager.called_number(control.handler) or _data_number(control.handler)
    return bool(called and found.number and called <= found.number)


def _shows_no_further(control: Control, found: Survey) -> bool:
    """Return whether the links beside 下一页 are numbers up to this page's: a longer listing has more of them."""
    numbers = [each for each in found.controls if each.kind == "number" and each.element.tag == "a" and each.number]
    if not numbers or control.handler or control.element.tag in {"button", "input"}:
        return False
    return all((each.number or 0) <= (found.number or 0) for each in numbers)


def _leads_away(control: Control, found: Survey) -> bool:
    """Return whether a number or 尾页 leads to another page: a pager of a page that has more, and no 下一页."""
    if not followable_url(control.url or "", found.page) or not _is_without_next(found):
        return False
    if control.kind == "last":
        return True
    return _is_higher(control, found.number or 1) and is_numbered(control.url or "")


def _is_without_next(found: Survey) -> bool:
    return not any(each.kind == "next" for each in found.controls)


def _works_by_links(found: Survey) -> bool:
    """Return whether another control than 下一页 leads to another page by its address."""
    return any(
        each.url and not is_same_page(each.url, found.page.url) for each in found.controls if each.kind != "next"
    )


def _sign(control: Control) -> str:
    """Return the words or the call of a control; the class of one that is only an icon."""
    handler = " ".join(control.handler.split())[:_MAX_SIGN_LENGTH]
    box = control.element.getparent()
    icons = (each.get(key) for each in (control.element, box) if each is not None for key in ("title", "class"))
    words = control.name or next(filter(None, icons), "")
    return words if control.kind == "more" or not handler else handler


def _is_higher(control: Control, number: int) -> bool:
    return control.kind == "number" and control.number is not None and control.number > number


def _is_further(control: Control) -> bool:
    return _is_higher(control, 1)


def _counts_on(found: Survey) -> bool:
    pages = found.counts.all_pages
    return pages is not None and pages > (found.number or 1)


def _data_number(handler: str) -> int | None:
    match = re.fullmatch(r'(?!data-index)[a-z-]{1,40}="(\d{1,6})"', handler)
    return int(match[1]) if match else None


def _page_options(page: Page) -> tuple[int, int] | None:
    """Return the chosen number and the highest of a box of choice whose options are the pages from 1 on."""
    if "<select" not in page.source and "<SELECT" not in page.source:
        return None
    for select in islice(_SELECT.finditer(page.source), 20):
        inside = page.source[select.end() : select.end() + _MAX_OPTIONS_LENGTH].split("</select", 1)[0]
        options = [(attributes.lower(), int(number)) for attributes, number in _OPTION.findall(inside)]
        numbers = [number for _, number in options]
        if len(numbers) < 2 or numbers != list(range(1, len(numbers) + 1)) or _DATE_NAME.search(select[1]):
            continue
        if _OTHER_UNIT.match(page.source, select.end() + len(inside)):
            continue
        if "页" in inside or re.search(r"onchange|page|jump|go", select[1], re.I):
            selected = (number for attributes, number in options if "selected" in attributes)
            chosen = next(selected, None) or script_pager.option_of_page(page, inside) or 1
            return chosen, numbers[-1]
    return None


def _count_hidden(page: Page, rows: Collection[Element], entries: Iterable[Entry]) -> int:
    """Return how many lines of the listing a style hides: beside lines that are shown, or dated ones in a row.

    Boxes that are hidden as a whole are menus and other tabs.
    """
    if not page.hidden_rows:
        return 0
    shown = {(row.getparent(), row.tag) for row in rows}
    known = {entry.url for entry in entries}
    groups: dict[tuple[Element, str], list[HiddenRow]] = {}
    for row in page.hidden_rows:
        url = page.resolve(row.href)
        if len(row.text) >= 5 and url not in known and not is_same_page(url, page.url):
            groups.setdefault((row.holder, row.tag), []).append(row)
    return sum(len(group) for place, group in groups.items() if place in shown or _are_lines(group))


def _are_lines(group: Sequence[HiddenRow]) -> bool:
    if all(_ROW_ID.match(row.id) for row in group):
        return True
    dated = sum(dates.find_date(row.text) is not None for row in group)
    return len(group) >= _MIN_HIDDEN and 2 * dated > len(group)
