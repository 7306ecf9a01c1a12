"""Requests the files that articles link to: each once a run, and only from hosts that the site file names."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from lufeng_crawler.crawl_run import CrawlItem, CrawlRun, RequestPurpose
from lufeng_crawler.items import Article, Unchanged
from lufeng_crawler.spiders.responses import close_if_archive_failed, network_error, read_response

log = logging.getLogger(__name__)

TIMEOUT_FACTOR = 5
"""A file may take so many times as long as a page. One that fails is requested by the next run, not retried."""

MAX_FAILURES = 3
"""After so many failures in a row a host is left alone: each may cost minutes."""

HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity"}
"""Without a content coding, so that the payload of the response is the file."""


class AttachmentRequests:
    """The attachments of one run. Their failures do not lower its outcome: a run is judged by its articles."""

    def __init__(self, run: CrawlRun, settings: BaseSettings) -> None:
        self.run = run
        self.is_enabled = settings.getint("LUFENG_LARGEST_FILE") > 0
        self.meta = RequestPurpose("attachment").as_meta() | {
            "download_timeout": TIMEOUT_FACTOR * settings.getfloat("DOWNLOAD_TIMEOUT"),
            "max_retry_times": 0,
        }
        self._seen: set[str] = set()
        self._failures: Counter[str] = Counter()

    def of_article(self, url: str, reading: Article | Unchanged) -> Iterator[Request]:
        """Request the files of the article that was read at `url`, as far as they are due."""
        return self._requests(self.run.frontier.files_to_fetch(url, reading, self.run.full))

    def pending(self, most: int) -> Iterator[Request]:
        """Request what earlier runs failed to fetch, `most` at most."""
        return self._requests(self.run.frontier.pending_files(self.run.now(), most))

    def parse(self, response: Response) -> Iterator[CrawlItem]:
        """Yield the file, or what the site sent in its place."""
        self._failures.pop(urlsplit(response.url).netloc, None)
        yield CrawlItem(*read_response(self.run, response))

    def failed(self, failure: Failure) -> None:
        """Count a file that could not be fetched."""
        close_if_archive_failed(self.run)
        url = failure.request.url  # type: ignore[attr-defined]  # Scrapy sets it
        if isinstance(failure.value, IgnoreRequest):
            self._refuse(url, str(failure.value))
        else:
            self.run.unreachable[f"{url}: {network_error(failure)}"] += 1
            self._failures[urlsplit(url).netloc] += 1

    def _requests(self, urls: Iterable[str]) -> Iterator[Request]:
        for url in urls:
            if not self.is_enabled or url in self._seen:
                continue
            self._seen.add(url)
            if not self.run.may_request(url):
                self._refuse(url, f"the file of site {self.run.site.name} does not name it (hosts)")
            elif self._failures[urlsplit(url).netloc] >= MAX_FAILURES:
                self._refuse(url, "it gave no answer to the last of them")
            else:
                # Past Scrapy's duplicate filter: a listing may name the same URL as an article.
                file = Request(url, self.parse, errback=self.failed, headers=HEADERS, dont_filter=True)
                yield file.replace(meta=self.meta)

    def _refuse(self, url: str, reason: str) -> None:
        host = urlsplit(url).netloc
        if not self.run.refused[host]:
            log.warning("attachments at %s are not asked for: %s", host, reason)
        self.run.refused[host] += 1
