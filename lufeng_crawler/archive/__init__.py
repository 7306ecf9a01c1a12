"""The archive: archive.db, captures/*.warc.gz, and the one decision what a reading means for both."""

from lufeng_crawler.archive.captures import Place
from lufeng_crawler.archive.frontier import Frontier, Validators, Wanted
from lufeng_crawler.archive.opening import open_archive, rebuild
from lufeng_crawler.archive.runs import Beginning, Ending, Outcome, Sweep
from lufeng_crawler.archive.warc import Asked
from lufeng_crawler.archive.writer import Archive, Kept, Reader

__all__ = [
    "Archive",
    "Asked",
    "Beginning",
    "Ending",
    "Frontier",
    "Kept",
    "Outcome",
    "Place",
    "Reader",
    "Sweep",
    "Validators",
    "Wanted",
    "open_archive",
    "rebuild",
]
