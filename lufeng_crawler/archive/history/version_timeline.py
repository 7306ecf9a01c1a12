"""The versions of an article in the order of time, and the edits that lie between them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

from lufeng_crawler.archive.db.rows import update, value
from lufeng_crawler.archive.history import versions
from lufeng_crawler.archive.history.observation import ChangeEvent, Observation, delete_changes
from lufeng_crawler.archive.history.versions import Version
from lufeng_crawler.items import Article


@dataclass(frozen=True, slots=True)
class State:
    """A content that was seen over a span of time, with none other between; `capture` is the first that showed it."""

    content: str
    capture: int
    first_seen: str
    last_seen: str


def rearrange_versions(seen: Observation, article: int) -> list[Version]:
    """Tell the article's versions anew from what showed which content when: the same in whatever order it came in.

    Neighbours with the same content are one; a version between whose sightings another content was seen is two, of
    which the later one is new and given back. Numbers run from 1; each step has its `edited`, the first state its
    `new`. What was so already keeps its ids.
    """
    before = {version.id for version in versions.all_of(seen.db, article)}
    _fit(seen.db, article, _states(seen.db, article))
    states = list(versions.all_of(seen.db, article))
    _number(seen.db, states)
    _tell_first(seen, article, states[0])
    _tell_edits(seen, article, states)
    return [state for state in states if state.id not in before]


def read_with_current_rules(seen: Observation, beside: Version | None, digest: str) -> None:
    """Have a version beside that content read by today's reader: only what one reader tells apart is an edit."""
    if beside and beside.content_digest != digest and beside.reader != seen.reader:
        again = seen.reread(beside.capture)
        if isinstance(again, Article):
            versions.replace_reading(seen.db, beside, again, seen.reader)


def rearrange_merged_versions(seen: Observation, article: int) -> None:
    """Put in order the versions of two articles that have become one."""
    for before, after in pairwise(versions.all_of(seen.db, article)):
        read_with_current_rules(seen, before, after.content_digest)
        read_with_current_rules(seen, after, before.content_digest)
    rearrange_versions(seen, article)


def _states(db: sqlite3.Connection, article: int) -> list[State]:
    """The capture on its way into the tables is known by the version that was written of it."""
    rows = db.execute(
        "SELECT content, id, fetched_at FROM captures WHERE article = ?1 AND content IS NOT NULL"
        " UNION SELECT content_digest, capture, first_seen FROM versions WHERE article = ?1 ORDER BY 3, 2",
        (article,),
    ).fetchall()
    spans = ((content, list(sightings)) for content, sightings in groupby(rows, key=itemgetter(0)))
    return [State(content, seen[0][1], seen[0][2], seen[-1][2]) for content, seen in spans]


def _fit(db: sqlite3.Connection, article: int, states: Iterable[State]) -> None:
    """One version for each state, and no other."""
    known = {version.capture: version for version in versions.all_of(db, article)}
    like = {version.content_digest: version for version in known.values()}
    for state in states:
        version = known.pop(state.capture, None)
        id = version.id if version else versions.add_repeat(db, like[state.content], state.capture, state.first_seen)
        update(db, "versions", id, last_seen=state.last_seen)
    for version in known.values():
        versions.delete_version(db, version.id)


def _number(db: sqlite3.Connection, states: Sequence[Version]) -> None:
    wrong = [(number, state.id) for number, state in enumerate(states, 1) if state.number != number]
    for number, id in wrong:
        update(db, "versions", id, number=-number)  # out of the way of those that still have that number
    for number, id in wrong:
        update(db, "versions", id, number=number)


def _tell_first(seen: Observation, article: int, state: Version) -> None:
    sql = "SELECT id, evidence FROM changes WHERE article = ? AND kind = 'new' ORDER BY at, id"
    (told, evidence), *rest = seen.db.execute(sql, (article,)).fetchall()
    delete_changes(seen.db, (id for id, _ in rest))
    if json.loads(evidence)[-1] != state.capture:
        proof = {"at": state.first_seen, "evidence": json.dumps([state.capture]), "run": _run(seen, state)}
        update(seen.db, "changes", told, backdated=False, **proof)


def _tell_edits(seen: Observation, article: int, states: Sequence[Version]) -> None:
    sql = "SELECT evidence, id FROM changes WHERE article = ? AND kind = 'edited' ORDER BY id"
    told: dict[str, int] = dict(seen.db.execute(sql, (article,)).fetchall())
    for number, (before, after) in enumerate(pairwise(states), 2):
        known = told.pop(json.dumps([before.capture, after.capture]), None)
        if known is None:
            _edited(seen, article, before, after).insert(seen.db)
        else:
            update(seen.db, "changes", known, from_version=number - 1, to_version=number)
    delete_changes(seen.db, told.values())


def _edited(seen: Observation, article: int, before: Version, after: Version) -> ChangeEvent:
    fields = versions.changed_fields(seen.db, before, after)
    was, now = before.published, after.published
    number: int = value(seen.db, "SELECT number FROM versions WHERE id = ?", after.id)
    return ChangeEvent(
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


def _run(seen: Observation, state: Version) -> int:
    """Of the capture that showed it; the one on its way into the tables has no row yet."""
    run: int | None = value(seen.db, "SELECT run FROM captures WHERE id = ?", state.capture)
    return seen.run if run is None else run


def _day(published: str) -> str:
    return published[:10]
