"""Scrapy extensions: store every response as it comes in; record each run's start, outcome and end."""

from __future__ import annotations

import logging
import socket
from contextlib import ExitStack
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.robotstxt import RobotParser
from twisted.python.failure import Failure

from lufeng_crawler import demo
from lufeng_crawler.archive import RequestMetadata, RunEnd
from lufeng_crawler.archive.queries.run_notes import run_notes
from lufeng_crawler.archive.run_outcomes import COUNTS
from lufeng_crawler.archive.timestamps import parse
from lufeng_crawler.crawl_run import (
    CrawlPart,
    CrawlReport,
    CrawlRun,
    RequestPurpose,
    is_conditional,
    set_stored_capture,
)
from lufeng_crawler.errors import LufengError, NotAListing, NotAnArticle, PageError
from lufeng_crawler.items import Capture
from lufeng_crawler.post_address import post_address

log = logging.getLogger(__name__)

LAYOUT_ALARMS = (NotAListing, NotAnArticle)
"""The errors that count as layout alarms: Scrapy counts what callbacks raise by the names of the classes."""


class CaptureResponses(CrawlPart):
    """Stores each response as it was served, before anything else sees it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.largest = crawler.settings.getint("LUFENG_LARGEST")
        self.largest_file = crawler.settings.getint("LUFENG_LARGEST_FILE")
        self._received: WeakKeyDictionary[Request, int] = WeakKeyDictionary()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension and connect it to the crawler's signals."""
        extension = super().from_crawler(crawler)
        crawler.signals.connect(extension.response_downloaded, signals.response_downloaded)
        crawler.signals.connect(extension.headers_received, signals.headers_received)
        crawler.signals.connect(extension.bytes_received, signals.bytes_received)
        return extension

    def headers_received(self, body_length: int | str, request: Request) -> None:
        """Stop before the body of an attachment whose Content-Length is too large; Scrapy has a word where none is."""
        if _is_attachment(request) and isinstance(body_length, int) and body_length > self.largest_file:
            raise StopDownload(fail=False)

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Stop at the largest body we hold; what has come is stored as truncated."""
        self._received[request] = self._received.get(request, 0) + len(data)
        if self._received[request] > (self.largest_file if _is_attachment(request) else self.largest):
            raise StopDownload(fail=False)

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Write the response to the WARC. If that fails (a full disk), the spider ends the run."""
        run = self.run
        try:
            metadata = _request_metadata(run, request, response)
            stored = run.archive.store(_capture(run, request, response), run.name, metadata)
        except LufengError as error:
            run.archive_failure = run.archive_failure or str(error)
            return
        set_stored_capture(request.meta, stored)
        run.responses += 1
        if run.watch:
            run.watch(run)


class RunRecorder(CrawlPart):
    """Records the run's start and end in the archive, and judges it."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension and connect it to the crawler's signals."""
        extension = super().from_crawler(crawler)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        """Record the run's start."""
        self.run.archive.begin(self.run.start_record())

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Record the run's end in the archive, and log its outcome in one line."""
        run, counts, notes = self.run, dict[str, int](), list[str]()
        try:
            run.archive.flush()  # the judgement needs what this run has listed
            ending = self._ending(run, reason)
            counts = run.archive.end(ending)
            notes = run_notes(run.archive.db, run.name)
            spider.close_archive()  # type: ignore[attr-defined]  # a NewsSpider
        except LufengError as error:
            run.archive_failure = run.archive_failure or str(error)
            ending = self._ending(run, reason)
        run.report = replace(_report(run, ending, counts), notes=(*filter(None, [run.clock_note]), *notes))
        log.info("%s: %s%s", run.site.name, ending.outcome, f" ({ending.reason})" if ending.reason else "")

    def _ending(self, run: CrawlRun, reason: str) -> RunEnd:
        stats = self.crawler.stats.get_stats()
        outcome, why = run.judge(reason == "finished", reason)
        alarms = sum(stats.get(f"spider_exceptions/{error.__name__}", 0) for error in LAYOUT_ALARMS)
        return RunEnd(
            name=run.name,
            finished_at=run.now(),
            outcome=outcome,
            reason=why,
            requests=stats.get("downloader/request_count", 0),
            errors=sum(run.unreachable.values()) + stats.get("spider_exceptions/count", 0),
            layout_alarms=alarms,
            coverage={name: coverage.as_json() for name, coverage in run.coverage().items()},
            proves=run.proves(outcome),
            stats={name: value for name, value in stats.items() if isinstance(value, int | float | str)},
        )


