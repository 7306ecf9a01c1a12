"""What a crawl asks the archive before it asks the site: what is known, what is due, what was promised and not seen."""

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
from lufeng_crawler.archive.store.listings import identity
from lufeng_crawler.items import Article, Entry, Unchanged

ASK_AGAIN = timedelta(days=7)
"""How long an entry that answered with something else than an article (a file, a 404) is left alone."""

STILL_MEANT = timedelta(days=7)
"""How long after a version was first seen its files are asked for without its article being visited again."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request says of the answer we have."""

    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class CrawlTarget:
    """An address to ask for. What has the same `key` is the same article: once a run is enough."""

    url: str
    key: str
    column: str | None = None


class Frontier:
    """The questions of one site's crawl. Answers are as of the last transaction, which is enough: see each."""

    def __init__(self, db: sqlite3.Connection, site: str) -> None:
        self.db = db
        self.site: int | None = value(db, "SELECT id FROM sites WHERE name = ?", site)

    def column_urls(self) -> dict[str, str]:
        """Where each column's listing was found last, by the column's name."""
        rows = self.db.execute("SELECT name, url FROM columns WHERE site = ? AND url IS NOT NULL", (self.site,))
        return dict(rows.fetchall())

    def is_settled(self, column: str) -> bool:
        """Whether the column has ever been followed without a gap."""
        return self._settled_by(column) is not None

    def has_no_gap(self, column: str) -> bool:
        """Whether nothing has been listed since then that may hide a gap: if so, an unchanged first page says all."""
        settled_by = self._settled_by(column)
        later = f"SELECT 1 {_ENTRIES} AND e.first_capture > ?"
        return settled_by is not None and value(self.db, later, self.site, column, settled_by) is None

    def new_entries(self, column: str, entries: Iterable[Entry]) -> list[Entry]:
        """The entries that are news: not listed before, or only since the last time the column was followed whole."""
        settled_by = self._settled_by(column) or 0
        return [entry for entry in entries if not self._listed_by(column, identity(entry), settled_by)]

    def changed_entries(self, column: str, entries: Iterable[Entry]) -> list[Entry]:
        """Known entries whose line reads otherwise than before: the article has probably been edited."""
        return [entry for entry in entries if self._said(column, identity(entry)) not in (None, _line(entry))]

    def pending_entries(self, now: str) -> list[CrawlTarget]:
        """What was listed and not seen since: never asked for, blocked, or the crawl was cut."""
        rows = self.db.execute(
            'SELECT e.url, e.key, c.name FROM entries e JOIN columns c ON c.id = e."column" WHERE c.site = ?'
            " AND e.article IS NULL AND e.delisted_at IS NULL AND e.url != '' AND NOT EXISTS (SELECT 1 FROM captures"
            " WHERE url = e.url AND fetched_at > ? AND status < 500 AND outcome != 'blocked' AND kind != 'attachment')"
            " ORDER BY e.id",
            (self.site, timestamps.later(now, -ASK_AGAIN)),
        )
        return [CrawlTarget(*row) for row in rows]

    def due_articles(self, now: str, most: int) -> list[CrawlTarget]:
        """Known articles to look at again, the missing first (at all of their addresses: a second look may prove it).

        Then those that have waited longest beside what they should: where more is due than may be asked for, all wait
        longer in the same proportion, and the young are not behind the many old.
        """
        return self._again("next_visit <= :time", now, most, LATENESS)

    def known_articles(self) -> list[CrawlTarget]:
        """Every known article, the missing and gone included."""
        return self._again("next_visit >= :time", "", -1, "next_visit")

    def is_fresh(self, key: str, url: str, now: str) -> bool:
        """Whether the article of that identity has been seen and is not yet due again."""
        article = None if self.site is None else find_article(self.db, self.site, key, url)
        due = value(self.db, "SELECT next_visit FROM articles WHERE id = ?", article)
        return due is not None and str(due) > now

    def files_to_fetch(self, url: str, reading: Article | Unchanged, full: bool) -> list[str]:
        """The files to ask for after a look at an article: all of a new state, or if `full`; else those it has not."""
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
        """Files of versions lately found that gave no answer since: the crawl was cut, or their host did not answer.

        One that many articles link to is asked once a run, and that counts for all that the run found.
        """
        rows = self.db.execute(
            "SELECT DISTINCT f.url FROM versions v CROSS JOIN articles a ON a.id = v.article"
            " CROSS JOIN attachments f ON f.version = v.id JOIN captures p ON p.id = v.capture"
            " WHERE v.first_seen > ? AND a.site = ? AND f.url != ''"
            " AND v.number = (SELECT max(number) FROM versions WHERE article = a.id) AND NOT EXISTS (SELECT 1"
            " FROM captures c WHERE c.url = f.url AND c.status < 500 AND c.status != 429"
            " AND (c.fetched_at >= v.first_seen OR c.run = p.run)) ORDER BY f.id LIMIT ?",
            (timestamps.later(now, -STILL_MEANT), self.site, most),
        )
        return [row[0] for row in rows]

    def validators(self, url: str) -> Validators | None:
        """Those of the last full answer of an address, if it gave any and could be read."""
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
        """The latest date among the column's entries."""
        found: str | None = value(self.db, f"SELECT max(published) {_ENTRIES}", self.site, column)
        return found

    def _version(self, url: str, reading: Article | Unchanged) -> versions.Version | None:
        """The latest version of the article that was looked at, as far as it is known yet."""
        if self.site is None:
            return None
        if isinstance(reading, Article):
            article = find_article(self.db, self.site, reading.key, reading.url)
        else:
            article = article_at_url(self.db, self.site, url)
        return None if article is None else versions.latest_version(self.db, article)

    def _settled_by(self, column: str) -> int | None:
        """The last capture up to which the column is known without a gap."""
        sql = "SELECT settled_by FROM columns WHERE site = ? AND name = ?"
        capture: int | None = value(self.db, sql, self.site, column)
        return capture

    def _listed_by(self, column: str, key: str, capture: int) -> bool:
        listed = value(self.db, f"SELECT e.first_capture {_ENTRIES} AND e.key = ?", self.site, column, key)
        return listed is not None and listed <= capture

    def _said(self, column: str, key: str) -> tuple[str, str | None] | None:
        return first(self.db, f"SELECT e.title, e.published {_ENTRIES} AND e.key = ?", self.site, column, key)

    def _again(self, condition: str, time: str, most: int, order: str) -> list[CrawlTarget]:
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
_ENTRIES = 'FROM entries e JOIN columns c ON c.id = e."column" WHERE c.site = ? AND c.name = ?'


def _line(entry: Entry) -> tuple[str, str | None]:
    return entry.title, entry.published
