"""What may be claimed of an article's being there: live → missing → gone, and back (DESIGN section 4, presence)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import timedelta

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.db.rows import first, update, value
from lufeng_crawler.archive.history.article_urls import has_moved_away
from lufeng_crawler.archive.history.observation import ChangeEvent, Observation
from lufeng_crawler.archive.history.revisit_policy import next_visit_if_absent


def record_live(seen: Observation, article: int, page: int | None = None) -> None:
    """A good answer: whatever was thought missing is back, at this address. `page`: the capture, if not this one."""
    state, since = _presence(seen.db, article)
    if state == "live" or seen.at < since:
        return
    update(seen.db, "articles", article, presence="live", presence_since=seen.at)
    if page is None:  # else it has the address of the page already
        update(seen.db, "articles", article, url=seen.capture.url)
    ChangeEvent("restored", seen.at, article, seen.run, [page or seen.id]).insert(seen.db)


def record_gone(seen: Observation, article: int, shown_by: Sequence[int] = ()) -> None:
    """The site says that the article is not there. The first time makes it missing; more is decided by `settle`.

    `shown_by`: the captures that say so, where it is not this one alone.
    """
    if not may_be_gone(seen, article):
        return
    state, _ = _presence(seen.db, article)
    if state == "live":
        update(seen.db, "articles", article, presence="missing", presence_since=seen.at)
        ChangeEvent("missing", seen.at, article, seen.run, shown_by or [seen.id]).insert(seen.db)
    update(seen.db, "articles", article, next_visit=next_visit_if_absent(seen.at, state == "gone", seen.apart))


def retract_missing(seen: Observation, article: int) -> None:
    """Take back what this run said too early: the article was at another address, which it had not asked yet."""
    missing = "DELETE FROM changes WHERE article = ? AND run = ? AND kind = 'missing' RETURNING id"
    if seen.db.execute(missing, (article, seen.run)).fetchall():
        since = "SELECT max(at) FROM changes WHERE article = ? AND kind IN ('new', 'restored')"
        update(seen.db, "articles", article, presence="live", presence_since=value(seen.db, since, article))


def may_be_gone(seen: Observation, article: int) -> bool:
    """Whether an answer that it is not there tells of it: not an older one, ingested late, if it was seen after that,
    nor one at an address that it moved away from."""
    since = value(seen.db, "SELECT max(presence_since, last_seen) FROM articles WHERE id = ?", article)
    return seen.at >= str(since) and not has_moved_away(seen.db, article, seen.capture.url)


def record_redirect_to_gone(seen: Observation, article: int, target: str) -> None:
    """An article's address leads to one at which this run has been told already that nothing is there."""
    sql = "SELECT id FROM captures WHERE url = ? AND run = ? AND outcome = 'gone' ORDER BY id DESC LIMIT 1"
    if nothing := value(seen.db, sql, target, seen.run):
        record_gone(seen, article, [seen.id, nothing])


def record_gone_behind_redirects(seen: Observation) -> None:
    """Nothing is at this address, which is no article's: what redirected here in this run is not there either."""
    sql = "SELECT id, article, url FROM captures WHERE location = ? AND run = ? AND article IS NOT NULL ORDER BY id"
    for redirect, article, url in seen.db.execute(sql, (seen.capture.url, seen.run)).fetchall():
        if not has_moved_away(seen.db, article, url):
            record_gone(seen, article, [redirect, seen.id])


def confirm_deletions(db: sqlite3.Connection, run: int, site: int, observations: int, apart: int) -> None:
    """At the end of a good run: the missing articles that enough good runs, far enough apart, saw gone, are gone."""
    missing = db.execute("SELECT id FROM articles WHERE site = ? AND presence = 'missing' ORDER BY id", (site,))
    for (article,) in missing.fetchall():
        proofs = _proofs(db, article)
        if len({proof[2] for proof in proofs}) < observations:
            continue
        if timestamps.parse(proofs[-1][1]) - timestamps.parse(proofs[0][1]) < timedelta(seconds=apart):
            continue
        at = proofs[-1][1]
        update(db, "articles", article, presence="gone", presence_since=at)
        update(db, "articles", article, next_visit=next_visit_if_absent(at, True, apart))
        ChangeEvent("gone", at, article, run, [proof[0] for proof in proofs]).insert(db)


def _presence(db: sqlite3.Connection, article: int) -> tuple[str, str]:
    state, since = first(db, "SELECT presence, presence_since FROM articles WHERE id = ?", article) or ()
    return state, since


DENIALS = """SELECT max(c.fetched_at, coalesce(g.fetched_at, '')) AS at, c.id AS id, g.id AS leads_to, c.run AS run,
        c.url AS url
    FROM captures c LEFT JOIN captures g ON c.outcome = 'redirect' AND g.id =
        (SELECT max(id) FROM captures WHERE url = c.location AND run = c.run AND outcome = 'gone')
    WHERE c.article = ?1 AND (c.outcome = 'gone' OR g.id IS NOT NULL)"""
"""An article's captures that say gone, or lead to what says so in the same run (`leads_to`)."""


def _proofs(db: sqlite3.Connection, article: int) -> list[tuple[int, str, int]]:
    """The denials of good runs since the last good answer: id, time, run."""
    said = db.execute(
        f"SELECT d.id, d.at, d.run, d.url FROM ({DENIALS}) d JOIN runs r ON r.id = d.run WHERE r.outcome = 'good'"
        " AND d.at >= (SELECT presence_since FROM articles WHERE id = ?1) ORDER BY d.at, d.id",
        (article,),
    ).fetchall()
    return [(id, at, run) for id, at, run, url in said if not has_moved_away(db, article, url)]
