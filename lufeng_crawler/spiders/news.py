"""The one spider: from a site's columns to their listings to the articles they name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from lufeng_crawler import pages
from lufeng_crawler.archive import Archive, Kept, Wanted, clock
from lufeng_crawler.errors import ColumnNotFound, NotAListing, NotAnArticle
from lufeng_crawler.items import Article, Blocked, Gone, Listing, Reading, Redirect, Unchanged
from lufeng_crawler.reader import open_archive
from lufeng_crawler.run import Following, Run, Seen
from lufeng_crawler.sites import Column, Site, host_of

FIRST, LAST = 10, -10
"""Priorities: first pages of columns before articles, so that a block shows at once; further pages after the articles
of the page before, so that what waits in memory does not grow with the site."""


class NewsSpider(Spider):
    """Crawls the site its class was made for. Arguments as Scrapy passes them: `start`, `full`, `limit`."""

    site: ClassVar[Site]

    def __init__(self, run: Run, owns_archive: bool) -> None:
        super().__init__()
        self.run = run
        self.owns_archive = owns_archive

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, archive: Archive | None = None, **options: Any) -> Self:
        """A spider with its run; it opens the archive of the settings where none is given."""
        settings = crawler.settings
        sites_folder = settings.get("LUFENG_SITES")
        keeper = archive or open_archive(Path(settings["LUFENG_ARCHIVE"]), Path(sites_folder) if sites_folder else None)
        site = replace(cls.site, start=options["start"]) if options.get("start") else cls.site
        run = Run(
            site=site,
            archive=keeper,
            full=str(options.get("full", "")).lower() in ("1", "true", "yes"),
            limit=int(options.get("limit") or 0),
            vantage=settings.get("LUFENG_VANTAGE"),
            watch=options.get("watch"),
            now=options.get("now") or clock.now,
        )
        spider = cls(run, owns_archive=archive is None)
        spider._set_crawler(crawler)
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Add the site file's `[scrapy]`; a table there is added to the setting of that name, not put in its place."""
        super().update_settings(settings)
        for name, value in cls.site.scrapy.items():
            merged = settings.getdict(name) | dict(value) if isinstance(value, Mapping) else value
            settings.set(name, merged, priority="spider")

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the columns, then for what was promised and not seen, then for what is due again."""
        known = {column.name: url for column in self.site_columns if (url := column.url(self.run.site))}
        for name, url in known.items():
            yield self._listing(url, name, FIRST)
        if nameless := tuple(column for column in self.site_columns if column.name not in known):
            yield self._home(self.run.site.start, nameless)
        for wanted in [*self.run.frontier.pending(self.run.now()), *self._revisits()]:
            if request := self._article(wanted):
                yield request

    @property
    def site_columns(self) -> tuple[Column, ...]:
        """The columns of the site as this run has it."""
        return self.run.site.columns

    def parse_home(self, response: Response, columns: tuple[Column, ...]) -> Iterator[Request | Seen]:
        """Find the columns' listings by their names; where only a parent is named, ask its page."""
        kept, reading = self._read(response)
        yield Seen(kept, reading)
        lost = []
        for column in columns:
            if url := pages.find_column(kept.capture, column.name):
                yield self._listing(url, column.name, FIRST)
            elif column.under and (parent := pages.find_column(kept.capture, column.under)):
                yield self._home(parent, (replace(column, under=None),))
            elif url := self.run.frontier.column_urls().get(column.name):
                yield self._listing(url, column.name, FIRST)
            else:
                lost.append(column.name)
        self._note(reading)
        if lost:
            self._lost(response.url, lost, reading)

    def parse_listing(self, response: Response, column: str) -> Iterator[Request | Seen]:
        """Ask for the articles that are news, and for the next page unless nothing was."""
        kept, reading = self._read(response)
        yield Seen(kept, reading)
        following = self.run.following[column]
        if isinstance(reading, Unchanged):
            following.answered, following.sweep = True, "settled"
        elif isinstance(reading, Listing) and reading.entries:
            yield from self._follow(following, reading)
        else:
            following.problem = following.problem or f"{response.url} shows no entries ({_says(reading)})"
            self._note(reading)
            raise NotAListing(response.url, f"no entries ({_says(reading)})")

    def parse_article(self, response: Response) -> Iterator[Seen]:
        """Hand the article on; count what is none."""
        kept, reading = self._read(response)
        yield Seen(kept, reading)
        if isinstance(reading, Article | Unchanged | Gone):
            return
        self.run.failed += 1
        self._note(reading)
        if response.status == HTTPStatus.OK and _is_page(kept) and not isinstance(reading, Blocked):
            raise NotAnArticle(response.url, _says(reading))

    def failed(self, failure: Failure) -> None:
        """Count a request that brought no answer; a column's is its problem."""
        meta = failure.request.meta  # type: ignore[attr-defined]  # Scrapy sets it
        if isinstance(failure.value, IgnoreRequest):
            why = str(failure.value) or "refused"
            if "robots.txt" in why:
                self.run.forbidden = f"{why}: {failure.request.url}"  # type: ignore[attr-defined]
            else:
                self.run.blocked[why] += 1
        else:
            why = f"{failure.request.url}: {_network(failure)}"  # type: ignore[attr-defined]
            self.run.unreachable[why] += 1
        self.run.failed += meta["kind"] == "article"
        for name in meta.get("columns") or ([meta["column"]] if meta["kind"] == "listing" else []):
            self.run.following[name].problem = self.run.following[name].problem or why

    def _follow(self, following: Following, page: Listing) -> Iterator[Request]:
        run, frontier = self.run, self.run.frontier
        news = frontier.unsettled(following.name, page.entries)
        if not following.answered:
            following.answered, following.entries = True, len(page.entries)
        reworded = frontier.reworded(following.name, page.entries)
        for entry in page.entries:
            if run.full or entry in news or entry in reworded:
                wanted = Wanted(entry.url, entry.key, following.name)
                if request := self._article(wanted, entry in reworded):
                    yield request
        on = run.full or not frontier.settled(following.name) or any(not entry.pinned for entry in news)
        if not on or page.next_page is None:
            following.sweep = "settled" if on is False else "complete"
        elif not self._enough():
            yield self._listing(page.next_page, following.name, LAST)

    def _revisits(self) -> list[Wanted]:
        if self.run.full:
            return self.run.frontier.known()
        return self.run.frontier.due(self.run.now(), self.settings.getint("LUFENG_REVISITS"))

    def _enough(self) -> bool:
        return 0 < self.run.limit <= self.run.asked

    def _article(self, wanted: Wanted, reworded: bool = False) -> Request | None:
        if host_of(wanted.url) not in self.run.hosts or self._enough():
            return None
        self.run.asked += 1
        meta = {"kind": "article", "column": wanted.column, "key": wanted.key, "reworded": reworded}
        return Request(wanted.url, self.parse_article, errback=self.failed, meta=meta)

    def _listing(self, url: str, column: str, priority: int) -> Request:
        meta = {"kind": "listing", "column": column}
        kwargs = {"column": column}
        return Request(url, self.parse_listing, errback=self.failed, meta=meta, cb_kwargs=kwargs, priority=priority)

    def _home(self, url: str, columns: tuple[Column, ...]) -> Request:
        meta = {"kind": "home", "column": None, "columns": [column.name for column in columns]}
        kwargs = {"columns": columns}
        return Request(url, self.parse_home, errback=self.failed, meta=meta, cb_kwargs=kwargs, priority=FIRST)

    def _read(self, response: Response) -> tuple[Kept, Reading]:
        kept: Kept = response.meta["kept"]
        return kept, self.run.archive.read(kept)

    def _note(self, reading: Reading) -> None:
        if isinstance(reading, Blocked):
            self.run.blocked[reading.signature] += 1

    def _lost(self, url: str, columns: list[str], reading: Reading) -> None:
        why = f"not in the navigation of {url}" + (f" ({_says(reading)})" if isinstance(reading, Blocked) else "")
        for name in columns:
            self.run.following[name].problem = why
        raise ColumnNotFound(url, f"no link is called {', '.join(columns)}")


def _says(reading: Reading) -> str:
    said = getattr(reading, "signature", None) or getattr(reading, "reason", None)
    return str(said or (reading.url if isinstance(reading, Redirect) else type(reading).__name__.lower()))


def _is_page(kept: Kept) -> bool:
    return "html" in (kept.capture.header("Content-Type") or "html")


def _network(failure: Failure) -> str:
    return failure.getErrorMessage().splitlines()[0] or type(failure.value).__name__
