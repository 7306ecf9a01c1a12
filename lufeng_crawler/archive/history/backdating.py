"""Detects backdated articles: new ones, dated before a complete sweep of their column that did not list them."""

from __future__ import annotations

from datetime import timedelta

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.db.rows import first, value
from lufeng_crawler.archive.history.observation import Observation
from lufeng_crawler.items import Article


def backdating_evidence(observation: Observation, reading: Article) -> list[int]:
    """Return the captures that prove it: the end of the sweep, and the listing that named the article first.

    The list is empty where the article is not backdated. Its date must lie over a day before the sweep. What was listed
    by then and only not read (it was blocked, say) has not appeared since; nor has a text that the site showed
    elsewhere by then. Where nothing said that the sweep reached the listing's end, an older text than its oldest line
    may have been out of sight.
    """
    entry = first(
        observation.db,
        "SELECT e.first_seen, e.first_capture, c.swept_at, c.swept_by, c.swept_down_to FROM entries e"
        " JOIN columns c ON c.id = e.\"column\" WHERE c.site = ? AND e.url != '' AND (e.key = ? OR e.url IN (?, ?))"
        " ORDER BY e.first_seen, e.id LIMIT 1",
        observation.site_id,
        reading.key,
        reading.url,
        observation.capture.url,
    )
    if entry is None or reading.published is None:
        return []
    first_seen, first_capture, swept_at, swept_by, down_to = entry
    if swept_by is None or not swept_at < first_seen:
        return []
    if down_to is not None and reading.published[:10] <= down_to[:10]:
        return []
    is_old = timestamps.parse(reading.published) < timestamps.parse(swept_at) - timedelta(days=1)
    return [swept_by, first_capture] if is_old and not _is_known_content(observation, reading) else []


def _is_known_content(observation: Observation, reading: Article) -> bool:
    sql = "SELECT 1 FROM versions v JOIN articles a ON a.id = v.article WHERE v.content_digest = ? AND a.site = ?"
    return value(observation.db, sql, observation.content_digest(reading), observation.site_id) is not None
