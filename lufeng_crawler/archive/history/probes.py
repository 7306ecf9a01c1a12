"""Learns from probes how a site says that nothing is at an address, and recognises other answers that say the same.

A probe asks for an address of the site's own pattern that cannot exist. Its statement is what it shows and ordinary
pages of the site do not. What a probe says holds for answers after it; it is believed only if articles were answered in
its run, since a site that refuses everything says nothing of one address.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from lufeng_crawler.archive.db.rows import first, insert
from lufeng_crawler.archive.digests import mask_digits
from lufeng_crawler.archive.history.observation import Observation
from lufeng_crawler.archive.shingles import comparable_text
from lufeng_crawler.items import Article, Capture, Gone, Listing, Other, Reading, Redirect

LinesOf = Callable[[Capture | int], Sequence[str]]
"""Returns the lines that a reader sees on a page; of the capture with that id, where it is a number."""

MAX_TEXT = 200
"""Letters and characters of an article's text up to which it may be no more than a site's "not there"."""

MAX_LINES, ORDINARY_PAGES = 20, 3
"""Lines of a statement that are kept; ordinary pages that a probe is compared with."""

MIN_ID = 9
"""Characters of the id in a probe's address, at least: see `pages.impossible_url`."""

_HAN = re.compile(r"[\u4e00-\u9fff]")
_DENIAL = re.compile("不存在|删除|没有|无此|无权|找不到|未找到|下架|下线|撤|过期|失效|错误|error|not found", re.I)
_MIN_HAN = 4
"""Chinese characters of a line that says something: 首页 and 返回 stand on every page."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What the newest probe of a site says: the lines of its statement, or the address that it redirects to."""

    lines: tuple[str, ...]
    location: str | None


def record_probe(observation: Observation, reading: Reading, lines_of: LinesOf) -> None:
    """Record what a probe teaches. One that reads as an article, a listing or a refusal teaches nothing."""
    statement, location = list[str](), None
    if isinstance(reading, Redirect):
        location = reading.url if _leads_away(observation.capture.url, reading.url) else None
    elif isinstance(reading, Other | Gone) and observation.capture.status == HTTPStatus.OK:
        ordinary = _ordinary_lines(observation, lines_of)
        lines = [line for line in lines_of(observation.capture) if mask_digits(line) not in ordinary]
        statement = [line for line in dict.fromkeys(lines) if len(_HAN.findall(line)) >= _MIN_HAN][:MAX_LINES]
    if statement or location:
        lines_json = json.dumps(statement, ensure_ascii=False)
        insert(
            observation.db,
            "probes",
            site=observation.site_id,
            capture=observation.capture_id,
            run=observation.run_id,
            at=observation.at,
            lines=lines_json,
            location=location,
        )


def as_denial(db: sqlite3.Connection, site: int, capture: Capture, reading: Reading, lines_of: LinesOf) -> Gone | None:
    """Return the reading as the denial that the site's newest probe has taught it to be; None if it is none."""
    if capture.kind != "article" or not _may_deny(capture, reading):
        return None
    probe = _newest_probe(db, site, capture.fetched_at)
    if probe is None:
        return None
    if isinstance(reading, Redirect):
        is_same = probe.location is not None and _place(probe.location) == _place(reading.url)
        return Gone(f"redirected as an address is that cannot exist, to {reading.url}"[:200]) if is_same else None
    if not probe.lines:
        return None
    shown = {mask_digits(line) for line in lines_of(capture)}
    said = all(mask_digits(line) in shown for line in probe.lines)
    return Gone(f"soft 404: {_statement(probe.lines)}"[:200]) if said else None


def _statement(lines: Sequence[str]) -> str:
    """Return the line that says it: 已删除, 已过期 and 无权限 are different statements."""
    return next((line for line in lines if _DENIAL.search(line)), lines[0])


def _may_deny(capture: Capture, reading: Reading) -> bool:
    if isinstance(reading, Redirect):
        return True
    if not HTTPStatus.OK <= capture.status < HTTPStatus.MULTIPLE_CHOICES:
        return False
    is_short = (
        isinstance(reading, Article)
        and len(reading.body) < 4 * MAX_TEXT  # most texts are longer, and need not be normalised
        and len(comparable_text(reading.body)) < MAX_TEXT
    )
    return is_short or isinstance(reading, Listing | Other)


def _newest_probe(db: sqlite3.Connection, site: int, at: str) -> Probe | None:
    sql = """SELECT lines, location FROM probes probe WHERE site = ? AND at <= ? AND EXISTS (SELECT 1 FROM captures
            WHERE run = probe.run AND kind = 'article' AND outcome IN ('article', 'unchanged') AND status = 200)
        ORDER BY at DESC, id DESC LIMIT 1"""
    row = first(db, sql, site, at)
    return Probe(tuple(json.loads(row[0])), row[1]) if row else None


def _ordinary_lines(observation: Observation, lines_of: LinesOf) -> set[str]:
    """Return the lines of the site's newest articles and listings, each number written as #."""
    sql = (
        "SELECT id FROM captures WHERE site = ? AND outcome = ? AND revisit_of IS NULL AND id < ?"
        " ORDER BY id DESC LIMIT ?"
    )
    found: Iterable[int] = (
        id
        for outcome in ("article", "listing")
        for (id,) in observation.db.execute(
            sql, (observation.site_id, outcome, observation.capture_id, ORDINARY_PAGES)
        ).fetchall()
    )
    return {mask_digits(line) for id in found for line in lines_of(id)}


def _leads_away(url: str, target: str) -> bool:
    """Return whether a redirect leads from what was asked for to another page of the host: the site's own "not there".

    One that takes the address or its id along (to https, into another form of address) says of no address that nothing
    is there, nor does one to another host: a gate, a login. A target that names the whole address in its query does not
    ask for it (`/404.html?aspxerrorpath=/info/1.htm`).
    """
    try:
        asked, found = urlsplit(url), urlsplit(target)
        values = [value for _, value in parse_qsl(found.query)]
    except ValueError:
        return False
    takes_id_along = any(value in url for value in values if len(value) >= MIN_ID and "/" not in value)
    return asked.netloc == found.netloc and asked.path != found.path and not takes_id_along


def _place(url: str) -> tuple[str, str]:
    """Return host and path of an address: its query may name what was asked for."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", url
    return parts.netloc, parts.path
