"""Stores the versions of an article's content, and tells which fields differ between two of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lufeng_crawler.archive import digests, fields
from lufeng_crawler.archive.db.rows import dicts, first, insert, update, value
from lufeng_crawler.archive.digests import normalised_files
from lufeng_crawler.archive.history.attachments import write_attachments
from lufeng_crawler.archive.history.observation import Observation
from lufeng_crawler.archive.text import normalise
from lufeng_crawler.items import Article, Attachment, Evidence


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an article as the archive has it, without its text."""

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
    """Yield the article's versions in time order."""
    rows = db.execute(f"{SELECT} WHERE article = ? ORDER BY first_seen, capture", (article,))
    return (Version(*row) for row in rows.fetchall())


def latest_version(db: sqlite3.Connection, article: int) -> Version:
    """Return the article's newest version."""
    row = first(db, f"{SELECT} WHERE article = ? ORDER BY number DESC LIMIT 1", article)
    assert row is not None, f"article {article} has no version"
    return Version(*row)


def version_at(db: sqlite3.Connection, article: int, at: str) -> Version | None:
    """Return the version that stood at that time, as far as is known; None for a time before the first."""
    row = first(db, f"{SELECT} WHERE article = ? AND first_seen <= ? ORDER BY number DESC LIMIT 1", article, at)
    return Version(*row) if row else None


def version_after(db: sqlite3.Connection, article: int, at: str) -> Version | None:
    """Return the first version that appeared after that time. There is one where a capture arrives late."""
    row = first(db, f"{SELECT} WHERE article = ? AND first_seen > ? ORDER BY number LIMIT 1", article, at)
    return Version(*row) if row else None


def add_version(observation: Observation, article: int, reading: Article) -> None:
    """Add a version with its attachments, numbered behind those there are."""
    number = value(observation.db, "SELECT coalesce(max(number), 0) + 1 FROM versions WHERE article = ?", article)
    version = insert(
        observation.db,
        "versions",
        article=article,
        number=number,
        capture=observation.capture_id,
        first_seen=observation.at,
        last_seen=observation.at,
        **_columns(observation, reading),
    )
    write_attachments(observation.db, version, reading.attachments)


def extend_version(db: sqlite3.Connection, version: Version, at: str) -> None:
    """Record that the version still stood at that time."""
    update(db, "versions", version.id, last_seen=max(version.last_seen, at))


def add_repeat(db: sqlite3.Connection, version: Version, capture: int, at: str) -> int:
    """Add a version with the content of this one, seen again later; return its id."""
    known = next(dicts(db, "SELECT * FROM versions WHERE id = ?", [version.id]))
    del known["id"]
    last = value(db, "SELECT max(number) FROM versions WHERE article = ?", known["article"])
    id = insert(db, "versions", **known | {"number": last + 1, "capture": capture, "first_seen": at, "last_seen": at})
    write_attachments(db, id, attachments(db, version.id))
    return id


def delete_version(db: sqlite3.Connection, version: int) -> None:
    """Delete a version whose captures belong to another one."""
    db.execute("DELETE FROM attachments WHERE version = ?", (version,))
    db.execute("DELETE FROM versions WHERE id = ?", (version,))


def replace_reading(observation: Observation, version: Version, reading: Article) -> None:
    """Replace a version's fields by what today's reader makes of the same capture. This is no event of the site's."""
    db, columns = observation.db, _columns(observation, reading)
    update(db, "versions", version.id, **columns)
    db.execute(
        "UPDATE captures SET content = ? WHERE article = (SELECT article FROM versions WHERE id = ?) AND content = ?"
        " AND fetched_at BETWEEN ? AND ?",
        (columns["content_digest"], version.id, version.content_digest, version.first_seen, version.last_seen),
    )
    db.execute("DELETE FROM attachments WHERE version = ?", (version.id,))
    write_attachments(db, version.id, reading.attachments)


def changed_fields(observation: Observation, before: Version, after: Version) -> list[str]:
    """Return the names of the digested fields in which two versions differ, in the order of `fields.FIELDS`."""
    db, lines = observation.db, observation.template_lines
    texts = zip(fields.DIGESTED, _digested(db, before, lines), _digested(db, after, lines), strict=True)
    changed = [name for name, old, new in texts if old != new]
    if _normalised_attachments(db, before) != _normalised_attachments(db, after):
        changed.append(fields.ATTACHMENTS.name)
    return changed


def attachments(db: sqlite3.Connection, version: int) -> list[Attachment]:
    """Return the files that a version links to, in the order of its page."""
    rows = db.execute("SELECT url, text FROM attachments WHERE version = ? ORDER BY id", (version,))
    return [Attachment(*row) for row in rows]


def _digested(db: sqlite3.Connection, version: Version, template_lines: Collection[str]) -> list[str]:
    """Return the digested fields as their digest has them."""
    stored = first(db, f"SELECT {', '.join(fields.DIGESTED)} FROM versions WHERE id = ?", version.id) or ()
    texts = dict(zip(fields.DIGESTED, (text or "" for text in stored), strict=True))
    texts["body"] = digests.without_counts(texts["body"], template_lines)
    return [normalise(text) for text in texts.values()]


def _normalised_attachments(db: sqlite3.Connection, version: Version) -> list[tuple[str, str]]:
    return normalised_files(attachments(db, version.id))


def _columns(observation: Observation, reading: Article) -> dict[str, object]:
    stated: dict[str, object] = {name: getattr(reading, name) for name in fields.NAMES}
    rules = {name: _evidence_columns(evidence) for name, evidence in reading.provenance.items()}
    return stated | {
        "body_html": reading.body_html,
        "images": json.dumps(reading.images, ensure_ascii=False),
        "keywords": json.dumps(reading.keywords, ensure_ascii=False),
        "tags": json.dumps(dict(reading.tags), ensure_ascii=False),
        "content_digest": observation.content_digest(reading),
        "provenance": json.dumps(rules, ensure_ascii=False),
        "reader": observation.reader,
    }


def _evidence_columns(evidence: Evidence) -> dict[str, str | None]:
    """Return its fields by name; dataclasses.asdict copies each value, which costs as much as the rest of a version."""
    names = ("rule", "value", "other_rule", "other_value")
    return {name: getattr(evidence, name) for name in names}
