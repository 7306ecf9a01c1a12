"""Which captures leave the archive together: those of a site, a time, some articles, with all that they need."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from lufeng_crawler.archive.db.conditions import BEFORE, condition
from lufeng_crawler.archive.db.rows import value
from lufeng_crawler.errors import NotInArchive

SHOWS_STATE = "status != 304 AND outcome != 'blocked'"
"""Captures that show a state of what is at their address, errors of its server included (RFC 7089, 4.5).

A 304 shows none, it says that an earlier one still stood; a challenge or a login page is not of that address.
"""


@dataclass(frozen=True, slots=True)
class CaptureFilter:
    """Captures of a site, made from … to … (days or moments of UTC, the last day included), about articles.

    What is None or empty excludes nothing.
    """

    site: str | None = None
    since: str | None = None
    until: str | None = None
    articles: tuple[int, ...] = ()


def select_captures(db: sqlite3.Connection, wanted: CaptureFilter) -> int:
    """Make the table `temp.chosen` (id); how many there are. What follows over `db` sees the archive as of now.

    An article's are all looks at it, at its addresses, at the files and pictures of its versions, and where those
    redirect. A revisit brings the capture that it repeats, whenever that was. Raises NotInArchive for none.
    """
    db.execute("BEGIN")
    db.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
    db.execute("CREATE TEMP TABLE about (article INTEGER PRIMARY KEY)")
    db.executemany("INSERT OR IGNORE INTO about VALUES (?)", [(article,) for article in wanted.articles])
    about = "1" if not wanted.articles else f"(article IN about OR url IN ({_ADDRESSES}))"
    tests = {
        "since": "fetched_at >= ?",
        "until": f"fetched_at {BEFORE}",
        "site": "site = (SELECT id FROM sites WHERE name = ?)",
    }
    where, values = condition({name: getattr(wanted, name) for name in tests}, tests)
    db.execute(f"INSERT INTO chosen SELECT id FROM captures WHERE {about} AND {where}", values)
    db.execute("INSERT OR IGNORE INTO chosen SELECT revisit_of FROM captures NATURAL JOIN chosen WHERE revisit_of > 0")
    found = int(value(db, "SELECT count(*) FROM chosen"))
    if not found:
        raise NotInArchive("the archive has no captures of this site, time and article")
    return found


_ADDRESSES = """
    WITH RECURSIVE target (url, hops) AS (
        SELECT f.url, 0 FROM versions v JOIN attachments f ON f.version = v.id WHERE v.article IN about
        UNION SELECT i.value, 0 FROM versions v JOIN json_each(v.images) i WHERE v.article IN about
        UNION SELECT c.location, hops + 1 FROM target t JOIN captures c ON c.url = t.url
        WHERE c.location IS NOT NULL AND hops < 5)
    SELECT url FROM target UNION SELECT url FROM urls WHERE article IN about"""
