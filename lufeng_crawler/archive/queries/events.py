"""Events as readers ask for them: filtered, each with its proofs, a sentence, and a name that holds in any archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from lufeng_crawler.archive.db.conditions import BEFORE, condition
from lufeng_crawler.archive.db.rows import Row, decoded, dicts
from lufeng_crawler.archive.digests import digest_of
from lufeng_crawler.archive.queries.event_text import describe_event

KINDS = ("new", "edited", "missing", "gone", "restored", "delisted", "relisted", "moved")


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events: seen from … to … (UTC days or moments, the last day included), of these kinds, of a site, …

    `before`: those that come behind that event where the newest come first.
    """

    since: str | None = None
    until: str | None = None
    kinds: tuple[str, ...] = ()
    site: str | None = None
    article: int | None = None
    run: str | None = None
    before: int | None = None
    ids: tuple[int, ...] = ()

    def where(self) -> tuple[str, list[object]]:
        """The SQL condition and its values."""
        tests = {
            "since": "at >= ?",
            "until": f"at {BEFORE}",
            "kinds": "kind IN (SELECT value FROM json_each(?))",
            "site": "site = ?",
            "article": "article = ?",
            "run": "run = ?",
            "before": "(at, id) < (SELECT at, id FROM changes WHERE id = ?)",
            "ids": "id IN (SELECT value FROM json_each(?))",
        }
        return condition(asdict(self), tests)


FILTERABLE_EVENTS = (
    "(SELECT id, at, kind, site, article, (SELECT name FROM runs WHERE id = c.run) AS run FROM changes c)"
)
"""The view `events` as far as it can be filtered by: what is not asked about is not looked up."""


def list_events(
    db: sqlite3.Connection,
    wanted: EventFilter,
    newest_first: bool = False,
    most: int | None = None,
    language: str = "en",
) -> Iterator[Row]:
    """Rows of the view `events` in the order of time, with `sentence` and `digest`, one at a time; not above `most`."""
    where, values = wanted.where()
    order = "at DESC, id DESC" if newest_first else "at, id"
    if most is not None:
        where = f"id IN (SELECT id FROM {FILTERABLE_EVENTS} WHERE {where} ORDER BY {order} LIMIT {most:d})"
    for row in dicts(db, f"SELECT * FROM events WHERE {where} ORDER BY {order}", values):
        event = decoded(row) | {"silent": bool(row["silent"]), "backdated": bool(row["backdated"])}
        yield event | {"sentence": describe_event(event, language), "digest": _digest(event)}


def count_events(db: sqlite3.Connection, wanted: EventFilter) -> dict[str, int]:
    """How many events there are of each kind, in the order of KINDS; those of `wanted.kinds` are not told apart."""
    where, values = replace(wanted, kinds=(), before=None).where()
    found = dict(
        db.execute(f"SELECT kind, count(*) FROM {FILTERABLE_EVENTS} WHERE {where} GROUP BY kind", values).fetchall()
    )
    return {kind: found[kind] for kind in KINDS if kind in found}


def _digest(event: Row) -> str:
    """Of what happened and of what proves it, not of row numbers: the same in every archive with these captures."""
    proofs = [[proof[name] for name in ("url", "at", "digest")] for proof in event["evidence"]]
    return digest_of([event["site"], event["key"], event["kind"], proofs])
