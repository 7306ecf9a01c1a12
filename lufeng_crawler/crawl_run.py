"""One crawl of one site as all its parts share it: what it was told, what it met, and the judgement at its end."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from lufeng_crawler.archive import Archive, Frontier, Outcome, RunStart, StoredCapture, Sweep
from lufeng_crawler.archive.timestamps import later
from lufeng_crawler.archive.timestamps import now as timestamps_now
from lufeng_crawler.items import Reading
from lufeng_crawler.reader import SOFTWARE
from lufeng_crawler.sites import Expect, Site, host_of
from lufeng_crawler.sites.hosts import is_private

MANY = 4
"""From so many asked articles on, most of them failing says something of the site."""

STOPPED = MappingProxyType({"shutdown": "stopped by Ctrl-C or a signal", "start_error": "it could not start"})
"""Scrapy's words for an early end, in the user's."""


@dataclass(frozen=True, slots=True)
class CrawlItem:
    """What a spider hands to the pipelines: a capture and what it was read as."""

    kept: StoredCapture
    reading: Reading


@dataclass(slots=True)
class ColumnProgress:
    """How far a column's listing has been followed in this run; `pages` are the addresses asked so far."""

    name: str
    pages: set[str] = field(default_factory=set)
    entries: int | None = None
    answered: bool = False
    sweep: Sweep = "broken"
    problem: str | None = None


@dataclass(slots=True)
class CrawlRun:
    """The run of a site. `limit` 0 is none; `watch` is told of every answer; `now` is its clock.

    `asked` counts the articles asked for, `told` those of them that answered with what an article's address may hold;
    `refused` counts the attachments that may not be asked for, by host.
    """

    site: Site
    archive: Archive
    full: bool = False
    limit: int = 0
    vantage: str | None = None
    watch: Callable[[CrawlRun], None] | None = None
    now: Callable[[], str] = timestamps_now
    started_at: str = ""
    name: str = ""
    following: dict[str, ColumnProgress] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    answers: int = 0
    asked: int = 0
    told: int = 0
    forbidden: str | None = None
    blocked: Counter[str] = field(default_factory=Counter)
    unreachable: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    failure: str | None = None
    report: dict[str, Any] | None = None
    _frontier: Frontier | None = None

    def __post_init__(self) -> None:
        self.started_at = self.now()
        self.name = f"{self.site.name}-{self.started_at}-{uuid.uuid4().hex[:8]}"
        self.following = {column.name: ColumnProgress(column.name) for column in self.site.columns}

    @classmethod
    def of(cls, crawler: Any) -> CrawlRun:
        """The run of a Scrapy crawler: its spider has it."""
        run: CrawlRun = crawler.spider.run
        return run

    @property
    def frontier(self) -> Frontier:
        """What the archive knows of the site, which it first hears of with the run's first batch."""
        if self._frontier is None or self._frontier.site is None:
            self._frontier = Frontier(self.archive.db, self.site.name)
        return self._frontier

    @property
    def enough(self) -> bool:
        """Whether as many articles have been asked for as there may be."""
        return 0 < self.limit <= self.asked

    def may_ask(self, url: str) -> bool:
        """Whether the site file names the address's host; one inside somebody's own network only if `start` does."""
        try:
            host = host_of(url)
        except ValueError:
            return False
        own = host == self.site.host or not is_private(urlsplit(url).hostname or "")
        return own and host in self.site.all_hosts

    def beginning(self) -> RunStart:
        """The run as the archive is told of it at its start."""
        site = self.site
        return RunStart(
            name=self.name,
            kind="crawl",
            started_at=self.started_at,
            site=site.name,
            title=site.title,
            start=site.start,
            family=site.family,
            site_id_code=site.layout.site_id_code,
            full=self.full,
            presence_rule=site.presence,
            software=SOFTWARE,
        )

    def judge(self, finished: bool, reason: str) -> tuple[Outcome, str | None]:
        """How the run went (DESIGN section 4, Expectation); the reason is one line, None for a good run."""
        if self.failure or not finished:
            return "interrupted", self.failure or STOPPED.get(reason, reason)
        if not any(column.answered for column in self.following.values()):
            return self._nothing()
        problems = [problem for column in self.following.values() if (problem := self._problem(column))]
        failed = self.asked - self.told
        if self.asked >= MANY and failed * 2 > self.asked:
            problems.append(f"{failed} of {self.asked} articles could not be read")
        return ("below_expectation", "; ".join(problems)) if problems else ("good", None)

    def _nothing(self) -> tuple[Outcome, str]:
        if self.forbidden:
            return "blocked", self.forbidden
        if self.blocked:
            return "blocked", self.blocked.most_common(1)[0][0]
        if self.unreachable:
            return "unreachable", self.unreachable.most_common(1)[0][0]
        problems = [column.problem for column in self.following.values() if column.problem]
        return "below_expectation", "; ".join(problems) or "no column was read"

    def _problem(self, column: ColumnProgress) -> str | None:
        """What falls short in one column."""
        if column.problem or not column.answered:
            return f"{column.name}: {column.problem or 'its listing was not read'}"
        if column.sweep == "broken" and not self.enough:
            return f"{column.name}: its listing was not followed to what is known"
        newest = self.frontier.newest_date(column.name)
        short = falls_short(self.site.expect, column.entries, newest, self.started_at)
        return f"{column.name}: {short}" if short else None


def falls_short(expect: Expect, entries: int | None, newest: str | None, at: str) -> str | None:
    """What a column's first page has less of, at that time, than the site file expects; None: not known, or enough."""
    if entries is not None and entries < (expect.entries or 0):
        return f"{entries} entries on its first page, {expect.entries} expected"
    oldest = later(at, -timedelta(days=expect.newest_within_days or 0))[:10]
    if expect.newest_within_days and newest and newest[:10] < oldest:
        return f"nothing newer than {newest[:10]}"
    return None
