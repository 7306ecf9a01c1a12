"""Tries a site file on the live site: each column's first page, an article of it, the rule behind each field."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lufeng_crawler import pages
from lufeng_crawler.archive.timestamps import now
from lufeng_crawler.crawl_run import falls_short
from lufeng_crawler.items import Article, Blocked, Capture, Listing, Reading
from lufeng_crawler.scaffold.survey_result import describe_reading, host_or_empty
from lufeng_crawler.scaffold.survey_result import newest_date as survey_result_newest
from lufeng_crawler.sites import Column, Site
from lufeng_crawler.spiders.survey import Ask, Missed

MAX_ARTICLE_TRIES = 2
"""Entries of a column that are looked at for an article: one alone may be a file."""


@dataclass(frozen=True, slots=True)
class CheckedColumn:
    """A column as it was met: `how` is the way to its address, `problem` what falls short, None for nothing."""

    name: str
    url: str | None = None
    how: str = ""
    listing: Listing | None = None
    article: Article | None = None
    problem: str | None = None

    @property
    def newest(self) -> str | None:
        """The day of its newest entry."""
        return survey_result_newest(self.listing.entries) if self.listing else None


@dataclass(frozen=True, slots=True)
class SiteCheck:
    """A site's columns, in the file's order; `shown` is whether it has shown us any page at all."""

    columns: tuple[CheckedColumn, ...]
    reachable: bool

    @property
    def exit_code(self) -> int:
        """0 where nothing falls short, 4 where nothing could be fetched, else 1 (DESIGN section 7)."""
        if not any(column.problem for column in self.columns):
            return 0
        return 1 if self.reachable else 4


async def check_site(site: Site, ask: Ask) -> SiteCheck:
    """Look at every column of the site."""
    checking = _Checking(site, ask)
    columns = [await checking.column(column) for column in site.columns]
    return SiteCheck(tuple(columns), checking.shown)


class _Checking:
    """Asks for each page on which columns are looked up once."""

    def __init__(self, site: Site, ask: Ask) -> None:
        self.site, self.ask, self.shown = site, ask, False
        self.looked_up: dict[str, tuple[Capture | Missed, Reading | None, str]] = {}

    async def column(self, column: Column) -> CheckedColumn:
        """Where it is, its first page, an article of it."""
        found = await self._find(column)
        if found.url is None:
            return found
        _, reading, said = await self._look(found.url)
        if not isinstance(reading, Listing) or not reading.entries:
            return replace(found, problem=f"no entries: {said}")
        listed = replace(found, listing=reading)
        read = await self._with_article(listed, reading)
        short = falls_short(self.site.expect, len(reading.entries), listed.newest, now())
        return replace(read, problem=short or read.problem)

    async def _find(self, column: Column) -> CheckedColumn:
        """By its path; by its name on the home page; by its name on the page of the column it lies under."""
        if url := column.url(self.site):
            return CheckedColumn(column.name, url, "by its path")
        found = await self._named(self.site.start, column.name)
        if found.url or not column.under:
            return found
        parent = await self._named(self.site.start, column.under)
        return await self._named(parent.url, column.name) if parent.url else replace(parent, name=column.name)

    async def _named(self, page: str, name: str) -> CheckedColumn:
        if page not in self.looked_up:
            self.looked_up[page] = await self._look(page)
        there, reading, said = self.looked_up[page]
        url = pages.find_column(there, name) if isinstance(there, Capture) else None
        if url:
            return CheckedColumn(name, url, f"by its name on {page}")
        seen = isinstance(there, Capture) and not isinstance(reading, Blocked)
        return CheckedColumn(name, problem=f"no link on {page} is called {name}" if seen else said)

    async def _with_article(self, found: CheckedColumn, listing: Listing) -> CheckedColumn:
        why = "none of its entries leads to a host that the site file names"
        own = [entry for entry in listing.entries if host_or_empty(entry.url) in self.site.all_hosts]
        for entry in sorted(own, key=lambda entry: entry.pinned)[:MAX_ARTICLE_TRIES]:
            _, reading, said = await self._look(entry.url)
            if isinstance(reading, Article):
                return replace(found, article=reading)
            why = f"no article: {said}"
        return replace(found, problem=why)

    async def _look(self, url: str) -> tuple[Capture | Missed, Reading | None, str]:
        """The answer, what it was read as, and what to say of it where it is not what it should be."""
        answer = await self.ask(url)
        if isinstance(answer, Missed):
            return answer, None, answer.reason if url in answer.reason else f"{url}: {answer.reason}"
        reading = pages.read(answer, self.site.layout)
        self.shown = self.shown or not isinstance(reading, Blocked)
        return answer, reading, f"{url}: {describe_reading(reading)}"
