"""Runs crawls: any number of sites in one process, each its own host's pace, one archive, one report a site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler

from lufeng_crawler import health, sites
from lufeng_crawler.archive import Archive, run_outcomes
from lufeng_crawler.archive.timestamps import now as timestamps_now
from lufeng_crawler.crawl_run import CrawlRun
from lufeng_crawler.errors import LufengError
from lufeng_crawler.settings import configured
from lufeng_crawler.spiders import SiteLoader

AT_ONCE = 16
"""Sites crawled side by side: each waits for its own host most of the time."""


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """One site to crawl, and how; `before` is called when its turn has come, `now` is the run's clock."""

    site: str
    start: str | None = None
    full: bool = False
    limit: int = 0
    before: Callable[[], None] | None = None
    now: Callable[[], str] = timestamps_now


Report = dict[str, Any]


class Crawls:
    """The crawls of one process. `watch` is told of every answer, `done` of every report."""

    def __init__(
        self,
        archive: Archive,
        sites_folder: Path | None = None,
        watch: Callable[[CrawlRun], None] | None = None,
        done: Callable[[Report], None] | None = None,
        **settings: object,
    ) -> None:
        self.archive, self.watch, self.done = archive, watch, done
        self.reports: list[Report] = []
        self.begun = 0
        self.loader = SiteLoader(sites_folder)
        self.process = AsyncCrawlerProcess(configured(LUFENG_SITES=str(sites_folder or "") or None, **settings))

    def run(self, jobs: Iterable[CrawlJob], at_once: int = AT_ONCE) -> list[Report]:
        """Crawl them all; the reports in the order in which crawls ended. Raises what kept one from starting."""
        waiting = iter(jobs)
        failures: list[BaseException] = []
        for _ in range(at_once):
            self._next(waiting, failures)
        self.process.start()
        if failures:
            raise failures[0]
        if len(self.reports) < self.begun:
            raise LufengError("stopped at once: what has come is kept, and the next start records the rest of it")
        return self.reports

    def _next(self, waiting: Iterator[CrawlJob], failures: list[BaseException]) -> None:
        job = next(waiting, None)
        if job is None:
            return
        if job.before:
            job.before()
        self.begun += 1
        crawler = self.process.create_crawler(self.loader.load(job.site))
        options = {"start": job.start, "full": job.full, "limit": job.limit, "now": job.now}
        task = self.process.crawl(crawler, archive=self.archive, watch=self.watch, **options)

        def ended(_: object) -> None:
            if task.cancelled() or (failure := task.exception()) is None:
                self._report(crawler)
            else:
                failures.append(failure)
            if not failures and not self._stopped(crawler):
                self._next(waiting, failures)

        task.add_done_callback(ended)

    def _report(self, crawler: Crawler) -> None:
        report = CrawlRun.of(crawler).report
        if report is not None:
            self.reports.append(report)
            if self.done:
                self.done(report)

    def _stopped(self, crawler: Crawler) -> bool:
        """Ctrl-C, or an archive that takes no more, ends the whole job and not one site of it."""
        report = CrawlRun.of(crawler).report
        return report is None or report["outcome"] == "interrupted"


def due(archive: Archive, all_sites: Iterable[sites.Site]) -> list[str]:
    """The sites whose turn it is (see `health.next_due`), the longest waiting first."""
    moment = timestamps_now()
    waiting = []
    for site in all_sites:
        since = health.next_due(archive.db, site) or ""
        if since <= moment:
            waiting.append((since, site.name))
    return [name for _, name in sorted(waiting)]


def exit_code(reports: Sequence[Report]) -> int:
    """Return 0 if all runs were good, 4 if nothing could be fetched from any site, else 1."""
    codes = {run_outcomes.BY_NAME[report["outcome"]].exit_code for report in reports}
    if codes <= {0}:
        return 0
    return 4 if codes == {4} else 1
