"""What differs between two versions of an article: its fields, and in each the words."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lufeng_crawler.archive.db import rows
from lufeng_crawler.archive.db.rows import dicts, value
from lufeng_crawler.archive.diff.edit_script import Operation, compare_texts
from lufeng_crawler.archive.digests import normalised_files
from lufeng_crawler.archive.history.versions import FIELDS
from lufeng_crawler.archive.queries import articles
from lufeng_crawler.archive.text import normalise
from lufeng_crawler.errors import NotInArchive
from lufeng_crawler.items import Attachment

ATTACHMENTS = "attachments"
COMPARED_FIELDS = (*(name for name in FIELDS if name != "body"), ATTACHMENTS, "body")
"""The fields that are compared, in the order in which they are shown."""

FileRow = dict[str, Any]
"""An attachment: its url, its text and, where it was fetched, its digest."""


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field that differs: its text (None where a version does not state it), or its list of attachments.

    `operations` are those on the text; `coarse` where it was too large to compare all of it by words.
    """

    name: str
    old: str | list[FileRow] | None
    new: str | list[FileRow] | None
    operations: tuple[Operation, ...] = ()
    coarse: bool = False

    def gone(self) -> list[FileRow]:
        """Attachments that only the older version has."""
        return [file for file in self.old or () if file not in (self.new or ()) and not isinstance(file, str)]

    def come(self) -> list[FileRow]:
        """Attachments that only the newer version has."""
        return [file for file in self.new or () if file not in (self.old or ()) and not isinstance(file, str)]

    def report(self) -> dict[str, Any]:
        """As JSON gives it."""
        said: dict[str, Any] = {"old": self.old, "new": self.new}
        if self.operations:
            said["operations"] = [operation.report() for operation in self.operations]
        return said | ({"coarse": True} if self.coarse else {})


def summarize_file(file: FileRow) -> str:
    """An attachment in a line."""
    return "  ".join(said for said in (file["text"], file["url"], file["digest"]) if said)


@dataclass(frozen=True, slots=True)
class VersionRef:
    """A version: its number, and when it was seen first."""

    number: int
    first_seen: str


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """Two versions of an article, and the fields in which they differ; `title` is the newer one's."""

    article: int
    url: str
    title: str
    old: VersionRef
    new: VersionRef
    fields: tuple[ChangedField, ...]

    @property
    def coarse(self) -> bool:
        """Whether a text was too large to compare all of it by words."""
        return any(field.coarse for field in self.fields)

    def report(self) -> dict[str, Any]:
        """As JSON gives it (DESIGN section 7)."""
        of = {"article": self.article, "url": self.url, "title": self.title}
        versions = {"from": self.old.number, "to": self.new.number}
        seen = {"from_first_seen": self.old.first_seen, "to_first_seen": self.new.first_seen, "coarse": self.coarse}
        return of | versions | seen | {"fields": {field.name: field.report() for field in self.fields}}


def diff_versions(db: sqlite3.Connection, wanted: str, numbers: tuple[int, int] | None = None) -> VersionDiff:
    """What differs between those versions of the article of that id or address; the last two, where none are named.

    White space and full width make no difference, as in content_digest. Raises NotInArchive.
    """
    versions = {row["number"]: row for row in articles.get_history(db, wanted)}
    old, new = (_version(versions, number, wanted) for number in numbers or _last(versions, wanted))
    fields = tuple(field for name in COMPARED_FIELDS if (field := _field(db, name, old, new)))
    url = value(db, "SELECT url FROM articles WHERE id = ?", old["article"])
    seen = [VersionRef(row["number"], row["first_seen"]) for row in (old, new)]
    return VersionDiff(old["article"], url, new["title"], seen[0], seen[1], fields)


def _last(versions: Mapping[int, rows.Row], wanted: str) -> tuple[int, int]:
    if len(versions) < 2:
        raise NotInArchive(f"{wanted}: the archive holds one version of this article, and nothing to compare it with")
    old, new = sorted(versions)[-2:]
    return old, new


def _version(versions: Mapping[int, rows.Row], number: int, wanted: str) -> rows.Row:
    if number not in versions:
        there = ", ".join(map(str, sorted(versions)))
        raise NotInArchive(f"{wanted}: this article has no version {number}; there is {there}")
    return versions[number]


def _field(db: sqlite3.Connection, name: str, before: rows.Row, after: rows.Row) -> ChangedField | None:
    if name == ATTACHMENTS:
        old, new = _files(db, before), _files(db, after)
        return ChangedField(name, old, new) if _other_files(old, new) else None
    was, now = before[name], after[name]
    if normalise(was or "") == normalise(now or ""):
        return None
    script = compare_texts(was or "", now or "")
    return ChangedField(name, was, now, script.operations, script.coarse)


def _files(db: sqlite3.Connection, version: rows.Row) -> list[FileRow]:
    sql = (
        "SELECT f.url, f.text, f.digest FROM attachments f JOIN versions v ON v.id = f.version"
        " WHERE v.article = ? AND v.number = ? ORDER BY f.id"
    )
    return list(dicts(db, sql, [version["article"], version["number"]]))


def _other_files(old: Sequence[FileRow], new: Sequence[FileRow]) -> bool:
    """Whether other files are linked to, or one of them is known to have become another."""
    linked = [normalised_files(Attachment(file["url"], file["text"]) for file in side) for side in (old, new)]
    digests = {file["url"]: file["digest"] for file in old if file["digest"]}
    replaced = (file["digest"] and digests.get(file["url"], file["digest"]) != file["digest"] for file in new)
    return linked[0] != linked[1] or any(replaced)
