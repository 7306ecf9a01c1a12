"""One crawl of one site as its parts share it: its options, its progress, its outcome, and why each request is made."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import urlsplit

from lufeng_crawler.archive import Archive, Frontier, Outcome, RunStart, StoredCapture, Sweep, timestamps
from lufeng_crawler.items import Kind, Reading
from lufeng_crawler.reader import SOFTWARE
from lufeng_crawler.sites import Expect, Site, host_of
from lufeng_crawler.sites.hosts import is_private

MIN_REQUESTS_JUDGED = 4
"""From so many requested articles on, most of them failing says something of the site."""

STOPPED = MappingProxyType({"shutdown": "stopped by Ctrl-C or a signal", "start_error": "it could not start"})
"""Scrapy's reasons for an early end, in the user's words."""

_PURPOSE, _STORED = "lufeng_purpose", "lufeng_stored"

Meta = MutableMapping[str, Any]
"""The `meta` of a Scrapy request, and of its response; Scrapy copies it to redirects and retries."""


@dataclass(frozen=True, slots=True)
class RequestPurpose:
    """Why a request is made: what it is for, and of which column or, for a home page, columns.

    `key` is an article's identity; `is_reworded` says that the line of its listing reads otherwise than before.
    Requests that Scrapy makes by itself (for robots.txt), or that only look at a site, have no purpose of their own.
    """

    kind: Kind = "other"
    column: str | None = None
    columns: tuple[str, ...] = ()
    key: str = ""
    is_reworded: bool = False

    @classmethod
    def of(cls, meta: Meta) -> RequestPurpose:
        """Return the purpose of a request by its meta."""
        purpose: RequestPurpose = meta.get(_PURPOSE) or cls()
        return purpose

    def as_meta(self) -> dict[str, Any]:
        """Return the meta of a request that is made for this."""
        return {_PURPOSE: self}


CONDITIONS = ("If-None-Match", "If-Modified-Since")
"""The headers that ask for an answer only if it has changed (RFC 9110, 13.1)."""


def is_conditional(request: Any) -> bool:
    """Return whether a Scrapy request may be answered by 304."""
    return any(name in request.headers for name in CONDITIONS)


def set_stored_capture(meta: Meta, stored: StoredCapture) -> None:
    """Note in a request's meta what its response was stored as."""
    meta[_STORED] = stored


def stored_capture(meta: Meta) -> StoredCapture | None:
    """Return what a response was stored as, None where that failed."""
    return meta.get(_STORED)


@dataclass(frozen=True, slots=True)
class CrawlItem:
    """What a spider yields to the pipelines: a stored capture and its reading."""

    stored: StoredCapture
    reading: Reading


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """How a run ended, as `crawl --json` prints it. `counts` are the archive's, by its names.

    `refused` counts the attachments that might not be requested, by host.
    """

    site: str
    run: str
    outcome: Outcome
    reason: str | None
    counts: Mapping[str, int]
    refused: Mapping[str, int]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return the report under the keys of `crawl --json`."""
        head = {"site": self.site, "run": self.run, "outcome": self.outcome, "reason": self.reason}
        return head | dict(self.counts) | {"refused": dict(self.refused), "seconds": self.seconds}


@dataclass(slots=True)
class ColumnProgress:
    """How far a column's listing has been followed in this run; `pages` are the URLs requested so far."""

    name: str
    pages: set[str] = field(default_factory=set)
    entries: int | None = None
    answered: bool = False
    sweep: Sweep = "broken"
    problem: str | None = None


