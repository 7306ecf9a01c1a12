"""Answers what a crawl asks the archive before it asks the site: what is known, due, or listed and not yet captured."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from operator import itemgetter
from typing import Any
from zlib import crc32

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.coverage import Coverage
from lufeng_crawler.archive.db.rows import first, value
from lufeng_crawler.archive.digests import content_digest
from lufeng_crawler.archive.history import template_lines, versions
from lufeng_crawler.archive.history.article_urls import article_at_url, find_article
from lufeng_crawler.archive.history.listed_lines import identity
from lufeng_crawler.archive.history.observation import ReadAgain
from lufeng_crawler.archive.store import delisting
from lufeng_crawler.items import Article, Entry, PresenceRule, Unchanged

ANSWERS = ("article", "unchanged", "file", "gone", "listing")
"""Outcomes by which a site has answered what it was asked for."""

MAX_UNSEEN = 5
"""Answers of 304 in a row after which a page is asked for without a condition."""

PROBE_EVERY = timedelta(days=30)
"""How long a site is not asked again how it says that nothing is there."""

LASTING_FAILURES = 3
"""Runs in a row in which an address fails before that is its own matter, whatever became of the runs."""

RETRY_FILES_FOR = timedelta(days=7)
"""How long after a version was first seen its files are requested without visiting its article again."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request sends to ask whether the answer we have has changed."""

    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class CrawlTarget:
    """A URL to request, and what the line of its listing said when last seen.

    Those with the same `key` are one article: one request a run is enough for all of them.
    """

    url: str
    key: str
    column: str | None = None
    listed_title: str | None = None
    listed_published: str | None = None


