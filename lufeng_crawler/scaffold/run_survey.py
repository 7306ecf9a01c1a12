"""Runs a look at a site: a crawl's own machinery over an archive that is thrown away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from scrapy.crawler import AsyncCrawlerProcess

from lufeng_crawler.crawl_run import CrawlRun
from lufeng_crawler.errors import LufengError
from lufeng_crawler.reader import open_archive
from lufeng_crawler.settings import configured
from lufeng_crawler.sites import Site
from lufeng_crawler.spiders.survey import Ask, SurveySpider

T = TypeVar("T")


def run_survey(
    site: Site,
    plan: Callable[[Site, Ask], Awaitable[T]],
    start: str | None = None,
    watch: Callable[[CrawlRun], None] | None = None,
) -> T:
    """What `plan` makes of the site, begun at `start` if given; `watch` is told of every answer.

    Raises what `plan` raises, UsageError where `start` is no address, LufengError where it was stopped. A process can
    look once, since Scrapy's reactor starts once.
    """
    found: list[T | BaseException] = []

    async def noted(site: Site, ask: Ask) -> None:
        found.extend(await asyncio.gather(plan(site, ask), return_exceptions=True))

    with TemporaryDirectory() as folder, closing(open_archive(Path(folder), None)) as archive:
        process = AsyncCrawlerProcess(configured())
        spider = type(f"{site.name}Survey", (SurveySpider,), {"name": site.name, "site": site})
        task = process.crawl(spider, archive=archive, plan=noted, start=start, watch=watch)
        process.start()
    if not task.cancelled() and (failure := task.exception()):
        raise failure
    if not found:
        raise LufengError("stopped before it was through")
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]
