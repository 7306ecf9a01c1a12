"""Tracks whether an article is live, missing or gone.

`transition` and `is_confirmed` are the whole rule, for answers that arrive in order and for those that arrive late:

* the first answer that denies an article makes it missing, any answer that shows it makes it live again;
* a missing article is gone once answers of enough runs, far enough apart, denied it with no good answer between.

Answers are recorded one by one as they arrive. Where one is older than something that is known, `recompute_presence`
applies the same rule to all of them in the order of time.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import dropwhile, groupby
from operator import attrgetter
from typing import Literal

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.db.rows import first, update, value
from lufeng_crawler.archive.history.article_urls import has_moved_away, moved_away_at
from lufeng_crawler.archive.history.observation import ChangeEvent, Observation, delete_changes
from lufeng_crawler.archive.history.revisit_policy import next_visit_if_absent
from lufeng_crawler.items import PresenceRule


@dataclass(frozen=True, slots=True)
class Presence:
    """What we claim of an article, and since when."""

    state: Literal["live", "missing", "gone"]
    since: str


@dataclass(frozen=True, slots=True)
class PresenceAnswer:
    """An answer that shows an article (`live`) or denies it, and the captures that say so.

    The first capture is the answer of the article's own URL; a second one is what that redirected to.
    """

    at: str
    evidence: tuple[int, ...]
    run: int
    live: bool


Span = list[PresenceAnswer]
"""Answers that follow each other in time and say the same."""


def transition(presence: Presence, answer: PresenceAnswer) -> Presence:
    """Return what we claim after one more answer. It never concludes `gone`: see `is_confirmed`."""
    if answer.live == (presence.state == "live"):
        return presence
    if answer.live:
        return Presence("live", answer.at)
    return Presence("missing", answer.at) if presence.state == "live" else presence


def is_confirmed(denials: Sequence[PresenceAnswer], rule: PresenceRule) -> bool:
    """Return whether these denials, with no good answer between them, prove that the article is gone."""
    if len({denial.run for denial in denials}) < rule.observations:
        return False
    period = timestamps.parse(denials[-1].at) - timestamps.parse(denials[0].at)
    return period >= timedelta(seconds=rule.apart)


# Answers in order


def record_good_answer(observation: Observation, article: int, page: int | None = None) -> None:
    """Record a good answer. `page` is the capture that shows the article, if it is not the one being recorded.

    What was missing or gone is restored, at the URL that answered.
    """
    presence = _load(observation.db, article)
    if presence.state == "live" or observation.at < presence.since:
        return
    answer = PresenceAnswer(observation.at, (page or observation.capture_id,), observation.run_id, live=True)
    _store(observation.db, article, transition(presence, answer))
    if page is None:  # else the article has the URL of the page already
        update(observation.db, "articles", article, url=observation.capture.url)
    _event(article, answer).insert(observation.db)


def record_denial(observation: Observation, article: int, shown_by: Sequence[int] = ()) -> None:
    """Record that the site denies the article: one that was live is missing now.

    `shown_by` are the captures that say so, where it is not the one being recorded alone.
    """
    if not counts_as_denial(observation, article):
        return
    before = _load(observation.db, article)
    evidence = tuple(shown_by) or (observation.capture_id,)
    answer = PresenceAnswer(observation.at, evidence, observation.run_id, live=False)
    presence = transition(before, answer)
    if presence != before:
        _store(observation.db, article, presence)
        _event(article, answer).insert(observation.db)
    _schedule(observation.db, article, observation.at, presence, observation.presence_rule)


def record_redirect_to_denial(observation: Observation, article: int, target: str) -> None:
    """Record a redirect of the article to a URL which has said in this run already that nothing is there."""
    sql = "SELECT id FROM captures WHERE url = ? AND run = ? AND outcome = 'gone' ORDER BY id DESC LIMIT 1"
    if denial := value(observation.db, sql, target, observation.run_id):
        record_denial(observation, article, [observation.capture_id, denial])


def record_denial_behind_redirects(observation: Observation) -> None:
    """Record that nothing is at this URL, which is no article's, for the articles that redirected to it in this run."""
    sql = "SELECT id, article, url FROM captures WHERE location = ? AND run = ? AND article IS NOT NULL ORDER BY id"
    redirects = observation.db.execute(sql, (observation.capture.url, observation.run_id)).fetchall()
    for redirect, article, url in redirects:
        if not has_moved_away(observation.db, article, url):
            record_denial(observation, article, [redirect, observation.capture_id])


