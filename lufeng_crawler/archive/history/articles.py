"""What an answer that reads as an article (or as unchanged) does to the archive: new, edited, unchanged."""

from __future__ import annotations

from lufeng_crawler.archive.db.rows import first, insert, update
from lufeng_crawler.archive.digests import content_digest
from lufeng_crawler.archive.history import (
    backdating,
    content_moves,
    presence,
    redirect_moves,
    version_timeline,
    versions,
)
from lufeng_crawler.archive.history.article_urls import add_url, find_article
from lufeng_crawler.archive.history.observation import ChangeEvent, Observation
from lufeng_crawler.archive.history.revisit_policy import next_visit, next_visit_if_inconclusive
from lufeng_crawler.archive.history.versions import Version
from lufeng_crawler.items import Article


def record_article(seen: Observation, page: Article) -> int:
    """Record the page as a version, or as the version we have; the article's id."""
    digest = content_digest(page)
    article = redirect_moves.resolve_redirect(seen, page.url, find_article(seen.db, seen.site, page.key, page.url))
    if article is not None and content_moves.split_reused_url(seen, article, page, digest):
        article = None
    elif article is None:
        article = content_moves.find_moved_article(seen, page, digest)
    if article is None:
        article = _new(seen, page)
    else:
        _again(seen, article, page, digest)
    _addresses(seen, article, page)
    return article


def record_unchanged(seen: Observation, article: int, version: Version) -> None:
    """Record that the article's page still is what that version shows."""
    versions.extend_version(seen.db, version, seen.at)
    presence.record_live(seen, article)
    _seen(seen, article)


def record_inconclusive(seen: Observation, article: int) -> None:
    """Record a look that says nothing of the article. It puts off the next one, unless that is due later anyway."""
    sql = "UPDATE articles SET next_visit = max(next_visit, ?) WHERE id = ?"
    seen.db.execute(sql, (next_visit_if_inconclusive(seen.at), article))


def _new(seen: Observation, page: Article) -> int:
    column = seen.capture.column or (page.columns[-1] if page.columns else None)
    article = insert(
        seen.db,
        "articles",
        site=seen.site,
        key=page.key,
        url=page.url,
        column=column,
        first_seen=seen.at,
        last_seen=seen.at,
        presence="live",
        presence_since=seen.at,
        next_visit=next_visit(seen.at, page.published or seen.at, None),
    )
    without_it = backdating.backdating_evidence(seen, page)
    versions.add_version(seen, article, page, seen.reader)
    proof = [*without_it, seen.id]
    ChangeEvent("new", seen.at, article, seen.run, proof, to_version=1, backdated=bool(without_it)).insert(seen.db)
    return article


def _again(seen: Observation, article: int, page: Article, digest: str) -> None:
    version_timeline.read_with_current_rules(seen, versions.version_at(seen.db, article, seen.at), digest)
    known = versions.version_at(seen.db, article, seen.at)
    if known and known.content_digest == digest:
        return record_unchanged(seen, article, known)
    version_timeline.read_with_current_rules(seen, versions.version_after(seen.db, article, seen.at), digest)
    presence.record_live(seen, article)
    versions.add_version(seen, article, page, seen.reader)
    for later in version_timeline.rearrange_versions(seen, article):
        _reread(seen, later)
    _seen(seen, article)
    return None


def _reread(seen: Observation, part: Version) -> None:
    """Give the later part of a span, which begins as the copy of the earlier one, what its own page says."""
    page = seen.reread(part.capture)
    if isinstance(page, Article) and content_digest(page) == part.content_digest:
        versions.replace_reading(seen.db, part, page, seen.reader)


def _addresses(seen: Observation, article: int, page: Article) -> None:
    """Every address that led here: the page's own, those that redirected to it, and listed ones of the same key."""
    for url in {page.url: None, seen.capture.url: None}:
        add_url(seen.db, seen.site, url, article, seen.at)
        _was_not_there(seen, article, url)
    for url in redirect_moves.redirecting_urls(seen, page.url):
        add_url(seen.db, seen.site, url, article, seen.at)
        _claim(seen, article, "url", url)
    for (url,) in _claim(seen, article, "key", page.key):
        add_url(seen.db, seen.site, url, article, seen.at)


def _was_not_there(seen: Observation, article: int, url: str) -> None:
    """Tie to the article what was answered later at its address, and recorded when nobody knew of the article."""
    seen.db.execute(
        "UPDATE captures SET article = ? WHERE url = ? AND site = ? AND fetched_at > ? AND outcome = 'gone'"
        " AND article IS NULL",
        (article, url, seen.site, seen.at),
    )


def _claim(seen: Observation, article: int, by: str, wanted: str) -> list[tuple[str]]:
    """Tie the listings' entries that waited for this article to it; their addresses."""
    return seen.db.execute(
        f'UPDATE entries SET article = ? WHERE article IS NULL AND {by} = ? AND "column" IN'
        " (SELECT id FROM columns WHERE site = ?) RETURNING url",
        (article, wanted, seen.site),
    ).fetchall()


def _seen(seen: Observation, article: int) -> None:
    row = first(
        seen.db,
        "SELECT a.first_seen, a.last_seen, v.published, CASE WHEN v.number > 1 THEN v.first_seen END FROM articles a"
        " JOIN versions v ON v.article = a.id WHERE a.id = ? ORDER BY v.number DESC LIMIT 1",
        article,
    )
    assert row is not None
    born, last, published, changed_at = min(row[0], seen.at), max(row[1], seen.at), *row[2:]
    due = next_visit(last, published or born, changed_at)
    update(seen.db, "articles", article, first_seen=born, last_seen=last, next_visit=due)
