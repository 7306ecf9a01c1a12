"""The states of an article's content: writing one, and saying what differs between two."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass

from lufeng_crawler.archive.digest import content_digest, normalise
from lufeng_crawler.archive.rows import first, insert, update
from lufeng_crawler.archive.sightings import Sighting
from lufeng_crawler.items import Article, Attachment

FIELDS = ("title", "published", "author", "source", "editor", "publisher", "doc_number", "index_number", "body")
DIGESTED = ("title", "published", "author", "source", "body")


@dataclass(frozen=True, slots=True)
class Version:
    """The latest state the archive holds of an article."""

    id: int
    number: int
    capture: int
    published: str | None
    content_digest: str
    reader: str


def latest(db: sqlite3.Connection, article: int) -> Version:
    """The article's newest version."""
    row = first(
        db,
        "SELECT id, number, capture, published, content_digest, reader FROM versions WHERE article = ?"
        " ORDER BY number DESC LIMIT 1",
        article,
    )
    assert row is not None, f"article {article} has no version"
    return Version(*row)


def write(seen: Sighting, article: int, number: int, page: Article, reader: str) -> None:
    """Add a version with its attachments."""
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
    _write_attachments(seen.db, version, page.attachments)


def reread(db: sqlite3.Connection, version: Version, page: Article, reader: str) -> None:
    """Put what today's reader makes of the same capture in the version's place: no event of the site's."""
    update(db, "versions", version.id, **_columns(page, reader))
    db.execute("DELETE FROM attachments WHERE version = ?", (version.id,))
    _write_attachments(db, version.id, page.attachments)


def differing(db: sqlite3.Connection, version: Version, page: Article) -> list[str]:
    """The names of the fields in which the page differs from the version, in the order readers see them."""
    names = ", ".join(DIGESTED)
    old = first(db, f"SELECT {names} FROM versions WHERE id = ?", version.id) or ()
    pairs = zip(DIGESTED, old, strict=True)
    fields = [name for name, was in pairs if normalise(was or "") != normalise(getattr(page, name) or "")]
    files = db.execute("SELECT url, text FROM attachments WHERE version = ? ORDER BY id", (version.id,))
    if tuple(Attachment(*row) for row in files) != page.attachments:
        fields.append("attachments")
    return fields


def _columns(page: Article, reader: str) -> dict[str, object]:
    said: dict[str, object] = {name: getattr(page, name) for name in FIELDS}
    rules = {name: asdict(evidence) for name, evidence in page.provenance.items()}
    return said | {
        "body_html": page.body_html,
        "images": json.dumps(page.images, ensure_ascii=False),
        "content_digest": content_digest(page),
        "provenance": json.dumps(rules, ensure_ascii=False),
        "reader": reader,
    }


def _write_attachments(db: sqlite3.Connection, version: int, files: tuple[Attachment, ...]) -> None:
    for file in files:
        insert(db, "attachments", version=version, url=file.url, text=file.text)
