"""Finds the lines of a site's template that change by their digits alone: a counter is no content of an article.

Where enough articles of a site, and most of those whose page changed in a run, differ from their last version in the
digits of one and the same line only, that line becomes a template line of the site: its numbers are left out of the
digest of each version, those before included, and what was taken for edits is withdrawn. The stored texts keep them.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from lufeng_crawler.archive.db.rows import dicts, insert, update, value
from lufeng_crawler.archive.digests import content_digest, mask_digits
from lufeng_crawler.archive.fields import DIGESTED
from lufeng_crawler.archive.history import version_timeline, versions
from lufeng_crawler.archive.history.observation import Observation
from lufeng_crawler.items import Article

MIN_ARTICLES, MIN_SHARE = 5, 0.8
"""Articles whose page changed in that line alone, and their share of all whose page changed in the run."""

MAX_LENGTH = 40
"""Characters of a line that may be a counter; sentences are none, however short."""

_MEANINGFUL = re.compile(
    r"[元%％人亩例户个起批件吨万亿℃名家座套项处辆头株岁米。！？；]|公里|公顷|千瓦|\d{1,4}[年月日]|\d{1,4}[-/.]\d{1,2}[-/.]\d|\d{1,2}[:：]\d\d"
    r"|(?:来源|作者|编辑|审核|发布|日期|时间|文号|索引号|供稿|撰稿|记者|电话|地址)"
)
"""What makes the figures of a line something that an article says: a date, an amount, a label, a sentence."""


def of_site(db: sqlite3.Connection, site: int) -> frozenset[str]:
    """Return a site's template lines, their numbers written as #."""
    rows = db.execute("SELECT line FROM template_lines WHERE site = ?", (site,))
    return frozenset(line for (line,) in rows)


def of_sites(db: sqlite3.Connection) -> dict[int, frozenset[str]]:
    """Return the template lines of all sites that have any; none where the archive's schema is older than they are."""
    if value(db, "SELECT 1 FROM sqlite_master WHERE name = 'template_lines'") is None:
        return {}
    return {site: of_site(db, site) for (site,) in db.execute("SELECT DISTINCT site FROM template_lines").fetchall()}


def find_template_lines(observation: Observation) -> list[str]:
    """Record the template lines that the edits of a run betray, and withdraw those edits. Return the new lines.

    `observation` is of the run's end: it has the run and its time.
    """
    db, found = observation.db, defaultdict[str, list[int]](list)
    edits = list(_edits(db, observation.run_id))
    for article, before, after in edits:
        if line := _line_that_counts(before, after):
            found[line].append(article)
    changed = {article for article, _, _ in edits}
    lines = [line for line, articles in found.items() if len(articles) >= max(MIN_ARTICLES, MIN_SHARE * len(changed))]
    for line in lines:
        columns = {"line": line, "since": observation.at, "run": observation.run_id}
        insert(db, "template_lines", site=observation.site_id, articles=json.dumps(sorted(found[line])), **columns)
    if lines:
        _withdraw_edits(replace(observation, template_lines=of_site(db, observation.site_id)), lines)
    return lines


def _edits(db: sqlite3.Connection, run: int) -> Iterable[tuple[int, str, str]]:
    """Return the articles edited in a run, with the bodies before and after where nothing else differs."""
    sql = """SELECT c.article, c.fields, o.body AS before, n.body AS after FROM changes c
        JOIN versions o ON o.article = c.article AND o.number = c.from_version
        JOIN versions n ON n.article = c.article AND n.number = c.to_version
        WHERE c.run = ? AND c.kind = 'edited' ORDER BY c.id"""
    for row in dicts(db, sql, [run]):
        is_body = json.loads(row["fields"]) == ["body"]
        yield row["article"], row["before"] if is_body else "", row["after"] if is_body else ""


def _line_that_counts(before: str, after: str) -> str | None:
    """Return the one line in whose digits alone two bodies differ, masked. None where more differs, or it says more."""
    pairs = list(zip(before.split("\n"), after.split("\n"), strict=False))
    if before.count("\n") != after.count("\n"):
        return None
    differing = [(old, new) for old, new in pairs if old != new]
    if len(differing) != 1 or any(len(line) > MAX_LENGTH or _MEANINGFUL.search(line) for line in differing[0]):
        return None
    masked, other = map(mask_digits, differing[0])
    return masked if masked == other else None


def _withdraw_edits(observation: Observation, lines: Iterable[str]) -> None:
    """Digest anew the versions that have one of the lines, and join those that differ no more."""
    db, new, touched = observation.db, set(lines), set[int]()
    sql = "SELECT v.* FROM versions v JOIN articles a ON a.id = v.article WHERE a.site = ? ORDER BY v.id"
    for row in dicts(db, sql, [observation.site_id]):
        if new.isdisjoint(map(mask_digits, row["body"].split("\n"))):
            continue
        files = tuple(versions.attachments(db, row["id"]))
        reading = Article("", "", attachments=files, **{name: row[name] for name in DIGESTED})
        digest = content_digest(reading, observation.template_lines)
        _replace_digest(db, row["article"], row["content_digest"], digest)
        touched.add(row["article"])
    for article in sorted(touched):
        if value(db, "SELECT count(*) FROM versions WHERE article = ?", article) > 1:
            version_timeline.rearrange_versions(observation, article)


def _replace_digest(db: sqlite3.Connection, article: int, old: str, new: str) -> None:
    db.execute("UPDATE captures SET content = ? WHERE article = ? AND content = ?", (new, article, old))
    for (id,) in db.execute(
        "SELECT id FROM versions WHERE article = ? AND content_digest = ?", (article, old)
    ).fetchall():
        update(db, "versions", id, content_digest=new)
