"""The one spider: from a site's columns to their listings to the articles they name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
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
from lufeng_crawler.archive import Archive, CrawlTarget, timestamps
from lufeng_crawler.crawl_run import ColumnProgress, CrawlItem, CrawlRun
from lufeng_crawler.errors import ColumnNotFound, NotAListing, NotAnArticle, UsageError
from lufeng_crawler.items import Article, Blocked, File, Gone, Listing, Reading, Redirect, Unchanged
from lufeng_crawler.reader import open_archive
from lufeng_crawler.sites import Column, Site, host_of
from lufeng_crawler.spiders.attachments import AttachmentRequests
from lufeng_crawler.spiders.responses import end_if_nothing_can_be_kept, network, read_response

FIRST, LAST = 10, -10
"""Priorities: first pages of columns before articles, so that a block shows at once; further pages after the articles
of the page before, so that what waits in memory does not grow with the site."""


class NewsSpider(Spider):
    """Crawls the site its class was made for. Arguments as Scrapy passes them: `start`, `full`, `limit`."""

    site: ClassVar[Site]

    def __init__(self, run: CrawlRun, files: AttachmentRequests, owns_archive: bool) -> None:
        super().__init__()
        self.run, self.files = run, files
        self.owns_archive = owns_archive

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, archive: Archive | None = None, **options: Any) -> Self:
        """A spider with its run; it opens the archive of the settings where none is given."""
        settings = crawler.settings
        sites_folder = settings.get("LUFENG_SITES")
        site = _from(cls.site, options.get("start"))
        keeper = archive or open_archive(Path(settings["LUFENG_ARCHIVE"]), Path(sites_folder) if sites_folder else None)
        run = CrawlRun(
            site=site,
            archive=keeper,
            full=str(options.get("full", "")).lower() in ("1", "true", "yes"),
            limit=int(options.get("limit") or 0),
            vantage=settings.get("LUFENG_VANTAGE"),
            watch=options.get("watch"),
            now=options.get("now") or timestamps.now,
        )
        spider = cls(run, AttachmentRequests(run, settings), owns_archive=archive is None)
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
        columns = self.run.site.columns
        known = {column.name: url for column in columns if (url := column.url(self.run.site))}
        for name, url in known.items():
            yield self._listing(url, name, FIRST)
        if nameless := tuple(column for column in columns if column.name not in known):
            yield self._home(self.run.site.start, nameless)
        for wanted in [*self.run.frontier.pending_entries(self.run.now()), *self._revisits()]:
            if request := self._article(wanted):
                yield request
        for request in self.files.pending(self._most):
            yield request

    def parse_home(self, response: Response, columns: tuple[Column, ...]) -> Iterator[Request | CrawlItem]:
        """Find the columns' listings by their names; where only a parent is named, ask its page."""
        kept, reading = read_response(self.run, response)
        yield CrawlItem(kept, reading)
        self._note(reading)
        unnamed, parents = list[str](), dict[str, list[Column]]()
        for column in columns:
            if url := pages.find_column(kept.capture, column.name):
                yield self._listing(url, column.name, FIRST)
            elif column.under and (parent := pages.find_column(kept.capture, column.under)):
                parents.setdefault(parent, []).append(replace(column, under=None))
            else:
                unnamed.append(column.name)
        for parent, children in parents.items():
            yield self._home(parent, tuple(children))
        said = f" ({_says(reading)})" if isinstance(reading, Blocked | Gone) else ""
        yield from self._where_last(unnamed, f"not in the navigation of {response.url}{said}")
        if lost := [name for name in unnamed if self.run.following[name].problem]:
            raise ColumnNotFound(response.url, f"no link is called {', '.join(lost)}")

    def parse_listing(self, response: Response, column: str) -> Iterator[Request | CrawlItem]:
        """Ask for the articles that are news, and for the next page unless nothing was."""
        kept, reading = read_response(self.run, response)
        yield CrawlItem(kept, reading)
        following = self.run.following[column]
        if isinstance(reading, Unchanged):
            following.answered, following.sweep = True, "settled"
        elif isinstance(reading, Listing) and reading.entries:
            yield from self._follow(following, reading)
        else:
            following.problem = following.problem or f"{response.url} shows no entries ({_says(reading)})"
            self._note(reading)
            raise NotAListing(response.url, f"no entries ({_says(reading)})")

    def parse_article(self, response: Response) -> Iterator[Request | CrawlItem]:
        """Hand the article on and ask for its files; count what tells nothing."""
        kept, reading = read_response(self.run, response)
        yield CrawlItem(kept, reading)
        if isinstance(reading, Article | Unchanged):
            yield from self.files.of(response.url, reading)
        if isinstance(reading, Article | Unchanged | Gone | File):
            self.run.told += 1
            return
        self._note(reading)
        if response.status == HTTPStatus.OK and not isinstance(reading, Blocked):
            raise NotAnArticle(response.url, _says(reading))

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Count a request that brought no answer. A listing's is its column's problem; a home page can be missed."""
        end_if_nothing_can_be_kept(self.run)
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        if isinstance(failure.value, IgnoreRequest):
            why = str(failure.value)
            self.run.blocked[why] += 1
        else:
            why = f"{request.url}: {network(failure)}"
            self.run.unreachable[why] += 1
        if request.meta["kind"] == "listing":
            following = self.run.following[request.meta["column"]]
            following.problem = following.problem or why
        yield from self._where_last(request.meta.get("columns", ()), why)

    def _follow(self, following: ColumnProgress, page: Listing) -> Iterator[Request]:
        run, frontier = self.run, self.run.frontier
        news = frontier.new_entries(following.name, page.entries)
        if not following.answered:
            following.answered, following.entries = True, len(page.entries)
        reworded = frontier.changed_entries(following.name, page.entries)
        for entry in page.entries:
            if run.full or entry in news or entry in reworded:
                wanted = CrawlTarget(entry.url, entry.key, following.name)
                if request := self._article(wanted, entry in reworded):
                    yield request
        on = run.full or not frontier.is_settled(following.name) or any(not entry.pinned for entry in news)
        if not on or page.next_page is None:
            following.sweep = "settled" if on is False else "complete"
        elif page.next_page in following.pages:  # the last page of many sites offers itself again, or the first
            following.sweep = "complete"
        elif not run.enough:
            yield self._listing(page.next_page, following.name, LAST)

    def _revisits(self) -> list[CrawlTarget]:
        if self.run.full:
            return self.run.frontier.known_articles()
        return self.run.frontier.due_articles(self.run.now(), self._most)

    @property
    def _most(self) -> int:
        return self.settings.getint("LUFENG_REVISITS")

    def _where_last(self, columns: Iterable[str], why: str) -> Iterator[Request]:
        """Ask for columns where they were found last; for one that never was, `why` is its problem."""
        known = self.run.frontier.column_urls()
        for name in columns:
            if name in known:
                yield self._listing(known[name], name, FIRST)
            else:
                self.run.following[name].problem = why

    def _article(self, wanted: CrawlTarget, reworded: bool = False) -> Request | None:
        if not self.run.may_ask(wanted.url):
            return None
        meta = {"kind": "article", "column": wanted.column, "key": wanted.key, "reworded": reworded}
        return Request(wanted.url, self.parse_article, errback=self.failed, meta=meta)

    def _listing(self, url: str, column: str, priority: int) -> Request:
        self.run.following[column].pages.add(url)
        request = Request(url, self.parse_listing, errback=self.failed, cb_kwargs={"column": column}, priority=priority)
        return _even_if_seen(request, {"kind": "listing", "column": column})

    def _home(self, url: str, columns: tuple[Column, ...]) -> Request:
        request = Request(url, self.parse_home, errback=self.failed, cb_kwargs={"columns": columns}, priority=FIRST)
        return _even_if_seen(request, {"kind": "home", "columns": [column.name for column in columns]})

    def _note(self, reading: Reading) -> None:
        if isinstance(reading, Blocked):
            self.run.blocked[reading.signature] += 1


def _from(site: Site, start: str | None) -> Site:
    """The site as its file has it, or begun at another address."""
    if not start:
        return site
    try:
        host_of(start)
    except ValueError as error:
        raise UsageError(f"{start}: no address that a crawl can start at: {error}") from error
    return replace(site, start=start)


def _even_if_seen(request: Request, meta: dict[str, Any]) -> Request:
    """One page may be the home page, a column's parent and several columns at once."""
    return request.replace(meta=meta, dont_filter=True)


def _says(reading: Reading) -> str:
    said = getattr(reading, "signature", None) or getattr(reading, "reason", None)
    return str(said or (reading.url if isinstance(reading, Redirect) else type(reading).__name__.lower()))
