"""Records what an answer means for an article: that it is new, edited, unchanged, or cannot be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.db.rows import first, insert, update, value
from lufeng_crawler.archive.history import (
    backdating,
    content_moves,
    presence,
    redirect_moves,
    unconfirmed,
    version_timeline,
    versions,
)
from lufeng_crawler.archive.history.article_urls import add_url, article_at_url, find_article, remove_url
from lufeng_crawler.archive.history.content_moves import ContentMove
from lufeng_crawler.archive.history.observation import ChangeEvent, Observation
from lufeng_crawler.archive.history.redirect_moves import RedirectMove
from lufeng_crawler.archive.history.revisit_policy import next_visit, next_visit_if_inconclusive
from lufeng_crawler.archive.history.unconfirmed import Unconfirmed
from lufeng_crawler.archive.history.versions import Version
from lufeng_crawler.items import Article, Listing, Other, Reading


@dataclass(frozen=True, slots=True)
class ArticleIdentity:
    """Which article a page shows, and what has to be recorded because of it. `article` is None for a new one.

    `redirect_move` and `content_move` say that it moved to this page's URL. `reuses_url`: another article left the URL,
    which shows a text of its own now.
    """

    article: int | None
    redirect_move: RedirectMove | None = None
    content_move: ContentMove | None = None
    reuses_url: bool = False


def identify(observation: Observation, reading: Article) -> ArticleIdentity:
    """Decide which article the page shows. Writes nothing."""
    digest = observation.content_digest(reading)
    article = find_article(observation.db, observation.site_id, reading.key, reading.url)
    redirect = redirect_moves.find_move_to(observation, reading.url, article)
    if redirect:
        article = redirect.article
    if article is None and observation.rules:
        article = _redirecting_to(observation, reading)
    if article is None:
        move = content_moves.find_move_to(observation, reading, digest)
        return ArticleIdentity(move.article if move else None, content_move=move)
    settled = redirect is not None and redirect.changes_url
    if not settled and content_moves.is_reused_url(observation, article, reading, digest):
        return ArticleIdentity(None, redirect, reuses_url=True)
    return ArticleIdentity(article, redirect)


def _redirecting_to(observation: Observation, reading: Article) -> int | None:
    """Return the article whose address redirects here for now, if this page has its title.

    Some servers send every request on to an address that is another each time (`?_t=1764500000`).
    """
    urls = redirect_moves.redirecting_urls(observation, reading.url)
    articles = {article_at_url(observation.db, observation.site_id, url) for url in urls} - {None}
    sql = "SELECT title FROM versions WHERE article = ? ORDER BY number DESC LIMIT 1"
    same = [each for each in articles if each and value(observation.db, sql, each) == reading.title]
    return same[0] if len(same) == 1 else None


def record_article(observation: Observation, reading: Article) -> int:
    """Record a page as a new version of its article, or as the version we have. Return the article's id."""
    identity = identify(observation, reading)
    _record_moves(observation, identity, reading)
    if identity.article is None:
        article = _add_article(observation, reading)
    else:
        article = identity.article
        record_content(observation, article, reading)
    _record_urls(observation, article, reading)
    return article


def record_unchanged(observation: Observation, article: int, version: Version) -> None:
    """Record that the article's page still shows that version."""
    versions.extend_version(observation.db, version, observation.at)
    presence.record_good_answer(observation, article)
    _record_sight(observation, article)


def record_inconclusive(observation: Observation, article: int) -> None:
    """Record an answer that says nothing of the article: its next visit is put off, unless that is due later anyway."""
    sql = "UPDATE articles SET next_visit = max(next_visit, ?) WHERE id = ?"
    observation.db.execute(sql, (next_visit_if_inconclusive(observation.at), article))


def find_unconfirmed(observation: Observation, reading: Reading) -> Unconfirmed | None:
    """Return the reading as one that has to be confirmed; None for one that says what it says. Writes nothing."""
    if not unconfirmed.is_judged(observation):
        return None
    if isinstance(reading, Article):
        found = _find_doubtful(observation, reading)
        # dear, so asked last: whether the page's text or address says already which article it is
        identity = identify(observation, reading) if found else None
        return None if identity and (identity.content_move or identity.reuses_url) else found
    if isinstance(reading, Listing | Other) and unconfirmed.is_no_article(observation, reading):
        article = article_at_url(observation.db, observation.site_id, observation.capture.url)
        return None if article is None else Unconfirmed(article, reading)
    return None


def _find_doubtful(observation: Observation, reading: Article) -> Unconfirmed | None:
    """Return an article's page as one to be confirmed, as far as its own address says which article it is."""
    known = find_article(observation.db, observation.site_id, reading.key, reading.url)
    redirect = redirect_moves.find_move_to(observation, reading.url, known)
    known = redirect.article if redirect else known
    if known is None:
        is_other = unconfirmed.is_empty(reading) or unconfirmed.is_not_what_was_listed(observation, reading)
        return Unconfirmed(None, reading) if is_other else None
    if _is_out_of_order(observation, known, reading):
        return Unconfirmed(known, reading, "the clock went back: it was captured after what is dated later")
    return Unconfirmed(known, reading) if unconfirmed.shows_nothing_of(observation, known, reading) else None


