"""Events as readers ask for them: filtered, each with its proofs, a sentence, and a name that holds in any archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from lufeng_crawler.archive.digest import digest_of
from lufeng_crawler.archive.query import BEFORE, Row, condition, decoded
from lufeng_crawler.archive.rows import dicts
from lufeng_crawler.archive.sentences import sentence

KINDS = ("new", "edited", "missing", "gone", "restored", "delisted", "relisted", "moved")


@dataclass(frozen=True, slots=True)
class Events:
    """Which events: seen from … to … (UTC days or moments, the last day included), of these kinds, of a site, …"""

    since: str | None = None
    until: str | None = None
    kinds: tuple[str, ...] = ()
    site: str | None = None
    article: int | None = None
    run: str | None = None

    def where(self) -> tuple[str, list[object]]:
        """The SQL condition and its values."""
        tests = {
            "since": "at >= ?",
            "until": f"at {BEFORE}",
            "kinds": "kind IN (SELECT value FROM json_each(?))",
            "site": "site = ?",
            "article": "article = ?",
            "run": "run = ?",
        }
        return condition(asdict(self), tests)


def events(db: sqlite3.Connection, wanted: Events, newest_first: bool = False) -> Iterator[Row]:
    """Rows of the view `events` in the order of time, with `sentence` and `digest`, one at a time."""
    where, values = wanted.where()
    order = "at DESC, id DESC" if newest_first else "at, id"
    for row in dicts(db, f"SELECT * FROM events WHERE {where} ORDER BY {order}", values):
        event = decoded(row) | {"silent": bool(row["silent"]), "backdated": bool(row["backdated"])}
        yield event | {"sentence": sentence(event), "digest": _digest(event)}


def _digest(event: Row) -> str:
    """Of what happened and of what proves it, not of row numbers: the same in every archive with these captures."""
    proofs = [[proof[name] for name in ("url", "at", "digest")] for proof in event["evidence"]]
    return digest_of([event["site"], event["key"], event["kind"], proofs])
