"""Decides which answers of a crawl are no version of their article yet, and which of them have been confirmed.

What a failing CMS answers at a known address reads like an edit: its template with an empty body, a notice, the home
page, somebody else's page. An answer that is no article, or has lost both title and text of the version before, waits
until a later run that proves something reads the same again. Until then the version before stands.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.db.rows import first, update
from lufeng_crawler.archive.history import versions
from lufeng_crawler.archive.history.observation import Observation
from lufeng_crawler.archive.shingles import MIN_LENGTH, ComparedText, comparable_text, shared_shingles
from lufeng_crawler.archive.text import normalise
from lufeng_crawler.items import Article, Capture, Listing, Other, PresenceRule, Reading

MIN_SHARED = 0.1
"""The part of the shorter text's shingles that two states of an article share at least, if their titles differ."""


END_OF_PAGE = 4096
"""Bytes in which a page's markup begins and ends."""

MIN_SAME = 3
"""Articles whose texts are replaced by one and the same: that is a failing site and no edit of them."""

MIN_LISTED, MIN_LISTED_SHARED = 6, 0.2
"""Characters of a line's title from which it says something of its article, and the part of its pairs of characters
that the article has at least."""


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A reading that makes no version of the article at its address yet; `article` is None where none is known."""

    article: int | None
    reading: Article | Listing | Other
    why: str | None = None

    @property
    def reason(self) -> str:
        """Return in a few words what the page shows in the article's place."""
        if self.why:
            return self.why
        if isinstance(self.reading, Article):
            return f"reads as: {self.reading.title}"[:200] if self.reading.body else "its text is gone"
        return "reads as a listing" if isinstance(self.reading, Listing) else self.reading.reason


def is_judged(observation: Observation) -> bool:
    """Return whether answers of this run need confirmation: those of crawls, by the rules that know of it."""
    return observation.rules > 0 and observation.is_crawl


def shows_nothing_of(observation: Observation, article: int, reading: Article) -> bool:
    """Return whether a reading has neither title nor text of the version that stands: no proof of an edit yet."""
    before = versions.version_at(observation.db, article, observation.at)
    if before is None:
        return False
    title, body = first(observation.db, "SELECT title, body FROM versions WHERE id = ?", before.id) or ("", "")
    has_title = _has_title(title, reading.title)
    old, new = comparable_text(body), comparable_text(reading.body)
    if has_title and old.startswith(new) and old != new and _is_cut(observation.capture):
        return True
    if old and not new:
        return True
    if has_title and (len(old) < MIN_LENGTH or len(new) >= MIN_LENGTH):
        return False
    if not has_title and _is_of_another(observation, article, reading):
        return True
    return bool(new) and not _share_text(old, new)


def _has_title(before: str, title: str) -> bool:
    """Return whether a title is the one before, or has all of it: （修订）, 【更正】.

    Not where only most of it is there: the titles of other notices of the same kind have as much in common.
    """
    old, new = comparable_text(before), comparable_text(title)
    return normalise(before) == normalise(title) or (len(old) >= MIN_LISTED and old in new)


def are_alike(observation: Observation, article: int, other: int) -> bool:
    """Return whether the latest versions of two articles share their title or some of their text."""
    sql = "SELECT title, body FROM versions WHERE article = ? ORDER BY number DESC LIMIT 1"
    (title, body), (its_title, its_body) = (first(observation.db, sql, each) or ("", "") for each in (article, other))
    if normalise(title) == normalise(its_title):
        return True
    return _share_text(comparable_text(body), comparable_text(its_body))


def _is_cut(capture: Capture) -> bool:
    """Return whether a page ends before its markup does: a connection that broke says nothing of what was to come."""
    if capture.header("Content-Encoding") or b"<html" not in capture.body[:END_OF_PAGE].lower():
        return False
    return b"</html" not in capture.body[-END_OF_PAGE:].lower()


def _is_of_another(observation: Observation, article: int, reading: Article) -> bool:
    """Return whether another article of the site shows exactly this, or an address in whose place it was served."""
    names = {"content": observation.content_digest(reading), "article": article, "site": observation.site_id}
    return observation.db.execute(_SAME_CONTENT, names).fetchone() is not None


