"""Detects articles that moved without a redirect: the same content at a new URL, while the old URLs say it is gone.

Two articles that were ever seen live at once are copies, and stay two; so does a text that is too short to be known
again by, and one that three or more articles of the site share.
"""

from __future__ import annotations

from dataclasses import dataclass

from lufeng_crawler.archive.db.rows import first, update, value
from lufeng_crawler.archive.history import presence, redirect_moves, versions
from lufeng_crawler.archive.history.article_urls import add_url, has_moved_away
from lufeng_crawler.archive.history.observation import ChangeEvent, Observation
from lufeng_crawler.items import Article

MIN_BODY = 100
"""Characters of a body; two shorter ones may well say the same: 详见附件, and a picture."""


@dataclass(frozen=True, slots=True)
class SameContent:
    """An article whose latest version, shown by `capture`, has the content that is looked for."""

    id: int
    key: str
    url: str
    presence: str
    first_seen: str
    last_seen: str
    capture: int


@dataclass(frozen=True, slots=True)
class ContentMove:
    """A move that was decided, and is to be recorded: the article has another key and URL now.

    `evidence` is the capture that says it is gone from its old URLs, and the one that shows it at the new one.
    """

    article: int
    key: str
    url: str
    evidence: tuple[int, int]


def find_move_to(observation: Observation, reading: Article, digest: str) -> ContentMove | None:
    """Return the move of an article to this page, whose URL is new. Writes nothing."""
    if len(reading.body) < MIN_BODY or not reading.published:
        return None
    before = _only_article_with(observation, digest, None)
    if before is None or before.presence == "live" or before.last_seen >= observation.at:
        return None
    denial = _denial_of_all_urls(observation, before.id)
    if denial is None:
        return None
    return ContentMove(before.id, reading.key, reading.url, (denial, observation.capture_id))


def merge_if_moved(observation: Observation, article: int) -> bool:
    """Return whether the article, one of whose URLs says gone, moved to another article with the same content.

    If so, the two are merged and the move is recorded.
    """
    version = versions.latest_version(observation.db, article)
    after = _only_article_with(observation, version.content_digest, article)
    if after is None or after.presence != "live" or not presence.counts_as_denial(observation, article):
        return False
    last_seen = value(observation.db, "SELECT last_seen FROM articles WHERE id = ?", article)
    denial = _denial_of_all_urls(observation, article)
    if denial is None or after.first_seen <= last_seen:
        return False
    redirect_moves.merge_articles(observation, article, after.id)
    record_move(observation, ContentMove(article, after.key, after.url, (denial, after.capture)))
    return True


def is_reused_url(observation: Observation, article: int, reading: Article, digest: str) -> bool:
    """Return whether the page's URL, which the article left for another, shows an article of its own now."""
    known_key = value(observation.db, "SELECT key FROM articles WHERE id = ?", article)
    if known_key == reading.key or not has_moved_away(observation.db, article, reading.url):
        return False
    version = versions.version_at(observation.db, article, observation.at)
    return version is not None and version.content_digest != digest


def record_move(observation: Observation, move: ContentMove) -> None:
    """Record the move: the article is live at its new URL."""
    db, shown_by = observation.db, move.evidence[1]
    presence.retract_missing(observation, move.article)
    presence.record_good_answer(observation, move.article, shown_by)
    update(db, "articles", move.article, key=move.key, url=move.url)
    add_url(db, observation.site_id, move.url, move.article, observation.at)
    ChangeEvent("moved", observation.at, move.article, observation.run_id, move.evidence).insert(db)


def _only_article_with(observation: Observation, digest: str, besides: int | None) -> SameContent | None:
    """Return the one article of the site with this content, `besides` left out; None where there are more."""
    rows = observation.db.execute(
        "SELECT a.id, a.key, a.url, a.presence, a.first_seen, a.last_seen, v.capture FROM versions v"
        " JOIN articles a ON a.id = v.article WHERE v.content_digest = ? AND a.site = ? AND a.id IS NOT ?"
        " AND v.number = (SELECT max(number) FROM versions WHERE article = a.id)"
        " AND length(v.body) >= ? AND v.published IS NOT NULL LIMIT 2",
        (digest, observation.site_id, besides, MIN_BODY),
    ).fetchall()
    return SameContent(*rows[0]) if len(rows) == 1 else None


def _denial_of_all_urls(observation: Observation, article: int) -> int | None:
    """Return the newest capture that says gone, where all URLs of the article say so or redirect to one that does."""
    urls = observation.db.execute("SELECT url FROM urls WHERE article = ?", (article,)).fetchall()
    answers = [_newest_answer(observation, url) for (url,) in urls]
    if any(outcome not in ("gone", "redirect") for _, _, outcome in answers):
        return None
    return max(((at, id) for at, id, outcome in answers if outcome == "gone"), default=("", None))[1]


def _newest_answer(observation: Observation, url: str) -> tuple[str, int, str]:
    """Return time, capture and outcome of a URL's newest answer; the capture being recorded has no row yet."""
    if url == observation.capture.url:
        return observation.at, observation.capture_id, "gone"
    sql = "SELECT fetched_at, id, outcome FROM captures WHERE url = ? AND site = ? ORDER BY fetched_at DESC, id DESC"
    return first(observation.db, f"{sql} LIMIT 1", url, observation.site_id) or ("", 0, "unseen")
