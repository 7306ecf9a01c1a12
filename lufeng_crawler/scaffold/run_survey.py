"""Runs a survey of a site: a crawl's own machinery over an archive that is thrown away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from scrapy.crawler import AsyncCrawlerProcess

from lufeng_crawler.crawl_run import CrawlRun
from lufeng_crawler.errors import LufengError
from lufeng_crawler.reader import open_archive
from lufeng_crawler.settings import configured
from lufeng_crawler.sites import Site
from lufeng_crawler.spiders.survey import Fetch, SurveySpider

T = TypeVar("T")


def run_survey(
    site: Site,
    plan: Callable[[Site, Fetch], Awaitable[T]],
    start: str | None = None,
    watch: Callable[[CrawlRun], None] | None = None,
) -> T:
    """Run `plan` on the site, begun at `start` if given, and return its result; `watch` is called after every response.

    Raises what `plan` raises, UsageError where `start` is no URL, LufengError where it was stopped. A process can
    run one survey, since Scrapy's reactor starts once.
    """
    results: list[T | BaseException] = []

    with TemporaryDirectory() as folder, closing(open_archive(Path(folder), None)) as archive:
        process = AsyncCrawlerProcess(configured())
        spider = type(f"{site.name}Survey", (SurveySpider,), {"name": site.name, "site": site})
        task = process.crawl(
            spider, archive=archive, plan=partial(_collect_result, plan, results), start=start, watch=watch
        )
        process.start()
    if not task.cancelled() and (failure := task.exception()):
        raise failure
    if not results:
        raise LufengError("stopped before it was finished")
    if isinstance(results[0], BaseException):
        raise results[0]
    return results[0]


async def _collect_result(
    plan: Callable[[Site, Fetch], Awaitable[T]], results: list[T | BaseException], site: Site, fetch: Fetch
) -> None:
    results.extend(await asyncio.gather(plan(site, fetch), return_exceptions=True))
