"""The archive: the evidence in captures/*.warc.gz, archive.db derived from it, and the rules by which it is derived.

Each name below is imported from its module when it is first used, so that commands that only read load nothing else.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lufeng_crawler.archive.run_outcomes import Outcome
    from lufeng_crawler.archive.store.archive import Archive, Reader, StoredCapture
    from lufeng_crawler.archive.store.frontier import CrawlTarget, Frontier, Validators
    from lufeng_crawler.archive.store.opening import open_archive, rebuild
    from lufeng_crawler.archive.store.runs import RunEnd, RunStart, Sweep
    from lufeng_crawler.archive.store.unanswered import Unanswered
    from lufeng_crawler.archive.warc.files import RecordLocation
    from lufeng_crawler.archive.warc.records import RequestMetadata
else:

    def __getattr__(name: str) -> Any:
        """Import the name from its module (PEP 562), once."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        return value


_MODULES = {
    "Archive": "store.archive",
    "CrawlTarget": "store.frontier",
    "Frontier": "store.frontier",
    "Outcome": "run_outcomes",
    "Reader": "store.archive",
    "RecordLocation": "warc.files",
    "RequestMetadata": "warc.records",
    "RunEnd": "store.runs",
    "RunStart": "store.runs",
    "StoredCapture": "store.archive",
    "Sweep": "store.runs",
    "Unanswered": "store.unanswered",
    "Validators": "store.frontier",
    "open_archive": "store.opening",
    "rebuild": "store.opening",
}

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
    "Unanswered",
    "Validators",
    "open_archive",
    "rebuild",
]
