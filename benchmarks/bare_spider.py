"""The spider to compare with: Scrapy as it comes, following the links that ours follows and keeping nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import Response


class BareSpider(Spider):
    """`scrapy runspider bare_spider.py -a urls=URL,URL`: listings, their articles, their next pages."""

    name = "bare"
    # What ours has on the made site, so that both ask in the same way; all else is Scrapy's default.
    custom_settings: ClassVar[dict[str, Any]] = {  # type: ignore[misc]  # Scrapy declares it for instances
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "ROBOTSTXT_OBEY": True,
        "LOG_LEVEL": "ERROR",
    }

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the columns."""
        for url in self.urls.split(","):  # type: ignore[attr-defined]  # the argument
            yield Request(url)

    def parse(self, response: Response) -> Iterator[Request]:
        """Ask for what a listing names, and for the listing behind it."""
        for href in response.css("li[id^=line_u] > a::attr(href)").getall():
            yield response.follow(href, self.parse_article)
        for href in response.css("a.Next::attr(href)").getall():
            yield response.follow(href)

    def parse_article(self, response: Response) -> None:
        """The page is here: that is all."""
