"""What an answer that reads as an article (or as unchanged) does to the archive: new, edited, unchanged."""

from __future__ import annotations

from lufeng_crawler.archive import backdating, moves, presence, reposts, timeline, versions
from lufeng_crawler.archive.addresses import add_address, find
from lufeng_crawler.archive.digest import content_digest
from lufeng_crawler.archive.rows import first, insert, update
from lufeng_crawler.archive.sightings import Change, Sighting
from lufeng_crawler.archive.versions import Version
from lufeng_crawler.archive.visits import next_visit, next_visit_of_unread
from lufeng_crawler.items import Article


def seen_as_article(seen: Sighting, page: Article) -> int:
    """Record the page as a version, or as the version we have; the article's id."""
    digest = content_digest(page)
    article = moves.arrived(seen, page.url, find(seen.db, seen.site, page.key, page.url))
    if article is not None and reposts.part(seen, article, page, digest):
        article = None
    elif article is None:
        article = reposts.origin(seen, page, digest)
    if article is None:
        article = _new(seen, page)
    else:
        _again(seen, article, page, digest)
    _addresses(seen, article, page)
    return article


def seen_unchanged(seen: Sighting, article: int, version: Version) -> None:
    """Record that the article's page still is what that version shows."""
    versions.seen_again(seen.db, version, seen.at)
    presence.seen_live(seen, article)
    _seen(seen, article)


def seen_unread(seen: Sighting, article: int) -> None:
    """Record a look that says nothing of the article. It puts off the next one, unless that is due later anyway."""
    sql = "UPDATE articles SET next_visit = max(next_visit, ?) WHERE id = ?"
    seen.db.execute(sql, (next_visit_of_unread(seen.at), article))


def _new(seen: Sighting, page: Article) -> int:
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
    without_it = backdating.backdated(seen, page)
    versions.write(seen, article, page, seen.reader)
    proof = [*without_it, seen.id]
    Change("new", seen.at, article, seen.run, proof, to_version=1, backdated=bool(without_it)).write(seen.db)
    return article


def _again(seen: Sighting, article: int, page: Article, digest: str) -> None:
    timeline.read_alike(seen, versions.current(seen.db, article, seen.at), digest)
    known = versions.current(seen.db, article, seen.at)
    if known and known.content_digest == digest:
        return seen_unchanged(seen, article, known)
    timeline.read_alike(seen, versions.following(seen.db, article, seen.at), digest)
    presence.seen_live(seen, article)
    versions.write(seen, article, page, seen.reader)
    for later in timeline.arrange(seen, article):
        _reread(seen, later)
    _seen(seen, article)
    return None


def _reread(seen: Sighting, part: Version) -> None:
    """Give the later part of a span, which begins as the copy of the earlier one, what its own page says."""
    page = seen.reread(part.capture)
    if isinstance(page, Article) and content_digest(page) == part.content_digest:
        versions.reread(seen.db, part, page, seen.reader)


def _addresses(seen: Sighting, article: int, page: Article) -> None:
    """Every address that led here: the page's own, those that redirected to it, and listed ones of the same key."""
    for url in {page.url: None, seen.capture.url: None}:
        add_address(seen.db, seen.site, url, article, seen.at)
        _was_not_there(seen, article, url)
    for url in moves.sources(seen, page.url):
        add_address(seen.db, seen.site, url, article, seen.at)
        _claim(seen, article, "url", url)
    for (url,) in _claim(seen, article, "key", page.key):
        add_address(seen.db, seen.site, url, article, seen.at)


def _was_not_there(seen: Sighting, article: int, url: str) -> None:
    """Tie to the article what was answered later at its address, and recorded when nobody knew of the article."""
    seen.db.execute(
        "UPDATE captures SET article = ? WHERE url = ? AND site = ? AND fetched_at > ? AND outcome = 'gone'"
        " AND article IS NULL",
        (article, url, seen.site, seen.at),
    )


def _claim(seen: Sighting, article: int, by: str, wanted: str) -> list[tuple[str]]:
    """Tie the listings' entries that waited for this article to it; their addresses."""
    return seen.db.execute(
        f'UPDATE entries SET article = ? WHERE article IS NULL AND {by} = ? AND "column" IN'
        " (SELECT id FROM columns WHERE site = ?) RETURNING url",
        (article, wanted, seen.site),
    ).fetchall()


def _seen(seen: Sighting, article: int) -> None:
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
