"""Holds `pages.READER` to its promise: a reading changes only together with the number.

`tests/data/readings.json` has the number and, for each page, a digest of the page and a digest of its reading. To
approve changed readings: raise `pages.READER`, run this test (it writes the file and fails once), commit both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from lufeng_crawler import demo, pages
from lufeng_crawler.items import Capture
from tests.pages.test_saved_pages import SAVED, plain, saved
from tests.support.paths import DATA

READINGS = DATA / "readings.json"
Digests = dict[str, str]
"""By name of a page: the digest of its bytes and that of its reading, parted by a space."""


def captures() -> Iterator[tuple[str, Capture]]:
    """Yield every saved page, and every page of the demo county that differs from those of the days before."""
    yield from ((f"{path.parent.name}/{path.name}", saved(path)) for path in SAVED)
    for day in demo.DAYS:
        county = demo.county(day)
        listings = [path for column in county.columns for path in county.pages(column)]
        articles = [article.url(article.columns[0]) for article in county.articles if not article.link]
        for path in ["/", *listings, *articles]:
            answer = demo.answer(path, day)
            headers = tuple(pair for pair in answer.headers if pair[0] in ("Content-Type", "Location", "Set-Cookie"))
            url = f"http://www.lufengxian.example{path}"
            yield f"day {day} {path}", Capture(url, "2026-11-16T03:04:05Z", answer.status, headers, answer.body)


def digest(value: str) -> str:
    return sha256(value.encode()).hexdigest()[:12]


def readings() -> Digests:
    """Read all pages; one whose bytes came already is left out."""
    seen: dict[str, tuple[str, str]] = {}
    for name, capture in captures():
        page = digest(repr((capture.url, capture.status, capture.headers, capture.body)))
        if page not in seen:
            seen[page] = name, digest(json.dumps(plain(pages.read(capture)), sort_keys=True))
    return {name: f"{page} {reading}" for page, (name, reading) in seen.items()}


def changed(before: Digests, now: Digests) -> list[str]:
    """The pages that are as they were and read differently."""
    both = [name for name in now if name in before and before[name] != now[name]]
    return [name for name in both if before[name].split()[0] == now[name].split()[0]]


def test_a_reading_changes_only_with_the_number() -> None:
    now: dict[str, Any] = {"reader": pages.READER, "readings": readings()}
    approved: dict[str, Any] = (
        json.loads(READINGS.read_text("utf-8")) if READINGS.exists() else {"reader": 0, "readings": {}}
    )
    if approved["reader"] == pages.READER:
        assert changed(approved["readings"], now["readings"]) == [], "these pages read differently: raise pages.READER"
    if approved != now:
        READINGS.parent.mkdir(exist_ok=True)
        READINGS.write_text(json.dumps(now, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"wrote {READINGS.name}: read its diff, then commit it")


def test_a_changed_reading_is_noticed_and_a_changed_page_is_none() -> None:
    before = {"same": "a 1", "other reading": "b 2", "other page": "c 3", "no more": "d 4"}
    now = {"same": "a 1", "other reading": "b 5", "other page": "e 6", "new": "f 7"}
    assert changed(before, now) == ["other reading"]
