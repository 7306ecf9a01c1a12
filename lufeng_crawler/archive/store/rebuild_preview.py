"""What a rebuild would change: the archive is derived anew in a place apart and compared, and left as it is."""

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
from lufeng_crawler.archive.store.archive import Archive, Reader
from lufeng_crawler.archive.store.replay import Progress, replay
from lufeng_crawler.archive.warc import files as warc_files
from lufeng_crawler.archive.warc.ordering import file_range

Row = dict[str, Any]
OF_ARTICLE = ("url", "column", "presence")
LISTS = ("images", "keywords", "tags", "attachments")
OF_VERSION = (*NAMES, "body_html", *LISTS)
"""What a reading says of an article. Not by which rule: the same field found by another rule is the same field."""

ARTICLES = """SELECT s.name AS site, a.key, a.id, a.url, a."column", a.presence
    FROM articles a JOIN sites s ON s.id = a.site ORDER BY s.name, a.key"""
VERSIONS = f"""SELECT c.file, c.offset, v.number, v.{", v.".join(OF_VERSION[:-1])},
    (SELECT json_group_array(json_object('url', url, 'text', text))
        FROM (SELECT url, text FROM attachments WHERE version = v.id ORDER BY id)) AS attachments
    FROM versions v JOIN captures c ON c.id = v.capture WHERE v.article = ? ORDER BY c.file, c.offset"""

SHOWN, BEFORE = 48, 12
"""Characters shown of a long text; so many of them stand before the first that differs."""


@dataclass(frozen=True, slots=True)
class RebuildDifference:
    """What would be otherwise in one version of an article, or (`version` None) in the article itself.

    `fields` are old and new by name; of what appears or vanishes, its title.
    """

    site: str
    key: str
    url: str
    version: int | None
    change: Literal["differs", "appears", "vanishes"]
    fields: dict[str, tuple[Any, Any]]

    @property
    def article(self) -> tuple[str, str]:
        """Whose it is, in any archive."""
        return self.site, self.key

    def report(self) -> Row:
        """As `--json` prints it."""
        fields = {name: {"old": old, "new": new} for name, (old, new) in self.fields.items()}
        said = {name: getattr(self, name) for name in ("site", "key", "url", "version", "change")}
        return said | {"fields": fields}

    def lines(self) -> Iterator[str]:
        """In words."""
        of = f"version {self.version} " if self.version else ""
        if self.change == "differs":
            yield from (f"{of}{name}{_shown(*pair)}" for name, pair in self.fields.items())
        else:
            (title,) = (old or new for old, new in self.fields.values())
            yield f"{of}would {'appear' if self.change == 'appears' else 'vanish'}: {_quoted(title)}"


@dataclass(frozen=True, slots=True)
class RebuildPreview:
    """The archive as it is, and its draft: the same captures as today's reader reads them."""

    kept: sqlite3.Connection
    draft: sqlite3.Connection

    def differences(self) -> Iterator[RebuildDifference]:
        """By site and key, those of an article one behind the other."""
        kept, draft = (dicts(db, ARTICLES) for db in (self.kept, self.draft))
        for was, now in _paired(kept, draft, by=itemgetter("site", "key")):
            yield from self._of_article(was, now)

    def _of_article(self, was: Row | None, now: Row | None) -> Iterator[RebuildDifference]:
        sides = ((self.kept, was), (self.draft, now))
        old, new = (list(dicts(db, VERSIONS, [row["id"]])) if row else [] for db, row in sides)
        article = was or now or {}
        of = (article["site"], article["key"], article["url"])
        if was and now:
            if fields := _differing(OF_ARTICLE, was, now):
                yield RebuildDifference(*of, None, "differs", fields)
            for before, after in _paired(old, new, by=itemgetter("file", "offset")):
                yield from _of_version(of, before, after)
        else:
            yield _one_sided(of, None, old[-1] if old else None, new[-1] if new else None)


