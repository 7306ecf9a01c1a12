"""Answers what a crawl asks the archive before it asks the site: what is known, due, or listed and not yet captured."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.db.rows import first, value
from lufeng_crawler.archive.digests import content_digest
from lufeng_crawler.archive.history import versions
from lufeng_crawler.archive.history.article_urls import article_at_url, find_article
from lufeng_crawler.archive.store.delisting import identity
from lufeng_crawler.items import Article, Entry, Unchanged

RETRY_ENTRY_AFTER = timedelta(days=7)
"""How long an entry is left alone that answered with something else than an article: a file, a 404."""

RETRY_FILES_FOR = timedelta(days=7)
"""How long after a version was first seen its files are requested without visiting its article again."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request sends to ask whether the answer we have has changed."""

    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class CrawlTarget:
    """A URL to request. Those with the same `key` are one article: one request a run is enough for all of them."""

    url: str
    key: str
    column: str | None = None


class Frontier:
    """Answers the questions of one site's crawl, as of the last transaction, which is enough for each."""

    def __init__(self, db: sqlite3.Connection, site: str) -> None:
        self.db = db
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

    def pending_entries(self, now: str) -> list[CrawlTarget]:
        """Return what was listed and not captured since: never requested, blocked, or the crawl was cut."""
        rows = self.db.execute(
            'SELECT e.url, e.key, c.name FROM entries e JOIN columns c ON c.id = e."column" WHERE c.site = ?'
            " AND e.article IS NULL AND e.delisted_at IS NULL AND e.url != '' AND NOT EXISTS (SELECT 1 FROM captures"
            " WHERE url = e.url AND fetched_at > ? AND status < 500 AND outcome != 'blocked' AND kind != 'attachment')"
            " ORDER BY e.id",
            (self.site, timestamps.later(now, -RETRY_ENTRY_AFTER)),
        )
        return [CrawlTarget(*row) for row in rows]

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
            full or version is None or content_digest(reading) != version.content_digest
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
        """Return the validators of a URL's last full answer, if it had any and could be read."""
        row = first(
            self.db,
            "SELECT c.etag, c.last_modified, o.outcome FROM captures c JOIN captures o"
            " ON o.id = coalesce(c.revisit_of, c.id) WHERE c.url = ? AND c.status = 200 AND c.site = ?"
            " ORDER BY c.fetched_at DESC, c.id DESC LIMIT 1",
            url,
            self.site,
        )
        return Validators(*row[:2]) if row and any(row[:2]) and row[2] in ("article", "listing", "file") else None

    def newest_date(self, column: str) -> str | None:
        """Return the latest date among the column's entries."""
        newest: str | None = value(self.db, f"SELECT max(published) {_ENTRIES}", self.site, column)
        return newest

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
        sql = "SELECT settled_by FROM columns WHERE site = ? AND name = ?"
        capture: int | None = value(self.db, sql, self.site, column)
        return capture

    def _listed_by(self, column: str, key: str, capture: int) -> bool:
        listed = value(self.db, f"SELECT e.first_capture {_ENTRIES} AND e.key = ?", self.site, column, key)
        return listed is not None and listed <= capture

    def _stated(self, column: str, key: str) -> tuple[str, str | None] | None:
        return first(self.db, f"SELECT e.title, e.published {_ENTRIES} AND e.key = ?", self.site, column, key)

    def _ranked_articles(self, condition: str, time: str, most: int, order: str) -> list[CrawlTarget]:
        """Return the first `most` articles in that order; a missing one with a target for each of its URLs."""
        rows = self.db.execute(
            "SELECT coalesce(u.url, a.url), CASE WHEN u.url IS NULL THEN a.key ELSE u.url END FROM"
            f" (SELECT *, row_number() OVER (ORDER BY {order}, id) AS place FROM articles x"
            f" WHERE site = :site AND {condition} ORDER BY place LIMIT :most) a"
            " LEFT JOIN urls u ON u.article = a.id AND a.presence = 'missing' ORDER BY a.place, u.url",
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
