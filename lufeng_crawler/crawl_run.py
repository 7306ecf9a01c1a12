"""One crawl of one site as its parts share it: its options, its progress, its outcome, and why each request is made."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import urlsplit

from lufeng_crawler.archive import Archive, Frontier, Outcome, RunStart, StoredCapture, timestamps
from lufeng_crawler.archive.coverage import Coverage
from lufeng_crawler.archive.queries.captures import newest_capture_time
from lufeng_crawler.archive.store.runs import RULES
from lufeng_crawler.column_progress import ColumnProgress
from lufeng_crawler.items import Kind, Reading
from lufeng_crawler.reader import SOFTWARE
from lufeng_crawler.sites import Expect, Site, host_of
from lufeng_crawler.sites.hosts import is_private

MIN_REQUESTS_JUDGED = 4
"""From so many requested articles on, half of them failing says something of the site."""

MAX_RUNS_OWED = 3
"""Runs for which an entry may be owed before that lowers their outcome."""

MAX_FAILED_PART = 10
"""A run proves something if at most one in so many of the addresses that it requested failed."""

MAX_LEARNED = 2
"""Denials in the words of a probe that a run may always have; from there on they count as failures do."""

STOPPED = MappingProxyType({"shutdown": "stopped by Ctrl-C or a signal", "start_error": "it could not start"})
"""Scrapy's reasons for an early end, in the user's words."""

_PURPOSE, _STORED = "lufeng_purpose", "lufeng_stored"

Meta = MutableMapping[str, Any]
"""The `meta` of a Scrapy request, and of its response; Scrapy copies it to redirects and retries."""


@dataclass(frozen=True, slots=True)
class RequestPurpose:
    """Why a request is made: what it is for, and of which column or, for a home page, columns.

    `key` is an article's identity; `is_reworded` says that the line of its listing reads otherwise than before;
    `listed_title` and `listed_published` are what that line says.
    Requests that Scrapy makes by itself (for robots.txt), or that only look at a site, have no purpose of their own.
    """

    kind: Kind = "other"
    column: str | None = None
    columns: tuple[str, ...] = ()
    key: str = ""
    is_reworded: bool = False
    listed_title: str | None = None
    listed_published: str | None = None

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

    `refused` counts the attachments that might not be requested, by host. `coverage` is that of each column, as
    `Coverage.as_json` writes it; `notes` are what the run found out about the site, a sentence each;
    `failures` are the addresses that brought nothing to go by, each with its reason.
    """

    site: str
    run: str
    outcome: Outcome
    reason: str | None
    counts: Mapping[str, int]
    refused: Mapping[str, int]
    seconds: float
    coverage: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    failures: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the report under the keys of `crawl --json`."""
        head = {"site": self.site, "run": self.run, "outcome": self.outcome, "reason": self.reason}
        findings = {"coverage": dict(self.coverage), "notes": list(self.notes), "refused": dict(self.refused)}
        failures = [{"url": url, "reason": reason} for url, reason in self.failures.items()]
        return head | dict(self.counts) | findings | {"failures": failures, "seconds": self.seconds}


@dataclass(slots=True)
class CrawlRun:
    """The run of a site. A `limit` of 0 is none; `watch` is called after every response; `now` is the run's clock.

    `requested_keys` are the articles requested so far, `reworded_keys` those whose lines read otherwise than before;
    `articles_answered` counts those whose response is what an article's URL may give (an article, a file, a 404),
    `learned_denials` those that deny an article in words which only a probe has taught.
    `refused` counts the attachments that may not be requested, by host. `requested` are the URLs of pages requested so
    far, `failed` those of them that brought nothing to go by, with the reason; `forbidden` are URLs that robots.txt
    forbids.
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
    newest_before: str | None = None
    progress: dict[str, ColumnProgress] = field(default_factory=dict)
    requested_keys: set[str] = field(default_factory=set)
    reworded_keys: set[str] = field(default_factory=set)
    responses: int = 0
    articles_requested: int = 0
    articles_answered: int = 0
    learned_denials: int = 0
    robots_refusal: str | None = None
    forbidden: set[str] = field(default_factory=set)
    blocked: Counter[str] = field(default_factory=Counter)
    unreachable: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    requested: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    archive_failure: str | None = None
    report: CrawlReport | None = None
    _frontier: Frontier | None = None

    def __post_init__(self) -> None:
        self.started_at = self.now()
        self.name = f"{self.site.name}-{self.started_at}-{uuid.uuid4().hex[:8]}"
        self.newest_before = newest_capture_time(self.archive.db)
        self.progress = {column.name: ColumnProgress(column.name, column.pages) for column in self.site.columns}

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
            rules=RULES,
            hosts=tuple(sorted(site.all_hosts)),
        )

    def coverage(self) -> dict[str, Coverage]:
        """Return what this run has seen of each column."""
        known = self.frontier
        return {
            name: column.coverage(known.coverage(name), known.was_swept(name)) for name, column in self.progress.items()
        }

    @property
    def clock_note(self) -> str | None:
        """Return what is wrong with the time of this run; None where it begins after all that the archive has."""
        newest = self.newest_before
        if newest is None or newest <= self.started_at:
            return None
        return f"its clock says {self.started_at}, but the archive has captures of {newest}: it proves nothing"

    def must_sweep(self, column: str) -> bool:
        """Return whether the column's listing is to be followed to its end, whatever of it is known."""
        if self.full:
            return True
        site = self.site
        due = self.frontier.is_sweep_due(column, self.started_at, site.sweep_every, site.presence)
        return not self.limit and due

    def proves(self, outcome: Outcome) -> bool:
        """Return whether what this run did not find counts: see docs/architecture.md, What proves.

        It ended by itself, every column answered, it was not blocked, and at most a tenth of the addresses failed that
        had not failed before. Nor were many denied in words that only a probe has taught: a gate may show them too.
        """
        if outcome in ("interrupted", "blocked") or not all(column.answered for column in self.progress.values()):
            return False
        if self.clock_note or self.learned_denials > max(MAX_LEARNED, len(self.requested) // MAX_FAILED_PART):
            return False
        failed = [url for url in self.failed if not self.frontier.had_failed(url, self.name)]
        return len(failed) * MAX_FAILED_PART <= len(self.requested)

    def judge(self, finished: bool, reason: str) -> tuple[Outcome, str | None]:
        """Return the outcome (see docs/architecture.md, Expectation) and a reason in one line, None for a good run."""
        if self.archive_failure or not finished:
            return "interrupted", self.archive_failure or STOPPED.get(reason, reason)
        if not any(column.answered for column in self.progress.values()):
            return self._outcome_without_listings()
        coverage = self.coverage()
        columns = (self._column_problem(column, coverage[name]) for name, column in self.progress.items())
        problems = [problem for problem in columns if problem]
        failed = self.articles_requested - self.articles_answered
        if self.articles_requested >= MIN_REQUESTS_JUDGED and failed * 2 >= self.articles_requested:
            problems.append(f"{failed} of {self.articles_requested} articles could not be read")
        problems += self._owed_problems()
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

    def _column_problem(self, column: ColumnProgress, coverage: Coverage) -> str | None:
        """Return what falls short in one column."""
        if column.problem or not column.answered:
            return f"{column.name}: {column.problem or 'its listing was not read'}"
        newest = self.frontier.newest_date(column.name)
        short = (
            _lead_elsewhere(column)
            or coverage.shortfall
            or falls_short(self.site.expect, column.entries, newest, self.started_at)
        )
        return f"{column.name}: {short}" if short else None

    def _owed_problems(self) -> Iterator[str]:
        """Yield what was listed and is owed for too long; see docs/architecture.md, Owed."""
        if self.is_limit_reached:
            return
        frontier, allowed = self.frontier, self.site.expect.owed
        if frontier.has_captured_nothing_listed():
            yield "nothing was captured of what the listings name"
        elif (owed := frontier.count_owed(MAX_RUNS_OWED)) > allowed:
            expected = f", {allowed} allowed" if allowed else ""
            yield f"{owed} listed articles have been owed for more than {MAX_RUNS_OWED} runs{expected}"


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


def _lead_elsewhere(column: ColumnProgress) -> str | None:
    """Return which hosts most lines of a column lead to, where the site file does not name them."""
    if column.elsewhere.total() * 2 <= len(column.lines):
        return None
    hosts = ", ".join(host for host, _ in column.elsewhere.most_common(3))
    lines = f"{column.elsewhere.total()} of {len(column.lines)} lines lead to {hosts}"
    return f"{lines}, not named in the site file (hosts): has the site moved?"


def falls_short(expect: Expect, entries: int | None, newest: str | None, at: str) -> str | None:
    """Return what a column's first page lacks of what the site file expects; None if nothing, or if unknown."""
    if entries is not None and entries < (expect.entries or 0):
        return f"{entries} entries on its first page, {expect.entries} expected"
    oldest = timestamps.later(at, -timedelta(days=expect.newest_within_days or 0))[:10]
    if expect.newest_within_days and newest and newest[:10] < oldest:
        return f"nothing newer than {newest[:10]}"
    return None