class Frontier:
    """Answers the questions of one site's crawl, as of the last transaction, which is enough for each."""

    def __init__(self, db: sqlite3.Connection, site: str) -> None:
        self.db, self.site_name = db, site
        self.site: int | None = value(db, "SELECT id FROM sites WHERE name = ?", site)

    def column_urls(self) -> dict[str, str]:
        """Return the URL at which each column's listing was found last, by the column's name."""
        rows = self.db.execute("SELECT name, url FROM columns WHERE site = ? AND url IS NOT NULL", (self.site,))
        return dict(rows.fetchall())

    def is_settled(self, column: str) -> bool:
        """Return whether the column has ever been followed without a gap."""
        return self._settled_by(column) is not None

    def has_no_gap(self, column: str) -> bool:
        """Return whether no entry is newer than the last crawl that reached known entries.

        Then an unchanged first page means nothing new.
        """
        settled_by = self._settled_by(column)
        later = f"SELECT 1 {_ENTRIES} AND e.first_capture > ?"
        return settled_by is not None and value(self.db, later, self.site, column, settled_by) is None

    def new_entries(self, column: str, entries: Iterable[Entry]) -> list[Entry]:
        """Return the entries that were not listed when the column was last followed without a gap."""
        settled_by = self._settled_by(column) or 0
        return [entry for entry in entries if not self._listed_by(column, identity(entry), settled_by)]

    def changed_entries(self, column: str, entries: Iterable[Entry]) -> list[Entry]:
        """Return known entries with another title or date than before: the article has probably been edited."""
        return [entry for entry in entries if self._stated(column, identity(entry)) not in (None, _line(entry))]

    def coverage(self, column: str) -> Coverage | None:
        """Return what the run before has seen of the column, None where that is not known."""
        stored = self._column("coverage", column)
        return Coverage.from_json(json.loads(stored)) if stored else None

    def was_swept(self, column: str) -> bool:
        """Return whether all lines of the column were seen once, as far as its pages showed."""
        return self._column("swept_at", column) is not None

    def is_sweep_due(self, column: str, now: str, every: timedelta, rule: PresenceRule) -> bool:
        """Return whether the column's last sweep is old, or one sweep has missed a line and the second can count.

        The second is of all columns of the site, since the line may stand in another one now. Each column's own share
        of a quarter of the period keeps all sites from being swept on one day.
        """
        swept_at = self._column("swept_at", column)
        if swept_at is None:
            return False
        share = crc32(f"{self.site_name}/{column}".encode()) / 2**32
        absent = (
            'SELECT min(e.absent_since) FROM columns c JOIN entries e ON e."column" = c.id'
            " WHERE c.site = ? AND e.absent_since IS NOT NULL AND e.delisted_at IS NULL"
        )
        absent_since = value(self.db, absent, self.site)
        return bool(timestamps.later(swept_at, every * (1 - share / 4)) <= now) or (
            absent_since is not None and timestamps.later(absent_since, timedelta(seconds=rule.apart)) <= now
        )

    def absent_articles(self, run: str, column: str, read_again: ReadAgain) -> list[CrawlTarget]:
        """Return the articles whose lines a sweep by this run has missed: only what is still there is delisted."""
        sql = "SELECT r.id, c.id FROM runs r JOIN columns c ON c.site = r.site WHERE r.name = ? AND c.name = ?"
        run_id, column_id = first(self.db, sql, run, column) or (0, 0)
        began = value(self.db, f"SELECT min(id) {delisting.LISTINGS}", run_id, column_id)
        absent = [] if began is None else delisting.absent_entries(self.db, column_id, began, read_again)
        articles = {entry.article for entry in absent if entry.article is not None}
        rows = self.db.execute(
            "SELECT url, key FROM articles WHERE presence = 'live' AND id IN (SELECT value FROM json_each(?))"
            " ORDER BY id",
            (json.dumps(sorted(articles)),),
        )
        return [CrawlTarget(url, key, column) for url, key in rows]

    def pending_entries(self, now: str) -> list[CrawlTarget]:
        """Return what is owed and due to be asked for: at once what never was, what failed ever more seldom.

        So is what a redirect puts out of reach, which may be so for that night alone.
        """
        rows = self.db.execute(
            'SELECT url, key, "column", title, published FROM uncaptured'
            " WHERE site_id = ? AND (obstacle IS NOT 'host' OR last_outcome = 'redirect')"
            " AND (asked = 0 OR next_ask <= ?) ORDER BY entry",
            (self.site, now),
        )
        return [CrawlTarget(*row) for row in rows]

    def count_owed(self, runs: int) -> int:
        """Return how many listed articles are owed after more than so many crawls since they were first listed.

        Crawls that were interrupted do not count: they may have asked for nothing.
        """
        sql = (
            "SELECT count(DISTINCT key) FROM uncaptured WHERE site_id = ?1 AND obstacle IS NULL AND first_listed <"
            " coalesce((SELECT started_at FROM runs WHERE site = ?1 AND kind = 'crawl' AND outcome IS NOT 'interrupted'"
            " ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET ?2), '')"
        )
        return int(value(self.db, sql, self.site, runs - 1))

    def has_captured_nothing_listed(self) -> bool:
        """Return whether entries were listed that may be had, and not one article or file was ever captured."""
        owed = "SELECT 1 FROM uncaptured WHERE site_id = ? AND (obstacle IS NULL OR obstacle = 'gone') LIMIT 1"
        article = "SELECT 1 FROM articles WHERE site = ? LIMIT 1"
        file = (
            "SELECT 1 FROM runs r CROSS JOIN captures c ON c.run = r.id AND c.outcome = 'file'"
            " WHERE r.site = ? AND c.kind = 'article' LIMIT 1"
        )
        is_captured = any(value(self.db, sql, self.site) is not None for sql in (article, file))
        return not is_captured and value(self.db, owed, self.site) is not None

    def had_failed(self, url: str, run: str) -> bool:
        """Return whether a URL fails for itself: it failed before this run too, and the site did not.

        The run before that asked for it proves something, or the last LASTING_FAILURES runs that asked all failed.
        """
        sql = (
            "SELECT min(a.outcome NOT IN (SELECT value FROM json_each(?))), r.proves"
            " FROM asked a JOIN runs r ON r.id = a.run"
            " WHERE a.site = ? AND a.url = ? AND r.id < (SELECT id FROM runs WHERE name = ?)"
            " GROUP BY r.id ORDER BY r.id DESC LIMIT ?"
        )
        values = (json.dumps(ANSWERS), self.site, url, run, LASTING_FAILURES)
        failures = [bool(proves) for failed, proves in takewhile(itemgetter(0), self.db.execute(sql, values))]
        return len(failures) == LASTING_FAILURES or failures[:1] == [True]

    def due_articles(self, now: str, most: int) -> list[CrawlTarget]:
        """Return known articles to visit again, at most so many, the missing first.

        Missing articles come with all of their URLs: a second denial may prove that they are gone. The others are
        ranked by lateness, see LATENESS.
        """
        return self._ranked_articles("next_visit <= :time", now, most, LATENESS)

    def known_articles(self) -> list[CrawlTarget]:
        """Return every known article, missing and gone ones included."""
        return self._ranked_articles("next_visit >= :time", "", -1, "next_visit")

    def is_fresh(self, key: str, url: str, now: str) -> bool:
        """Return whether the article with that key or URL is known and not yet due again."""
        article = None if self.site is None else find_article(self.db, self.site, key, url)
        due = value(self.db, "SELECT next_visit FROM articles WHERE id = ?", article)
        return due is not None and str(due) > now

    def files_to_fetch(self, url: str, reading: Article | Unchanged, full: bool) -> list[str]:
        """Return the files to request after a visit: all of a new version or if `full`, else those not captured yet."""
        if isinstance(reading, Article) and not reading.attachments:
            return []
        version = self._version(url, reading)
        if isinstance(reading, Article) and (
            full or version is None or content_digest(reading, self._template_lines()) != version.content_digest
        ):
            return [file.url for file in reading.attachments if file.url]
        sql = "SELECT url FROM attachments WHERE version = ? AND url != '' AND (? OR capture IS NULL) ORDER BY id"
        return [row[0] for row in self.db.execute(sql, (version and version.id, full))]

    def pending_files(self, now: str, most: int) -> list[str]:
        """Return files of recent versions that gave no answer: the crawl was cut, or their host did not answer.

        A file that many articles link to is requested once a run, which counts for all that the run found.
        """
        rows = self.db.execute(
            "SELECT DISTINCT f.url FROM versions v CROSS JOIN articles a ON a.id = v.article"
            " CROSS JOIN attachments f ON f.version = v.id JOIN captures p ON p.id = v.capture"
            " WHERE v.first_seen > ? AND a.site = ? AND f.url != ''"
            " AND v.number = (SELECT max(number) FROM versions WHERE article = a.id) AND NOT EXISTS (SELECT 1"
            " FROM captures c WHERE c.url = f.url AND c.status < 500 AND c.status != 429"
            " AND (c.fetched_at >= v.first_seen OR c.run = p.run)) ORDER BY f.id LIMIT ?",
            (timestamps.later(now, -RETRY_FILES_FOR), self.site, most),
        )
        return [row[0] for row in rows]

    def validators(self, url: str) -> Validators | None:
        """Return the validators of a URL's last full answer, if it had any and could be read.

        None once in a while, and always where the site was found to answer 304 for what had changed.
        """
        if self._must_look(url):
            return None
        row = first(
            self.db,
            "SELECT c.etag, c.last_modified, o.outcome FROM captures c JOIN captures o"
            " ON o.id = coalesce(c.revisit_of, c.id) WHERE c.url = ? AND c.status = 200 AND c.site = ?"
            " ORDER BY c.fetched_at DESC, c.id DESC LIMIT 1",
            url,
            self.site,
        )
        return Validators(*row[:2]) if row and any(row[:2]) and row[2] in ("article", "listing", "file") else None

    def _must_look(self, url: str) -> bool:
        """Return whether the site's word that a page has not changed is not enough this time."""
        if self.site is None or value(self.db, "SELECT false_304 FROM sites WHERE id = ?", self.site) is not None:
            return True
        unseen = "SELECT count(*) FROM captures WHERE url = ?1 AND site = ?2 AND status = 304 AND id >"
        last = "(SELECT coalesce(max(id), 0) FROM captures WHERE url = ?1 AND site = ?2 AND status = 200)"
        return int(value(self.db, f"{unseen} {last}", url, self.site)) >= MAX_UNSEEN

    def probe_source(self, now: str) -> CrawlTarget | None:
        """Return the site's newest article, of whose form a probe may be asked for now; None if that is not due yet."""
        newest = "SELECT max(fetched_at) FROM captures WHERE site = ? AND kind = 'probe'"
        last = value(self.db, newest, self.site)
        if last is not None and timestamps.later(last, PROBE_EVERY) > now:
            return None
        sql = "SELECT url, key FROM articles WHERE site = ? AND presence = 'live' ORDER BY id DESC LIMIT 1"
        row = first(self.db, sql, self.site)
        return CrawlTarget(*row) if row else None

    def has_lines(self, column: str, before: str) -> bool:
        """Return whether lines of the column were known before that time."""
        return value(self.db, f"SELECT 1 {_ENTRIES} AND e.first_seen < ?", self.site, column, before) is not None

    def knows_any(self, column: str, entries: Iterable[Entry], before: str) -> bool:
        """Return whether one of the entries was listed in the column before that time."""
        known = f"SELECT 1 {_ENTRIES} AND e.key = ? AND e.first_seen < ?"
        keys = (identity(entry) for entry in entries)
        return any(value(self.db, known, self.site, column, key, before) is not None for key in keys)

    def newest_date(self, column: str) -> str | None:
        """Return the latest date among the column's entries."""
        newest: str | None = value(self.db, f"SELECT max(published) {_ENTRIES}", self.site, column)
        return newest

    def _template_lines(self) -> frozenset[str]:
        return template_lines.of_site(self.db, self.site or 0)

    def _version(self, url: str, reading: Article | Unchanged) -> versions.Version | None:
        """Return the latest version of the article that was visited, as far as it is known yet."""
        if self.site is None:
            return None
        if isinstance(reading, Article):
            article = find_article(self.db, self.site, reading.key, reading.url)
        else:
            article = article_at_url(self.db, self.site, url)
        return None if article is None else versions.latest_version(self.db, article)

    def _settled_by(self, column: str) -> int | None:
        """Return the last capture up to which the column is known without a gap."""
        capture: int | None = self._column("settled_by", column)
        return capture

    def _column(self, name: str, column: str) -> Any:
        return value(self.db, f"SELECT {name} FROM columns WHERE site = ? AND name = ?", self.site, column)

    def _listed_by(self, column: str, key: str, capture: int) -> bool:
        listed = value(self.db, f"SELECT e.first_capture {_ENTRIES} AND e.key = ?", self.site, column, key)
        return listed is not None and listed <= capture

    def _stated(self, column: str, key: str) -> tuple[str, str | None] | None:
        return first(self.db, f"SELECT e.title, e.published {_ENTRIES} AND e.key = ?", self.site, column, key)

    def _ranked_articles(self, condition: str, time: str, most: int, order: str) -> list[CrawlTarget]:
        """Return the first `most` articles in that order; a missing one with a target for each of its URLs."""
        rows = self.db.execute(
            "SELECT coalesce(u.url, a.url), CASE WHEN u.url IS NULL THEN a.key ELSE u.url END, NULL, e.title,"
            " e.published FROM"
            f" (SELECT *, row_number() OVER (ORDER BY {order}, id) AS place FROM articles x"
            f" WHERE site = :site AND {condition} ORDER BY place LIMIT :most) a"
            " LEFT JOIN urls u ON u.article = a.id AND a.presence = 'missing'"
            " LEFT JOIN entries e ON e.id = (SELECT id FROM entries WHERE article = a.id"
            " ORDER BY last_seen DESC, id DESC LIMIT 1) ORDER BY a.place, u.url",
            {"site": self.site, "time": time, "most": most},
        )
        return [CrawlTarget(*row) for row in rows]


LATENESS = """presence != 'missing', (julianday(x.next_visit) - (SELECT julianday(fetched_at) FROM captures
    WHERE article = x.id ORDER BY id DESC LIMIT 1)) / (julianday(:time) - julianday(x.next_visit) + 1e-6)"""
"""The order of articles that are due: the missing first, then by delay in proportion to the planned wait.

It divides the planned wait (next visit minus last answer) by the delay (now minus next visit): smallest first.
Where more is due than may be requested, all wait longer in the same proportion, and the young do not wait behind the
many old.
"""
_ENTRIES = 'FROM entries e JOIN columns c ON c.id = e."column" WHERE c.site = ? AND c.name = ?'


def _line(entry: Entry) -> tuple[str, str | None]:
    return entry.title, entry.published
