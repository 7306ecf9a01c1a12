"""The archive: archive.db, captures/*.warc.gz, and the one decision what a reading means for both."""

from lufeng_crawler.archive.run_outcomes import Outcome
from lufeng_crawler.archive.store.archive import Archive, Reader, StoredCapture
from lufeng_crawler.archive.store.frontier import CrawlTarget, Frontier, Validators
from lufeng_crawler.archive.store.opening import open_archive, rebuild
from lufeng_crawler.archive.store.runs import RunEnd, RunStart, Sweep
from lufeng_crawler.archive.warc.files import RecordLocation
from lufeng_crawler.archive.warc.records import RequestMetadata

__all__ = [
    "Archive",
    "CrawlTarget",
    "Frontier",
    "Outcome",
    "Reader",
    "RecordLocation",
    "RequestMetadata",
    "RunEnd",
    "RunStart",
    "StoredCapture",
    "Sweep",
    "Validators",
    "open_archive",
    "rebuild",
]
