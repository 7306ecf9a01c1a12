"""Reads a page of a column: its lines, by site file, family or what repeats, and its next page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from lufeng_crawler.items import Entry, Layout, Listing
from lufeng_crawler.pages.html.family import Family
from lufeng_crawler.pages.html.page import Element, Page, text_of
from lufeng_crawler.pages.listing import pager, rows
from lufeng_crawler.pages.listing.entries import distinct_entries, has_pin_class, read_entry

_FEWEST = 3
_TITLE = 14
_MOST_ROWS = 3000
_PAGED = re.compile(r"下\s?一?\s?页|共\s?\d+\s?(?:条|页)|尾\s?页|末\s?页", re.I)


def read_listing(page: Page, family: Family, layout: Layout) -> Listing | None:
    """The listing that `page` is, by site file, family, or the best group of dated lines; None where there is none."""
    return _listing(page, family, layout, _selected(page, layout) or _of_family(page, family) or _dated(page))


def read_undated_listing(page: Page, family: Family, layout: Layout) -> Listing | None:
    """The listing on a page that states no dates: three links or more with the length of titles."""
    for group in rows.find_row_groups(page)[:3]:
        found = _entries(group.rows, page)
        if len(found) >= _FEWEST and sum(len(each.title) for each in found) >= _TITLE * len(found):
            return _listing(page, family, layout, found)
    return None


def _listing(page: Page, family: Family, layout: Layout, entries: tuple[Entry, ...]) -> Listing | None:
    return Listing(entries, _next(page, family, layout), family.name) if entries else None


def _selected(page: Page, layout: Layout) -> tuple[Entry, ...]:
    css = layout.listing.get("entries")
    found = [row for row in page.find(css) if not isinstance(row, str)] if css else []
    return _entries(_apart(found), page)


def _of_family(page: Page, family: Family) -> tuple[Entry, ...]:
    """Of several lists on one page (`line_u5_0`, `line_u7_0`) the longest: lines of one list share their id's head."""
    if family.records and (kept := distinct_entries(read_entry(row, page.url) for row in family.records(page))):
        return kept
    lists: dict[str, list[Element]] = defaultdict(list)
    for row in family.find_rows(page):
        lists[row.get("id", "").rpartition("_")[0]].append(row)
    return _entries(_apart(max(lists.values(), key=len, default=[])), page)


def _entries(found: Iterable[Element], page: Page) -> tuple[Entry, ...]:
    marked = has_pin_class(page)
    return distinct_entries(read_entry(row, page.url, marked) for row in found)


def _apart(found: list[Element]) -> list[Element]:
    """The rows that hold no other: each line once, however unclosed ones nest."""
    holders: set[Element] = set()
    for row in found:
        for above in row.iterancestors():
            if above in holders:
                break
            holders.add(above)
    return [row for row in found if row not in holders][:_MOST_ROWS]


def _dated(page: Page) -> tuple[Entry, ...]:
    left = _MOST_ROWS
    for group in rows.find_row_groups(page)[:5]:
        left -= len(group.rows)
        if 2 * group.dated <= len(group.rows) or left < 0:
            continue
        found = _entries(rows.innermost_rows(group.rows), page)
        if len(found) >= _FEWEST or (found and _is_paged(page)):
            return found
    return ()


def _is_paged(page: Page) -> bool:
    return "createPageHTML" in page.source or bool(_PAGED.search(text_of(page.root)) or pager.find_next_page(page))


def _next(page: Page, family: Family, layout: Layout) -> str | None:
    if css := layout.listing.get("next"):
        found = page.find(css)
        hrefs = (link if isinstance(link, str) else link.get("href") for link in found)
        return next((address for href in hrefs if href and (address := pager.followable_url(href, page))), None)
    offered = pager.find_next_page(page)
    return offered if offered or not family.next_page else family.next_page(page)
