"""The Scrapy pipeline: records readings in the archive, which decides what is new, edited or known."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from lufeng_crawler.crawl_run import CrawlItem, CrawlRun
from lufeng_crawler.items import Article, Reading


class ArchivePipeline:
    """Records every reading in the archive; only articles go on to Scrapy's feeds."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline of a crawler."""
        return cls(crawler)

    def process_item(self, item: CrawlItem) -> Reading:
        """Record the reading and return the article. Raises DropItem for what is no article: it is recorded too."""
        CrawlRun.of(self.crawler).archive.record(item.stored, item.reading)
        if not isinstance(item.reading, Article):
            raise DropItem(type(item.reading).__name__.lower())
        return item.reading