def counts_as_denial(observation: Observation, article: int) -> bool:
    """Return whether a denial counts against the article.

    One that is older than the last sight of it does not (it was ingested late: `recompute_presence` sees to it), nor
    does one at a URL that the article moved away from.
    """
    since = value(observation.db, "SELECT max(presence_since, last_seen) FROM articles WHERE id = ?", article)
    moved_away = has_moved_away(observation.db, article, observation.capture.url)
    return observation.at >= str(since) and not moved_away


def retract_missing(observation: Observation, article: int) -> None:
    """Delete the `missing` event that this run recorded before it saw the article's other URL."""
    missing = "DELETE FROM changes WHERE article = ? AND run = ? AND kind = 'missing' RETURNING id"
    if observation.db.execute(missing, (article, observation.run_id)).fetchall():
        since = "SELECT max(at) FROM changes WHERE article = ? AND kind IN ('new', 'restored')"
        _store(observation.db, article, Presence("live", value(observation.db, since, article)))


def confirm_deletions(db: sqlite3.Connection, run: int, site: int, rule: PresenceRule) -> None:
    """Make missing articles gone whose denials confirm it. To be called at the end of a run that proves."""
    missing = db.execute("SELECT id FROM articles WHERE site = ? AND presence = 'missing' ORDER BY id", (site,))
    for (article,) in missing.fetchall():
        denials = _denials_since_missing(db, article)
        if is_confirmed(denials, rule):
            gone = Presence("gone", denials[-1].at)
            _store(db, article, gone)
            _schedule(db, article, gone.since, gone, rule)
            evidence = [denial.evidence[0] for denial in denials]
            ChangeEvent("gone", gone.since, article, run, evidence).insert(db)


# Answers out of order


def recompute_presence(observation: Observation, article: int) -> None:
    """Recompute presence and its events from all answers, if the one just recorded is older than another.

    A `gone` stands as long as all captures that prove it lie in one span; else it is withdrawn, and the next good run
    decides anew.
    """
    sql = (
        "SELECT 1 FROM captures WHERE article = ? AND fetched_at > ?"
        " AND outcome IN ('article', 'unchanged', 'gone', 'redirect') LIMIT 1"  # a redirect may lead to a denial
    )
    if value(observation.db, sql, article, observation.at) is None:
        return
    if spans := _spans(observation.db, article):
        db, last = observation.db, spans[-1]
        presence = _rewrite_transitions(db, article, spans)
        if gone_at := _rewrite_confirmations(db, article, spans):
            presence = Presence("gone", gone_at)
        _store(db, article, presence)
        if presence.state != "live":
            _schedule(db, article, last[-1].at, presence, observation.presence_rule)


def _rewrite_transitions(db: sqlite3.Connection, article: int, spans: Sequence[Span]) -> Presence:
    """Make the article's `missing` and `restored` events those of its transitions, and return where they end."""
    sql = "SELECT kind, at, evidence, id FROM changes WHERE article = ? AND kind IN ('missing', 'restored')"
    known = {(kind, at, evidence): id for kind, at, evidence, id in db.execute(sql, (article,))}
    presence = Presence("live", spans[0][0].at)
    for answer, *_ in spans[1:]:  # within a span nothing changes
        presence = transition(presence, answer)
        event = _event(article, answer)
        if known.pop((event.kind, event.at, json.dumps(list(event.evidence))), None) is None:
            event.insert(db)
    delete_changes(db, known.values())
    return presence


