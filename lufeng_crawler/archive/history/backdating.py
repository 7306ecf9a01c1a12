"""Detects backdated articles: new ones, dated before a complete sweep of their column that did not list them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.db.rows import first, value
from lufeng_crawler.archive.history import redirect_moves
from lufeng_crawler.archive.history.listed_lines import identity, placed_entries
from lufeng_crawler.archive.history.observation import Observation
from lufeng_crawler.items import Article, Listing


def backdating_evidence(observation: Observation, reading: Article) -> list[int]:
    """Return the captures that prove it: the end of the sweep, and the listing that named the article first.

    The list is empty where the article is not backdated. Its date must lie over a day before the sweep. What was listed
    by then and only not read (it was blocked, say) has not appeared since, under whatever address; nor has a text that
    the site showed elsewhere by then.
    """
    entry = first(
        observation.db,
        "SELECT e.key, e.column, e.first_seen, e.first_capture, c.sure_at, c.sure_by, c.swept_down_to FROM entries e"
        " JOIN columns c ON c.id = e.\"column\" WHERE c.site = ?1 AND e.url != ''"
        " AND (e.key = ?2 OR e.url IN (SELECT value FROM json_each(?3))"
        " OR e.title = ?4 AND substr(e.published, 1, 10) = ?5)"
        " ORDER BY e.first_seen, e.id LIMIT 1",
        observation.site_id,
        reading.key,
        json.dumps([reading.url, observation.capture.url, *redirect_moves.redirecting_urls(observation, reading.url)]),
        reading.title,
        (reading.published or "")[:10],
    )
    if entry is None or reading.published is None:
        return []
    key, column, first_seen, first_capture, swept_at, swept_by, down_to = entry
    if swept_by is None or swept_at is None or not swept_at < first_seen or first_capture <= swept_by:
        return []
    is_old = _latest(reading.published, observation.rules) < timestamps.parse(swept_at) - timedelta(days=1)
    if not is_old or _is_known_content(observation, reading):
        return []
    if observation.rules and not _was_in_sight(observation, column, key, first_capture, swept_by, down_to):
        return []
    return [swept_by, first_capture]


def _latest(published: str, rules: int) -> datetime:
    """Return the latest moment that a date means: what is dated with a day may have appeared at its end.

    By rules 0 it is the beginning of the day.
    """
    is_day = rules > 0 and len(published) == len("2026-11-01")
    return timestamps.parse(published) + timedelta(days=int(is_day))


def _was_in_sight(
    observation: Observation, column: int, key: str, first_capture: int, swept_by: int, down_to: str | None
) -> bool:
    """Return whether the sweep showed the place at which an entry stands now.

    The page that names it first has a line above it that the sweep showed, and one below it. None need be below where
    the sweep reached an end that showed itself as one (`down_to` is None).
    """
    page = observation.read_again(first_capture)
    if not isinstance(page, Listing):
        return False
    lines = list(map(identity, placed_entries(page)))
    known = (
        'SELECT key FROM entries WHERE "column" = ? AND first_capture <= ? AND key IN (SELECT value FROM json_each(?))'
    )
    rows = observation.db.execute(known, (column, swept_by, json.dumps(lines))).fetchall()
    shown = {line for (line,) in rows}
    if key not in lines:
        return False
    place = lines.index(key)
    is_below = down_to is None or any(line in shown for line in lines[place + 1 :])
    return is_below and any(line in shown for line in lines[:place])


def _is_known_content(observation: Observation, reading: Article) -> bool:
    sql = "SELECT 1 FROM versions v JOIN articles a ON a.id = v.article WHERE v.content_digest = ? AND a.site = ?"
    return value(observation.db, sql, observation.content_digest(reading), observation.site_id) is not None
