"""Rebuilds the list of an article's versions from all captures, in time order, when they arrive out of order."""

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
class ContentSpan:
    """A content that was seen over a span of time, with no other between; `capture` is the first that showed it."""

    content: str
    capture: int
    first_seen: str
    last_seen: str


def rearrange_versions(observation: Observation, article: int) -> list[Version]:
    """Rebuild the article's versions and their events. The result is the same in whatever order captures arrived.

    Neighbours with the same content become one. A version between whose captures another content was seen becomes two,
    of which the later is new and returned. Numbers run from 1; each step has its `edited`, the first version its `new`.
    What was right already keeps its ids.
    """
    db = observation.db
    known = {version.id for version in versions.all_of(db, article)}
    _fit_versions(db, article, _content_spans(db, article))
    arranged = list(versions.all_of(db, article))
    _number_versions(db, arranged)
    _correct_new_event(observation, article, arranged[0])
    _correct_edited_events(observation, article, arranged)
    return [version for version in arranged if version.id not in known]


def rearrange_merged_versions(observation: Observation, article: int) -> None:
    """Put in order the versions of two articles that have become one."""
    for before, after in pairwise(versions.all_of(observation.db, article)):
        read_with_current_rules(observation, before, after.content_digest)
        read_with_current_rules(observation, after, before.content_digest)
    rearrange_versions(observation, article)


def read_with_current_rules(observation: Observation, version: Version | None, digest: str) -> None:
    """Read a version's page again, if its content differs from `digest` and another reader found it.

    Only what one and the same reader tells apart is an edit.
    """
    if version and version.content_digest != digest and version.reader != observation.reader:
        reading = observation.read_again(version.capture)
        if isinstance(reading, Article):
            versions.replace_reading(observation, version, reading)


def _content_spans(db: sqlite3.Connection, article: int) -> list[ContentSpan]:
    """Group the captures that show the article by content, in time order.

    The capture being recorded has no row yet: it is known by the version that was added for it.
    """
    rows = db.execute(
        "SELECT content, id, fetched_at FROM captures WHERE article = ?1 AND content IS NOT NULL"
        " AND outcome != 'unconfirmed'"
        " UNION SELECT content_digest, capture, first_seen FROM versions WHERE article = ?1 ORDER BY 3, 2",
        (article,),
    ).fetchall()
    groups = ((content, list(captures)) for content, captures in groupby(rows, key=itemgetter(0)))
    return [ContentSpan(content, captures[0][1], captures[0][2], captures[-1][2]) for content, captures in groups]


def _fit_versions(db: sqlite3.Connection, article: int, spans: Iterable[ContentSpan]) -> None:
    """Keep, add or delete versions so that there is one for each span."""
    by_capture = {version.capture: version for version in versions.all_of(db, article)}
    by_content = {version.content_digest: version for version in by_capture.values()}
    for span in spans:
        version = by_capture.pop(span.capture, None)
        if version is None:
            id = versions.add_repeat(db, by_content[span.content], span.capture, span.first_seen)
        else:
            id = version.id
        update(db, "versions", id, last_seen=span.last_seen)
    for version in by_capture.values():
        versions.delete_version(db, version.id)


def _number_versions(db: sqlite3.Connection, arranged: Sequence[Version]) -> None:
    wrong = [(number, version.id) for number, version in enumerate(arranged, 1) if version.number != number]
    for number, id in wrong:
        update(db, "versions", id, number=-number)  # out of the way of those that still have that number
    for number, id in wrong:
        update(db, "versions", id, number=number)


def _correct_new_event(observation: Observation, article: int, version: Version) -> None:
    """Leave one `new` event, which the first version's capture proves."""
    db = observation.db
    sql = "SELECT id, evidence FROM changes WHERE article = ? AND kind = 'new' ORDER BY at, id"
    (event, evidence), *others = db.execute(sql, (article,)).fetchall()
    delete_changes(db, (id for id, _ in others))
    if json.loads(evidence)[-1] != version.capture:
        proof = json.dumps([version.capture])
        run = _run_of(observation, version)
        update(db, "changes", event, at=version.first_seen, evidence=proof, run=run, backdated=False)


def _correct_edited_events(observation: Observation, article: int, arranged: Sequence[Version]) -> None:
    """Leave one `edited` event for each step from version to version."""
    db = observation.db
    sql = "SELECT evidence, id FROM changes WHERE article = ? AND kind = 'edited' ORDER BY id"
    known: dict[str, int] = dict(db.execute(sql, (article,)).fetchall())
    for number, (before, after) in enumerate(pairwise(arranged), 2):
        event = known.pop(json.dumps([before.capture, after.capture]), None)
        if event is None:
            _edited_event(observation, article, before, after).insert(db)
        else:
            update(db, "changes", event, from_version=number - 1, to_version=number)
    delete_changes(db, known.values())


def _edited_event(observation: Observation, article: int, before: Version, after: Version) -> ChangeEvent:
    fields = versions.changed_fields(observation, before, after)
    number: int = value(observation.db, "SELECT number FROM versions WHERE id = ?", after.id)
    return ChangeEvent(
        "edited",
        after.first_seen,
        article,
        _run_of(observation, after),
        [before.capture, after.capture],
        number - 1,
        number,
        fields,
        silent="published" not in fields,
        backdated=bool(before.published and after.published and after.published[:10] < before.published[:10]),
    )


def _run_of(observation: Observation, version: Version) -> int:
    """Return the run of the capture that showed the version; the capture being recorded has no row yet."""
    run: int | None = value(observation.db, "SELECT run FROM captures WHERE id = ?", version.capture)
    return observation.run_id if run is None else run
