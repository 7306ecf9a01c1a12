"""Runs crawls of any number of sites in one process: one archive, each host at its own pace, one report a site."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess, Crawler

from lufeng_crawler import health, sites
from lufeng_crawler.archive import Archive, Outcome, run_outcomes, timestamps
from lufeng_crawler.crawl_run import CrawlReport, CrawlRun
from lufeng_crawler.errors import LufengError, SiteFileError, UnknownSite
from lufeng_crawler.settings import configured
from lufeng_crawler.spiders import SiteLoader

MAX_CONCURRENT_SITES = 16
"""Sites crawled side by side: each waits for its own host most of the time."""


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """One site to crawl, and how. `before` is called when the crawl begins; `now` is the run's clock.

    `folder` has the site's file, where that is not among the runner's.
    """

    site: str
    start: str | None = None
    full: bool = False
    limit: int = 0
    before: Callable[[], None] | None = None
    now: Callable[[], str] = timestamps.now
    folder: Path | None = None


class CrawlRunner:
    """Runs the crawls of one process. `watch` is called after every response, `done` with every report.

    `refused` says which sites could not be crawled for what is wrong in their files; the others are.
    """

    def __init__(
        self,
        archive: Archive,
        sites_folder: Path | None = None,
        watch: Callable[[CrawlRun], None] | None = None,
        done: Callable[[CrawlReport], None] | None = None,
        **settings: object,
    ) -> None:
        self.archive, self.watch, self.done = archive, watch, done
        self.reports: list[CrawlReport] = []
        self.refused: list[LufengError] = []
        self.begun = 0
        self._waiting: Iterator[CrawlJob] = iter(())
        self._failures: list[BaseException] = []
        self.loader = SiteLoader(sites_folder)
        self.process = AsyncCrawlerProcess(configured(LUFENG_SITES=str(sites_folder or "") or None, **settings))

    def run(self, jobs: Iterable[CrawlJob], at_once: int = MAX_CONCURRENT_SITES) -> list[CrawlReport]:
        """Crawl all jobs, `at_once` side by side; return the reports in the order in which the crawls ended.

        Raises what kept a crawl from starting, LufengError where a second signal stopped them all at once.
        """
        self._waiting = iter(jobs)
        for _ in range(at_once):
            self._start_next()
        self.process.start()
        if self._failures:
            raise self._failures[0]
        if len(self.reports) < self.begun:
            raise LufengError("stopped at once: what was received is stored; the next start records the rest")
        return self.reports

    def _start_next(self) -> None:
        for job in self._waiting:
            if crawler := self._make_crawler(job):
                self.begun += 1
                options = {"start": job.start, "full": job.full, "limit": job.limit, "now": job.now}
                task = self.process.crawl(crawler, archive=self.archive, watch=self.watch, **options)
                task.add_done_callback(partial(self._finish, crawler))
                return

    def _make_crawler(self, job: CrawlJob) -> Crawler | None:
        """Make the crawler of a job; None where its file has been broken or removed since the job was made."""
        try:
            spider = (SiteLoader(job.folder) if job.folder else self.loader).load(job.site)
            if job.before:
                job.before()
            return self.process.create_crawler(spider)
        except KeyError as error:
            self.refused.append(UnknownSite(*error.args))
        except SiteFileError as error:
            self.refused.append(error)
        return None

    def _finish(self, crawler: Crawler, task: asyncio.Future[None]) -> None:
        """Report a crawl that has ended and start the next one, unless the whole job is to end."""
        is_refused = False
        if task.cancelled() or (failure := task.exception()) is None:
            self._report(crawler)
        elif is_refused := _is_fault_of_settings(crawler, failure):
            self.begun -= 1
            problem = f"no crawl can start with these settings: {failure}"
            self.refused.append(SiteFileError(f"{crawler.spidercls.name}.toml", "scrapy", problem))
        else:
            self._failures.append(failure)
        if not self._failures and (is_refused or not self._is_stopped(crawler)):
            self._start_next()

    def _report(self, crawler: Crawler) -> None:
        report = CrawlRun.of(crawler).report
        if report is not None:
            self.reports.append(report)
            if self.done:
                self.done(report)

    def _is_stopped(self, crawler: Crawler) -> bool:
        """Return whether Ctrl-C, or an archive that takes no more, ends the whole job and not one site of it."""
        report = CrawlRun.of(crawler).report
        return report is None or report.outcome == "interrupted"


def _is_fault_of_settings(crawler: Crawler, failure: BaseException) -> bool:
    """Return whether a crawl did not start because of its site file's `[scrapy]`, which may hold anything."""
    run = CrawlRun.of(crawler) if crawler.spider else None
    has_begun = run is not None and (run.responses > 0 or run.report is not None)
    return bool(crawler.spidercls.site.scrapy) and not has_begun and not isinstance(failure, LufengError)  # type: ignore[attr-defined]  # a NewsSpider


def due_site_names(archive: Archive, all_sites: Iterable[sites.Site]) -> list[str]:
    """Return the names of the sites that are due (see `health.next_due`), the longest waiting first."""
    moment = timestamps.now()
    waiting = []
    for site in all_sites:
        since = health.next_due(archive.db, site) or ""
        if since <= moment:
            waiting.append((since, site.name))
    return [name for _, name in sorted(waiting)]


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """Return 0 if all runs were good, 4 if nothing could be fetched from any site, else 1."""
    codes = {run_outcomes.BY_NAME[outcome].exit_code for outcome in outcomes}
    if codes <= {0}:
        return 0
    return 4 if codes == {4} else 1
