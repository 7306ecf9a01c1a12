"""Articles that moved: a permanent redirect and the page it leads to, in whichever order they were seen."""

from __future__ import annotations

from dataclasses import dataclass

from lufeng_crawler.archive.db.rows import first, update, value
from lufeng_crawler.archive.history import presence, version_timeline
from lufeng_crawler.archive.history.article_urls import add_url, article_at_url
from lufeng_crawler.archive.history.observation import ChangeEvent, Observation
from lufeng_crawler.items import Redirect

LEADING_HERE = """
    WITH RECURSIVE leading (id, url, article, permanent, hops) AS (
        SELECT id, url, article, status IN (301, 308), 1 FROM captures c
        WHERE location = ?1 AND site = ?2 AND id = (SELECT max(id) FROM captures WHERE url = c.url)
        UNION
        SELECT c.id, c.url, c.article, permanent AND c.status IN (301, 308), hops + 1
        FROM leading l JOIN captures c ON c.location = l.url AND c.site = ?2
        WHERE hops < 5 AND c.id = (SELECT max(id) FROM captures WHERE url = c.url))
    SELECT id, article, url FROM leading"""
"""Redirects that stand (the newest answer of their address) and lead to an address, straight or by others."""


@dataclass(frozen=True, slots=True)
class MoveEnd:
    """An answer that has to do with a move: the redirect away from an article, or the page that it leads to."""

    capture: int
    article: int | None
    url: str


def record_redirect(seen: Observation, reading: Redirect) -> int | None:
    """Record a redirect; the article it comes from. Where its target was seen first, the move is known now."""
    here = seen.capture.url
    article = article_at_url(seen.db, seen.site, here)
    if reading.permanent:
        before, page = _origin(seen, here), _end(seen, reading.url)
        if article is None and before:
            article = before.article
        if article is not None and page and _follows(seen, MoveEnd(seen.id, article, here), page):
            presence.record_live(seen, article, page.capture)
    if (there := article_at_url(seen.db, seen.site, reading.url)) is not None:
        for url in (here, *redirecting_urls(seen, here)):
            add_url(seen.db, seen.site, url, there, seen.at)
    return article


def resolve_redirect(seen: Observation, url: str, article: int | None) -> int | None:
    """The article that reads at `url`: the one that was sent here for good, else `article`."""
    origin = _origin(seen, url)
    if origin and _follows(seen, origin, MoveEnd(seen.id, article, url)):
        return origin.article
    return article


def redirecting_urls(seen: Observation, url: str) -> list[str]:
    """The addresses that redirect to this one, for good or for now."""
    rows = seen.db.execute(LEADING_HERE, (url, seen.site)).fetchall()
    return sorted({source for _, _, source in rows})


def _origin(seen: Observation, url: str) -> MoveEnd | None:
    """The newest permanent redirect of a known article to this address."""
    sql = f"{LEADING_HERE} WHERE permanent AND article IS NOT NULL ORDER BY id DESC LIMIT 1"
    row = first(seen.db, sql, url, seen.site)
    return MoveEnd(*row) if row else None


def _end(seen: Observation, url: str) -> MoveEnd | None:
    """The page at the end of the permanent redirects that begin at `url`, if the last answer there was an article."""
    for _ in range(5):
        sql = "SELECT id, outcome, article, location, status FROM captures WHERE url = ? ORDER BY id DESC LIMIT 1"
        id, outcome, article, location, status = first(seen.db, sql, url) or (0, "", None, None, 0)
        if status not in (301, 308) or location is None:
            good = outcome in ("article", "unchanged") and article is not None
            return MoveEnd(id, article, url) if good else None
        url = location
    return None


def _follows(seen: Observation, origin: MoveEnd, page: MoveEnd) -> bool:
    """Whether the article that redirects is the one of that page from now on; the page's own is what it was before.

    An address that is an article's new one already is no second article's: sites that are rebuilt send all their old
    addresses to one page. Of an article with many addresses only the one that we have for it makes a move.
    """
    db, article, there = seen.db, origin.article, page.article
    assert article is not None
    if there is not None and there != article:
        if value(db, "SELECT 1 FROM changes WHERE article = ? AND kind = 'moved'", there):
            return False
        merge_articles(seen, article, there)
    known = value(db, "SELECT url FROM articles WHERE id = ?", article)
    if known != page.url and (there != article or known == origin.url):
        update(db, "articles", article, url=page.url)
        add_url(db, seen.site, page.url, article, seen.at)
        ChangeEvent("moved", seen.at, article, seen.run, [origin.capture, page.capture]).insert(db)
    return True


def merge_articles(seen: Observation, article: int, other: int) -> None:
    """Give all that is known of the other article to this one; what it did under both addresses becomes one life."""
    sql = "SELECT min(first_seen), max(last_seen), max(next_visit) FROM articles WHERE id IN (?, ?)"
    first_seen, last_seen, next_visit = first(seen.db, sql, article, other) or ()
    # While both stood, the page that redirects now and then told nothing of the one that is the article's.
    seen.db.execute(
        "UPDATE captures SET content = NULL WHERE article = ?1 AND id NOT IN (SELECT capture FROM versions WHERE"
        " article = ?1) AND fetched_at > (SELECT first_seen FROM articles WHERE id = ?2)",
        (article, other),
    )
    for table in ("captures", "urls", "entries", "changes"):
        seen.db.execute(f"UPDATE {table} SET article = ? WHERE article = ?", (article, other))
    behind = "(SELECT max(number) FROM versions WHERE article = ?1)"
    seen.db.execute(
        f"UPDATE versions SET article = ?1, number = number + {behind} WHERE article = ?2", (article, other)
    )
    seen.db.execute("DELETE FROM articles WHERE id = ?", (other,))
    update(seen.db, "articles", article, first_seen=first_seen, last_seen=last_seen, next_visit=next_visit)
    version_timeline.rearrange_merged_versions(seen, article)
