"""The hash chain: each record has the hash of itself and of all before it in its file, each file those it follows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from lufeng_crawler.archive.db.rows import first, value
from lufeng_crawler.archive.digests import digest_of
from lufeng_crawler.archive.warc.records import FileHeader, Record, RunMarker

FACTS = ("run", "site", "column", "kind", "vantage", "url", "fetched_at", "status", "payload_digest")
EVENT_FACTS = ("run", "kind", "at")


@dataclass(slots=True)
class ChainState:
    """The chain of a capture file, up to where it is recorded.

    `genesis` is the digest of its first record, which names the heads that it `follows`; `head` is the hash of the last
    record, `newest_time` the newest time in this file or in those before it.
    """

    genesis: str = ""
    follows: tuple[str, ...] = ()
    newest_time: str = ""
    head: str = ""

    def begin(self, header: FileHeader, digest: str) -> None:
        """Begin the chain."""
        self.genesis = self.head = digest
        self.follows, self.newest_time = header.follows, header.newest_time

    def link(self, item: Record | RunMarker, digest: str) -> str:
        """Add a record and return the chain's new head: over the record's bytes, and over what its row says of it."""
        self.head = next_link(self.head, digest, chain_facts(item))
        self.newest_time = max(self.newest_time, item.at)
        return self.head


def next_link(before: str, digest: str, facts: Sequence[str | None]) -> str:
    """Return the hash of a record and of all before it: of what was captured, not how it was read or where it lies."""
    return digest_of([before, digest, *facts])


def load_chain_state(db: sqlite3.Connection, file: str) -> ChainState:
    """Load the chain state of a file from the database."""
    row = first(db, "SELECT genesis, follows, arrival, head FROM warcs WHERE file = ?", file)
    return ChainState(row[0], tuple(json.loads(row[1])), row[2], row[3]) if row else ChainState()


def save_chain_state(db: sqlite3.Connection, file: str, length: int, state: ChainState) -> None:
    """Store the chain state of a file, and up to which length it is recorded."""
    columns = (state.genesis, json.dumps(state.follows), state.newest_time, state.head)
    sql = "INSERT OR REPLACE INTO warcs (file, length, genesis, follows, arrival, head) VALUES (?, ?, ?, ?, ?, ?)"
    db.execute(sql, (file, length, *columns))


def heads(db: sqlite3.Connection) -> list[str]:
    """Return the ends of the chain: several where archives were merged and not written to since."""
    followed = "SELECT value FROM warcs, json_each(follows)"
    sql = f"SELECT head FROM warcs WHERE head NOT IN ({followed}) AND head != '' ORDER BY arrival, file"
    return [head for (head,) in db.execute(sql)]


def next_file_header(db: sqlite3.Connection) -> FileHeader:
    """Return the header of a new file, which follows all there are."""
    return FileHeader(tuple(heads(db)), value(db, "SELECT max(arrival) FROM warcs") or "")


def chain_facts(item: Record | RunMarker) -> tuple[str | None, ...]:
    """Return what a record's row says of it, as FACTS or EVENT_FACTS name it; of a revisit also what it repeats."""
    if isinstance(item, RunMarker):
        return item.run, item.kind, item.at
    capture = item.capture
    request = (item.run, capture.site, capture.column, capture.kind, item.vantage)
    return *request, capture.url, capture.fetched_at, str(capture.status), item.digest, *(item.refers_to or ())
