"""Asks for the files that articles link to: each once a run, and only where somebody named their host."""

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

from lufeng_crawler.crawl_run import CrawlItem, CrawlRun
from lufeng_crawler.items import Article, Unchanged
from lufeng_crawler.spiders.responses import end_if_nothing_can_be_kept, network, read_response

log = logging.getLogger(__name__)

PATIENCE = 5
"""A file may take so many times as long as a page. One that fails is asked for by the next run, not again at once."""

SILENT = 3
"""Files in a row without an answer, behind which their host is left alone: each may cost minutes."""

PLAIN = {"Accept": "*/*", "Accept-Encoding": "identity"}
"""In no coding, so that the payload of the answer is the file."""


class AttachmentRequests:
    """The attachments of one run. What becomes of them lowers nothing: the run is judged by its articles."""

    def __init__(self, run: CrawlRun, settings: BaseSettings) -> None:
        self.run = run
        self.wanted = settings.getint("LUFENG_LARGEST_FILE") > 0
        self.meta = {
            "kind": "attachment",
            "download_timeout": PATIENCE * settings.getfloat("DOWNLOAD_TIMEOUT"),
            "max_retry_times": 0,
        }
        self._seen: set[str] = set()
        self._silent: Counter[str] = Counter()

    def of(self, url: str, reading: Article | Unchanged) -> Iterator[Request]:
        """Ask for the files of the article that was read at `url`, as far as they are due."""
        return self._ask(self.run.frontier.files_to_fetch(url, reading, self.run.full))

    def pending(self, most: int) -> Iterator[Request]:
        """Ask for what an earlier run should have got, `most` at most."""
        return self._ask(self.run.frontier.pending_files(self.run.now(), most))

    def parse(self, response: Response) -> Iterator[CrawlItem]:
        """Hand the file on, or what was given in its place."""
        self._silent.pop(urlsplit(response.url).netloc, None)
        yield CrawlItem(*read_response(self.run, response))

    def failed(self, failure: Failure) -> None:
        """Count a file that brought no answer."""
        end_if_nothing_can_be_kept(self.run)
        url = failure.request.url  # type: ignore[attr-defined]  # Scrapy sets it
        if isinstance(failure.value, IgnoreRequest):
            self._refuse(url, str(failure.value))
        else:
            self.run.unreachable[f"{url}: {network(failure)}"] += 1
            self._silent[urlsplit(url).netloc] += 1

    def _ask(self, urls: Iterable[str]) -> Iterator[Request]:
        for url in urls:
            if not self.wanted or url in self._seen:
                continue
            self._seen.add(url)
            if not self.run.may_ask(url):
                self._refuse(url, f"the file of site {self.run.site.name} does not name it (hosts)")
            elif self._silent[urlsplit(url).netloc] >= SILENT:
                self._refuse(url, "it gave no answer to the last of them")
            else:
                # Not for Scrapy's filter of duplicates: a listing may name the same address as an article.
                file = Request(url, self.parse, errback=self.failed, headers=PLAIN, dont_filter=True)
                yield file.replace(meta=self.meta)

    def _refuse(self, url: str, why: str) -> None:
        host = urlsplit(url).netloc
        if not self.run.refused[host]:
            log.warning("attachments at %s are not asked for: %s", host, why)
        self.run.refused[host] += 1
