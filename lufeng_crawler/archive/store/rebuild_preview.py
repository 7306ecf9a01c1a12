"""Previews a rebuild: derives the tables in a temporary place and compares, leaving the archive as it is."""

from __future__ import annotations

import heapq
import json
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from itertools import groupby, repeat, takewhile
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from lufeng_crawler.archive.db.connection import connect_for_reading, exclusive_lock
from lufeng_crawler.archive.db.rows import dicts
from lufeng_crawler.archive.fields import NAMES
from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.archive.store.archive import Archive, Reader
from lufeng_crawler.archive.store.replay import replay
from lufeng_crawler.archive.warc.files import warc_files
from lufeng_crawler.archive.warc.ordering import file_range

Row = dict[str, Any]
OF_ARTICLE = ("url", "column", "presence")
LISTS = ("images", "keywords", "tags", "attachments")
OF_VERSION = (*NAMES, "body_html", *LISTS)
"""What is compared of a version. Not the provenance: the same field found by another rule is the same field."""

ARTICLES = """SELECT s.name AS site, a.key, a.id, a.url, a."column", a.presence
    FROM articles a JOIN sites s ON s.id = a.site ORDER BY s.name, a.key"""
VERSIONS = f"""SELECT c.file, c.offset, v.number, v.{", v.".join(OF_VERSION[:-1])},
    (SELECT json_group_array(json_object('url', url, 'text', text))
        FROM (SELECT url, text FROM attachments WHERE version = v.id ORDER BY id)) AS attachments
    FROM versions v JOIN captures c ON c.id = v.capture WHERE v.article = ? ORDER BY c.file, c.offset"""

EXCERPT, CONTEXT = 48, 12
"""Characters shown of a long text, and how many of them come before the first that differs."""


@dataclass(frozen=True, slots=True)
class RebuildDifference:
    """What a rebuild would change in one version of an article, or in the article itself where `version` is None.

    `fields` has pairs of old and new by name; of what appears or vanishes, its title.
    """

    site: str
    key: str
    url: str
    version: int | None
    change: Literal["differs", "appears", "vanishes"]
    fields: dict[str, tuple[Any, Any]]

    @property
    def article(self) -> tuple[str, str]:
        """Return site and key: the article's identity in any archive."""
        return self.site, self.key

    def report(self) -> Row:
        """Return what `--json` prints."""
        fields = {name: {"old": old, "new": new} for name, (old, new) in self.fields.items()}
        stated = {name: getattr(self, name) for name in ("site", "key", "url", "version", "change")}
        return stated | {"fields": fields}

    def lines(self) -> Iterator[str]:
        """Yield it in words, a line for each field."""
        of = f"version {self.version} " if self.version else ""
        if self.change == "differs":
            yield from (f"{of}{name}{_shown(*pair)}" for name, pair in self.fields.items())
        else:
            (title,) = (old or new for old, new in self.fields.values())
            yield f"{of}would {'appear' if self.change == 'appears' else 'vanish'}: {_quoted(title)}"


@dataclass(frozen=True, slots=True)
class RebuildPreview:
    """The archive as it is (`stored`), and its draft: the same captures as today's reader reads them."""

    stored: sqlite3.Connection
    draft: sqlite3.Connection

    def differences(self) -> Iterator[RebuildDifference]:
        """Yield the differences by site and key, those of one article after another."""
        stored, draft = (dicts(db, ARTICLES) for db in (self.stored, self.draft))
        for before, after in _paired(stored, draft, by=itemgetter("site", "key")):
            yield from self._of_article(before, after)

    def _of_article(self, before: Row | None, after: Row | None) -> Iterator[RebuildDifference]:
        sides = ((self.stored, before), (self.draft, after))
        old, new = (list(dicts(db, VERSIONS, [row["id"]])) if row else [] for db, row in sides)
        article = before or after or {}
        of = (article["site"], article["key"], article["url"])
        if before and after:
            if fields := _differing(OF_ARTICLE, before, after):
                yield RebuildDifference(*of, None, "differs", fields)
            for old_version, new_version in _paired(old, new, by=itemgetter("file", "offset")):
                yield from _of_version(of, old_version, new_version)
        else:
            yield _one_sided(of, None, old[-1] if old else None, new[-1] if new else None)


