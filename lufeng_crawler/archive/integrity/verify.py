"""Verifies an archive: its tables, its capture files and the hash chain over both. Every problem is one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

from lufeng_crawler.archive.db.connection import is_locked
from lufeng_crawler.archive.db.rows import dicts, value
from lufeng_crawler.archive.integrity import consistency, published_heads
from lufeng_crawler.archive.integrity.cited_rows import CitedRow, cited_rows
from lufeng_crawler.archive.progress import Progress
from lufeng_crawler.archive.store.recorder import capture_columns
from lufeng_crawler.archive.warc import files, hash_chain, records
from lufeng_crawler.archive.warc.ordering import FileRange, OrderedRecord, file_range, iterate_in_order


def verify_archive(
    db: sqlite3.Connection, folder: Path, quick: bool, published: Path | None, progress: Progress
) -> Iterator[str]:
    """Yield what is wrong, one line each that names the file and offset or the table and row.

    `quick` checks the tables alone: the chain over the rows, and the lengths of the files. Otherwise every record is
    read, hashed and compared with its row. A file that a crawl is writing to is checked as far as the tables cite it.
    `published` is a file of published heads to compare with.
    """
    growing, paths = is_locked(folder), files.warc_files(folder / "captures")
    sizes = {path.name: path.stat().st_size for path in paths}
    db.execute("BEGIN")  # read one state of the database from here to the end
    cited_lengths = dict(db.execute("SELECT file, length FROM warcs ORDER BY file").fetchall())
    yield from _check_tables(db, quick)
    yield from _check_lengths(cited_lengths, sizes, growing)
    if quick:
        for file in cited_lengths:
            yield from _check_row_chain(db, file)
    else:
        ranges = [file_range(path, cited_lengths[path.name]) for path in paths if cited_lengths.get(path.name)]
        yield from _check_records(db, ranges, progress)
    yield from consistency.inconsistencies(db, quick)
    if published:
        yield from published_heads.unproved_heads(db, published)


def summary(db: sqlite3.Connection, bad: list[str]) -> dict[str, Any]:
    """Return the `--json` object; `head` is the newest head of the hash chain, `heads` are all of them."""
    heads = hash_chain.heads(db)
    warc_files, captures = (value(db, f"SELECT count(*) FROM {table}") for table in ("warcs", "captures"))
    head = heads[-1] if heads else None
    return {"captures": captures, "warc_files": warc_files, "bad": bad, "head": head, "heads": heads}


def _check_tables(db: sqlite3.Connection, quick: bool) -> Iterator[str]:
    for (result,) in db.execute("PRAGMA quick_check" if quick else "PRAGMA integrity_check"):
        if result != "ok":
            yield f"archive.db: {result}"
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check").fetchall():
        yield f"{table} row {row}: refers to a missing row of {parent}"
    for (file,) in db.execute(
        "SELECT file FROM captures UNION SELECT file FROM run_events EXCEPT SELECT file FROM warcs"
    ):
        yield f"warcs: no row of {file}, which captures or run_events cite"


def _check_lengths(cited: dict[str, int], sizes: dict[str, int], growing: bool) -> Iterator[str]:
    for file, length in cited.items():
        if file not in sizes:
            yield f"captures/{file}: is missing; archive.db cites {length} bytes of it"
        elif sizes[file] < length:
            yield f"captures/{file}: ends at {sizes[file]}; archive.db cites {length} bytes of it"
        elif sizes[file] > length and not growing:
            yield f"captures/{file} at {length}: {sizes[file] - length} bytes that archive.db does not cite"
    for file in sorted(sizes.keys() - cited.keys()):
        if not growing:
            yield f"captures/{file}: archive.db does not cite it"


def _check_row_chain(db: sqlite3.Connection, file: str) -> Iterator[str]:
    """Check the hash chain over the rows of a file without reading the file."""
    ((chain, head),) = db.execute("SELECT genesis, head FROM warcs WHERE file = ?", (file,))
    last_id = 0
    for row in cited_rows(db, file):
        if row.chain != hash_chain.next_link(chain, row.digest, row.facts):
            yield f"{row}: was altered, or one before it in {file} was altered, dropped or put in: the chain breaks"
        elif row.table == "captures" and row.id < last_id:
            yield f"{row}: out of order: row {last_id} stands before it in {file}"
        chain, last_id = row.chain, row.id if row.table == "captures" else last_id
    if chain != head:
        yield f"warcs row {file}: its head is not the chain's last value: rows at its end were dropped or altered"


def _check_records(db: sqlite3.Connection, ranges: Iterable[FileRange], progress: Progress) -> Iterator[str]:
    """Read all records in their order and compare each with its row."""
    checks: dict[str, _FileCheck] = {}  # of the files that overlap in time
    alterations: list[str] = []  # in records read since the last one compared, those that only accompany included
    last_id = 0
    for record in iterate_in_order(ranges, partial(_add_alterations, alterations)):
        file, stop = record.place.file, record.part.stop or 0
        if file not in checks:
            checks[file] = _FileCheck(db, file, stop)
        check = checks[file]
        yield from alterations
        alterations.clear()
        row, problems = check.compare(record)
        yield from problems
        if row and row.table == "captures":
            if row.id < last_id:
                yield f"{row}: out of order: row {last_id} was captured before it"
            last_id = row.id
        progress(record.end - record.place.offset)
        if check.end == check.stop:
            yield from checks.pop(file).pass_rows(inf)
    for check in checks.values():
        yield from check.pass_rows(check.stop)


def _add_alterations(alterations: list[str], place: files.RecordLocation, data: bytes) -> None:
    problems = records.find_alterations(data)
    alterations += [f"captures/{place.file} at {place.offset}: {problem}" for problem in problems]


@dataclass(frozen=True, slots=True)
class _Agrees:
    """The last record and its row agree, as far as they were compared."""


@dataclass(frozen=True, slots=True)
class _HeaderDiffers:
    """The file's first record is not what `warcs` says. That was reported, so the next row's chain is not compared."""


@dataclass(frozen=True, slots=True)
class _BytesDiffer:
    """The last record does not have the digest in its row.

    That is reported once it is known what follows. The digest also covers the record of the request, which comes next:
    where that cannot be read, it is the cause, and reported instead.
    """

    row: CitedRow


class _FileCheck:
    """Compares the records of one capture file with the rows that cite them, both in the order of the file.

    `stop` is up to where the tables cite it. `end` is up to where records were read, `chain` the value of the hash
    chain there, `state` how the last record compared.
    """

    def __init__(self, db: sqlite3.Connection, file: str, stop: int) -> None:
        self.db, self.file, self.stop = db, file, stop
        self.end = 0
        self.chain = hash_chain.load_chain_state(db, file).genesis
        self.state: _Agrees | _HeaderDiffers | _BytesDiffer = _Agrees()
        self._rows = cited_rows(db, file)
        self._next_row = next(self._rows, None)

    def compare(self, record: OrderedRecord) -> tuple[CitedRow | None, list[str]]:
        """Compare the next record. Return the row that cites it, if there is one, and what is wrong."""
        problems = self.pass_rows(record.place.offset)
        self.end = record.end
        if isinstance(record.item, records.FileHeader):
            return None, [*problems, *self._compare_header(record.place, record.item)]
        if record.item is None:
            return None, problems
        row, differences = self._compare_row(record.place, record.item)
        return row, [*problems, *differences]

    def pass_rows(self, offset: float) -> list[str]:
        """Pass the rows that cite what lies before `offset`, where no record was read. Return what is wrong."""
        rows = list(self._take_rows(offset))
        altered = self.state.row if isinstance(self.state, _BytesDiffer) else None
        self.state = _Agrees() if altered else self.state
        if self.end < offset < inf:
            self.chain = rows[-1].chain if rows else self.chain
            lost = [f"the request of {altered}"] * bool(altered) + list(map(str, rows))
            cited_by = f" ({', '.join(lost)})" if lost else ""
            return [f"captures/{self.file} at {self.end}: {offset - self.end} bytes cannot be read{cited_by}"]
        problems = [f"captures/{self.file} at {altered.offset}: not the bytes that {altered} cites"] if altered else []
        return problems + [f"{row}: no such record in {self.file}" for row in rows]

    def _take_rows(self, offset: float) -> Iterator[CitedRow]:
        while self._next_row and self._next_row.offset < offset:
            yield self._next_row
            self._next_row = next(self._rows, None)

    def _compare_header(self, place: files.RecordLocation, header: records.FileHeader) -> list[str]:
        self.chain = place.digest
        stored = hash_chain.load_chain_state(self.db, self.file)
        if (stored.genesis, stored.follows) == (place.digest, header.follows):
            return []
        self.state = _HeaderDiffers()
        return [f"warcs row {self.file}: differs from the file's first record"]

    def _compare_row(
        self, place: files.RecordLocation, item: records.Record | records.RunMarker
    ) -> tuple[CitedRow | None, list[str]]:
        row = self._next_row
        if row and isinstance(self.state, _HeaderDiffers):
            self.chain = row.chain  # reported once, whichever of the two was altered
        else:
            self.chain = hash_chain.next_link(self.chain, place.digest, hash_chain.chain_facts(item))
        self.state = _Agrees()
        if row is None or row.offset != place.offset:
            where = f"captures/{place.file} at {place.offset}"
            return None, [f"{where}: archive.db has no row for this record of {item.at}"]
        self._next_row = next(self._rows, None)
        if row.digest != place.digest:
            self.chain = row.chain  # reported once, not of every record after it
            self.state = _BytesDiffer(row)
            return row, []
        columns = [*_differing_columns(self.db, row, place, item), *(["chain"] if row.chain != self.chain else [])]
        return row, [f"{row}: {', '.join(columns)}: not as in {place.file} at {place.offset}"] if columns else []


def _differing_columns(
    db: sqlite3.Connection,
    row: CitedRow,
    place: files.RecordLocation,
    item: records.Record | records.RunMarker,
) -> Iterator[str]:
    """Yield the columns in which a row differs from its record."""
    facts = hash_chain.chain_facts(item)
    yield from (name for name, ours, theirs in zip(row.names, row.facts, facts, strict=False) if ours != theirs)
    if row.facts[len(row.names) :] != facts[len(row.names) :]:
        yield "revisit_of"
    if row.length != place.length:
        yield "record_length"
    if isinstance(item, records.RunMarker):
        yield from consistency.run_mismatches(db, row, item)
        return
    (stored,) = dicts(db, "SELECT * FROM captures WHERE id = ?", [row.id])
    expected = capture_columns(item.capture) | ({} if item.refers_to else {"length": len(item.capture.body)})
    yield from (
        name
        for name, expected_value in expected.items()
        if name in stored and stored[name] != expected_value and name not in row.names  # an older schema has fewer
    )
