"""The versions of an article in the order of time, and the edits that lie between them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import pairwise

from lufeng_crawler.archive import versions
from lufeng_crawler.archive.rows import update, value
from lufeng_crawler.archive.sightings import Change, Sighting
from lufeng_crawler.archive.versions import Version
from lufeng_crawler.items import Article


def arrange(seen: Sighting, article: int) -> None:
    """Put versions that have come (a new state, an older one from an ingest, those of a united article) in order.

    Neighbours with the same content become one; numbers run from 1; each step has its `edited`, the first state its
    `new`. What was so already keeps its ids.
    """
    states = _folded(seen.db, versions.all_of(seen.db, article))
    _number(seen.db, states)
    _tell_first(seen, article, states[0])
    _tell_edits(seen, article, states)


def read_alike(seen: Sighting, beside: Version | None, digest: str) -> None:
    """Have a version beside that content read by today's reader: only what one reader tells apart is an edit."""
    if beside and beside.content_digest != digest and beside.reader != seen.reader:
        again = seen.reread(beside.capture)
        if isinstance(again, Article):
            versions.reread(seen.db, beside, again, seen.reader)


def united(seen: Sighting, article: int) -> None:
    """Put in order the versions of two articles that have become one."""
    for before, after in pairwise(versions.all_of(seen.db, article)):
        read_alike(seen, before, after.content_digest)
        read_alike(seen, after, before.content_digest)
    arrange(seen, article)


def _folded(db: sqlite3.Connection, states: Iterable[Version]) -> list[Version]:
    kept: list[Version] = []
    for state in states:
        if kept and kept[-1].content_digest == state.content_digest:
            versions.fold(db, kept[-1], state)
        else:
            kept.append(state)
    return kept


def _number(db: sqlite3.Connection, states: Sequence[Version]) -> None:
    wrong = [(number, state.id) for number, state in enumerate(states, 1) if state.number != number]
    for number, id in wrong:
        update(db, "versions", id, number=-number)  # out of the way of those that still have that number
    for number, id in wrong:
        update(db, "versions", id, number=number)


def _tell_first(seen: Sighting, article: int, state: Version) -> None:
    sql = "SELECT id, evidence FROM changes WHERE article = ? AND kind = 'new' ORDER BY at, id"
    (told, evidence), *rest = seen.db.execute(sql, (article,)).fetchall()
    _forget(seen.db, (id for id, _ in rest))
    if json.loads(evidence)[-1] != state.capture:
        proof = {"at": state.first_seen, "evidence": json.dumps([state.capture]), "run": _run(seen, state)}
        update(seen.db, "changes", told, backdated=False, **proof)


def _tell_edits(seen: Sighting, article: int, states: Sequence[Version]) -> None:
    sql = "SELECT evidence, id FROM changes WHERE article = ? AND kind = 'edited' ORDER BY id"
    told: dict[str, int] = dict(seen.db.execute(sql, (article,)).fetchall())
    for number, (before, after) in enumerate(pairwise(states), 2):
        known = told.pop(json.dumps([before.capture, after.capture]), None)
        if known is None:
            _edited(seen, article, before, after).write(seen.db)
        else:
            update(seen.db, "changes", known, from_version=number - 1, to_version=number)
    _forget(seen.db, told.values())


def _edited(seen: Sighting, article: int, before: Version, after: Version) -> Change:
    fields = versions.differing(seen.db, before, after)
    was, now = before.published, after.published
    number: int = value(seen.db, "SELECT number FROM versions WHERE id = ?", after.id)
    return Change(
        "edited",
        after.first_seen,
        article,
        _run(seen, after),
        [before.capture, after.capture],
        number - 1,
        number,
        fields,
        silent="published" not in fields,
        backdated=bool(was and now and _day(now) < _day(was)),
    )


def _run(seen: Sighting, state: Version) -> int:
    """Of the capture that showed it; the one on its way into the tables has no row yet."""
    run: int | None = value(seen.db, "SELECT run FROM captures WHERE id = ?", state.capture)
    return seen.run if run is None else run


def _forget(db: sqlite3.Connection, changes: Iterable[int]) -> None:
    db.executemany("DELETE FROM changes WHERE id = ?", [(id,) for id in changes])


def _day(published: str) -> str:
    return published[:10]
