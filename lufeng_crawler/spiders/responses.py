"""What every callback does first: get the stored capture and its reading, or end a run that can store no more."""

from __future__ import annotations

from scrapy import Request
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from lufeng_crawler.archive import StoredCapture, Unanswered
from lufeng_crawler.archive.store.unanswered import UnansweredOutcome
from lufeng_crawler.crawl_run import CrawlRun, RequestPurpose, stored_capture
from lufeng_crawler.errors import LufengError
from lufeng_crawler.items import Reading
from lufeng_crawler.spiders.requests import first_url


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


def store_unanswered(run: CrawlRun, failure: Failure) -> None:
    """Store that a request brought no answer, under the URL that was asked for.

    Not where a redirect led to what may not be asked: the redirect is the answer.
    """
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
    outcome: UnansweredOutcome = "unreachable"
    if isinstance(failure.value, IgnoreRequest):
        outcome = "forbidden" if request.url in run.forbidden else "refused"
    if outcome == "refused" and request.meta.get("redirect_urls"):
        return
    purpose = RequestPurpose.of(request.meta)
    missing = Unanswered(
        site=run.site.name,
        url=first_url(request),
        kind=purpose.kind,
        column=purpose.column,
        at=run.now(),
        outcome=outcome,
        reason=network_error(failure),
    )
    try:
        run.archive.store_unanswered(missing, run.name)
    except LufengError as error:
        run.archive_failure = run.archive_failure or str(error)


def network_error(failure: Failure) -> str:
    """Return the network's error in one line."""
    causes: list[Failure] = getattr(failure.value, "reasons", None) or [failure]  # Twisted wraps what it met in a list
    return next(iter(causes[0].getErrorMessage().splitlines()), "") or type(causes[0].value).__name__