def is_empty(reading: Article) -> bool:
    """Return whether a page has the frame of an article and nothing in it: neither text nor picture nor file."""
    return not (any(map(str.isalnum, reading.body)) or reading.images or reading.attachments)


def is_not_what_was_listed(observation: Observation, reading: Article) -> bool:
    """Return whether a page that was never seen before has nothing of the title under which it was listed."""
    listed = comparable_text(observation.capture.listed_title or "")
    if len(listed) < MIN_LISTED or listed == comparable_text(reading.title):
        return False
    shown = comparable_text(reading.title + reading.body)
    pairs = {listed[place : place + 2] for place in range(len(listed) - 1)}
    return sum(pair in shown for pair in pairs) < MIN_LISTED_SHARED * len(pairs)


def is_no_article(observation: Observation, reading: Reading) -> bool:
    """Return whether a page was served where an article was asked for, and reads as none."""
    answered = HTTPStatus.OK <= observation.capture.status < HTTPStatus.MULTIPLE_CHOICES
    return answered and isinstance(reading, Listing | Other) and observation.capture.kind == "article"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A content that was read again: `capture` is the first that showed it, `captures` are all of them."""

    capture: int
    captures: tuple[int, ...]


def confirmed_by(db: sqlite3.Connection, run: int, rule: PresenceRule) -> Iterator[Confirmed]:
    """Yield the contents that a run has read again, long enough after another run read them first."""
    sql = (
        "SELECT site, url, article, content, min(fetched_at) FROM captures WHERE run = ? AND outcome = 'unconfirmed'"
        " AND content IS NOT NULL GROUP BY url, article, content ORDER BY min(id)"
    )
    for site, url, article, content, at in db.execute(sql, (run,)).fetchall():
        names = {"site": site, "url": url, "article": article, "content": content, "at": at}
        seen = db.execute(_SEEN_BEFORE, names).fetchall()
        if not seen or db.execute(_SHOWN_ELSEWHERE, names).fetchone():
            continue  # the version that stands was shown since; or it is a notice that stands in many places
        id, since, first_run = seen[0]
        apart = timestamps.parse(at) - timestamps.parse(since)
        if first_run != run and apart >= timedelta(seconds=rule.apart):
            yield Confirmed(id, tuple(capture for capture, _, _ in seen))


def mark_confirmed(db: sqlite3.Connection, confirmed: Confirmed) -> None:
    """Make the answers that show a confirmed content answers like others."""
    for capture in confirmed.captures:
        update(db, "captures", capture, outcome="article", reason=None)


_SAME_CONTENT = """SELECT 1 FROM versions v JOIN articles a ON a.id = v.article
        WHERE v.content_digest = :content AND a.site = :site AND a.id != :article
    UNION ALL SELECT 1 FROM captures WHERE content = :content AND outcome = 'unconfirmed' AND site = :site
        AND article IS NOT :article LIMIT 1"""

_SEEN_BEFORE = """SELECT id, fetched_at, run FROM captures WHERE url = :url AND site = :site
    AND article IS :article AND outcome = 'unconfirmed' AND content = :content AND fetched_at <= :at
    AND fetched_at > coalesce((SELECT max(fetched_at) FROM captures
        WHERE article = :article AND outcome IN ('article', 'unchanged') AND fetched_at <= :at), '')
    ORDER BY fetched_at, id"""
"""The unconfirmed answers with a content since the last answer that showed the version that stands."""

_SHOWN_ELSEWHERE = """SELECT 1 FROM captures WHERE content = :content AND outcome = 'unconfirmed' AND url != :url
    AND site = :site AND (article IS NULL OR article IS NOT :article) LIMIT 1"""
"""Whether another article's address of the site shows the same in its place."""


def _share_text(old: str, new: str) -> bool:
    shared = shared_shingles(ComparedText(old).shingles, ComparedText(new).shingles)
    return shared.containment() >= MIN_SHARED
