"""Compares two versions of an article field by field, and the text of each field word by word."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lufeng_crawler.archive import fields
from lufeng_crawler.archive.db.rows import dicts, value
from lufeng_crawler.archive.diff.edit_script import Operation, compare_texts
from lufeng_crawler.archive.digests import normalised_files
from lufeng_crawler.archive.queries.articles import find_article_id
from lufeng_crawler.archive.text import normalise
from lufeng_crawler.errors import NotInArchive
from lufeng_crawler.items import Attachment

ATTACHMENTS = fields.ATTACHMENTS.name
COMPARED_FIELDS = (*(name for name in fields.NAMES if name != "body"), ATTACHMENTS, "body")
"""The fields that are compared, in the order in which they are shown."""

FileRow = dict[str, Any]
"""An attachment as `--json` prints it: url, text and digest (None where it was not fetched)."""


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field that differs: its two texts (None where the page states none), or its two lists of attachments.

    `operations` turn the old text into the new one; `coarse` is True where it was too large to compare all of it by
    words.
    """

    name: str
    old: str | list[FileRow] | None
    new: str | list[FileRow] | None
    operations: tuple[Operation, ...] = ()
    coarse: bool = False

    def removed(self) -> list[FileRow]:
        """Return the attachments that only the older version has."""
        return _only_in(self.old, self.new)

    def added(self) -> list[FileRow]:
        """Return the attachments that only the newer version has."""
        return _only_in(self.new, self.old)

    def report(self) -> dict[str, Any]:
        """Return the field as a JSON object."""
        report: dict[str, Any] = {"old": self.old, "new": self.new}
        if self.operations:
            report["operations"] = [operation.report() for operation in self.operations]
        return report | ({"coarse": True} if self.coarse else {})


def summarize_file(file: FileRow) -> str:
    """Return text, URL and digest of an attachment on one line."""
    return "  ".join(part for part in (file["text"], file["url"], file["digest"]) if part)


@dataclass(frozen=True, slots=True)
class VersionRef:
    """The number of a version, and when it was first seen."""

    number: int
    first_seen: str


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """Two versions of an article and the fields that differ; `title` is that of the newer one."""

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
        """Return the `--json` object."""
        article = {"article": self.article, "url": self.url, "title": self.title}
        versions = {"from": self.old.number, "to": self.new.number}
        times = {"from_first_seen": self.old.first_seen, "to_first_seen": self.new.first_seen, "coarse": self.coarse}
        return article | versions | times | {"fields": {field.name: field.report() for field in self.fields}}


@dataclass(frozen=True, slots=True)
class _ComparedVersion:
    """What is compared of a version: the texts of its fields by name, and its attachments."""

    ref: VersionRef
    texts: Mapping[str, str | None]
    files: Sequence[FileRow]


def diff_versions(db: sqlite3.Connection, article: str | int, numbers: tuple[int, int] | None = None) -> VersionDiff:
    """Compare two versions of the article with that id or URL; without `numbers`, the last two. Raise NotInArchive.

    White space and full width make no difference, as in content_digest.
    """
    id = find_article_id(db, article)
    existing = [
        number for (number,) in db.execute("SELECT number FROM versions WHERE article = ? ORDER BY number", (id,))
    ]
    chosen = _last_two(existing, article) if numbers is None else numbers
    for number in chosen:
        if number not in existing:
            numbers_text = ", ".join(map(str, existing))
            raise NotInArchive(f"{article}: this article has no version {number}; there is {numbers_text}")
    old, new = (_load_version(db, id, number) for number in chosen)
    url = value(db, "SELECT url FROM articles WHERE id = ?", id)
    title = new.texts["title"] or ""
    return VersionDiff(id, url, title, old.ref, new.ref, tuple(_compare_fields(old, new)))


def _last_two(numbers: Sequence[int], article: str | int) -> tuple[int, int]:
    if len(numbers) < 2:
        raise NotInArchive(f"{article}: the archive holds one version of this article, and nothing to compare it with")
    return numbers[-2], numbers[-1]


def _load_version(db: sqlite3.Connection, article: int, number: int) -> _ComparedVersion:
    sql = f"SELECT id, first_seen, {', '.join(fields.NAMES)} FROM versions WHERE article = ? AND number = ?"
    row = next(dicts(db, sql, [article, number]))
    files = dicts(db, "SELECT url, text, digest FROM attachments WHERE version = ? ORDER BY id", [row["id"]])
    return _ComparedVersion(
        VersionRef(number, row["first_seen"]), {name: row[name] for name in fields.NAMES}, list(files)
    )


def _compare_fields(old: _ComparedVersion, new: _ComparedVersion) -> Iterator[ChangedField]:
    for name in COMPARED_FIELDS:
        if name == ATTACHMENTS:
            if _files_differ(old.files, new.files):
                yield ChangedField(name, list(old.files), list(new.files))
            continue
        before, after = old.texts[name], new.texts[name]
        if normalise(before or "") != normalise(after or ""):
            script = compare_texts(before or "", after or "")
            yield ChangedField(name, before, after, script.operations, script.coarse)


def _files_differ(old: Sequence[FileRow], new: Sequence[FileRow]) -> bool:
    """Return whether other files are linked to, or a file under the same URL is known to have been replaced."""
    links = [normalised_files(Attachment(file["url"], file["text"]) for file in files) for files in (old, new)]
    digests = {file["url"]: file["digest"] for file in old if file["digest"]}
    replaced = (file["digest"] and digests.get(file["url"], file["digest"]) != file["digest"] for file in new)
    return links[0] != links[1] or any(replaced)


def _only_in(files: str | list[FileRow] | None, others: str | list[FileRow] | None) -> list[FileRow]:
    return [file for file in files or () if file not in (others or ()) and not isinstance(file, str)]
