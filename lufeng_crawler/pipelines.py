"""Where readings become rows: the archive decides what is new, edited or known already."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from lufeng_crawler.crawl_run import CrawlItem, CrawlRun
from lufeng_crawler.items import Article, Reading


class ArchivePipeline:
    """Records what the spider saw. What goes on to Scrapy's feeds is the article alone."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way in."""
        return cls(crawler)

    def process_item(self, item: CrawlItem) -> Reading:
        """Hand the reading to the archive. Raises DropItem for what is no article: it is recorded all the same."""
        CrawlRun.of(self.crawler).archive.record(item.kept, item.reading)
        if not isinstance(item.reading, Article):
            raise DropItem(type(item.reading).__name__.lower())
        return item.reading
