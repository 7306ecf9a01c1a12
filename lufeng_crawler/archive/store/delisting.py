"""Decides which articles are delisted: no longer in any listing of their site, though they are still there.

A line that one sweep did not show may have been missed: the listing shifted while it was paged. Two sweeps of two runs
that prove something have to miss it, far enough apart. What is older than the oldest line of a column has scrolled off:
only a line whose place lies between lines that are still shown can be said to be missing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.db.rows import update, value
from lufeng_crawler.archive.history.listed_lines import identity, placed_entries
from lufeng_crawler.archive.history.observation import ChangeEvent, ReadAgain
from lufeng_crawler.items import Entry, Listing, PresenceRule

LISTINGS = """FROM captures
    WHERE run = ? AND outcome = 'listing' AND "column" = (SELECT name FROM columns WHERE id = ?)"""
"""The pages of a column that a run captured."""

LISTED: Mapping[str, object] = MappingProxyType(
    {"delisted_at": None, "absent_since": None, "absent_run": None, "absent_captures": None}
)
"""The columns of an entry that is listed."""

UNDATED = "9999-12-31"
"""The oldest date shown in a column whose lines have no dates."""

IS_ABSENT = """e."column" = ?1 AND e.last_capture < ?2 AND e.delisted_at IS NULL"""
"""SQL: entries `e` of the column ?1 that no listing has shown since the capture ?2, and that are not delisted yet."""


@dataclass(frozen=True, slots=True)
class AbsentEntry:
    """An entry that the listings since a sweep began do not show; `absent_since` is the first sweep that missed it."""

    id: int
    key: str
    article: int | None
    published: str | None
    last_capture: int
    absent_since: str | None
    absent_run: int | None
    absent_captures: str | None


def record_absences(db: sqlite3.Connection, run: int, column: int, rule: PresenceRule, read_again: ReadAgain) -> None:
    """Record what a sweep of the column, by a run that proves, did not show; and what is delisted by that."""
    listings = db.execute(f"SELECT id, fetched_at {LISTINGS} ORDER BY id", (run, column)).fetchall()
    if not listings:
        return
    (began, _), (_, at) = listings[0], listings[-1]
    captures = [id for id, _ in listings]
    for entry in absent_entries(db, column, began, read_again):
        if entry.absent_since is None:
            proof = json.dumps(captures)
            update(db, "entries", entry.id, absent_since=at, absent_run=run, absent_captures=proof)
        elif entry.absent_run != run and _is_apart(entry.absent_since, at, rule):
            _delist(db, entry, ChangeEvent("delisted", at, entry.article or 0, run, captures))


def absent_entries(db: sqlite3.Connection, column: int, began: int, read_again: ReadAgain) -> Iterator[AbsentEntry]:
    """Yield the entries that were not shown since the capture `began` though their place was."""
    sql = (
        "SELECT e.id, e.key, e.article, e.published, e.last_capture, e.absent_since, e.absent_run, e.absent_captures"
        f" FROM entries e WHERE {IS_ABSENT} ORDER BY e.id"
    )
    entries = [AbsentEntry(*row) for row in db.execute(sql, (column, began))]
    if not entries:
        return
    shown = _shown_lines(db, column, began)
    days = [date[:10] for date in shown.values() if date]
    oldest, newest = min(days, default=""), max(days, default="")
    pages: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.published and entry.published[:10] < oldest:
            continue
        if entry.last_capture not in pages:
            pages[entry.last_capture] = _lines(read_again, entry.last_capture)
        if _lies_between(entry, pages[entry.last_capture], shown, (oldest, newest)):
            yield entry


def oldest_shown(db: sqlite3.Connection, run: int, column: int) -> str:
    """Return the oldest date among the lines that a run saw in a column, pinned ones left out.

    Where none is dated it is the end of time: nothing is older than what was seen, as far as anybody can tell.
    """
    began = value(db, f"SELECT min(id) {LISTINGS}", run, column)
    dates = [date for date in _shown_lines(db, column, began).values() if date]
    return min(dates, default=UNDATED)


def is_listed(db: sqlite3.Connection, article: int, column: int | None = None) -> bool:
    """Return whether an entry of the column, or of any, names the article: after a move it has two in one column."""
    sql = 'SELECT 1 FROM entries WHERE article = ?1 AND delisted_at IS NULL AND (?2 IS NULL OR "column" = ?2)'
    return value(db, sql, article, column) is not None


def is_told_delisted(db: sqlite3.Connection, article: int) -> bool:
    """Return whether the last thing told of the article's place in listings is that it has none."""
    sql = "SELECT kind FROM changes WHERE article = ? AND kind IN ('delisted', 'relisted') ORDER BY id DESC LIMIT 1"
    return bool(value(db, sql, article) == "delisted")


