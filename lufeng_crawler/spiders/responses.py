"""What every callback does first with an answer, or with its failing."""

from __future__ import annotations

from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from lufeng_crawler.archive import StoredCapture
from lufeng_crawler.crawl_run import CrawlRun
from lufeng_crawler.items import Reading


def read_response(run: CrawlRun, response: Response) -> tuple[StoredCapture, Reading]:
    """The capture of an answer, and what it says. Raises CloseSpider as `end_if_nothing_can_be_kept` does."""
    end_if_nothing_can_be_kept(run)
    kept: StoredCapture = response.meta["kept"]
    return kept, run.archive.read(kept)


def end_if_nothing_can_be_kept(run: CrawlRun) -> None:
    """Raises CloseSpider where the archive takes no more."""
    if run.failure:
        raise CloseSpider(run.failure)


def network(failure: Failure) -> str:
    """What the network said instead of an answer, in a line."""
    return failure.getErrorMessage().splitlines()[0] or type(failure.value).__name__
