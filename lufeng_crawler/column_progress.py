"""How far a run has followed a column's listing, and what that makes of the column's coverage."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from lufeng_crawler.archive.coverage import Coverage, CoverageState
from lufeng_crawler.items import Extent, Listing

ListingEnd = Literal["last page", "known lines", "unchanged", "enough pages", "limit"]
"""Why a listing was followed no further.

There was no further page that could be followed; nothing on it was new; the site answered that its first page is as it
was; the site file asks for no more pages, or the operator for no more articles.
"""


_NOTHING = re.compile(r"暂无.{0,8}|(?:对不起|抱歉)?.{0,2}没有.{0,6}(?:数据|记录|内容|信息|文章).{0,2}")


def is_empty_page(lines: Iterable[str]) -> bool:
    """Return whether a page of a listing says that there is nothing on it."""
    return any(_NOTHING.fullmatch(line.strip()) for line in lines)


@dataclass(slots=True)
class ColumnProgress:
    """A column's listing in this run. `max_pages` are as many as the site file asks for.

    `urls` are those requested so far, from `first_url` on; `is_second_look`: they are being read once more, see
    `look_again`. `entries` counts the lines of the first page, `lines` are the identities of all
    lines seen, `rows` counts them with their repetitions and what is hidden. `elsewhere` counts the lines that lead to
    hosts which the site file does not name. `had_lines`: lines of the column were known before this run;
    `is_any_known`: one of those seen is among them.
    """

    name: str
    max_pages: int | None = None
    urls: set[str] = field(default_factory=set)
    first_url: str = ""
    is_second_look: bool = False
    entries: int | None = None
    answered: bool = False
    problem: str | None = None
    end: ListingEnd | None = None
    pages: int = 0
    lines: set[str] = field(default_factory=set)
    rows: int = 0
    hidden: int = 0
    totals: list[int] = field(default_factory=list)
    stated_pages: int | None = None
    last: Extent = field(default_factory=Extent)
    elsewhere: Counter[str] = field(default_factory=Counter)
    had_lines: bool = False
    is_any_known: bool = False

    def add_page(self, listing: Listing, identity: Callable[..., str]) -> None:
        """Count a page's lines, and note what it says of more."""
        extent = self.last = listing.extent
        self.pages += 1
        if not self.answered:
            self.answered, self.entries = True, len(listing.entries)
        self.lines.update(identity(entry) for entry in listing.entries)
        self.rows += max(extent.rows, len(listing.entries)) + extent.hidden
        self.hidden += extent.hidden
        if extent.total is not None:
            self.totals.append(extent.total)
        if extent.pages is not None:
            self.stated_pages = max(extent.pages, self.stated_pages or 0)

    def look_again(self) -> str:
        """Begin anew with the first page, and return its URL.

        A line that stood at the head of a page slips to the page before when one above it is removed meanwhile. What
        neither of two looks shows has not slipped.
        """
        self.urls, self.end, self.is_second_look = set(), None, True
        return self.first_url

    @property
    def has_all_stated(self) -> bool:
        """Return whether the pages read so far have as many lines, or are as many, as they state."""
        return (bool(self.totals) or self.stated_pages is not None) and not self._is_short()

    @property
    def has_enough_pages(self) -> bool:
        """Return whether as many pages were read as the site file asks for."""
        return self.max_pages is not None and self.pages >= self.max_pages

    def coverage(self, earlier: Coverage | None, was_swept: bool) -> Coverage:
        """Return what the run has seen of the column.

        `earlier` is the coverage of the run before; `was_swept`: all lines of the column were seen once.
        """
        if self.problem or not self.answered:
            return Coverage("failed", len(self.lines))
        if self.end == "unchanged":
            return self._unchanged(earlier, was_swept)
        state = self._state(was_swept)
        coverage = Coverage(
            state,
            seen=len(self.lines),
            stated=min(self.totals, default=None),
            pages=self.pages,
            stated_pages=self.stated_pages,
            more=self._signs_of_more() if state == "partial" else (),
            accepted=state == "partial" and self.max_pages is not None and self.end in ("enough pages", "last page"),
            limited=self.end == "limit",
            shifted=self.end == "last page" and len(set(self.totals)) > 1,
        )
        if state == "unstated" and self.had_lines and not self.is_any_known:
            return replace(coverage, state="partial", gap=True)
        return coverage

    def _unchanged(self, earlier: Coverage | None, was_swept: bool) -> Coverage:
        """Return the coverage where the first page is as it was: what was not seen then has not been seen since."""
        if earlier and earlier.state == "partial" and not earlier.gap:
            return replace(earlier, limited=False)
        return replace(earlier or Coverage("connected"), state="connected" if was_swept else "partial", gap=False)

    def _state(self, was_swept: bool) -> CoverageState:
        if self.end == "known lines":
            return "connected" if was_swept and not self.hidden else "partial"
        if self.end != "last page" or self._is_short():
            return "partial"
        is_stated = self.totals or self.stated_pages is not None
        return "complete" if self.last.is_last or is_stated else "unstated"

    def _is_short(self) -> bool:
        """Return whether something says that there are more lines than were seen."""
        has_total = bool(self.totals) and min(self.totals) > max(self.rows - self.hidden, len(self.lines))
        return bool(self.last.more or self.hidden or has_total or (self.stated_pages or 0) > self.pages)

    def _signs_of_more(self) -> tuple[str, ...]:
        hidden = (f"{self.hidden} hidden lines",) if self.hidden else ()
        return (*dict.fromkeys(self.last.more), *hidden)
