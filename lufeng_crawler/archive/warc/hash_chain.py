"""The chain: each record carries the hash of itself and of all before it in its file, each file those it follows."""

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
    """What is known of a capture file up to where it is recorded.

    `genesis` is the digest of its first record, which names the heads that it `follows`; `head` is the chain's value,
    `arrival` the newest time that was said in it or before it.
    """

    genesis: str = ""
    follows: tuple[str, ...] = ()
    arrival: str = ""
    head: str = ""

    def opened(self, opening: FileHeader, digest: str) -> None:
        """Begin the chain."""
        self.genesis = self.head = digest
        self.follows, self.arrival = opening.follows, opening.not_before

    def link(self, item: Record | RunMarker, digest: str) -> str:
        """The chain's value behind a record: over its bytes, and over what its row says of it."""
        self.head = next_link(self.head, digest, chain_facts(item))
        self.arrival = max(self.arrival, item.at)
        return self.head


def next_link(before: str, digest: str, said: Sequence[str | None]) -> str:
    """The hash of a record and of all before it: of what was seen, not of how it was read or where it lies."""
    return digest_of([before, digest, *said])


def load_chain_state(db: sqlite3.Connection, file: str) -> ChainState:
    """As the tables have it."""
    row = first(db, "SELECT genesis, follows, arrival, head FROM warcs WHERE file = ?", file)
    return ChainState(row[0], tuple(json.loads(row[1])), row[2], row[3]) if row else ChainState()


def save_chain_state(db: sqlite3.Connection, file: str, length: int, reached: ChainState) -> None:
    """Remember up to where a file is recorded."""
    known = (reached.genesis, json.dumps(reached.follows), reached.arrival, reached.head)
    sql = "INSERT OR REPLACE INTO warcs (file, length, genesis, follows, arrival, head) VALUES (?, ?, ?, ?, ?, ?)"
    db.execute(sql, (file, length, *known))


def heads(db: sqlite3.Connection) -> list[str]:
    """The ends of the chain: several where archives were united that have not been written to since."""
    followed = "SELECT value FROM warcs, json_each(follows)"
    sql = f"SELECT head FROM warcs WHERE head NOT IN ({followed}) AND head != '' ORDER BY arrival, file"
    return [head for (head,) in db.execute(sql)]


def next_file_header(db: sqlite3.Connection) -> FileHeader:
    """What a new file says at its beginning: it stands behind all there is."""
    return FileHeader(tuple(heads(db)), value(db, "SELECT max(arrival) FROM warcs") or "")


def chain_facts(item: Record | RunMarker) -> tuple[str | None, ...]:
    """What the row of a record says of it, in the order of FACTS or EVENT_FACTS; of a revisit also what it repeats."""
    if isinstance(item, RunMarker):
        return item.run, item.kind, item.at
    capture = item.capture
    asked = (item.run, capture.site, capture.column, capture.kind, item.vantage)
    return *asked, capture.url, capture.fetched_at, str(capture.status), item.digest, *(item.refers_to or ())
