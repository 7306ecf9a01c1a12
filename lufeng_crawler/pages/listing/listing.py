"""Reads a page of a column: its entries, by site file, family or what repeats, and its next page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from lufeng_crawler.items import Entry, Layout, Listing
from lufeng_crawler.pages.html.family import Family
from lufeng_crawler.pages.html.page import Element, Page, text_of
from lufeng_crawler.pages.listing import pager, rows
from lufeng_crawler.pages.listing.entries import distinct_entries, has_pin_class, read_entry

_MIN_ENTRIES = 3
_MIN_TITLE_LENGTH = 14
_MAX_ROWS = 3000
_PAGER_WORDS = re.compile(r"下\s?一?\s?页|共\s?\d+\s?(?:条|页)|尾\s?页|末\s?页", re.I)


def read_listing(page: Page, family: Family, layout: Layout) -> Listing | None:
    """Read a listing by site file, family, or the best group of dated rows; None where there is none."""
    entries = _entries_by_site_file(page, layout) or _entries_by_family(page, family) or _dated_entries(page)
    return _make_listing(page, family, layout, entries)


def read_undated_listing(page: Page, family: Family, layout: Layout) -> Listing | None:
    """Read the listing on a page that states no dates: three links or more with the length of titles."""
    for group in rows.find_row_groups(page)[:3]:
        entries = _read_entries(group.rows, page)
        length = sum(len(entry.title) for entry in entries)
        if len(entries) >= _MIN_ENTRIES and length >= _MIN_TITLE_LENGTH * len(entries):
            return _make_listing(page, family, layout, entries)
    return None


def _make_listing(page: Page, family: Family, layout: Layout, entries: tuple[Entry, ...]) -> Listing | None:
    return Listing(entries, _next_page(page, family, layout), family.name) if entries else None


def _entries_by_site_file(page: Page, layout: Layout) -> tuple[Entry, ...]:
    css = layout.listing.get("entries")
    elements = [row for row in page.find(css) if not isinstance(row, str)] if css else []
    return _read_entries(_innermost(elements), page)


def _entries_by_family(page: Page, family: Family) -> tuple[Entry, ...]:
    """Return the entries that the family knows of.

    Of several lists on one page (`line_u5_0`, `line_u7_0`) the longest: rows of one list share the beginning of their
    id.
    """
    if family.records and (entries := distinct_entries(read_entry(row, page.url) for row in family.records(page))):
        return entries
    lists: dict[str, list[Element]] = defaultdict(list)
    for row in family.find_rows(page):
        lists[row.get("id", "").rpartition("_")[0]].append(row)
    return _read_entries(_innermost(max(lists.values(), key=len, default=[])), page)


def _read_entries(elements: Iterable[Element], page: Page) -> tuple[Entry, ...]:
    has_pins = has_pin_class(page)
    return distinct_entries(read_entry(row, page.url, has_pins) for row in elements)


def _innermost(elements: list[Element]) -> list[Element]:
    """Return the rows that hold no other: each row once, however unclosed ones nest."""
    holders: set[Element] = set()
    for row in elements:
        for above in row.iterancestors():
            if above in holders:
                break
            holders.add(above)
    return [row for row in elements if row not in holders][:_MAX_ROWS]


def _dated_entries(page: Page) -> tuple[Entry, ...]:
    left = _MAX_ROWS
    for group in rows.find_row_groups(page)[:5]:
        left -= len(group.rows)
        if 2 * group.dated <= len(group.rows) or left < 0:
            continue
        entries = _read_entries(rows.innermost_rows(group.rows), page)
        if len(entries) >= _MIN_ENTRIES or (entries and _is_paged(page)):
            return entries
    return ()


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
