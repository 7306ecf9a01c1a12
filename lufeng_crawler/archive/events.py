"""Events as readers ask for them: filtered, each with its proofs, a sentence, and a name that holds in any archive."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields

from lufeng_crawler.archive.query import Row, decoded
from lufeng_crawler.archive.rows import dicts
from lufeng_crawler.archive.sentences import sentence
from lufeng_crawler.archive.warc import sha256

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
            "until": "at < ? || 'U'",  # behind every time of that day: 'T' comes before 'U'
            "kinds": "kind IN (SELECT value FROM json_each(?))",
            "site": "site = ?",
            "article": "article = ?",
            "run": "run = ?",
        }
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        used = {name: said for name, said in given.items() if said not in (None, ())}
        values = [json.dumps(said) if isinstance(said, tuple) else said for said in used.values()]
        return " AND ".join(["1", *(tests[name] for name in used)]), values


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
    said = [event["site"], event["key"], event["kind"], proofs]
    return sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass"))