@contextmanager
def preview_rebuild(folder: Path, reader: Reader, progress: Progress | None = None) -> Iterator[RebuildPreview]:
    """Derive the archive anew from the captures that archive.db cites, in the system's folder for what is temporary.

    Takes no lock and holds up no writer: what a crawl adds meanwhile is in neither side. Raises UsageError where there
    is no archive.
    """
    with closing(connect_for_reading(folder)) as kept:
        draft = _draft(folder, reader)
        try:
            kept.execute("BEGIN")  # one state of it, from here to the end
            cited = dict(kept.execute("SELECT file, length FROM warcs").fetchall())
            files = warc_files.warc_files(folder / "captures")
            replay(draft, [file_range(path, cited[path.name]) for path in files if cited.get(path.name)], progress)
            yield RebuildPreview(kept, draft.db)
        finally:
            draft.release()


def _draft(folder: Path, reader: Reader) -> Archive:
    """An archive over the captures in `folder`, whose own files have no name: they go with the process, even killed."""
    with TemporaryDirectory(prefix="lufeng-rebuild-") as name:
        place = Path(name).resolve()
        held = exclusive_lock(place)
        try:
            archive = Archive(folder, reader, database=str(place / "archive.db"), held=held)
            archive.db.execute("DROP TRIGGER version_came")  # nobody searches it
            return archive
        finally:
            os.close(held)


def _paired(left: Iterable[Row], right: Iterable[Row], by: Callable[[Row], Any]) -> Iterator[list[Row | None]]:
    """Rows of both that are one and the same, and those that only one has; both come in the order of `by`."""
    sides = (zip(repeat(side), rows) for side, rows in enumerate((left, right)))
    for _, both in groupby(heapq.merge(*sides, key=lambda one: by(one[1])), key=lambda one: by(one[1])):
        found = dict(both)
        yield [found.get(0), found.get(1)]


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


def _differing(names: Iterable[str], was: Row, now: Row) -> dict[str, tuple[Any, Any]]:
    changed = (name for name in names if was[name] != now[name])
    return {name: (_decoded(name, was), _decoded(name, now)) for name in changed}


def _decoded(name: str, row: Row) -> Any:
    return json.loads(row[name]) if name in LISTS else row[name]


def _shown(old: Any, new: Any) -> str:
    texts = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in (old, new)]
    if max(map(len, texts)) <= SHOWN:
        return f": {_quoted(old)} → {_quoted(new)}"
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False)))
    start = max(0, same - BEFORE)
    parts = (("…" if start else "") + text[start : start + SHOWN] + "…" * (len(text) > start + SHOWN) for text in texts)
    return f", {len(texts[0]):,} → {len(texts[1]):,} characters: " + " → ".join(map(_quoted, parts))


def _quoted(said: Any) -> str:
    """In one line, whatever a page put into it."""
    return json.dumps(said, ensure_ascii=False)


@dataclass(slots=True)
class RebuildSummary:
    """How many articles differ, appear, vanish, how many in each field, and how many versions come or go."""

    differing: int = 0
    appearing: int = 0
    vanishing: int = 0
    versions: int = 0
    fields: Counter[str] = field(default_factory=Counter)

    def add(self, found: Sequence[RebuildDifference]) -> None:
        """Count the differences of one article."""
        whole = {one.change for one in found if one.version is None}
        self.appearing += "appears" in whole
        self.vanishing += "vanishes" in whole
        if not whole - {"differs"}:
            self.differing += 1
            self.versions += sum(one.change != "differs" for one in found)
            self.fields.update({name for one in found if one.change == "differs" for name in one.fields})

    def report(self) -> Row:
        """By name."""
        return asdict(self) | {"fields": dict(self.fields)}

    def line(self, articles: int) -> str:
        """In words."""
        fields = ", ".join(f"{name} {count}" for name, count in self.fields.most_common())
        parts = [f"{self.differing:,} of {articles:,} articles would read differently" + (fields and f": {fields}")]
        told = {"versions would appear or vanish": self.versions, "articles would appear": self.appearing}
        told["articles would vanish"] = self.vanishing
        parts += [f"{count:,} {what}" for what, count in told.items() if count]
        return "; ".join([*parts, "nothing was written"])
