"""Checks a site file against the live site: each column's first page, an article of it, the rule behind each field."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lufeng_crawler import pages
from lufeng_crawler.archive.timestamps import now
from lufeng_crawler.crawl_run import falls_short
from lufeng_crawler.items import Article, Blocked, Capture, Listing, Reading
from lufeng_crawler.scaffold.survey_result import describe_reading, host_or_empty, newest_date
from lufeng_crawler.sites import Column, Site
from lufeng_crawler.spiders.survey import Fetch, NotFetched

MAX_ARTICLE_TRIES = 2
"""Entries of a column that are fetched in search of an article: the first may be a file."""


@dataclass(frozen=True, slots=True)
class CheckedColumn:
    """A column as it was found: `how` says how its URL was found, `problem` what falls short, None for nothing."""

    name: str
    url: str | None = None
    how: str = ""
    listing: Listing | None = None
    article: Article | None = None
    problem: str | None = None

    @property
    def newest(self) -> str | None:
        """Return the date of its newest entry."""
        return newest_date(self.listing.entries) if self.listing else None


@dataclass(frozen=True, slots=True)
class SiteCheck:
    """A site's columns, in the file's order; `reachable` is whether the site has shown any page at all."""

    columns: tuple[CheckedColumn, ...]
    reachable: bool

    @property
    def exit_code(self) -> int:
        """Return 0 where nothing falls short, 4 where nothing could be fetched, else 1."""
        if not any(column.problem for column in self.columns):
            return 0
        return 1 if self.reachable else 4


async def check_site(site: Site, fetch: Fetch) -> SiteCheck:
    """Check every column of the site."""
    checker = _SiteChecker(site, fetch)
    columns = [await checker.check_column(column) for column in site.columns]
    return SiteCheck(tuple(columns), checker.reachable)


@dataclass(frozen=True, slots=True)
class _FetchedPage:
    """A page as fetched and read; `problem` describes it, for where it is not what it should be."""

    capture: Capture | None
    reading: Reading | None
    problem: str


class _SiteChecker:
    """Fetches each page on which columns are searched for once."""

    def __init__(self, site: Site, fetch: Fetch) -> None:
        self.site, self.fetch, self.reachable = site, fetch, False
        self.fetched: dict[str, _FetchedPage] = {}

    async def check_column(self, column: Column) -> CheckedColumn:
        """Find the column, and read its first page and an article of it."""
        located = await self._locate(column)
        if located.url is None:
            return located
        page = await self._fetch(located.url)
        listing = page.reading
        if not isinstance(listing, Listing) or not listing.entries:
            return replace(located, problem=f"no entries: {page.problem}")
        listed = replace(located, listing=listing)
        checked = await self._with_article(listed, listing)
        shortfall = falls_short(self.site.expect, len(listing.entries), listed.newest, now())
        return replace(checked, problem=shortfall or checked.problem)

    async def _locate(self, column: Column) -> CheckedColumn:
        """Find the column by its path, or by its name on the home page or on the page of the column above it."""
        if url := column.url(self.site):
            return CheckedColumn(column.name, url, "by its path")
        located = await self._locate_by_name(self.site.start, column.name)
        if located.url or not column.under:
            return located
        parent = await self._locate_by_name(self.site.start, column.under)
        return await self._locate_by_name(parent.url, column.name) if parent.url else replace(parent, name=column.name)

    async def _locate_by_name(self, page_url: str, name: str) -> CheckedColumn:
        if page_url not in self.fetched:
            self.fetched[page_url] = await self._fetch(page_url)
        page = self.fetched[page_url]
        if page.capture and (url := pages.find_column(page.capture, name)):
            return CheckedColumn(name, url, f"by its name on {page_url}")
        is_shown = page.capture and not isinstance(page.reading, Blocked)
        return CheckedColumn(name, problem=f"no link on {page_url} is called {name}" if is_shown else page.problem)

    async def _with_article(self, column: CheckedColumn, listing: Listing) -> CheckedColumn:
        problem = "none of its entries leads to a host that the site file names"
        own = [entry for entry in listing.entries if host_or_empty(entry.url) in self.site.all_hosts]
        for entry in sorted(own, key=lambda entry: entry.pinned)[:MAX_ARTICLE_TRIES]:
            page = await self._fetch(entry.url)
            if isinstance(page.reading, Article):
                return replace(column, article=page.reading)
            problem = f"no article: {page.problem}"
        return replace(column, problem=problem)

    async def _fetch(self, url: str) -> _FetchedPage:
        response = await self.fetch(url)
        if isinstance(response, NotFetched):
            return _FetchedPage(None, None, response.reason if url in response.reason else f"{url}: {response.reason}")
        reading = pages.read(response, self.site.layout)
        self.reachable = self.reachable or not isinstance(reading, Blocked)
        return _FetchedPage(response, reading, f"{url}: {describe_reading(reading)}")
