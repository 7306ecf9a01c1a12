"""The one spider: follows a site's columns to their listings and to the articles that these name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, ClassVar, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from lufeng_crawler import pages
from lufeng_crawler.archive import Archive, CrawlTarget, timestamps
from lufeng_crawler.archive.history.listed_lines import identity
from lufeng_crawler.column_progress import ColumnProgress, is_empty_page
from lufeng_crawler.crawl_run import CrawlItem, CrawlRun, RequestPurpose
from lufeng_crawler.errors import ColumnNotFound, NotAListing, NotAnArticle, SiteFileError, UsageError
from lufeng_crawler.items import Article, Blocked, Entry, File, Gone, Listing, Reading, Redirect, Unchanged
from lufeng_crawler.pages.text.urls import url_host
from lufeng_crawler.sites import Column, Site, host_of
from lufeng_crawler.spiders.attachments import AttachmentRequests
from lufeng_crawler.spiders.open_archives import open_for_spider
from lufeng_crawler.spiders.requests import first_url, page_request
from lufeng_crawler.spiders.responses import close_if_archive_failed, network_error, read_response, store_unanswered

PROBE, FIRST_PAGE, NEXT_PAGE = 20, 10, -10
"""Priorities: the probe first, so that the run's other answers are compared with it; first pages of columns before
articles, so that a block shows at once; further pages after the articles of the page before, so that the queue in
memory does not grow with the site.
"""


class NewsSpider(Spider):
    """Crawls the site its class was made for. Arguments as Scrapy passes them: `start`, `full`, `limit`."""

    site: ClassVar[Site]

    def __init__(self, run: CrawlRun, attachments: AttachmentRequests, close_archive: Callable[[], None]) -> None:
        super().__init__()
        self.run, self.attachments = run, attachments
        self.close_archive = close_archive

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, archive: Archive | None = None, **options: Any) -> Self:
        """Make the spider and its run; open the archive of the settings where none is given."""
        settings = crawler.settings
        site, limit = _with_start(cls.site, options.get("start")), _parse_limit(options.get("limit") or 0)
        open_one, close_archive = (archive, _leave_open) if archive else open_for_spider(settings)
        run = CrawlRun(
            site=site,
            archive=open_one,
            full=str(options.get("full", "")).lower() in ("1", "true", "yes"),
            limit=limit,
            vantage=settings.get("LUFENG_VANTAGE"),
            watch=options.get("watch"),
            now=options.get("now") or timestamps.now,
        )
        spider = cls(run, AttachmentRequests(run, settings), close_archive)
        spider._set_crawler(crawler)
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Add the site file's `[scrapy]`; a table there is merged into the setting of that name."""
        super().update_settings(settings)
        for name, value in cls.site.scrapy.items():
            try:
                merged = settings.getdict(name) | dict(value) if isinstance(value, Mapping) else value
                settings.set(name, merged, priority="spider")
            except (TypeError, ValueError) as error:
                problem = f"Scrapy does not take this for the setting: {error}"
                raise SiteFileError(f"{cls.site.name}.toml", f"scrapy.{name}", problem) from error

    async def start(self) -> AsyncIterator[Request]:
        """Request the columns, then entries never fetched, then articles and attachments that are due again."""
        for request in self._probe():
            yield request
        columns = self.run.site.columns
        known = {column.name: url for column in columns if (url := column.url(self.run.site))}
        for name, url in known.items():
            yield self._listing_request(url, name, FIRST_PAGE)
        if unlocated := tuple(column for column in columns if column.name not in known):
            yield self._home_request(self.run.site.start, unlocated)
        for target in [*self.run.frontier.pending_entries(self.run.now()), *self._revisits()]:
            if self.run.may_request(target.url):
                yield self._article_request(target)
        for request in self.attachments.pending(self._max_revisits):
            yield request

    def parse_home(self, response: Response, columns: tuple[Column, ...]) -> Iterator[Request | CrawlItem]:
        """Find the columns' listings by their names; where only a parent column is found, request its page."""
        stored, reading = read_response(self.run, response)
        yield CrawlItem(stored, reading)
        self._count_block(reading)
        missing, parents = list[str](), dict[str, list[Column]]()
        for column in columns:
            if url := pages.find_column(stored.capture, column.name):
                yield self._listing_request(url, column.name, FIRST_PAGE)
            elif column.under and (parent := pages.find_column(stored.capture, column.under)):
                parents.setdefault(parent, []).append(replace(column, under=None))
            else:
                missing.append(column.name)
        for parent, children in parents.items():
            yield self._home_request(parent, tuple(children))
        reason = f" ({_describe(reading)})" if isinstance(reading, Blocked | Gone) else ""
        yield from self._request_at_last_urls(missing, f"not in the navigation of {response.url}{reason}")
        if lost := [name for name in missing if self.run.progress[name].problem]:
            raise ColumnNotFound(response.url, f"no link is called {', '.join(lost)}")

    def parse_listing(self, response: Response, column: str) -> Iterator[Request | CrawlItem]:
        """Request the new articles, and the next page if there are any."""
        stored, reading = read_response(self.run, response)
        yield CrawlItem(stored, reading)
        progress = self.run.progress[column]
        if isinstance(reading, Unchanged):
            progress.answered, progress.end = True, "unchanged"
        elif isinstance(reading, Listing) and reading.entries:
            yield from self._follow(progress, reading)
            yield from self._absent_articles(progress)
        elif progress.pages and (progress.has_all_stated or is_empty_page(pages.visible_lines(stored.capture))):
            progress.end = "last page"  # the page before offered one more than there are
        else:
            progress.problem = progress.problem or f"{response.url} shows no entries ({_describe(reading)})"
            self._count_failure(response, reading)
            raise NotAListing(response.url, f"no entries ({_describe(reading)})")

    def parse_article(self, response: Response) -> Iterator[Request | CrawlItem]:
        """Yield the article and request its attachments; raise NotAnArticle for what should have been one."""
        stored, reading = read_response(self.run, response)
        yield CrawlItem(stored, reading)
        if isinstance(reading, Article | Unchanged):
            yield from self.attachments.of_article(response.url, reading)
        if is_learned := self.run.archive.is_denial(stored, reading):
            self.run.learned_denials += 1
        if is_learned or isinstance(reading, Article | Unchanged | Gone | File):
            self.run.articles_answered += 1
            return
        self._count_failure(response, reading)
        if response.status == HTTPStatus.OK and not isinstance(reading, Blocked):
            raise NotAnArticle(response.url, _describe(reading))

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Count a failed request. A listing's is its column's problem; columns of a home page are tried elsewhere."""
        close_if_archive_failed(self.run)
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        purpose = RequestPurpose.of(request.meta)
        store_unanswered(self.run, failure)
        if purpose.kind == "probe":
            return  # nobody needs what it asks for
        self.run.failed[first_url(request)] = network_error(failure)
        if isinstance(failure.value, IgnoreRequest):
            reason = str(failure.value)
            self.run.blocked[reason] += 1
        else:
            reason = f"{request.url}: {network_error(failure)}"
            self.run.unreachable[reason] += 1
        if purpose.kind == "listing" and purpose.column:
            progress = self.run.progress[purpose.column]
            progress.problem = progress.problem or reason
        yield from self._request_at_last_urls(purpose.columns, reason)

    def _follow(self, progress: ColumnProgress, listing: Listing) -> Iterator[Request]:
        """Request the articles that a page names, and the next page unless everything from there on is known."""
        run, frontier = self.run, self.run.frontier
        new = frontier.new_entries(progress.name, listing.entries)
        if not progress.pages:
            progress.had_lines = frontier.has_lines(progress.name, run.started_at)
        progress.is_any_known |= frontier.knows_any(progress.name, listing.entries, run.started_at)
        progress.add_page(listing, identity)
        reworded = frontier.changed_entries(progress.name, listing.entries)
        for entry in listing.entries:
            if not entry.url:
                continue  # a line of text; it is listed all the same
            if not run.may_request(entry.url):
                progress.elsewhere[url_host(entry.url)] += 1
            elif run.full or entry in new or entry in reworded:
                yield self._article_request(_target(entry, progress.name), entry in reworded)
        has_new = not frontier.is_settled(progress.name) or any(not entry.pinned for entry in new)
        goes_on = has_new or progress.is_second_look or run.must_sweep(progress.name)
        if listing.next_page is None or listing.next_page in progress.urls:
            progress.end = "last page"  # many sites' last page offers itself again, or the first
        elif not goes_on:
            progress.end = "known lines"
        elif progress.has_enough_pages or run.is_limit_reached:
            progress.end = "enough pages" if progress.has_enough_pages else "limit"
        else:
            yield self._listing_request(listing.next_page, progress.name, NEXT_PAGE)

    def _absent_articles(self, progress: ColumnProgress) -> Iterator[Request]:
        """Request the articles that a sweep has missed in the listing: only one that is still there is delisted."""
        run = self.run
        if progress.end != "last page":
            return
        coverage = run.coverage()[progress.name]
        if not coverage.is_sweep:
            return
        run.archive.flush()  # the lines of this run are compared with those of the runs before
        absent = run.frontier.absent_articles(run.name, progress.name, run.archive.recorder.read_again)
        if absent and not progress.is_second_look and not coverage.is_sure:
            yield self._listing_request(progress.look_again(), progress.name, NEXT_PAGE)
            return
        for target in absent:
            yield self._article_request(target, is_reworded=True)

    def parse_probe(self, response: Response) -> Iterator[CrawlItem]:
        """Yield what the site answers for an address that cannot exist: the archive learns from it."""
        yield CrawlItem(*read_response(self.run, response))

    def _probe(self) -> Iterator[Request]:
        """Ask, seldom, for an address that cannot exist, so that the site's own "not there" is known.

        The article that it is made from is asked for as well: where that is not shown either, the probe says nothing.
        A crawl with a limit has none to spare.
        """
        run = self.run
        source = None if run.limit else run.frontier.probe_source(run.now())
        url = pages.impossible_url(source.url) if source else None
        if source and url and run.may_request(url):
            yield self._article_request(source, is_reworded=True)
            meta = RequestPurpose("probe").as_meta() | {"dont_redirect": True, "max_retry_times": 0}
            yield Request(url, self.parse_probe, errback=self.failed, meta=meta, dont_filter=True, priority=PROBE)

    def _revisits(self) -> list[CrawlTarget]:
        if self.run.full:
            return self.run.frontier.known_articles()
        return self.run.frontier.due_articles(self.run.now(), self._max_revisits)

    @property
    def _max_revisits(self) -> int:
        return self.settings.getint("LUFENG_REVISITS")

    def _request_at_last_urls(self, columns: Iterable[str], problem: str) -> Iterator[Request]:
        """Request columns where they were found last; for one that never was, record the problem."""
        known = self.run.frontier.column_urls()
        for name in columns:
            if name in known:
                yield self._listing_request(known[name], name, FIRST_PAGE)
            else:
                self.run.progress[name].problem = problem

    def _article_request(self, target: CrawlTarget, is_reworded: bool = False) -> Request:
        purpose = RequestPurpose(
            "article",
            target.column,
            key=target.key,
            is_reworded=is_reworded,
            listed_title=target.listed_title,
            listed_published=target.listed_published,
        )
        return page_request(target.url, self.parse_article, errback=self.failed, meta=purpose.as_meta())

    def _listing_request(self, url: str, column: str, priority: int) -> Request:
        progress = self.run.progress[column]
        progress.first_url = progress.first_url or url
        progress.urls.add(url)
        options = {"cb_kwargs": {"column": column}, "priority": priority}
        request = page_request(url, self.parse_listing, errback=self.failed, **options)
        return _unfiltered(request, RequestPurpose("listing", column))

    def _home_request(self, url: str, columns: tuple[Column, ...]) -> Request:
        purpose = RequestPurpose("home", columns=tuple(column.name for column in columns))
        request = Request(
            url, self.parse_home, errback=self.failed, cb_kwargs={"columns": columns}, priority=FIRST_PAGE
        )
        return _unfiltered(request, purpose)

    def _count_failure(self, response: Response, reading: Reading) -> None:
        assert response.request is not None  # Scrapy sets it
        self.run.failed[first_url(response.request)] = _describe(reading)
        self._count_block(reading)

    def _count_block(self, reading: Reading) -> None:
        if isinstance(reading, Blocked):
            self.run.blocked[reading.signature] += 1


def _with_start(site: Site, start: str | None) -> Site:
    """Return the site as its file has it, or with another start."""
    if not start:
        return site
    try:
        host_of(start)
    except ValueError as error:
        raise UsageError(f"{start}: no address that a crawl can start at: {error}") from error
    return replace(site, start=start)


def _target(entry: Entry, column: str) -> CrawlTarget:
    return CrawlTarget(entry.url, entry.key, column, entry.title, entry.published)


def _parse_limit(text: object) -> int:
    try:
        return int(str(text))
    except ValueError as error:
        raise UsageError(f"limit must be a number, not {text}") from error


def _leave_open() -> None:
    """Leave the archive to whoever gave it to the spider."""


def _unfiltered(request: Request, purpose: RequestPurpose) -> Request:
    """Bypass the duplicate filter: one page may be the home page, a column's parent and several columns at once."""
    return request.replace(meta=purpose.as_meta(), dont_filter=True)


def _describe(reading: Reading) -> str:
    reason = getattr(reading, "signature", None) or getattr(reading, "reason", None)
    return str(reason or (reading.url if isinstance(reading, Redirect) else type(reading).__name__.lower()))
