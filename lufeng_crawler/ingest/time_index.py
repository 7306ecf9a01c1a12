"""All answers of the files of one ingest in the order of time: an index on disk, however many there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType

from lufeng_crawler.ingest.containers import Source
from lufeng_crawler.ingest.responses import Revisit, parse_response
from lufeng_crawler.ingest.scanner import RecordRef, find_records
from lufeng_crawler.items import Capture

TABLE = """CREATE TABLE found (source INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    at TEXT NOT NULL, url TEXT NOT NULL, id TEXT NOT NULL, digest TEXT NOT NULL)"""
INDEXES = (
    "CREATE INDEX by_url ON found (url, at)",
    "CREATE INDEX by_id ON found (id)",
    "CREATE INDEX by_digest ON found (digest)",
)

NAMED = ("id = ?1 AND id != ''", "url = ?2 AND at = ?3", "digest = ?4 AND digest != ''")
"""How a revisit may name what it repeats, the surest way first."""

NEAREST = "digest != ?4, url != ?5, at > ?6, CASE WHEN at <= ?6 THEN at END DESC, at, source, offset LIMIT 9"
"""Of what it names: at its own address, the last before it; where none is, the first after it."""


class TimeIndex:
    """Where each answer lies, by time and by what revisits name; a database without a name, gone with the process."""

    def __init__(self) -> None:
        self._kept = ExitStack()
        self._db = self._kept.enter_context(closing(sqlite3.connect("", isolation_level=None)))
        self._db.execute(TABLE)
        self._sources: list[Source] = []

    def __enter__(self) -> TimeIndex:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kept.close()

    def __len__(self) -> int:
        count: int = self._db.execute("SELECT count(*) FROM found").fetchone()[0]
        return count

    def add(self, path: Path, passed: Callable[[int], None] = lambda length: None) -> None:
        """Look through a file. Raises DamagedCapture, behind all that can be read; see `find`."""
        self._db.execute("BEGIN")
        try:
            rows = map(self._row, find_records(path, self._kept, passed))
            self._db.executemany("INSERT INTO found VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        finally:
            self._db.execute("COMMIT")

    def in_order(self) -> Iterator[RecordRef]:
        """All of it by time; of one second, in the order of the files and of what lies in each."""
        for index in INDEXES:
            self._db.execute(index)
        yield from map(self._found, self._db.execute("SELECT * FROM found ORDER BY at, source, offset"))

    def original(self, repeat: Revisit) -> Capture | None:
        """The answer in these files that a revisit repeats, as far as it names one that is there and whole."""
        its_own = (repeat.capture.url, repeat.capture.fetched_at)
        names = (repeat.id, repeat.url, repeat.at, repeat.digest, *its_own)
        for name in NAMED:
            for row in self._db.execute(f"SELECT * FROM found WHERE {name} ORDER BY {NEAREST}", names):
                answer = parse_response(self._found(row).read())
                if isinstance(answer, Capture):
                    return answer
        return None

    def _row(self, found: RecordRef) -> tuple[int, int, int, str, str, str, str]:
        if not self._sources or self._sources[-1] is not found.source:
            self._sources.append(found.source)
        source = len(self._sources) - 1
        return source, found.offset, found.length, found.at, found.url, found.id, found.digest

    def _found(self, row: tuple[int, int, int, str, str, str, str]) -> RecordRef:
        source, offset, length, *said = row
        return RecordRef(self._sources[source], offset, length, True, *said)
