"""The life of the demo county as the archive tells it: every happening once, nothing else, and again from the WARCs."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive import rebuild
from lufeng_crawler.archive.queries.events import KINDS
from lufeng_crawler.demo import DAYS, EVENTS, TROUBLES, county
from lufeng_crawler.reader import reader
from tests.support.archive_builder import everything, rows, warcio, warcs
from tests.support.demo_archive import AllDays

Event = tuple[int, str, int, bool, bool]


GOOD = [day for day in DAYS if day not in TROUBLES]
"""Days whose crawl is good, and proves something."""


def expected() -> list[Event]:
    """Of each row of the table its change. `gone` where an article is still missing in the second good crawl, and
    `delisted` by the second sweep that does not show it.
    """
    later = {"delisted": 1}
    told = [
        (one.day + later.get(one.change, 0), one.change, one.news_id, one.silent, one.backdated)
        for one in EVENTS
        if one.change
    ]
    absent = [(day, news_id) for day, change, news_id, *_ in told if change == "missing"]
    proved = [([*(good for good in GOOD if good >= day), 0, 0][1], news_id) for day, news_id in absent]
    back = {(one.day, one.news_id) for one in EVENTS if one.change == "restored"}
    gone = [(day, "gone", news_id, False, False) for day, news_id in proved if day and (day, news_id) not in back]
    return sorted((day, kind, news_id or 0, silent, past) for day, kind, news_id, silent, past in [*told, *gone])


def found(folder: Path) -> list[Event]:
    """The archive's events since day 2, by the id that the article had at first."""
    days = {str(known): day for day, known in DAYS.items()}
    sql = "SELECT c.*, a.key FROM changes c JOIN articles a ON a.id = c.article"
    events = [(days[row["at"][:10]], row) for row in rows(folder, sql)]
    return sorted(
        (day, row["kind"], first_id(row["key"]), bool(row["silent"]), bool(row["backdated"]))
        for day, row in events
        if day > 1
    )


def first_id(key: str) -> int:
    """The id under which an article was published."""
    one = county(max(DAYS)).article(int(key))
    assert one is not None
    return one.news_id


def test_the_events_are_those_that_happened(all_days: AllDays) -> None:
    assert found(all_days.folder) == expected()


def test_every_kind_is_among_them_and_days_of_trouble_prove_nothing() -> None:
    days = {kind: {day for day, *rest in expected() if rest[0] == kind} for kind in KINDS}
    assert all(days.values())
    assert {kind for kind in KINDS if days[kind] & TROUBLES.keys()} == {"missing"}


def test_on_the_first_day_everything_is_new(all_days: AllDays) -> None:
    first = rows(all_days.folder, "SELECT kind, backdated FROM changes WHERE run = 1")
    published = [one for one in county(1).articles if not one.link]
    assert Counter(row["kind"] for row in first) == {"new": len(published)}
    assert not any(row["backdated"] for row in first)


def test_the_articles_are_those_of_the_last_day(all_days: AllDays) -> None:
    truth = {str((one.dead and one.id) or one.news_id): one for one in county(max(DAYS)).articles if not one.link}
    latest = {row["key"]: row for row in rows(all_days.folder, "SELECT * FROM latest_articles")}
    assert set(latest) == set(truth)
    live = {key for key, row in latest.items() if row["presence"] == "live"}
    assert live == {key for key, one in truth.items() if one.condition == "live"}
    wrong = [key for key in live if (latest[key]["title"], latest[key]["body"]) != (truth[key].title, truth[key].text)]
    assert wrong == []


@pytest.mark.parametrize("news_id", [1140, 1142, 1145])
def test_an_article_that_moved_has_both_addresses_and_one_life(all_days: AllDays, news_id: int) -> None:
    one = county(max(DAYS)).article(news_id)
    assert one is not None
    row = rows(all_days.folder, "SELECT * FROM latest_articles WHERE key IN (?, ?)", str(news_id), str(one.id))[0]
    paths = {url.removeprefix(all_days.url.rstrip("/")) for url in json.loads(row["urls"])}
    assert {f"/info/{one.columns[0]}/{id}.htm" for id in (one.id, *one.former, *one.dead)} <= paths
    assert row["url"].endswith(f"/{one.id}.htm")
    assert row["version"] == 1


def test_every_event_is_proved_by_captures_of_its_article(all_days: AllDays) -> None:
    captures = {row["id"]: row for row in rows(all_days.folder, "SELECT * FROM captures")}
    for event in rows(all_days.folder, "SELECT * FROM changes"):
        proofs = [captures[id] for id in json.loads(event["evidence"])]
        assert proofs, event
        if event["kind"] in ("delisted", "relisted"):
            assert {proof["outcome"] for proof in proofs} == {"listing"}
        elif event["kind"] == "new" and event["backdated"]:
            assert [proof["outcome"] for proof in proofs] == ["listing", "listing", "article"]
            assert proofs[0]["run"] < proofs[1]["run"] and proofs[2]["article"] == event["article"]
        else:
            assert {proof["article"] for proof in proofs} == {event["article"]}
            assert proofs[-1]["run"] == event["run"]


def test_a_gone_article_was_seen_gone_twice(all_days: AllDays) -> None:
    for event in rows(all_days.folder, "SELECT * FROM changes WHERE kind = 'gone'"):
        ids = ", ".join(map(str, json.loads(event["evidence"])))
        seen = rows(all_days.folder, f"SELECT * FROM captures WHERE id IN ({ids})")
        assert {row["outcome"] for row in seen} == {"gone"}
        days = {date.fromisoformat(row["fetched_at"][:10]) for row in seen}
        assert max(days) - min(days) >= timedelta(days=1)


def test_a_rebuild_gives_every_row_again(all_days: AllDays, tmp_path: Path) -> None:
    shutil.copytree(all_days.folder / "captures", tmp_path / "captures")
    rebuild(tmp_path, reader(None))
    again, before = everything(tmp_path), everything(all_days.folder)
    assert again.keys() == before.keys()
    for table, whole in before.items():
        assert again[table] == whole, table
    view = "SELECT * FROM latest_articles ORDER BY id"
    assert rows(tmp_path, view) == rows(all_days.folder, view)


def test_warcio_finds_nothing_wrong(all_days: AllDays) -> None:
    checked = warcio("check", warcs(all_days.folder), "-v")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_warcio_finds_each_record_at_our_offset(all_days: AllDays) -> None:
    index = warcio("index", warcs(all_days.folder), "-f", "offset,filename,warc-type,warc-target-uri,http:status")
    listed = [json.loads(line) for line in index.stdout.splitlines()]
    theirs = sorted(
        (one["filename"], int(one["offset"]), one["warc-target-uri"], int(one["http:status"]))
        for one in listed
        if one["warc-type"] in ("response", "revisit")
    )
    ours = rows(all_days.folder, "SELECT file, offset, url, status FROM captures")
    assert theirs == sorted(tuple(row.values()) for row in ours)


def test_what_repeats_a_payload_is_a_revisit(all_days: AllDays) -> None:
    kinds: Any = rows(all_days.folder, "SELECT status, count(*) AS n FROM captures WHERE revisit_of > 0 GROUP BY 1")
    counted = {row["status"]: row["n"] for row in kinds}
    assert 304 not in counted  # a full crawl asks without a condition, since some servers lie
    assert counted[200] > 50
