"""Whether what the tables claim of articles and runs hangs together, as far as that is known without reading pages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from lufeng_crawler.archive.db.rows import dicts, first
from lufeng_crawler.archive.digests import content_digest
from lufeng_crawler.archive.fields import DIGESTED
from lufeng_crawler.archive.history.versions import attachments
from lufeng_crawler.archive.integrity.cited_rows import CitedRow
from lufeng_crawler.archive.store.runs import RunStart, start_columns
from lufeng_crawler.archive.warc.records import RunMarker
from lufeng_crawler.items import Article

RULES = (
    """SELECT 'warcs row ' || w.file || ': what it follows, ' || f.value || ', is not there: a file before it is away'
        FROM warcs w, json_each(w.follows) f WHERE f.value NOT IN (SELECT chain FROM run_events)
        AND f.value NOT IN (SELECT genesis FROM warcs) AND f.value NOT IN (SELECT chain FROM captures)""",
    """SELECT 'runs row ' || id || ': no record says that the run began then' FROM runs r WHERE NOT EXISTS
        (SELECT 1 FROM run_events WHERE run = r.id AND kind = 'begin' AND at = r.started_at)""",
    """SELECT 'runs row ' || id || ': no record of the run''s end has its head and time' FROM runs r
        WHERE finished_at IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM run_events WHERE run = r.id AND kind = 'end' AND at = r.finished_at AND chain = r.head)""",
    """SELECT 'articles row ' || id || ': no row of urls leads to its address' FROM articles a
        WHERE NOT EXISTS (SELECT 1 FROM urls WHERE site = a.site AND url = a.url)""",
    """SELECT 'articles row ' || id || ': has no version' FROM articles
        WHERE id NOT IN (SELECT article FROM versions)""",
    """SELECT 'articles row ' || id || ': latest does not have its newest version' FROM articles a
        WHERE (SELECT version FROM latest WHERE article = a.id)
        IS NOT (SELECT id FROM versions WHERE article = a.id ORDER BY number DESC LIMIT 1)""",
    """SELECT 'versions of article ' || article || ': one is missing between 1 and ' || max(number) FROM versions
        GROUP BY article HAVING min(number) != 1 OR max(number) != count(*)""",
    """SELECT 'versions row ' || v.id || ': its capture ' || v.capture || ' does not show it' FROM versions v
        JOIN captures c ON c.id = v.capture
        WHERE c.article IS NOT v.article OR c.fetched_at != v.first_seen OR c.outcome != 'article'""",
    """SELECT 'changes row ' || c.id || ': its evidence, capture ' || e.value || ', is not there'
        FROM changes c, json_each(c.evidence) e WHERE e.value NOT IN (SELECT id FROM captures)""",
    """SELECT 'changes row ' || id || ': has no evidence' FROM changes WHERE json_array_length(evidence) = 0""",
    """SELECT 'versions row ' || v.id || ': no event says that version ' || v.number || ' came' FROM versions v
        WHERE NOT EXISTS (SELECT 1 FROM changes c, json_each(c.evidence) e WHERE c.article = v.article
            AND c.kind = CASE v.number WHEN 1 THEN 'new' ELSE 'edited' END AND e.value = v.capture
            AND c.to_version = v.number)""",
    """SELECT 'changes row ' || c.id || ': no version ' || c.to_version || ' came then' FROM changes c
        WHERE kind IN ('new', 'edited') AND NOT EXISTS (SELECT 1 FROM versions v, json_each(c.evidence) e
            WHERE v.article = c.article AND v.number = c.to_version AND e.value = v.capture AND v.first_seen = c.at)""",
    """SELECT 'articles row ' || a.id || ': presence ' || a.presence || ': not what its last event says'
        FROM articles a WHERE presence != coalesce((SELECT CASE kind WHEN 'restored' THEN 'live' ELSE kind END
            FROM changes WHERE article = a.id AND kind IN ('missing', 'gone', 'restored')
            ORDER BY id DESC LIMIT 1), 'live')""",
)
"""Each selects what it finds wrong, in a line."""

OF_ENDING = ("name", "finished_at", "outcome", "reason")


def inconsistencies(db: sqlite3.Connection, quick: bool) -> Iterator[str]:
    """Rows that cannot be what the captures say, one line each. Whether a page says so, only `lufeng rebuild` knows."""
    for rule in RULES:
        yield from (line for (line,) in db.execute(rule).fetchall())
    if not quick:
        yield from _altered_versions(db)


def run_mismatches(db: sqlite3.Connection, row: CitedRow, event: RunMarker) -> Iterator[str]:
    """What a run's row says otherwise than the record of its beginning, or of the end that counts."""
    run = next(iter(dicts(db, "SELECT * FROM runs WHERE name = ?", [event.run])), None)
    if run and (event.kind == "begin" or run["head"] == row.chain):
        begins = event.kind == "begin"
        stated = start_columns(RunStart.from_marker(event.data)) if begins else event.data
        names = stated if begins else OF_ENDING
        yield from (f"runs row {run['id']}: {name}" for name in names if run[name] != stated.get(name))
        if event.kind == "end" and json.loads(run["stats"]) != event.data.get("stats"):
            yield f"runs row {run['id']}: stats"


def _altered_versions(db: sqlite3.Connection) -> Iterator[str]:
    """Versions whose words are not those that their digest is of."""
    for row in dicts(db, "SELECT * FROM versions"):
        said = {name: row[name] for name in DIGESTED}
        page = Article("", "", attachments=tuple(attachments(db, row["id"])), **said)
        if content_digest(page) != row["content_digest"]:
            url = (first(db, "SELECT url FROM articles WHERE id = ?", row["article"]) or ("",))[0]
            yield f"versions row {row['id']}: version {row['number']} of {url} is not what its content_digest is of"
