"""Detects articles that moved by a permanent redirect, whether the redirect or the page it leads to was seen first."""

from __future__ import annotations

from dataclasses import dataclass

from lufeng_crawler.archive.db.conditions import MAX_REDIRECT_HOPS
from lufeng_crawler.archive.db.rows import first, update, value
from lufeng_crawler.archive.history import presence, unconfirmed, version_timeline
from lufeng_crawler.archive.history.article_urls import add_url, article_at_url, is_same_place
from lufeng_crawler.archive.history.observation import ChangeEvent, Observation
from lufeng_crawler.items import Redirect

REDIRECTS_TO_URL = f"""
    WITH RECURSIVE leading (id, url, article, permanent, hops) AS (
        SELECT id, url, article, status IN (301, 308), 1 FROM captures c
        WHERE location = ?1 AND site = ?2 AND id = (SELECT max(id) FROM captures WHERE url = c.url AND site = ?2)
        UNION
        SELECT c.id, c.url, c.article, permanent AND c.status IN (301, 308), hops + 1
        FROM leading l JOIN captures c ON c.location = l.url AND c.site = ?2
        WHERE hops < {MAX_REDIRECT_HOPS} AND c.id = (SELECT max(id) FROM captures WHERE url = c.url AND site = ?2))
    SELECT id, article, url FROM leading"""
"""Redirects that stand (the newest answer of their URL) and lead to a URL, straight or by others."""

ARTICLE_TABLES = ("captures", "urls", "entries", "changes")
"""The tables, besides `versions` and those derived from it, whose rows belong to an article."""


@dataclass(frozen=True, slots=True)
class MoveEnd:
    """One end of a move: the redirect away from an article, or the page that it leads to."""

    capture: int
    article: int | None
    url: str


@dataclass(frozen=True, slots=True)
class RedirectMove:
    """A move that was decided, and is to be recorded.

    The `article` that redirects is from now on the one of the page at `url`. `merged` is another article that the page
    was taken for so far. `changes_url`: the page's URL becomes the article's. `evidence` is the redirect and the page.
    """

    article: int
    url: str
    merged: int | None
    changes_url: bool
    evidence: tuple[int, int]


def record_redirect(observation: Observation, reading: Redirect) -> int | None:
    """Record a redirect, and the move where the page it leads to was seen first. Return the article it comes from."""
    db, site, here = observation.db, observation.site_id, observation.capture.url
    article = article_at_url(db, site, here)
    if reading.permanent:
        before, destination = _origin(observation, here), _destination(observation, reading.url)
        if article is None and before:
            article = before.article
        if article is not None and destination:
            move = _decide(observation, MoveEnd(observation.capture_id, article, here), destination)
            if move:
                record_move(observation, move)
                presence.record_good_answer(observation, article, destination.capture)
    if (target := article_at_url(db, site, reading.url)) is not None:
        for url in (here, *redirecting_urls(observation, here)):
            add_url(db, site, url, target, observation.at)
    return article


def find_move_to(observation: Observation, url: str, article: int | None) -> RedirectMove | None:
    """Return the move of a known article to the page at `url`, which was taken for `article` so far. Writes nothing."""
    origin = _origin(observation, url)
    return _decide(observation, origin, MoveEnd(observation.capture_id, article, url)) if origin else None


def record_move(observation: Observation, move: RedirectMove) -> None:
    """Merge the articles that are one, and record that the article moved, if its URL is another now."""
    if move.merged is not None:
        merge_articles(observation, move.article, move.merged)
    if move.changes_url:
        before: str = value(observation.db, "SELECT url FROM articles WHERE id = ?", move.article)
        update(observation.db, "articles", move.article, url=move.url)
        add_url(observation.db, observation.site_id, move.url, move.article, observation.at)
        if is_same_place(move.url, before):
            return
        event = ChangeEvent("moved", observation.at, move.article, observation.run_id, move.evidence)
        event.insert(observation.db)


def redirecting_urls(observation: Observation, url: str) -> list[str]:
    """Return the URLs that redirect to this one, permanently or for now."""
    rows = observation.db.execute(REDIRECTS_TO_URL, (url, observation.site_id)).fetchall()
    return sorted({source for _, _, source in rows})


