"""A spider that looks at a few pages of a site, one after the other, the way a crawl asks for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler

from lufeng_crawler.items import Capture
from lufeng_crawler.sites import Site
from lufeng_crawler.spiders.news import NewsSpider


@dataclass(frozen=True, slots=True)
class Missed:
    """There was no answer, or we did not ask: `reason` is one line."""

    reason: str


Ask = Callable[[str], Awaitable[Capture | Missed]]
"""Asks for an address: what it (or the page that it redirects to) answers."""

Plan = Callable[[Site, Ask], Awaitable[None]]
"""Looks at a site by asking."""


class SurveySpider(NewsSpider):
    """Does what its plan asks for, under all the rules of a crawl: robots.txt, delays, rests, named hosts."""

    plan: Plan

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **options: Any) -> Self:
        """A news spider with a plan; the archive that it is given takes what is answered."""
        spider = super().from_crawler(crawler, *args, **options)
        spider.plan = options["plan"]
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Follow the plan; there is nothing to schedule."""
        await self.plan(self.run.site, self.ask)
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def ask(self, url: str) -> Capture | Missed:
        """The answer of an address, or why there is none."""
        request = Request(url)
        [answer] = await asyncio.gather(self.crawler.engine.download_async(request), return_exceptions=True)
        if isinstance(answer, BaseException):
            return Missed(next(iter(str(answer).splitlines()), "") or type(answer).__name__)
        if "kept" not in answer.meta:
            return Missed(self.run.failure or "what it answered could not be kept")
        capture: Capture = answer.meta["kept"].capture
        return Missed(f"its answer broke off ({capture.truncated})") if capture.truncated else capture
