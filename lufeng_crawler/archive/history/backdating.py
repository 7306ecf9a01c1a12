"""Whether an article that appears was given a date of the past: its column had been read to its end without it."""

from __future__ import annotations

from datetime import timedelta

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.db.rows import first, value
from lufeng_crawler.archive.digests import content_digest
from lufeng_crawler.archive.history.observation import Observation
from lufeng_crawler.items import Article


def backdating_evidence(seen: Observation, page: Article) -> list[int]:
    """The captures that prove it, empty where it is not so: the end of that sweep, and what named the article first.

    Its date must lie over a day before the sweep (DESIGN section 4). What was listed by then and only not read (it was
    blocked, say) has not appeared since; nor has a text that the site showed elsewhere by then.
    """
    listed = first(
        seen.db,
        "SELECT e.first_seen, e.first_capture, c.swept_at, c.swept_by FROM entries e"
        " JOIN columns c ON c.id = e.\"column\" WHERE c.site = ? AND e.url != '' AND (e.key = ? OR e.url IN (?, ?))"
        " ORDER BY e.first_seen, e.id LIMIT 1",
        seen.site,
        page.key,
        page.url,
        seen.capture.url,
    )
    if listed is None or page.published is None:
        return []
    first_seen, first_capture, swept_at, swept_by = listed
    if swept_by is None or not swept_at < first_seen:
        return []
    old = timestamps.parse(page.published) < timestamps.parse(swept_at) - timedelta(days=1)
    return [swept_by, first_capture] if old and not _known(seen, page) else []


def _known(seen: Observation, page: Article) -> bool:
    sql = "SELECT 1 FROM versions v JOIN articles a ON a.id = v.article WHERE v.content_digest = ? AND a.site = ?"
    return value(seen.db, sql, content_digest(page), seen.site) is not None
