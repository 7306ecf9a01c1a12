"""The life of the demo county as the archive tells it: every happening once, nothing else, and again from the WARCs."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from archiving import everything, rows, warcio, warcs
from conftest import SixDays

from lufeng_crawler.archive import rebuild
from lufeng_crawler.demo import DAYS, HAPPENINGS, county
from lufeng_crawler.reader import reader

Event = tuple[int, str, int, bool, bool]


def expected() -> list[Event]:
    """Of each row of the table its change; `gone` where an article is still missing on the next day."""
    told = [(one.day, one.change, one.news_id, one.silent, one.backdated) for one in HAPPENINGS if one.change]
    absent = [(one.day + 1, one.news_id) for one in HAPPENINGS if one.change == "missing" and one.day < len(DAYS)]
    back = {(one.day, one.news_id) for one in HAPPENINGS if one.change == "restored"}
    gone = [(day, "gone", news_id, False, False) for day, news_id in absent if (day, news_id) not in back]
    return sorted((day, kind, news_id or 0, silent, past) for day, kind, news_id, silent, past in [*told, *gone])


def found(folder: Path) -> list[Event]:
    """The archive's events since day 2, by the id that the article had at first."""
    days = {str(known): day for day, known in DAYS.items()}
    sql = "SELECT c.*, a.key FROM changes c JOIN articles a ON a.id = c.article"
    events = [(days[row["at"][:10]], row) for row in rows(folder, sql)]
    return sorted(
        (day, row["kind"], int(row["key"]), bool(row["silent"]), bool(row["backdated"]))
        for day, row in events
        if day > 1
    )


def test_the_events_are_those_that_happened(six_days: SixDays) -> None:
    assert found(six_days.folder) == expected()


def test_on_the_first_day_everything_is_new(six_days: SixDays) -> None:
    first = rows(six_days.folder, "SELECT kind, backdated FROM changes WHERE run = 1")
    published = [one for one in county(1).articles if not one.link]
    assert Counter(row["kind"] for row in first) == {"new": len(published)}
    assert not any(row["backdated"] for row in first)


def test_the_articles_are_those_of_the_last_day(six_days: SixDays) -> None:
    truth = {str(one.news_id): one for one in county(6).articles if not one.link}
    latest = {row["key"]: row for row in rows(six_days.folder, "SELECT * FROM latest_articles")}
    assert set(latest) == set(truth)
    live = {key for key, row in latest.items() if row["presence"] == "live"}
    assert live == {key for key, one in truth.items() if one.condition == "live"}
    wrong = [key for key in live if (latest[key]["title"], latest[key]["body"]) != (truth[key].title, truth[key].text)]
    assert wrong == []


@pytest.mark.parametrize("news_id", [1140, 1142])
def test_an_article_that_moved_has_both_addresses_and_one_life(six_days: SixDays, news_id: int) -> None:
    one = county(6).article(news_id)
    assert one is not None
    row = rows(six_days.folder, "SELECT * FROM latest_articles WHERE key = ?", str(news_id))[0]
    paths = {url.removeprefix(six_days.url.rstrip("/")) for url in json.loads(row["urls"])}
    assert {f"/info/{one.columns[0]}/{id}.htm" for id in (one.id, *one.former)} <= paths
    assert row["url"].endswith(f"/{one.id}.htm")
    assert row["version"] == 1


def test_every_event_is_proved_by_captures_of_its_article(six_days: SixDays) -> None:
    captures = {row["id"]: row for row in rows(six_days.folder, "SELECT * FROM captures")}
    for event in rows(six_days.folder, "SELECT * FROM changes"):
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


def test_a_gone_article_was_seen_gone_twice(six_days: SixDays) -> None:
    for event in rows(six_days.folder, "SELECT * FROM changes WHERE kind = 'gone'"):
        ids = ", ".join(map(str, json.loads(event["evidence"])))
        seen = rows(six_days.folder, f"SELECT * FROM captures WHERE id IN ({ids})")
        assert {row["outcome"] for row in seen} == {"gone"}
        days = {date.fromisoformat(row["fetched_at"][:10]) for row in seen}
        assert max(days) - min(days) >= timedelta(days=1)


def test_a_rebuild_gives_every_row_again(six_days: SixDays, tmp_path: Path) -> None:
    shutil.copytree(six_days.folder / "captures", tmp_path / "captures")
    rebuild(tmp_path, reader(None))
    again, before = everything(tmp_path), everything(six_days.folder)
    assert again.keys() == before.keys()
    for table, whole in before.items():
        assert again[table] == whole, table
    view = "SELECT * FROM latest_articles ORDER BY id"
    assert rows(tmp_path, view) == rows(six_days.folder, view)


def test_warcio_finds_nothing_wrong(six_days: SixDays) -> None:
    checked = warcio("check", warcs(six_days.folder), "-v")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_warcio_finds_each_record_at_our_offset(six_days: SixDays) -> None:
    index = warcio("index", warcs(six_days.folder), "-f", "offset,filename,warc-type,warc-target-uri,http:status")
    listed = [json.loads(line) for line in index.stdout.splitlines()]
    theirs = sorted(
        (one["filename"], int(one["offset"]), one["warc-target-uri"], int(one["http:status"]))
        for one in listed
        if one["warc-type"] in ("response", "revisit")
    )
    ours = rows(six_days.folder, "SELECT file, offset, url, status FROM captures")
    assert theirs == sorted(tuple(row.values()) for row in ours)


def test_what_repeats_a_payload_is_a_revisit(six_days: SixDays) -> None:
    kinds: Any = rows(six_days.folder, "SELECT status, count(*) AS n FROM captures WHERE revisit_of > 0 GROUP BY 1")
    counted = {row["status"]: row["n"] for row in kinds}
    assert counted[304] > 50
    assert sum(counted.values()) > counted[304]
