"""Articles that moved without a redirect: the same content at a new address, while the old ones say that it is gone.

Two that were ever seen alive at once are copies, and stay two; so does what says too little to be known again by, and
whatever three or more articles of the site say alike.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from lufeng_crawler.archive.db.rows import first, update, value
from lufeng_crawler.archive.history import presence as history_presence
from lufeng_crawler.archive.history import redirect_moves, versions
from lufeng_crawler.archive.history.article_urls import add_url, has_moved_away, remove_url
from lufeng_crawler.archive.history.observation import ChangeEvent, Observation
from lufeng_crawler.items import Article

ENOUGH = 100
"""Characters of a body, below which two articles may well say the same: 详见附件, and a picture."""


@dataclass(frozen=True, slots=True)
class SameContent:
    """An article whose latest version, as captured by `capture`, has the content that is looked for."""

    id: int
    key: str
    url: str
    presence: str
    first_seen: str
    last_seen: str
    capture: int


def find_moved_article(seen: Observation, page: Article, digest: str) -> int | None:
    """The article that this page, new at its address, was before; that it moved here is recorded."""
    if len(page.body) < ENOUGH or not page.published:
        return None
    before = _only(seen, digest, None)
    if before is None or before.presence == "live" or before.last_seen >= seen.at:
        return None
    gone = _gone_from(seen, before.id)
    if gone is None:
        return None
    _moved(seen, before.id, page.key, page.url, gone, seen.id)
    return before.id


def merge_if_moved(seen: Observation, article: int) -> bool:
    """An address of the article says gone: whether its content had appeared at another by then. The two are one now."""
    version = versions.latest_version(seen.db, article)
    after = _only(seen, version.content_digest, article)
    if after is None or after.presence != "live" or not history_presence.may_be_gone(seen, article):
        return False
    last_seen = value(seen.db, "SELECT last_seen FROM articles WHERE id = ?", article)
    gone = _gone_from(seen, article)
    if gone is None or after.first_seen <= last_seen:
        return False
    redirect_moves.merge_articles(seen, article, after.id)
    _moved(seen, article, after.key, after.url, gone, after.capture)
    return True


def split_reused_url(seen: Observation, article: int, page: Article, digest: str) -> bool:
    """Whether the address, which the article left for another, shows an article of its own now; it is free for it."""
    known = value(seen.db, "SELECT key FROM articles WHERE id = ?", article)
    if known == page.key or not has_moved_away(seen.db, article, page.url):
        return False
    now = versions.version_at(seen.db, article, seen.at)
    if now is None or now.content_digest == digest:
        return False
    remove_url(seen.db, seen.site, page.url)
    return True


def _moved(seen: Observation, article: int, key: str, url: str, gone: int, page: int) -> None:
    history_presence.retract_missing(seen, article)
    history_presence.record_live(seen, article, page)
    update(seen.db, "articles", article, key=key, url=url)
    add_url(seen.db, seen.site, url, article, seen.at)
    ChangeEvent("moved", seen.at, article, seen.run, [gone, page]).insert(seen.db)


def _only(seen: Observation, digest: str, besides: int | None) -> SameContent | None:
    """The one article of the site with this content, besides the one that is asked about; None where there are more."""
    found = seen.db.execute(
        "SELECT a.id, a.key, a.url, a.presence, a.first_seen, a.last_seen, v.capture FROM versions v"
        " JOIN articles a ON a.id = v.article WHERE v.content_digest = ? AND a.site = ? AND a.id IS NOT ?"
        " AND v.number = (SELECT max(number) FROM versions WHERE article = a.id)"
        " AND length(v.body) >= ? AND v.published IS NOT NULL LIMIT 2",
        (digest, seen.site, besides, ENOUGH),
    ).fetchall()
    return SameContent(*found[0]) if len(found) == 1 else None


def _gone_from(seen: Observation, article: int) -> int | None:
    """The newest capture that says gone, where all of the article's addresses say so or lead to one that does."""
    answers = [
        (seen.at, seen.id, "gone") if url == seen.capture.url else _answer(seen.db, seen.site, url)
        for (url,) in seen.db.execute("SELECT url FROM urls WHERE article = ?", (article,)).fetchall()
    ]
    if any(outcome not in ("gone", "redirect") for _, _, outcome in answers):
        return None
    return max(((at, id) for at, id, outcome in answers if outcome == "gone"), default=("", None))[1]


def _answer(db: sqlite3.Connection, site: int, url: str) -> tuple[str, int, str]:
    sql = "SELECT fetched_at, id, outcome FROM captures WHERE url = ? AND site = ? ORDER BY fetched_at DESC, id DESC"
    return first(db, f"{sql} LIMIT 1", url, site) or ("", 0, "unseen")