def _rewrite_confirmations(db: sqlite3.Connection, article: int, spans: Sequence[Span]) -> str | None:
    """Delete `gone` events that no span of denials proves any more. Return the time of the one that the last proves."""
    captures = [{answer.evidence[0] for answer in span} for span in spans if not span[0].live]
    sql = "SELECT id, at, evidence FROM changes WHERE article = ? AND kind = 'gone' ORDER BY at, id"
    events = [(id, at, set(json.loads(evidence))) for id, at, evidence in db.execute(sql, (article,))]
    delete_changes(db, (id for id, _, proof in events if not any(proof <= span for span in captures)))
    last = {answer.evidence[0] for answer in spans[-1]}
    return next((at for _, at, proof in events if proof <= last), None)


# Rows

DENIALS = """
    SELECT max(denial.fetched_at, coalesce(target.fetched_at, '')) AS at, denial.id AS id, target.id AS leads_to,
        denial.run AS run, denial.url AS url
    FROM captures denial LEFT JOIN captures target ON denial.outcome = 'redirect' AND target.id =
        (SELECT max(id) FROM captures WHERE url = denial.location AND run = denial.run AND outcome = 'gone')
    WHERE denial.article = ?1 AND (denial.outcome = 'gone' OR target.id IS NOT NULL)"""
"""The captures of an article that deny it, or redirect to what denies it in the same run (`leads_to`)."""


def _denials_since_missing(db: sqlite3.Connection, article: int) -> list[PresenceAnswer]:
    """Load the denials of runs that prove since the article went missing, in the order of time."""
    rows = db.execute(
        f"SELECT d.at, d.id, d.run, d.url FROM ({DENIALS}) d JOIN runs r ON r.id = d.run WHERE r.proves"
        " AND d.at >= (SELECT presence_since FROM articles WHERE id = ?1) ORDER BY d.at, d.id",
        (article,),
    ).fetchall()
    return [
        PresenceAnswer(at, (id,), run, live=False) for at, id, run, url in rows if not has_moved_away(db, article, url)
    ]


def _spans(db: sqlite3.Connection, article: int) -> list[Span]:
    """Load all answers in the order of time, from the first good one on, and group what says the same.

    The page that a redirect led to restored an article as well: such an event counts as a good answer.
    """
    rows = db.execute(
        f"SELECT at, id, leads_to, run, 0, url FROM ({DENIALS})"
        " UNION SELECT fetched_at, id, NULL, run, 1, url FROM captures"
        " WHERE article = ?1 AND outcome IN ('article', 'unchanged')"
        " UNION SELECT e.at, c.id, NULL, e.run, 1, c.url"
        " FROM changes e JOIN captures c ON c.id = json_extract(e.evidence, '$[0]')"
        " WHERE e.article = ?1 AND e.kind = 'restored' AND c.fetched_at != e.at ORDER BY at, id",
        (article,),
    ).fetchall()
    answers = [
        PresenceAnswer(at, (id, target) if target else (id,), run, bool(live))
        for at, id, target, run, live, url in rows
        if live or not _is_after_leaving(db, article, url, at, run)
    ]
    since_first_sight = dropwhile(lambda answer: not answer.live, answers)
    return [list(span) for _, span in groupby(since_first_sight, key=attrgetter("live"))]


def _is_after_leaving(db: sqlite3.Connection, article: int, url: str, at: str, run: int) -> bool:
    """Return whether the article was elsewhere by then, as the run that asked had seen at its end."""
    left = moved_away_at(db, article, url)
    return left is not None and (at >= left[0] or run == left[1])


def _event(article: int, answer: PresenceAnswer) -> ChangeEvent:
    return ChangeEvent("restored" if answer.live else "missing", answer.at, article, answer.run, answer.evidence)


def _load(db: sqlite3.Connection, article: int) -> Presence:
    return Presence(*(first(db, "SELECT presence, presence_since FROM articles WHERE id = ?", article) or ()))


def _store(db: sqlite3.Connection, article: int, presence: Presence) -> None:
    update(db, "articles", article, presence=presence.state, presence_since=presence.since)


def _schedule(db: sqlite3.Connection, article: int, at: str, presence: Presence, rule: PresenceRule) -> None:
    """Set the next visit of an article that is missing or gone, counted from its last answer."""
    update(db, "articles", article, next_visit=next_visit_if_absent(at, presence.state == "gone", rule.apart))
