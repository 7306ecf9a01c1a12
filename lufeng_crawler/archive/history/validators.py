"""Finds out servers whose 304 cannot be believed: the page had changed, and its validators had not."""

from __future__ import annotations

from lufeng_crawler.archive.db.rows import first, update, value
from lufeng_crawler.archive.history.observation import Observation


def record_false_304(observation: Observation) -> None:
    """Note for the site the first capture that proves it.

    The capture being recorded has the validators of the last whole answer of its URL and another content, and between
    the two the site answered that nothing had changed. What differs outside of an article's content proves nothing.
    """
    db, capture = observation.db, observation.capture
    etag, modified = capture.header("ETag"), capture.header("Last-Modified")
    if not (etag or modified) or value(db, "SELECT false_304 FROM sites WHERE id = ?", observation.site_id):
        return
    before = first(
        db,
        "SELECT id, etag, last_modified, content FROM captures WHERE url = ? AND site = ? AND status = 200 AND id < ?"
        " ORDER BY id DESC LIMIT 1",
        capture.url,
        observation.site_id,
        observation.capture_id,
    )
    if before is None or (etag, modified) != before[1:3]:
        return
    content = value(db, "SELECT content FROM captures WHERE id = ?", observation.capture_id)
    denied = "SELECT 1 FROM captures WHERE url = ? AND site = ? AND status = 304 AND id BETWEEN ? AND ? LIMIT 1"
    between = (capture.url, observation.site_id, before[0], observation.capture_id)
    if before[3] and content and content != before[3] and value(db, denied, *between):
        update(db, "sites", observation.site_id, false_304=observation.capture_id)
