"""Proves that an archive is whole: its tables, its capture files and the chain through both, each finding one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from math import inf
from pathlib import Path
from typing import Any

from lufeng_crawler.archive.db.connection import is_locked
from lufeng_crawler.archive.db.rows import dicts
from lufeng_crawler.archive.db.rows import value as rows_value
from lufeng_crawler.archive.integrity import consistency, published_heads
from lufeng_crawler.archive.integrity.cited_rows import CitedRow, cited_rows
from lufeng_crawler.archive.store.recorder import capture_columns
from lufeng_crawler.archive.store.replay import Progress
from lufeng_crawler.archive.warc import files as warc_files
from lufeng_crawler.archive.warc import hash_chain
from lufeng_crawler.archive.warc import records as warc_records
from lufeng_crawler.archive.warc.ordering import FileRange, OrderedRecord, file_range, iterate_in_order


def verify_archive(
    db: sqlite3.Connection, folder: Path, quick: bool, published: Path | None, progress: Progress
) -> Iterator[str]:
    """What is wrong, one line each that names the file and offset or the table and row.

    `quick` reads the tables alone: the chain over the rows, the lengths of the files. Else every record is read and
    hashed and compared with its row. A file that a crawl is writing to is judged as far as the tables cite it.
    `published` names a file of heads.
    """
    growing, there = is_locked(folder), warc_files.warc_files(folder / "captures")
    sizes = {path.name: path.stat().st_size for path in there}
    db.execute("BEGIN")  # one state of it, from here to the end
    files = dict(db.execute("SELECT file, length FROM warcs ORDER BY file").fetchall())
    yield from _tables(db, quick)
    yield from _lengths(files, sizes, growing)
    if quick:
        for file in files:
            yield from _rows_alone(db, file)
    else:
        parts = [file_range(path, files[path.name]) for path in there if files.get(path.name)]
        yield from _Walk(db).records(parts, progress)
    yield from consistency.inconsistencies(db, quick)
    if published:
        yield from published_heads.unproved_heads(db, published)


def summary(db: sqlite3.Connection, bad: list[str]) -> dict[str, Any]:
    """What was looked at and found, as `--json` prints it; `head` is the newest end of the chain, `heads` are all."""
    ends = hash_chain.heads(db)
    files, seen = (rows_value(db, f"SELECT count(*) FROM {table}") for table in ("warcs", "captures"))
    return {"captures": seen, "warc_files": files, "bad": bad, "head": ends[-1] if ends else None, "heads": ends}


def _tables(db: sqlite3.Connection, quick: bool) -> Iterator[str]:
    for (said,) in db.execute("PRAGMA quick_check" if quick else "PRAGMA integrity_check"):
        if said != "ok":
            yield f"archive.db: {said}"
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check").fetchall():
        yield f"{table} row {row}: refers to a row of {parent} that is not there"
    for (file,) in db.execute(
        "SELECT file FROM captures UNION SELECT file FROM run_events EXCEPT SELECT file FROM warcs"
    ):
        yield f"warcs: has no row of {file}, which captures or run_events cite"


def _lengths(cited: dict[str, int], there: dict[str, int], growing: bool) -> Iterator[str]:
    for file, length in cited.items():
        if file not in there:
            yield f"captures/{file}: is missing; archive.db cites {length} bytes of it"
        elif there[file] < length:
            yield f"captures/{file}: ends at {there[file]}; archive.db cites {length} bytes of it"
        elif there[file] > length and not growing:
            yield f"captures/{file} at {length}: {there[file] - length} bytes that archive.db does not cite"
    for file in sorted(there.keys() - cited.keys()):
        if not growing:
            yield f"captures/{file}: archive.db does not cite it"


def _rows_alone(db: sqlite3.Connection, file: str) -> Iterator[str]:
    """The chain over the rows of a file."""
    ((before, head),) = db.execute("SELECT genesis, head FROM warcs WHERE file = ?", (file,))
    last = 0
    for row in cited_rows(db, file):
        if row.chain != hash_chain.next_link(before, row.digest, row.said):
            yield f"{row}: was altered, or one before it in {file} was altered, dropped or put in: the chain breaks"
        elif row.table == "captures" and row.id < last:
            yield f"{row}: out of order: row {last} stands before it in {file}"
        before, last = row.chain, row.id if row.table == "captures" else last
    if before != head:
        yield f"warcs row {file}: its head is not the chain's last value: rows at its end were dropped or altered"


class _File:
    """How far a file and the rows that cite it have been walked together."""

    def __init__(self, db: sqlite3.Connection, file: str, stop: int) -> None:
        self.stop = stop
        self.file, self.end, self.chain = file, 0, hash_chain.load_chain_state(db, file).genesis
        self.doubted = False  # whether its first record and the tables differ
        self.unlike: CitedRow | None = None  # whose bytes differ: for want of its request, where a gap follows
        self._rows = cited_rows(db, file)
        self.row = next(self._rows, None)

    def step(self) -> None:
        """To the next row."""
        self.row = next(self._rows, None)

    def until(self, offset: float) -> Iterator[CitedRow]:
        """The rows that cite what lies before."""
        while self.row and self.row.offset < offset:
            yield self.row
            self.step()


class _Walk:
    """All records in the order in which they count, each beside its row."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.last = 0
        self._problems: list[str] = []

    def records(self, parts: Iterable[FileRange], progress: Progress) -> Iterator[str]:
        """Compare; what is wrong."""
        files: dict[str, _File] = {}  # those that overlap in time
        for found in iterate_in_order(parts, self._hash):
            name, stop = found.place.file, found.part.stop or 0
            if name not in files:
                files[name] = _File(self.db, name, stop)
            file = files[name]
            yield from self._record(file, found)
            progress(found.end - found.place.offset)
            if file.end == stop:
                yield from self._unread(files.pop(name), inf)
        for file in files.values():
            yield from self._unread(file, file.stop)

    def _hash(self, place: warc_files.RecordLocation, data: bytes) -> None:
        self._problems += [
            f"captures/{place.file} at {place.offset}: {what}" for what in warc_records.find_alterations(data)
        ]

    def _record(self, file: _File, found: OrderedRecord) -> Iterator[str]:
        problems, self._problems = self._problems, []
        yield from problems
        yield from self._unread(file, found.place.offset)
        file.end = found.end
        if isinstance(found.item, warc_records.FileHeader):
            yield from self._opening(file, found.place, found.item)
        elif found.item:
            yield from self._beside(file, found.place, found.item)

    def _unread(self, file: _File, offset: float) -> Iterator[str]:
        rows, unlike, file.unlike = list(file.until(offset)), file.unlike, None
        if file.end < offset < inf:
            file.chain = rows[-1].chain if rows else file.chain
            cites = [f"the request of {unlike}"] * bool(unlike) + list(map(str, rows))
            told = f" ({', '.join(cites)})" if cites else ""
            yield f"captures/{file.file} at {file.end}: {offset - file.end} bytes cannot be read{told}"
        else:
            if unlike:
                yield f"captures/{file.file} at {unlike.offset}: not the bytes that {unlike} is of"
            yield from (f"{row}: there is no such record in {file.file}" for row in rows)

    def _opening(
        self, file: _File, place: warc_files.RecordLocation, opening: warc_records.FileHeader
    ) -> Iterator[str]:
        file.chain = place.digest
        reached = hash_chain.load_chain_state(self.db, file.file)
        if (reached.genesis, reached.follows) != (place.digest, opening.follows):
            file.doubted = True
            yield f"warcs row {file.file}: differs from the file's first record"

    def _beside(
        self, file: _File, place: warc_files.RecordLocation, item: warc_records.Record | warc_records.RunMarker
    ) -> Iterator[str]:
        expected = hash_chain.next_link(file.chain, place.digest, hash_chain.chain_facts(item))
        if file.doubted and file.row:
            expected = file.row.chain  # said once, whichever of the two was altered
        row, file.chain, file.doubted = file.row, expected, False
        if row is None or row.offset != place.offset:
            yield f"captures/{place.file} at {place.offset}: archive.db has no row for this record of {item.at}"
            return
        file.step()
        if row.digest != place.digest:
            file.chain = row.chain  # said once, not of every record behind it
            file.unlike = row
        elif wrong := [*_differing(self.db, row, place, item), *(["chain"] if row.chain != expected else [])]:
            yield f"{row}: {', '.join(wrong)}: not as in {place.file} at {place.offset}"
        if row.table == "captures":
            if row.id < self.last:
                yield f"{row}: out of order: row {self.last} was captured before it"
            self.last = row.id


def _differing(
    db: sqlite3.Connection,
    row: CitedRow,
    place: warc_files.RecordLocation,
    item: warc_records.Record | warc_records.RunMarker,
) -> Iterator[str]:
    """The columns in which a row is not as its record."""
    said = hash_chain.chain_facts(item)
    yield from (name for name, ours, theirs in zip(row.names, row.said, said, strict=False) if ours != theirs)
    if row.said[len(row.names) :] != said[len(row.names) :]:
        yield "revisit_of"
    if row.length != place.length:
        yield "record_length"
    if isinstance(item, warc_records.RunMarker):
        yield from consistency.run_mismatches(db, row, item)
    else:
        (ours,) = dicts(db, "SELECT * FROM captures WHERE id = ?", [row.id])
        of = capture_columns(item.capture) | ({} if item.refers_to else {"length": len(item.capture.body)})
        yield from (name for name, value in of.items() if ours[name] != value and name not in row.names)
