"""The demo county crawled through all of its days: the program that does it, and what it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lufeng_crawler.demo import ServedRequest

CRAWL = """
import pickle, sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from lufeng_crawler import demo
from lufeng_crawler.archive.timestamps import FORMAT
from lufeng_crawler.crawl import CrawlRunner, CrawlJob
from lufeng_crawler.reader import open_archive

folder, started = Path(sys.argv[1]), monotonic()
archive = open_archive(folder, None)

def now(day):
    return (datetime.combine(demo.DAYS[day], time(2), UTC) + timedelta(seconds=monotonic() - started)).strftime(FORMAT)

def on_day(county, day):
    return CrawlJob("demo", county.url, full=day > 1, before=lambda: setattr(county, "day", day), now=lambda: now(day))

with demo.serve() as county:
    reports = CrawlRunner(archive).run((on_day(county, day) for day in demo.DAYS), at_once=1)
    asked = county.requests
archive.close()
bad = {7: "blocked", 8: "below_expectation", 9: "below_expectation"}
assert [report.outcome for report in reports] == [bad.get(day, "good") for day in demo.DAYS], reports
(folder / "asked").write_bytes(pickle.dumps((county.url, asked)))
"""

START = CRAWL.partition("with demo.serve()")[0]

REVISIT = f"""{START}
with demo.serve() as county:
    CrawlRunner(archive).run((CrawlJob("demo", county.url, now=lambda day=day: now(day)) for day in (1, 11)), at_once=1)
    asked = county.requests
archive.close()
(folder / "asked").write_bytes(pickle.dumps((county.url, asked)))
"""
"""Crawls the first day, and ten days later what is due of it, which has not changed."""


@dataclass(frozen=True, slots=True)
class AllDays:
    """An archive of all the demo's days, each crawled in full; where it was served, and what was sent."""

    folder: Path
    url: str
    asked: tuple[ServedRequest, ...]