def _is_out_of_order(observation: Observation, article: int, reading: Article) -> bool:
    """Return whether an answer is dated before one that was captured earlier, and says something else."""
    last_seen: str = value(observation.db, "SELECT last_seen FROM articles WHERE id = ?", article)
    if observation.at >= last_seen:
        return False
    version = versions.version_at(observation.db, article, observation.at)
    return version is None or version.content_digest != observation.content_digest(reading)


def record_unconfirmed(observation: Observation, article: int | None) -> None:
    """Record an answer that has to be confirmed: the article is visited again as soon as that can count."""
    if article is None:
        return
    due = timestamps.later(observation.at, timedelta(seconds=observation.presence_rule.apart))
    update(observation.db, "articles", article, next_visit=due)


def _record_moves(observation: Observation, identity: ArticleIdentity, reading: Article) -> None:
    if identity.redirect_move:
        redirect_moves.record_move(observation, identity.redirect_move)
    if identity.content_move:
        content_moves.record_move(observation, identity.content_move)
    if identity.reuses_url:
        remove_url(observation.db, observation.site_id, reading.url)


def _add_article(observation: Observation, reading: Article) -> int:
    at = observation.at
    article = insert(
        observation.db,
        "articles",
        site=observation.site_id,
        key=reading.key,
        url=reading.url,
        column=observation.capture.column or (reading.columns[-1] if reading.columns else None),
        first_seen=at,
        last_seen=at,
        presence="live",
        presence_since=at,
        next_visit=next_visit(at, reading.published or at, None),
    )
    absence = backdating.backdating_evidence(observation, reading)
    versions.add_version(observation, article, reading)
    evidence = [*absence, observation.capture_id]
    new = ChangeEvent("new", at, article, observation.run_id, evidence, to_version=1, backdated=bool(absence))
    new.insert(observation.db)
    return article


def record_content(observation: Observation, article: int, reading: Article) -> None:
    """Record what the page of a known article says: the version of that time again, or another one."""
    db, at, digest = observation.db, observation.at, observation.content_digest(reading)
    version_timeline.read_with_current_rules(observation, versions.version_at(db, article, at), digest)
    known = versions.version_at(db, article, at)
    if known and known.content_digest == digest:
        record_unchanged(observation, article, known)
        return
    version_timeline.read_with_current_rules(observation, versions.version_after(db, article, at), digest)
    presence.record_good_answer(observation, article)
    versions.add_version(observation, article, reading)
    for repeat in version_timeline.rearrange_versions(observation, article):
        _read_repeat(observation, repeat)
    _record_sight(observation, article)


def _read_repeat(observation: Observation, version: Version) -> None:
    """Read the page of a version that was split off an earlier one, of which it is a copy so far."""
    reading = observation.read_again(version.capture)
    if isinstance(reading, Article) and observation.content_digest(reading) == version.content_digest:
        versions.replace_reading(observation, version, reading)


def _record_urls(observation: Observation, article: int, reading: Article) -> None:
    """Record every URL that led here: the page's own, those that redirected to it, and listed ones of the same key."""
    db, site, at = observation.db, observation.site_id, observation.at
    for url in {reading.url: None, observation.capture.url: None}:
        add_url(db, site, url, article, at)
        _tie_later_denials(observation, article, url)
    for url in redirect_moves.redirecting_urls(observation, reading.url):
        add_url(db, site, url, article, at)
        _tie_entries(observation, article, "url", url)
    for url in _tie_entries(observation, article, "key", reading.key):
        add_url(db, site, url, article, at)


def _tie_later_denials(observation: Observation, article: int, url: str) -> None:
    """Tie to the article the later answers that denied its URL, recorded when nobody knew of the article."""
    observation.db.execute(
        "UPDATE captures SET article = ? WHERE url = ? AND site = ? AND fetched_at > ? AND outcome = 'gone'"
        " AND article IS NULL",
        (article, url, observation.site_id, observation.at),
    )


def _tie_entries(observation: Observation, article: int, column: str, wanted: str) -> list[str]:
    """Tie to the article the entries with that `url` or `key` that no article was known for. Return their URLs."""
    rows = observation.db.execute(
        f'UPDATE entries SET article = ? WHERE article IS NULL AND {column} = ? AND "column" IN'
        " (SELECT id FROM columns WHERE site = ?) RETURNING url",
        (article, wanted, observation.site_id),
    )
    return [url for (url,) in rows.fetchall()]


def _record_sight(observation: Observation, article: int) -> None:
    """Bring the article's `first_seen`, `last_seen` and `next_visit` up to date."""
    row = first(
        observation.db,
        "SELECT a.first_seen, a.last_seen, v.published, CASE WHEN v.number > 1 THEN v.first_seen END FROM articles a"
        " JOIN versions v ON v.article = a.id WHERE a.id = ? ORDER BY v.number DESC LIMIT 1",
        article,
    )
    assert row is not None
    known_first, known_last, published, changed_at = row
    first_seen, last_seen = min(known_first, observation.at), max(known_last, observation.at)
    due = next_visit(last_seen, published or first_seen, changed_at)
    update(observation.db, "articles", article, first_seen=first_seen, last_seen=last_seen, next_visit=due)
