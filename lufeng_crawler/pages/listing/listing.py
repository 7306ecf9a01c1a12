"""Reads a page of a column: its entries, by site file, family or what repeats, and its next page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lufeng_crawler.items import Entry, Layout, Listing
from lufeng_crawler.pages.html.family import Family
from lufeng_crawler.pages.html.page import Element, Page, text_of
from lufeng_crawler.pages.listing import extent, pager, rows
from lufeng_crawler.pages.listing.entries import distinct_entries, has_pin_class, read_entry
from lufeng_crawler.pages.text import dates

_MIN_ENTRIES = 3
_MIN_TITLE_LENGTH = 14
_MAX_ROWS, _MAX_HOLDERS, _MAX_LINE = 3000, 20, 300
_PAGER_WORDS = re.compile(r"[上下]\s?一?\s?页|共\s?\d+\s?(?:条|页)|尾\s?页|末\s?页", re.I)


def read_listing(page: Page, family: Family, layout: Layout, is_asked_for: bool = False) -> Listing | None:
    """Read a listing by site file, family, or the best group of dated rows; None where there is none.

    `is_asked_for`: the page was asked for as a listing, so that one dated row is enough, as on many a last page.
    """
    lines = _lines_by_site_file(page, layout)
    lines = lines if lines.entries else _lines_by_family(page, family)
    lines = lines if lines.entries else _dated_lines(page, is_asked_for)
    return _make_listing(page, family, layout, lines)


def read_undated_listing(page: Page, family: Family, layout: Layout) -> Listing | None:
    """Read the listing on a page that states no dates: three links or more with the length of titles."""
    for group in rows.find_row_groups(page)[:3]:
        lines = _read_lines(group.rows, page)
        length = sum(len(entry.title) for entry in lines.entries)
        if len(lines.entries) >= _MIN_ENTRIES and length >= _MIN_TITLE_LENGTH * len(lines.entries):
            return _make_listing(page, family, layout, lines)
    return None


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a listing: their elements, the entries in them, and how many a reader counts."""

    rows: Sequence[Element] = ()
    entries: tuple[Entry, ...] = ()
    count: int = 0


def _make_listing(page: Page, family: Family, layout: Layout, lines: _Lines) -> Listing | None:
    if not lines.entries:
        return None
    found = extent.survey(page, lines.rows, lines.entries, family.page_number(page) if family.page_number else None)
    next_page = _next_page(page, family, layout) or (None if found.is_past_end else found.next_page())
    return Listing(
        lines.entries,
        next_page,
        family.name,
        extent.read_extent(found, lines.rows, lines.count, lines.entries, next_page),
    )


def _lines_by_site_file(page: Page, layout: Layout) -> _Lines:
    css = layout.listing.get("entries")
    elements = [row for row in page.find(css) if not isinstance(row, str)] if css else []
    return _read_lines(_innermost(elements), page)


def _lines_by_family(page: Page, family: Family) -> _Lines:
    """Return the lines that the family knows of.

    Of several lists on one page (`line_u5_0`, `line_u7_0`) the longest: rows of one list share the beginning of their
    id.
    """
    if family.records and (lines := _read_lines(family.records(page), page)).entries:
        return lines
    lists: dict[str, list[Element]] = defaultdict(list)
    for row in family.find_rows(page):
        lists[row.get("id", "").rpartition("_")[0]].append(row)
    return _read_lines(_innermost(max(lists.values(), key=len, default=[])), page)


def _read_lines(elements: Iterable[Element], page: Page) -> _Lines:
    """Read the entries of rows; a dated row without a link counts as well, a picture before its headline does not."""
    elements, has_pins = list(elements), has_pin_class(page)
    found = [read_entry(row, page, has_pins) for row in elements]
    linked = [entry for entry in found if entry]
    repeated = sum(bool(first.url) and first.url == second.url for first, second in pairwise(linked))
    count = len(linked) - repeated + _count_unlinked(elements)
    return _Lines(elements, distinct_entries(found), count)


def _count_unlinked(elements: Sequence[Element]) -> int:
    """Return how many dated lines stand beside these rows and have no link."""
    known, count = set(elements), 0
    for holder, tag in list(dict.fromkeys((row.getparent(), row.tag) for row in elements))[:_MAX_HOLDERS]:
        for line in holder.iterchildren(tag) if holder is not None else ():
            if line not in known and next(line.iter("a"), None) is None:
                text = text_of(line)
                count += len(text) < _MAX_LINE and dates.find_date(text) is not None
    return count


def _innermost(elements: list[Element]) -> list[Element]:
    """Return the rows that hold no other: each row once, however unclosed ones nest."""
    holders: set[Element] = set()
    for row in elements:
        for above in row.iterancestors():
            if above in holders:
                break
            holders.add(above)
    return [row for row in elements if row not in holders][:_MAX_ROWS]


def _dated_lines(page: Page, is_asked_for: bool) -> _Lines:
    left = _MAX_ROWS
    for group in rows.find_row_groups(page)[:5]:
        left -= len(group.rows)
        if 2 * group.dated <= len(group.rows) or left < 0:
            continue
        lines = _read_lines(rows.innermost_rows(group.rows), page)
        if len(lines.entries) >= _MIN_ENTRIES or (lines.entries and (is_asked_for or _is_paged(page))):
            return lines
    return _Lines()


def _is_paged(page: Page) -> bool:
    if "createPageHTML" in page.source or _PAGER_WORDS.search(text_of(page.root)):
        return True
    return pager.find_next_page(page) is not None


def _next_page(page: Page, family: Family, layout: Layout) -> str | None:
    if css := layout.listing.get("next"):
        links = page.find(css)
        hrefs = (link if isinstance(link, str) else link.get("href") for link in links)
        return next((url for href in hrefs if href and (url := pager.followable_url(href, page))), None)
    url = pager.find_next_page(page)
    return url if url or not family.next_page else family.next_page(page)
