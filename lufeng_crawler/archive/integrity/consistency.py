"""Finds rows of articles and runs that contradict each other, as far as that shows without parsing pages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from lufeng_crawler.archive.db.rows import dicts, first
from lufeng_crawler.archive.digests import content_digest
from lufeng_crawler.archive.fields import DIGESTED
from lufeng_crawler.archive.history import template_lines
from lufeng_crawler.archive.history.versions import attachments
from lufeng_crawler.archive.integrity.cited_rows import CitedRow
from lufeng_crawler.archive.store.runs import RunStart, start_columns
from lufeng_crawler.archive.warc.records import RunMarker
from lufeng_crawler.items import Article

RULES = (
    """SELECT 'warcs row ' || warc.file || ': it follows ' || followed.value
            || ', which is not there: an earlier file is missing'
        FROM warcs warc, json_each(warc.follows) followed WHERE followed.value NOT IN (SELECT chain FROM run_events)
        AND followed.value NOT IN (SELECT genesis FROM warcs) AND followed.value NOT IN (SELECT chain FROM captures)""",
    """SELECT 'runs row ' || id || ': no record of the run''s start has its time' FROM runs run WHERE NOT EXISTS
        (SELECT 1 FROM run_events WHERE run_events.run = run.id AND kind = 'begin' AND at = run.started_at)""",
    """SELECT 'runs row ' || id || ': no record of the run''s end has its head and time' FROM runs run
        WHERE finished_at IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM run_events WHERE run_events.run = run.id AND kind = 'end' AND at = run.finished_at
            AND chain = run.head)""",
    """SELECT 'articles row ' || id || ': no row of urls has its url' FROM articles article
        WHERE NOT EXISTS (SELECT 1 FROM urls WHERE site = article.site AND url = article.url)""",
    """SELECT 'articles row ' || id || ': has no version' FROM articles
        WHERE id NOT IN (SELECT article FROM versions)""",
    """SELECT 'articles row ' || id || ': the row of latest is not of its newest version' FROM articles article
        WHERE (SELECT version FROM latest WHERE latest.article = article.id)
        IS NOT (SELECT id FROM versions WHERE versions.article = article.id ORDER BY number DESC LIMIT 1)""",
    """SELECT 'versions of article ' || article || ': one is missing between 1 and ' || max(number) FROM versions
        GROUP BY article HAVING min(number) != 1 OR max(number) != count(*)""",
    """SELECT 'versions row ' || version.id || ': its capture ' || version.capture || ' does not show it'
        FROM versions version JOIN captures capture ON capture.id = version.capture
        WHERE capture.article IS NOT version.article OR capture.fetched_at != version.first_seen
            OR capture.outcome != 'article'""",
    """SELECT 'changes row ' || change.id || ': its evidence, capture ' || proof.value || ', is missing'
        FROM changes change, json_each(change.evidence) proof WHERE proof.value NOT IN (SELECT id FROM captures)""",
    """SELECT 'changes row ' || id || ': has no evidence' FROM changes WHERE json_array_length(evidence) = 0""",
    """SELECT 'versions row ' || version.id || ': no event for version ' || version.number
        FROM versions version
        WHERE NOT EXISTS (SELECT 1 FROM changes change, json_each(change.evidence) proof
            WHERE change.article = version.article
            AND change.kind = CASE version.number WHEN 1 THEN 'new' ELSE 'edited' END
            AND proof.value = version.capture AND change.to_version = version.number)""",
    """SELECT 'changes row ' || change.id || ': no version ' || change.to_version || ' has its time and evidence'
        FROM changes change
        WHERE kind IN ('new', 'edited') AND NOT EXISTS (
            SELECT 1 FROM versions version, json_each(change.evidence) proof
            WHERE version.article = change.article AND version.number = change.to_version
            AND proof.value = version.capture AND version.first_seen = change.at)""",
    """SELECT 'articles row ' || article.id || ': presence ' || article.presence || ' is not that of its last event'
        FROM articles article
        WHERE presence != coalesce((SELECT CASE kind WHEN 'restored' THEN 'live' ELSE kind END
            FROM changes WHERE changes.article = article.id AND kind IN ('missing', 'gone', 'restored')
            ORDER BY id DESC LIMIT 1), 'live')""",
)
"""Each query selects the problems that it finds, one line each."""

END_COLUMNS = ("name", "finished_at", "outcome", "reason")


def inconsistencies(db: sqlite3.Connection, quick: bool) -> Iterator[str]:
    """Yield rows that cannot be derived from the captures, one line each.

    Whether a page says what its version says only `lufeng rebuild` can tell. `quick` leaves out the content digests.
    """
    for rule in RULES:
        yield from (line for (line,) in db.execute(rule).fetchall())
    if not quick:
        yield from _altered_versions(db)


def run_mismatches(db: sqlite3.Connection, row: CitedRow, event: RunMarker) -> Iterator[str]:
    """Yield the columns in which a run's row differs from the record of its start, or of the end that counts."""
    run = next(iter(dicts(db, "SELECT * FROM runs WHERE name = ?", [event.run])), None)
    if run and (event.kind == "begin" or run["head"] == row.chain):
        is_start = event.kind == "begin"
        stated = start_columns(RunStart.from_marker(event.data)) if is_start else event.data
        names = [name for name in stated if name in run] if is_start else END_COLUMNS  # an older schema has others
        yield from (f"runs row {run['id']}: {name}" for name in names if run[name] != stated.get(name))
        if event.kind == "end" and json.loads(run["stats"]) != event.data.get("stats"):
            yield f"runs row {run['id']}: stats"


def _altered_versions(db: sqlite3.Connection) -> Iterator[str]:
    """Yield versions whose text does not have their content digest."""
    lines = template_lines.of_sites(db)
    for row in dicts(db, "SELECT v.*, a.site FROM versions v JOIN articles a ON a.id = v.article"):
        fields = {name: row[name] for name in DIGESTED}
        reading = Article("", "", attachments=tuple(attachments(db, row["id"])), **fields)
        if content_digest(reading, lines.get(row["site"], ())) != row["content_digest"]:
            url = (first(db, "SELECT url FROM articles WHERE id = ?", row["article"]) or ("",))[0]
            yield f"versions row {row['id']}: version {row['number']} of {url} does not have its content_digest"
