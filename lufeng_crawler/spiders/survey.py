"""A spider that fetches a few pages of a site, one after the other, under the rules of a crawl."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler

from lufeng_crawler.crawl_run import stored_capture
from lufeng_crawler.items import Capture
from lufeng_crawler.sites import Site
from lufeng_crawler.spiders.news import NewsSpider


@dataclass(frozen=True, slots=True)
class NotFetched:
    """A page that was not fetched; `reason` is one line."""

    reason: str


Fetch = Callable[[str], Awaitable[Capture | NotFetched]]
"""Fetches a URL, through redirects."""

Plan = Callable[[Site, Fetch], Awaitable[None]]
"""Looks at a site by fetching pages."""


class SurveySpider(NewsSpider):
    """Fetches what its plan fetches, under all rules of a crawl: robots.txt, delays, back-off, named hosts."""

    plan: Plan

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **options: Any) -> Self:
        """Make a news spider with a plan; the archive that it is given stores the responses."""
        spider = super().from_crawler(crawler, *args, **options)
        spider.plan = options["plan"]
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Follow the plan; schedule nothing."""
        await self.plan(self.run.site, self.fetch)
        no_requests: tuple[Request, ...] = ()
        for request in no_requests:
            yield request

    async def fetch(self, url: str) -> Capture | NotFetched:
        """Return the response of a URL as a capture, or why there is none."""
        request = Request(url)
        [response] = await asyncio.gather(self.crawler.engine.download_async(request), return_exceptions=True)
        if isinstance(response, BaseException):
            return NotFetched(next(iter(str(response).splitlines()), "") or type(response).__name__)
        stored = stored_capture(response.meta)
        if stored is None:
            return NotFetched(self.run.archive_failure or "its response could not be stored")
        capture: Capture = stored.capture
        return NotFetched(f"its answer broke off ({capture.truncated})") if capture.truncated else capture