@dataclass(slots=True)
class CrawlRun:
    """The run of a site. A `limit` of 0 is none; `watch` is called after every response; `now` is the run's clock.

    `requested_keys` are the articles requested so far, `reworded_keys` those whose lines read otherwise than before;
    `articles_answered` counts those whose response is what an article's URL may give (an article, a file, a 404).
    `refused` counts the attachments that may not be requested, by host.
    """

    site: Site
    archive: Archive
    full: bool = False
    limit: int = 0
    vantage: str | None = None
    watch: Callable[[CrawlRun], None] | None = None
    now: Callable[[], str] = timestamps.now
    started_at: str = ""
    name: str = ""
    progress: dict[str, ColumnProgress] = field(default_factory=dict)
    requested_keys: set[str] = field(default_factory=set)
    reworded_keys: set[str] = field(default_factory=set)
    responses: int = 0
    articles_requested: int = 0
    articles_answered: int = 0
    robots_refusal: str | None = None
    blocked: Counter[str] = field(default_factory=Counter)
    unreachable: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    archive_failure: str | None = None
    report: CrawlReport | None = None
    _frontier: Frontier | None = None

    def __post_init__(self) -> None:
        self.started_at = self.now()
        self.name = f"{self.site.name}-{self.started_at}-{uuid.uuid4().hex[:8]}"
        self.progress = {column.name: ColumnProgress(column.name) for column in self.site.columns}

    @classmethod
    def of(cls, crawler: Any) -> CrawlRun:
        """Return the run of a Scrapy crawler: its spider has it."""
        run: CrawlRun = crawler.spider.run
        return run

    @property
    def frontier(self) -> Frontier:
        """Return the site's frontier, looked up until the archive has the site: its row comes with the first batch."""
        if self._frontier is None or self._frontier.site is None:
            self._frontier = Frontier(self.archive.db, self.site.name)
        return self._frontier

    @property
    def is_limit_reached(self) -> bool:
        """Return whether as many articles have been requested as the limit allows."""
        return 0 < self.limit <= self.articles_requested

    def may_request(self, url: str) -> bool:
        """Return whether the site file names the URL's host; for a private address, whether `start` names it."""
        try:
            host = host_of(url)
        except ValueError:
            return False
        may_connect = host == self.site.host or not is_private(urlsplit(url).hostname or "")
        return may_connect and host in self.site.all_hosts

    def start_record(self) -> RunStart:
        """Return the run's start, for the archive."""
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
        """Return the outcome (see docs/architecture.md, Expectation) and a reason in one line, None for a good run."""
        if self.archive_failure or not finished:
            return "interrupted", self.archive_failure or STOPPED.get(reason, reason)
        if not any(column.answered for column in self.progress.values()):
            return self._outcome_without_listings()
        problems = [problem for column in self.progress.values() if (problem := self._column_problem(column))]
        failed = self.articles_requested - self.articles_answered
        if self.articles_requested >= MIN_REQUESTS_JUDGED and failed * 2 > self.articles_requested:
            problems.append(f"{failed} of {self.articles_requested} articles could not be read")
        return ("below_expectation", "; ".join(problems)) if problems else ("good", None)

    def _outcome_without_listings(self) -> tuple[Outcome, str]:
        if self.robots_refusal:
            return "blocked", self.robots_refusal
        if self.blocked:
            return "blocked", self.blocked.most_common(1)[0][0]
        if self.unreachable:
            return "unreachable", self.unreachable.most_common(1)[0][0]
        problems = [column.problem for column in self.progress.values() if column.problem]
        return "below_expectation", "; ".join(problems) or "no column was read"

    def _column_problem(self, column: ColumnProgress) -> str | None:
        """Return what falls short in one column."""
        if column.problem or not column.answered:
            return f"{column.name}: {column.problem or 'its listing was not read'}"
        if column.sweep == "broken" and not self.is_limit_reached:
            return f"{column.name}: its listing was not followed to what is known"
        newest = self.frontier.newest_date(column.name)
        short = falls_short(self.site.expect, column.entries, newest, self.started_at)
        return f"{column.name}: {short}" if short else None


class CrawlPart:
    """A component that Scrapy makes for one crawler and that works on its run."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Make the component of a crawler."""
        return cls(crawler)

    @property
    def run(self) -> CrawlRun:
        """Return the crawler's run."""
        return CrawlRun.of(self.crawler)


def falls_short(expect: Expect, entries: int | None, newest: str | None, at: str) -> str | None:
    """Return what a column's first page lacks of what the site file expects; None if nothing, or if unknown."""
    if entries is not None and entries < (expect.entries or 0):
        return f"{entries} entries on its first page, {expect.entries} expected"
    oldest = timestamps.later(at, -timedelta(days=expect.newest_within_days or 0))[:10]
    if expect.newest_within_days and newest and newest[:10] < oldest:
        return f"nothing newer than {newest[:10]}"
    return None
