"""What every callback does first: get the stored capture and its reading, or end a run that can store no more."""

from __future__ import annotations

from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from lufeng_crawler.archive import StoredCapture
from lufeng_crawler.crawl_run import CrawlRun, stored_capture
from lufeng_crawler.items import Reading


def read_response(run: CrawlRun, response: Response) -> tuple[StoredCapture, Reading]:
    """Return the capture of a response and its reading. Raises CloseSpider as `close_if_archive_failed` does."""
    close_if_archive_failed(run)
    stored = stored_capture(response.meta)
    assert stored is not None  # every response is stored, or the archive has failed
    return stored, run.archive.read(stored)


def close_if_archive_failed(run: CrawlRun) -> None:
    """Raise CloseSpider if the archive can store no more."""
    if run.archive_failure:
        raise CloseSpider(run.archive_failure)


def network_error(failure: Failure) -> str:
    """Return the network's error in one line."""
    return failure.getErrorMessage().splitlines()[0] or type(failure.value).__name__