def _origin(observation: Observation, url: str) -> MoveEnd | None:
    """Return the newest permanent redirect of a known article to this URL."""
    sql = f"{REDIRECTS_TO_URL} WHERE permanent AND article IS NOT NULL ORDER BY id DESC LIMIT 1"
    row = first(observation.db, sql, url, observation.site_id)
    return MoveEnd(*row) if row else None


def _destination(observation: Observation, url: str) -> MoveEnd | None:
    """Return the page at the end of the permanent redirects from `url`, if the last answer there was an article."""
    for _ in range(MAX_REDIRECT_HOPS):
        sql = (
            "SELECT id, outcome, article, location, status FROM captures WHERE url = ? AND site = ?"
            " ORDER BY id DESC LIMIT 1"
        )
        row = first(observation.db, sql, url, observation.site_id)
        id, outcome, article, location, status = row or (0, "", None, None, 0)
        if status not in (301, 308) or location is None:
            is_article = outcome in ("article", "unchanged") and article is not None
            return MoveEnd(id, article, url) if is_article else None
        url = location
    return None


def _decide(observation: Observation, origin: MoveEnd, destination: MoveEnd) -> RedirectMove | None:
    """Decide whether the article that redirects is the one of that page from now on.

    A page that another article has moved to already is not merged into this one: rebuilt sites redirect all their old
    URLs to one page. Nor is somebody else's. Where the page is the article's already, its URL changes only if it is
    the article's present URL that redirects.
    """
    article, shown = origin.article, destination.article
    assert article is not None
    merged = shown if shown is not None and shown != article else None
    if merged is not None and value(
        observation.db, "SELECT 1 FROM changes WHERE article = ? AND kind = 'moved'", merged
    ):
        return None
    if merged is not None and observation.rules and _are_two(observation, article, merged):
        return None
    known = value(observation.db, "SELECT url FROM articles WHERE id = ?", article)
    changes_url = known != destination.url and (shown != article or known == origin.url)
    return RedirectMove(article, destination.url, merged, changes_url, (origin.capture, destination.capture))


def _are_two(observation: Observation, article: int, other: int) -> bool:
    """Return whether two articles were there at once and share neither title nor text."""
    times = "SELECT a.last_seen >= b.first_seen FROM articles a, articles b WHERE a.id = ? AND b.id = ?"
    is_beside = bool(value(observation.db, times, article, other))
    return is_beside and not unconfirmed.are_alike(observation, article, other)


def merge_articles(observation: Observation, article: int, other: int) -> None:
    """Merge the second article into the first: captures, URLs, entries, changes and versions."""
    db = observation.db
    sql = "SELECT min(first_seen), max(last_seen), max(next_visit) FROM articles WHERE id IN (?, ?)"
    first_seen, last_seen, next_visit = first(db, sql, article, other) or ()
    _ignore_captures_of_old_url(observation, article, other)
    for table in ARTICLE_TABLES:
        db.execute(f"UPDATE {table} SET article = ? WHERE article = ?", (article, other))
    _append_versions(observation, article, other)
    db.execute("DELETE FROM articles WHERE id = ?", (other,))
    update(db, "articles", article, first_seen=first_seen, last_seen=last_seen, next_visit=next_visit)
    version_timeline.rearrange_merged_versions(observation, article)


def _ignore_captures_of_old_url(observation: Observation, article: int, other: int) -> None:
    """Clear the content of the first article's captures since the second appeared, except those that a version cites.

    While both pages were there, the old one, which redirects now, says nothing of the new one, which is the article's.
    """
    observation.db.execute(
        "UPDATE captures SET content = NULL WHERE article = ?1 AND id NOT IN (SELECT capture FROM versions WHERE"
        " article = ?1) AND fetched_at > (SELECT first_seen FROM articles WHERE id = ?2)",
        (article, other),
    )


def _append_versions(observation: Observation, article: int, other: int) -> None:
    """Give the second article's versions to the first, numbered behind its own."""
    last = "(SELECT max(number) FROM versions WHERE article = ?1)"
    observation.db.execute(
        f"UPDATE versions SET article = ?1, number = number + {last} WHERE article = ?2", (article, other)
    )