class CrawlDelay(CrawlPart):
    """Obeys the Crawl-delay of robots.txt."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension and connect it to the crawler's signals."""
        extension = super().from_crawler(crawler)
        crawler.signals.connect(extension.robots_parsed, signals.robots_parsed)
        return extension

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Use the host's Crawl-delay where it is longer than ours."""
        downloader, host = self.crawler.engine.downloader, urlsplit(request.url).hostname or ""
        if crawl_delay := robotparser.crawl_delay(self.crawler.settings["USER_AGENT"]):
            delay = max(crawl_delay, self.crawler.settings.getfloat("DOWNLOAD_DELAY"))
            downloader.per_slot_settings[host] = {"delay": delay, "jitter": 0}  # Scrapy forgets idle slots
            if slot := downloader.slots.get(host):
                slot.delay, slot.jitter = delay, 0


class PageErrorLogFormatter(LogFormatter):
    """Scrapy's log without the traceback of a page that is not what it promised: the run's reason names it."""

    def spider_error(
        self, failure: Failure, request: Request, response: Response | Failure, spider: Spider
    ) -> LogFormatterResult:
        """Return Scrapy's message, at the level DEBUG for a PageError."""
        message = super().spider_error(failure, request, response, spider)
        return {**message, "level": logging.DEBUG} if isinstance(failure.value, PageError) else message


class ServeDemo(CrawlPart):
    """Serves the demo county while its spider runs, unless `start` says where it is served or it is served already."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._serving = ExitStack()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension and connect it to the crawler's signals."""
        extension = super().from_crawler(crawler)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        site = extension.run.site
        port = urlsplit(site.start).port or 0
        if site is crawler.spidercls.site and not _listens(port):  # type: ignore[attr-defined]  # a NewsSpider
            extension._serving.enter_context(demo.serve(port=port))
        return extension

    def spider_closed(self) -> None:
        """Stop serving."""
        self._serving.close()


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _capture(run: CrawlRun, request: Request, response: Response) -> Capture:
    purpose = RequestPurpose.of(request.meta)
    is_post = request.method == "POST"
    return Capture(
        url=post_address(response.url, request.body.decode("latin-1")) if is_post else response.url,
        fetched_at=run.now(),
        status=response.status,
        headers=_pairs(response.headers),
        body=response.body,
        site=run.site.name,
        column=purpose.column,
        kind="robots" if request.meta.get("dont_obey_robotstxt") else purpose.kind,
        truncated=_truncated(response.flags),
        listed_title=purpose.listed_title,
        listed_published=purpose.listed_published,
        conditional=is_conditional(request) if response.status == HTTPStatus.NOT_MODIFIED else None,
    )


def _request_metadata(run: CrawlRun, request: Request, response: Response) -> RequestMetadata:
    ip = str(response.ip_address) if response.ip_address else None
    return RequestMetadata(request.method, _pairs(request.headers), ip, run.vantage)


def _is_attachment(request: Request) -> bool:
    return RequestPurpose.of(request.meta).kind == "attachment"


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    """Return headers as pairs, repeated ones repeated; latin-1, so that every byte survives."""
    named = ((name.decode("latin-1"), values) for name, values in headers.items())
    return tuple((name, value.decode("latin-1")) for name, values in named for value in values)


def _truncated(flags: list[str]) -> str | None:
    """Return WARC's word for why a body is cut (WARC 1.1, 5.13)."""
    if "download_stopped" in flags:
        return "length"
    return "disconnect" if "dataloss" in flags else None


def _report(run: CrawlRun, ending: RunEnd, counts: dict[str, int]) -> CrawlReport:
    return CrawlReport(
        site=run.site.name,
        run=run.name,
        outcome=ending.outcome,
        reason=ending.reason,
        counts={count.name: counts.get(count.name, 0) for count in COUNTS},
        refused=dict(run.refused),
        coverage=ending.coverage,
        failures=dict(run.failed),
        seconds=(parse(ending.finished_at) - parse(run.started_at)).total_seconds(),
    )
