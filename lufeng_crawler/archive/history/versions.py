"""The states of an article's content: writing one, and saying what differs between two."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from lufeng_crawler.archive.db.rows import RowTuple, dicts, first, insert, update, value
from lufeng_crawler.archive.digests import content_digest as digests_content_digest
from lufeng_crawler.archive.digests import normalised_files
from lufeng_crawler.archive.history import attachments as history_attachments
from lufeng_crawler.archive.history.observation import Observation
from lufeng_crawler.archive.text import normalise
from lufeng_crawler.items import Article, Attachment, Evidence

FIELDS = ("title", "published", "author", "source", "editor", "publisher", "doc_number", "index_number", "body")
DIGESTED = ("title", "published", "author", "source", "body")


@dataclass(frozen=True, slots=True)
class Version:
    """A state the archive holds of an article."""

    id: int
    number: int
    capture: int
    first_seen: str
    last_seen: str
    published: str | None
    content_digest: str
    reader: str


SELECT = "SELECT id, number, capture, first_seen, last_seen, published, content_digest, reader FROM versions"


def all_of(db: sqlite3.Connection, article: int) -> Iterator[Version]:
    """The article's versions in the order of time."""
    rows = db.execute(f"{SELECT} WHERE article = ? ORDER BY first_seen, capture", (article,))
    return (Version(*row) for row in rows.fetchall())


def latest_version(db: sqlite3.Connection, article: int) -> Version:
    """The article's newest version."""
    row = first(db, f"{SELECT} WHERE article = ? ORDER BY number DESC LIMIT 1", article)
    assert row is not None, f"article {article} has no version"
    return Version(*row)


def version_at(db: sqlite3.Connection, article: int, at: str) -> Version | None:
    """The version that stood at that time, as far as is known; None for a time before the first."""
    row = first(db, f"{SELECT} WHERE article = ? AND first_seen <= ? ORDER BY number DESC LIMIT 1", article, at)
    return Version(*row) if row else None


def version_after(db: sqlite3.Connection, article: int, at: str) -> Version | None:
    """The first version that came after that time, as far as is known: there is one where the past comes late."""
    row = first(db, f"{SELECT} WHERE article = ? AND first_seen > ? ORDER BY number LIMIT 1", article, at)
    return Version(*row) if row else None


def add_version(seen: Observation, article: int, page: Article, reader: str) -> None:
    """Add a version with its attachments, behind those there are."""
    number = value(seen.db, "SELECT coalesce(max(number), 0) + 1 FROM versions WHERE article = ?", article)
    version = insert(
        seen.db,
        "versions",
        article=article,
        number=number,
        capture=seen.id,
        first_seen=seen.at,
        last_seen=seen.at,
        **_columns(page, reader),
    )
    history_attachments.write_attachments(seen.db, version, page.attachments)


def extend_version(db: sqlite3.Connection, version: Version, at: str) -> None:
    """The version still stood at that time."""
    update(db, "versions", version.id, last_seen=max(version.last_seen, at))


def add_repeat(db: sqlite3.Connection, version: Version, capture: int, at: str) -> int:
    """Add a version that is the same content as this one, seen again later, behind those there are; its id."""
    known = next(dicts(db, "SELECT * FROM versions WHERE id = ?", [version.id]))
    del known["id"]
    last = value(db, "SELECT max(number) FROM versions WHERE article = ?", known["article"])
    id = insert(db, "versions", **known | {"number": last + 1, "capture": capture, "first_seen": at, "last_seen": at})
    history_attachments.write_attachments(db, id, attachments(db, version.id))
    return id


def delete_version(db: sqlite3.Connection, version: int) -> None:
    """Take a version away: what it shows is another one's."""
    db.execute("DELETE FROM attachments WHERE version = ?", (version,))
    db.execute("DELETE FROM versions WHERE id = ?", (version,))


def replace_reading(db: sqlite3.Connection, version: Version, page: Article, reader: str) -> None:
    """Put what today's reader makes of the same capture in the version's place: no event of the site's."""
    columns = _columns(page, reader)
    update(db, "versions", version.id, **columns)
    db.execute(
        "UPDATE captures SET content = ? WHERE article = (SELECT article FROM versions WHERE id = ?) AND content = ?"
        " AND fetched_at BETWEEN ? AND ?",
        (columns["content_digest"], version.id, version.content_digest, version.first_seen, version.last_seen),
    )
    db.execute("DELETE FROM attachments WHERE version = ?", (version.id,))
    history_attachments.write_attachments(db, version.id, page.attachments)


def changed_fields(db: sqlite3.Connection, before: Version, after: Version) -> list[str]:
    """The names of the digested fields in which two versions differ, in the order readers see them."""
    pairs = zip(DIGESTED, _said(db, before), _said(db, after), strict=True)
    fields = [name for name, was, now in pairs if normalise(was or "") != normalise(now or "")]
    if _files(db, before) != _files(db, after):
        fields.append("attachments")
    return fields


def _said(db: sqlite3.Connection, version: Version) -> RowTuple:
    return first(db, f"SELECT {', '.join(DIGESTED)} FROM versions WHERE id = ?", version.id) or ()


def _files(db: sqlite3.Connection, version: Version) -> list[tuple[str, str]]:
    return normalised_files(attachments(db, version.id))


def attachments(db: sqlite3.Connection, version: int) -> list[Attachment]:
    """The files that a version links to, in the order of its page."""
    rows = db.execute("SELECT url, text FROM attachments WHERE version = ? ORDER BY id", (version,))
    return [Attachment(*row) for row in rows]


def _columns(page: Article, reader: str) -> dict[str, object]:
    said: dict[str, object] = {name: getattr(page, name) for name in FIELDS}
    rules = {name: _told(evidence) for name, evidence in page.provenance.items()}
    return said | {
        "body_html": page.body_html,
        "images": json.dumps(page.images, ensure_ascii=False),
        "keywords": json.dumps(page.keywords, ensure_ascii=False),
        "tags": json.dumps(dict(page.tags), ensure_ascii=False),
        "content_digest": digests_content_digest(page),
        "provenance": json.dumps(rules, ensure_ascii=False),
        "reader": reader,
    }


def _told(evidence: Evidence) -> dict[str, str | None]:
    """By name; dataclasses.asdict copies each value, which costs as much as all the rest of a version."""
    names = ("rule", "value", "other_rule", "other_value")
    return {name: getattr(evidence, name) for name in names}
