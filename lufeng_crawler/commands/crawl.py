"""`scrapy crawl NAME`: ends with the exit code of the run, as `lufeng crawl NAME` does."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from scrapy.commands import crawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from lufeng_crawler.archive import run_outcomes
from lufeng_crawler.commands import load_spider, one_line_errors
from lufeng_crawler.crawl_run import CrawlRun
from lufeng_crawler.spiders import SiteLoader


class ScrapyCrawl(crawl.Command):
    """Scrapy's command, whose exit code is 0 whatever became of the crawl."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl one site."""
        if len(args) != 1:
            raise UsageError("it takes the name of one site; `lufeng crawl` takes several", print_help=False)
        assert self.settings is not None
        assert self.crawler_process is not None
        with one_line_errors(self):
            crawler = self._create_crawler(load_spider(SiteLoader.from_settings(self.settings), args[0]))
            crawling = self.crawler_process.crawl(crawler, **opts.spargs)
            self.crawler_process.start()
            self.exitcode = _exit_code(crawler, crawling)


def _exit_code(crawler: Crawler, crawling: Any) -> int:
    """Return the exit code of a crawl that has ended. Raises what kept it from starting."""
    if isinstance(crawling, asyncio.Future) and not crawling.cancelled() and (failure := crawling.exception()):
        raise failure
    report = CrawlRun.of(crawler).report if crawler.spider else None
    return run_outcomes.BY_NAME[report.outcome].exit_code if report else 1
