"""Runs the spider of a site without Scrapy's engine and without sockets: a function answers, the archive records.

What decides is the real thing: the spider's callbacks, its middlewares, the recorder of runs. Only the engine is
missing: the queue by priority, redirects, and the errors that Scrapy logs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from lufeng_crawler.archive import Archive, Reader, open_archive
from lufeng_crawler.crawl_run import CrawlItem, CrawlReport, CrawlRun
from lufeng_crawler.errors import PageError
from lufeng_crawler.extensions import CaptureResponses, RunRecorder
from lufeng_crawler.middlewares import AllowedHosts, ConditionalRequests, SkipFreshArticles
from lufeng_crawler.pipelines import ArchivePipeline
from lufeng_crawler.settings import configured
from lufeng_crawler.sites import Site
from lufeng_crawler.spiders.attachments import AttachmentRequests
from lufeng_crawler.spiders.news import NewsSpider

MAX_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answers; `error` in its place is the network's."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"),)
    error: str | None = None
    cut: bool = False


Site_ = Callable[[Request], Answer]


@dataclass(slots=True)
class _Stats:
    counts: dict[str, Any] = field(default_factory=dict)

    def inc_value(self, name: str, count: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + count

    def get_stats(self) -> dict[str, Any]:
        return self.counts


@dataclass(slots=True)
class _Crawler:
    """As much of a Scrapy crawler as the parts of a crawl use."""

    settings: Settings
    spider: Any = None
    stats: _Stats = field(default_factory=_Stats)
    crawling: bool = True


@dataclass(slots=True)
class ScriptedCrawl:
    """Crawls `site` into the archive in `folder`; `answer` is called with each request."""

    folder: Any
    site: Site
    answer: Callable[[Request], Answer]
    reader: Reader
    settings: Settings = field(default_factory=lambda: configured())

    def run(self, now: str, full: bool = False, limit: int = 0) -> CrawlReport:
        """Crawl once at that time; the clock stands still while it lasts."""
        archive = open_archive(self.folder, self.reader, "test")
        try:
            return self._crawl(archive, now, full, limit)
        finally:
            archive.close()

    def _crawl(self, archive: Archive, now: str, full: bool, limit: int) -> CrawlReport:
        crawler = _Crawler(self.settings)
        run = CrawlRun(self.site, archive, full=full, limit=limit, now=lambda: now)
        spider: Any = NewsSpider.__new__(type("SiteSpider", (NewsSpider,), {"name": self.site.name, "site": self.site}))
        spider.run, spider.attachments, spider.close_archive = run, AttachmentRequests(run, self.settings), lambda: None
        spider.crawler, spider.settings, crawler.spider = crawler, self.settings, spider
        recorder = RunRecorder(crawler)
        recorder.spider_opened()
        _Engine(crawler, self.answer).follow(_started(spider))
        recorder.spider_closed(spider, "finished")
        assert run.report is not None
        return run.report


def _started(spider: NewsSpider) -> list[Request]:
    """Return the start requests: an async generator that never waits."""
    requests, starting = list[Request](), spider.start()
    while True:
        try:
            starting.__anext__().__await__().send(None)
        except StopIteration as step:
            requests.append(step.value)
        except StopAsyncIteration:
            return requests


class _Engine:
    """Takes requests by priority, gives each to the site, and its answer to the callback."""

    def __init__(self, crawler: Any, answer: Callable[[Request], Answer]) -> None:
        self.crawler, self.answer = crawler, answer
        self.skip, self.conditional = SkipFreshArticles(crawler), ConditionalRequests(crawler)
        self.hosts, self.captures, self.pipeline = (
            AllowedHosts(crawler),
            CaptureResponses(crawler),
            ArchivePipeline(crawler),
        )
        self.queue: list[Request] = []

    def follow(self, requests: Iterable[Request]) -> None:
        self._add(requests)
        while self.queue:
            request = max(self.queue, key=lambda each: each.priority)
            self.queue.remove(request)
            self._add(self._fetch(request))

    def _add(self, results: Iterable[Any]) -> None:
        for result in results:
            if isinstance(result, CrawlItem):
                self.crawler.spider.run.archive.set_reading(result.stored, result.reading)
            elif request := self.skip.get_processed_request(result, None):
                self.queue.append(request)

    def _fetch(self, request: Request, hops: int = 0) -> Iterable[Any]:
        self.crawler.stats.inc_value("downloader/request_count")
        try:
            self.hosts.process_request(request)
        except IgnoreRequest as error:
            return self._failed(request, error)
        self.conditional.process_request(request)
        answer = self.answer(request)
        if answer.error:
            return self._failed(request, OSError(answer.error))
        response = self._stored(request, answer)
        location = dict(answer.headers).get("Location")
        if location and answer.status in (301, 302, 307, 308) and not request.meta.get("dont_redirect"):
            urls = [*request.meta.get("redirect_urls", []), request.url]
            if hops == MAX_REDIRECTS:
                return self._failed(request, IgnoreRequest("too many redirects"))
            return self._fetch(request.replace(url=location, meta=request.meta | {"redirect_urls": urls}), hops + 1)
        return self._called(request, response)

    def _stored(self, request: Request, answer: Answer) -> Response:
        response = HtmlResponse(request.url, status=answer.status, body=answer.body, request=request)
        for name, value in answer.headers:
            response.headers.appendlist(name, value)
        if answer.cut:
            response.flags.append("dataloss")
        self.captures.response_downloaded(response, request)
        return response

    def _called(self, request: Request, response: Response) -> Iterable[Any]:
        results = list[Any]()
        try:
            results.extend(each for each in request.callback(response, **request.cb_kwargs))  # type: ignore[misc]
        except PageError as error:
            self.crawler.stats.inc_value("spider_exceptions/count")
            self.crawler.stats.inc_value(f"spider_exceptions/{type(error).__name__}")
        return results

    def _failed(self, request: Request, error: Exception) -> Iterable[Any]:
        failure: Any = Failure(error)  # type: ignore[no-untyped-call]
        failure.request = request
        return list(request.errback(failure) or ()) if request.errback else ()
