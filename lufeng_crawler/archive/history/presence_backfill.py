"""An article's presence told anew from all that was observed of it, where one of the observations comes late."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile, groupby
from operator import attrgetter

from lufeng_crawler.archive.db.rows import update, value
from lufeng_crawler.archive.history.article_urls import moved_away_at
from lufeng_crawler.archive.history.observation import ChangeEvent, delete_changes
from lufeng_crawler.archive.history.observation import Observation as observation_Observation
from lufeng_crawler.archive.history.presence import DENIALS
from lufeng_crawler.archive.history.revisit_policy import next_visit_if_absent

OBSERVED = "('article', 'unchanged', 'gone', 'redirect')"
"""Outcomes that may say whether an article is there: a redirect does where nothing is at its end."""


@dataclass(frozen=True, slots=True)
class PresenceAnswer:
    """An answer that shows the article, or says that it is not there (`evidence`: with what it leads to)."""

    at: str
    evidence: tuple[int, ...]
    run: int
    live: bool

    @property
    def capture(self) -> int:
        """The answer of the article's own address."""
        return self.evidence[0]


Span = list[PresenceAnswer]
"""Observations, one behind the other, that say the same."""


def recompute_presence(seen: observation_Observation, article: int) -> None:
    """Bring presence and its events in order, if what was just recorded is older than something that is known.

    What comes in its time is presence.py's, step by step. A `gone` stands as long as all that proves it lies in one
    span; else it is withdrawn, and the next good run decides anew.
    """
    sql = f"SELECT 1 FROM captures WHERE article = ? AND fetched_at > ? AND outcome IN {OBSERVED} LIMIT 1"
    if value(seen.db, sql, article, seen.at) is None:
        return
    if spans := _spans(seen.db, article):
        _tell(seen.db, article, spans)
        _conclude(seen, article, spans[-1], _proved(seen.db, article, spans))


def _spans(db: sqlite3.Connection, article: int) -> list[Span]:
    """In the order of time, from the first good answer on. A redirect to its page restored an article as well."""
    rows = db.execute(
        f"SELECT at, id, leads_to, run, 0, url FROM ({DENIALS})"
        " UNION SELECT fetched_at, id, NULL, run, 1, url FROM captures"
        " WHERE article = ?1 AND outcome IN ('article', 'unchanged')"
        " UNION SELECT e.at, c.id, NULL, e.run, 1, c.url"
        " FROM changes e JOIN captures c ON c.id = json_extract(e.evidence, '$[0]')"
        " WHERE e.article = ?1 AND e.kind = 'restored' AND c.fetched_at != e.at ORDER BY at, id",
        (article,),
    ).fetchall()
    told = (
        PresenceAnswer(at, (id, nothing) if nothing else (id,), run, bool(live))
        for at, id, nothing, run, live, url in rows
        if live or not _after_leaving(db, article, url, at, run)
    )
    return [list(span) for _, span in groupby(dropwhile(lambda one: not one.live, told), key=attrgetter("live"))]


def _after_leaving(db: sqlite3.Connection, article: int, url: str, at: str, run: int) -> bool:
    """Whether the article was elsewhere by then, as the run that asked had seen at its end."""
    left = moved_away_at(db, article, url)
    return left is not None and (at >= left[0] or run == left[1])


def _tell(db: sqlite3.Connection, article: int, spans: Sequence[Span]) -> None:
    """Where one span follows another, the article went missing or came back: those events, and no others."""
    sql = "SELECT kind, at, evidence, id FROM changes WHERE article = ? AND kind IN ('missing', 'restored')"
    told = {(kind, at, evidence): id for kind, at, evidence, id in db.execute(sql, (article,))}
    for first, *_ in spans[1:]:
        change = ChangeEvent("restored" if first.live else "missing", first.at, article, first.run, first.evidence)
        if told.pop((change.kind, change.at, json.dumps(list(change.evidence))), None) is None:
            change.insert(db)
    delete_changes(db, told.values())


def _proved(db: sqlite3.Connection, article: int, spans: Sequence[Span]) -> str | None:
    """Since when the article is gone, if the last span proves it; what no span proves any more is withdrawn."""
    captures = [{one.capture for one in span} for span in spans if not span[0].live]
    sql = "SELECT id, at, evidence FROM changes WHERE article = ? AND kind = 'gone' ORDER BY at, id"
    told = [(id, at, set(json.loads(evidence))) for id, at, evidence in db.execute(sql, (article,))]
    delete_changes(db, (id for id, _, proofs in told if not any(proofs <= span for span in captures)))
    last = {one.capture for one in spans[-1]}
    return next((at for _, at, proofs in told if proofs <= last), None)


def _conclude(seen: observation_Observation, article: int, last: Span, gone: str | None) -> None:
    presence = "live" if last[0].live else "gone" if gone else "missing"
    update(seen.db, "articles", article, presence=presence, presence_since=gone or last[0].at)
    if presence != "live":
        due = next_visit_if_absent(last[-1].at, presence == "gone", seen.apart)
        update(seen.db, "articles", article, next_visit=due)