def _delist(db: sqlite3.Connection, entry: AbsentEntry, event: ChangeEvent) -> None:
    """Mark the entry, and tell it of an article that this run saw live and that no column lists any more."""
    live = (
        "SELECT 1 FROM articles a WHERE a.id = ?1 AND a.presence = 'live' AND EXISTS (SELECT 1 FROM captures c"
        " WHERE c.article = a.id AND c.run = ?2 AND c.outcome IN ('article', 'unchanged'))"
    )
    if entry.article is not None and (
        value(db, live, entry.article, event.run) is None or _may_be_out_of_sight(db, entry, event.run)
    ):
        return
    update(db, "entries", entry.id, delisted_at=event.at)
    if entry.article is None or is_listed(db, entry.article) or is_told_delisted(db, entry.article):
        return
    evidence = [*json.loads(entry.absent_captures or "[]"), *event.evidence]
    ChangeEvent("delisted", event.at, entry.article, event.run, evidence).insert(db)


def _may_be_out_of_sight(db: sqlite3.Connection, entry: AbsentEntry, run: int) -> bool:
    """Return whether a column of the site may list the article where no sweep since has looked."""
    sql = """SELECT 1 FROM columns WHERE site = (SELECT site FROM runs WHERE id = ?1) AND coverage IS NOT NULL
        AND (swept_at IS NULL OR swept_at < ?2 OR swept_down_to IS NOT NULL AND coalesce(?3, '') <= swept_down_to)
        AND id != (SELECT "column" FROM entries WHERE id = ?4)"""
    return value(db, sql, run, entry.absent_since, entry.published, entry.id) is not None


def _is_apart(since: str, at: str, rule: PresenceRule) -> bool:
    return timestamps.parse(at) - timestamps.parse(since) >= timedelta(seconds=rule.apart)


def _shown_lines(db: sqlite3.Connection, column: int, began: int) -> dict[str, str | None]:
    """Return the lines shown since a sweep began, by their identity, with their dates; pinned lines have no place."""
    sql = 'SELECT key, published FROM entries WHERE "column" = ? AND last_capture >= ? AND NOT pinned'
    return dict(db.execute(sql, (column, began)).fetchall())


def _lines(read_again: ReadAgain, capture: int) -> list[Entry]:
    """Return the lines of a listing that have a place in its order."""
    reading = read_again(capture)
    return placed_entries(reading) if isinstance(reading, Listing) else []


def _lies_between(
    entry: AbsentEntry, page: Sequence[Entry], shown: Collection[str], shown_days: tuple[str, str]
) -> bool:
    """Return whether lines above and below the entry's place are still shown.

    By the order of the page that listed it last; at the ends of that page by date, if the page is sorted by date.
    `shown_days` are the oldest and the newest day that is shown, empty where no line is dated.
    """
    lines, dates = [identity(line) for line in page], [line.published for line in page]
    if entry.key not in lines:
        return False
    place, own = lines.index(entry.key), entry.published if _is_sorted(dates) else None
    above, below = (any(line in shown for line in part) for part in (lines[:place], lines[place + 1 :]))
    oldest, newest = shown_days
    is_dated = bool(own and newest)
    above = above or (is_dated and newest > (own or "")[:10])
    return above and (below or (is_dated and oldest < (own or "")[:10]))


def _is_sorted(dates: Sequence[str | None]) -> bool:
    """Return whether a page's lines are all dated, the newest first."""
    days = [date[:10] for date in dates if date]
    return len(days) == len(dates) and days == sorted(days, reverse=True)


# Rules 0


def record_unlisted(db: sqlite3.Connection, run: int, column: int) -> None:
    """Record the entries that one complete sweep of the column did not list, and the articles delisted with them.

    Only articles that were live in this run are delisted. What anybody saw listed since the sweep began still is: runs
    of archives that were merged may overlap.
    """
    listings = db.execute(f"SELECT id, fetched_at {LISTINGS} ORDER BY id", (run, column)).fetchall()
    if not listings:
        return
    (began, _), (_, at) = listings[0], listings[-1]
    unlisted = db.execute(
        f"SELECT e.id, e.article FROM entries e LEFT JOIN articles a ON a.id = e.article WHERE {IS_ABSENT}"
        " AND (a.id IS NULL OR a.presence = 'live' AND EXISTS (SELECT 1 FROM captures c WHERE c.article = a.id"
        " AND c.run = ?3 AND c.outcome IN ('article', 'unchanged'))) ORDER BY e.id",
        (column, began, run),
    )
    for entry, article in unlisted.fetchall():
        update(db, "entries", entry, delisted_at=at)
        if article is not None and not is_listed(db, article, column):
            ChangeEvent("delisted", at, article, run, [id for id, _ in listings]).insert(db)
