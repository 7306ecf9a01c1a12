"""Indexes the records in the files of one ingest by time, on disk, however many there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http import HTTPStatus
from pathlib import Path
from types import TracebackType

from lufeng_crawler.archive.digests import digest_of, sha256
from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.ingest.containers import Source
from lufeng_crawler.ingest.responses import Revisit, parse_response
from lufeng_crawler.ingest.scanner import RecordRef, ScanReport, find_records
from lufeng_crawler.ingest.stated_digests import canonical_digest, contradicts
from lufeng_crawler.items import Capture

TABLE = """CREATE TABLE responses (source INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    at TEXT NOT NULL, url TEXT NOT NULL, id TEXT NOT NULL, digest TEXT NOT NULL)"""
STORED_TABLE = "CREATE TABLE stored (capture TEXT NOT NULL, file INTEGER NOT NULL, PRIMARY KEY (capture, file))"
"""The captures that were stored, and from which file each."""

INDEXES = (
    "CREATE INDEX by_url ON responses (url, at)",
    "CREATE INDEX by_id ON responses (id)",
    "CREATE INDEX by_digest ON responses (digest)",
)

NAMED_ORIGINAL = ("id = ?1 AND id != ''", "url = ?2 AND at = ?3", "digest = ?4 AND digest != ''")
"""The conditions by which a revisit may name what it repeats, the surest first: id, URL and time, digest."""

ORDER_BY_NEARNESS = "digest != ?4, url != ?5, at > ?6, CASE WHEN at <= ?6 THEN at END DESC, at, source, offset LIMIT 9"
"""The order of the responses so named: with the digest, at the revisit's URL, the last before it, the first after."""


ResponseRow = tuple[int, int, int, str, str, str, str]


class TimeIndex:
    """An index by time and by what revisits name, in a temporary database that is gone with the process.

    `latest` is the latest time that a record may state.
    """

    def __init__(self, latest: str) -> None:
        self.latest = latest
        self._stack = ExitStack()
        self._db = self._stack.enter_context(closing(sqlite3.connect("", isolation_level=None)))
        self._db.execute(TABLE)
        self._db.execute(STORED_TABLE)
        self._sources: list[Source] = []
        self._file_numbers: dict[Source, int] = {}

    def __enter__(self) -> TimeIndex:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def __len__(self) -> int:
        count: int = self._db.execute("SELECT count(*) FROM responses").fetchone()[0]
        return count

    def add(self, path: Path, report: ScanReport, progress: Progress = no_progress) -> None:
        """Index the records of a file that may hold answers. Raise DamagedCapture for one that is refused."""
        self._db.execute("BEGIN")
        try:
            rows = map(self._row, find_records(path, self._stack, report, progress))
            self._db.executemany("INSERT INTO responses VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        finally:
            self._db.execute("COMMIT")

    def in_order(self) -> Iterator[RecordRef]:
        """Yield all records by time; within one second, in the order of the files and of the records in them."""
        for index in INDEXES:
            self._db.execute(index)
        yield from map(self._ref, self._db.execute("SELECT * FROM responses ORDER BY at, source, offset"))

    def original(self, revisit: Revisit) -> Capture | None:
        """Return the response in these files that a revisit repeats, if it names one that is there and undamaged."""
        digest = canonical_digest(revisit.digest)
        names = (revisit.id, revisit.url, revisit.at, digest, revisit.capture.url, revisit.capture.fetched_at)
        for name in NAMED_ORIGINAL:
            for row in self._db.execute(f"SELECT * FROM responses WHERE {name} ORDER BY {ORDER_BY_NEARNESS}", names):
                response = self._response(self._ref(row), digest)
                if response:
                    return response
        return None

    def _response(self, ref: RecordRef, digest: str) -> Capture | None:
        """Return the response in a record, if it has the digest that a revisit states, or is stated to have it."""
        response = None if ref.source.is_altered else parse_response(ref.read(), self.latest)
        if not isinstance(response, Capture):
            return None
        return None if ref.digest != digest and contradicts(digest, response.body) else response

    def add_stored(self, capture: Capture, source: Source) -> None:
        """Note that a capture was stored from a file."""
        values = (_capture_key(capture), self._file_numbers[source])
        self._db.execute("INSERT OR IGNORE INTO stored VALUES (?, ?)", values)

    def is_from_others(self, capture: Capture, source: Source) -> bool:
        """Return whether a capture was stored from other files of this ingest, and from this one not yet."""
        sql = "SELECT max(file = ?2) FROM stored WHERE capture = ?1"
        (is_from_this,) = self._db.execute(sql, (_capture_key(capture), self._file_numbers[source])).fetchone()
        return is_from_this is not None and not is_from_this

    def _number_of_file(self, source: Source) -> int:
        """Return the number of a source, which is that of an earlier one if both hold the same bytes."""
        equal = (other for other in self._sources[:-1] if other.length == source.length)
        same = next((other for other in equal if other.digest() == source.digest()), None)
        return self._file_numbers[same] if same else len(self._sources)

    def _row(self, ref: RecordRef) -> ResponseRow:
        if not self._sources or self._sources[-1] is not ref.source:
            self._sources.append(ref.source)
            self._file_numbers[ref.source] = self._number_of_file(ref.source)
        return len(self._sources) - 1, ref.offset, ref.length, ref.at, ref.url, ref.id, ref.digest

    def _ref(self, row: ResponseRow) -> RecordRef:
        source, offset, length, *header = row
        return RecordRef(self._sources[source], offset, length, *header)


def _capture_key(capture: Capture) -> str:
    """Return the digest of what makes a capture known: see `ArchiveLookup.has`."""
    payload = "" if capture.status == HTTPStatus.NOT_MODIFIED else sha256(capture.body)
    return digest_of([capture.url, capture.fetched_at, capture.status, payload])
