"""The Scrapy pipeline: records readings in the archive, which decides what is new, edited or known."""

from __future__ import annotations

from scrapy.exceptions import DropItem

from lufeng_crawler.crawl_run import CrawlItem, CrawlPart
from lufeng_crawler.items import Article, Reading


class ArchivePipeline(CrawlPart):
    """Records every reading in the archive; only articles go on to Scrapy's feeds."""

    def process_item(self, item: CrawlItem) -> Reading:
        """Record the reading and return the article. Raises DropItem for what is no article: it is recorded too."""
        self.run.archive.set_reading(item.stored, item.reading)
        if not isinstance(item.reading, Article):
            raise DropItem(type(item.reading).__name__.lower())
        return item.reading