@contextmanager
def preview_rebuild(folder: Path, reader: Reader, progress: Progress = no_progress) -> Iterator[RebuildPreview]:
    """Derive the tables anew from the captures that archive.db cites, in the system's temporary folder.

    Takes no lock and blocks no writer: what a crawl adds meanwhile is on neither side. Raises UsageError where there
    is no archive.
    """
    with closing(connect_for_reading(folder)) as stored:
        draft = _draft(folder, reader)
        try:
            stored.execute("BEGIN")  # one snapshot, from here to the end
            cited = dict(stored.execute("SELECT file, length FROM warcs").fetchall())
            files = warc_files(folder / "captures")
            replay(draft, [file_range(path, cited[path.name]) for path in files if cited.get(path.name)], progress)
            yield RebuildPreview(stored, draft.db)
        finally:
            draft.release()


def _draft(folder: Path, reader: Reader) -> Archive:
    """Return an archive over the captures in `folder` whose own files have no name: they vanish with the process."""
    with TemporaryDirectory(prefix="lufeng-rebuild-") as name:
        place = Path(name).resolve()
        handle = exclusive_lock(place)
        try:
            archive = Archive(folder, reader, database=str(place / "archive.db"), lock_handle=handle)
            archive.db.execute("DROP TRIGGER version_came")  # no derived tables are needed: nobody searches it
            return archive
        finally:
            os.close(handle)


def _paired(left: Iterable[Row], right: Iterable[Row], by: Callable[[Row], Any]) -> Iterator[list[Row | None]]:
    """Yield rows with the same `by` in pairs, None for a row that only one side has. Both come in the order of `by`."""
    sides = (zip(repeat(side), rows) for side, rows in enumerate((left, right)))
    for _, both in groupby(heapq.merge(*sides, key=lambda pair: by(pair[1])), key=lambda pair: by(pair[1])):
        by_side = dict(both)
        yield [by_side.get(0), by_side.get(1)]


def _of_version(of: tuple[str, str, str], before: Row | None, after: Row | None) -> Iterator[RebuildDifference]:
    if before and after:
        if fields := _differing(OF_VERSION, before, after):
            yield RebuildDifference(*of, before["number"], "differs", fields)
    else:
        yield _one_sided(of, (before or after or {})["number"], before, after)


def _one_sided(
    of: tuple[str, str, str], version: int | None, before: Row | None, after: Row | None
) -> RebuildDifference:
    titles = tuple(row and row["title"] for row in (before, after))
    return RebuildDifference(*of, version, "appears" if after else "vanishes", {"title": (titles[0], titles[1])})


def _differing(names: Iterable[str], before: Row, after: Row) -> dict[str, tuple[Any, Any]]:
    changed = (name for name in names if before[name] != after[name])
    return {name: (_decoded(name, before), _decoded(name, after)) for name in changed}


def _decoded(name: str, row: Row) -> Any:
    return json.loads(row[name]) if name in LISTS else row[name]


def _shown(old: Any, new: Any) -> str:
    texts = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in (old, new)]
    if max(map(len, texts)) <= EXCERPT:
        return f": {_quoted(old)} → {_quoted(new)}"
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False)))
    start = max(0, same - CONTEXT)
    parts = (
        ("…" if start else "") + text[start : start + EXCERPT] + "…" * (len(text) > start + EXCERPT) for text in texts
    )
    return f", {len(texts[0]):,} → {len(texts[1]):,} characters: " + " → ".join(map(_quoted, parts))


def _quoted(value: Any) -> str:
    """Return the value on one line, whatever a page put into it."""
    return json.dumps(value, ensure_ascii=False)


@dataclass(slots=True)
class RebuildSummary:
    """How many articles would differ, appear or vanish, how many in each field, how many versions would come or go."""

    differing: int = 0
    appearing: int = 0
    vanishing: int = 0
    versions: int = 0
    fields: Counter[str] = field(default_factory=Counter)

    def add(self, differences: Sequence[RebuildDifference]) -> None:
        """Count the differences of one article."""
        changes = {difference.change for difference in differences if difference.version is None}
        self.appearing += "appears" in changes
        self.vanishing += "vanishes" in changes
        if not changes - {"differs"}:
            self.differing += 1
            self.versions += sum(difference.change != "differs" for difference in differences)
            self.fields.update(
                {name for difference in differences if difference.change == "differs" for name in difference.fields}
            )

    def report(self) -> Row:
        """Return the counts by name."""
        return asdict(self) | {"fields": dict(self.fields)}

    def line(self, articles: int) -> str:
        """Return the counts in words; `articles` is how many there are."""
        fields = ", ".join(f"{name} {count}" for name, count in self.fields.most_common())
        parts = [f"{self.differing:,} of {articles:,} articles would read differently" + (fields and f": {fields}")]
        counts = {"versions would appear or vanish": self.versions, "articles would appear": self.appearing}
        counts["articles would vanish"] = self.vanishing
        parts += [f"{count:,} {what}" for what, count in counts.items() if count]
        return "; ".join([*parts, "nothing was written"])
