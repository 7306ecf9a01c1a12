"""Tests that a dry rebuild says what today's reader would read otherwise, and leaves every file as it is."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive import Reader, RunStart, open_archive
from lufeng_crawler.archive.queries.statistics import capture_totals
from lufeng_crawler.archive.store.rebuild_preview import RebuildDifference, RebuildSummary, preview_rebuild
from lufeng_crawler.errors import UsageError
from lufeng_crawler.items import Article, Capture, Other, Reading
from tests.support.archive_builder import (
    READER,
    Story,
    answer,
    article,
    at,
    listing,
    moment,
    read,
    rebuilt,
    take,
    warcs,
)

FILE = ["http://gulou.example/a.doc", "附件一"]
Report = dict[str, Any]


def reads(**fields: Any) -> Reader:
    """A later reader that finds these in every article."""

    def otherwise(capture: Capture) -> Reading:
        found = read(capture)
        return replace(found, **fields) if isinstance(found, Article) else found

    return Reader(otherwise, "reader 2")


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Two articles: one of two versions, one that is missing; a third that moved."""
    told = Story(tmp_path / "archive")
    told.run(1, listing(1, 2, 3), article(1), article(2, "二", files=[FILE]), article(3), sweeps={"要闻": "complete"})
    told.run(2, article(1, body="改"), answer(2, status=404), answer(3, status=301, to=4), article(4))
    return told


def differences(folder: Path, reader: Reader) -> list[Report]:
    with preview_rebuild(folder, reader) as found:
        return [one.report() for one in found.differences()]


def said(reports: list[Report]) -> list[tuple[str, int | None, str, Mapping[str, Any]]]:
    return [(one["key"], one["version"], one["change"], one["fields"]) for one in reports]


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file that holds something, but for SQLite's shared memory: a reader leaves that, and an empty log."""
    held = (path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    files = (path for path in held if not path.name.endswith("-shm"))
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_what_reads_as_before_is_not_mentioned(story: Story) -> None:
    assert differences(story.folder, READER) == []
    assert differences(story.folder, Reader(read, "another name")) == []


def test_a_field_is_shown_as_it_was_and_as_it_would_be(story: Story) -> None:
    found = differences(story.folder, reads(author="某人"))
    fields = {"author": {"old": None, "new": "某人"}}
    assert said(found) == [(key, n, "differs", fields) for key, n in (("1", 1), ("1", 2), ("2", 1), ("3", 1))]
    assert {name: found[0][name] for name in ("site", "url")} == {
        "site": "gulou",
        "url": "http://gulou.example/info/1/1.htm",
    }


@pytest.mark.parametrize("name", ["images", "keywords"])
def test_lists_are_shown_as_lists(story: Story, name: str) -> None:
    (*_, last) = differences(story.folder, reads(**{name: ("甲", "乙")}))
    assert last["fields"] == {name: {"old": [], "new": ["甲", "乙"]}}


def test_attachments_are_compared_by_address_and_words(story: Story) -> None:
    (found,) = differences(story.folder, reads(attachments=()))
    assert found["fields"] == {"attachments": {"old": [{"url": FILE[0], "text": FILE[1]}], "new": []}}


def test_what_no_longer_reads_as_an_article_would_vanish(story: Story) -> None:
    def less(capture: Capture) -> Reading:
        return Other("a picture") if capture.url.endswith("/2.htm") else read(capture)

    titles = {"title": {"old": "二", "new": None}}
    assert said(differences(story.folder, Reader(less, "reader 2"))) == [("2", None, "vanishes", titles)]


def test_what_reads_as_an_article_at_last_would_appear(story: Story) -> None:
    def blind(capture: Capture) -> Reading:
        return Other("cannot read it")

    rebuilt(story.folder, Reader(blind, "reader 0"))
    found = said(differences(story.folder, READER))
    assert [(key, version, change) for key, version, change, _ in found] == [
        ("1", None, "appears"),
        ("2", None, "appears"),
        ("3", None, "appears"),
    ]
    assert found[1][3] == {"title": {"old": None, "new": "二"}}


def test_versions_come_and_go_with_what_counts_as_content(story: Story) -> None:
    told = [("1", 1, "differs"), ("1", 2, "vanishes"), ("2", 1, "differs"), ("3", 1, "differs")]
    assert [one[:3] for one in said(differences(story.folder, reads(body="一样")))] == told
    rebuilt(story.folder, reads(body="一样"))
    back = said(differences(story.folder, READER))
    assert [one[:3] for one in back] == [(key, n, change.replace("vanishes", "appears")) for key, n, change in told]
    assert back[1][3] == {"title": {"old": None, "new": "题"}}


def test_an_article_that_would_be_live_again_is_said(story: Story) -> None:
    def lenient(capture: Capture) -> Reading:
        return Other("no word of it") if capture.status == 404 else read(capture)

    fields = {"presence": {"old": "missing", "new": "live"}}
    assert said(differences(story.folder, Reader(lenient, "reader 2"))) == [("2", None, "differs", fields)]


def test_what_it_says_is_what_a_rebuild_does(story: Story) -> None:
    newer = reads(author="某人", body="一样")
    with preview_rebuild(story.folder, newer) as found:
        told = capture_totals(found.draft)
        assert list(found.differences())
    rebuilt(story.folder, newer)
    with preview_rebuild(story.folder, newer) as found:
        assert list(found.differences()) == []
        assert capture_totals(found.stored) == told


def test_no_file_is_written(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    before = state(tmp_path)
    with preview_rebuild(story.folder, reads(author="某人")) as found:
        assert list((tmp_path / "temporary").iterdir()) == []  # whatever kills it now leaves nothing
        assert len(list(found.differences())) == 4
    assert state(tmp_path) == before


def test_a_reader_that_fails_leaves_nothing_behind(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(capture: Capture) -> Reading:
        raise ValueError("cannot read")

    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    before = state(tmp_path)
    with pytest.raises(ValueError, match="cannot read"):
        differences(story.folder, Reader(broken, "broken"))
    assert state(tmp_path) == before


def test_a_crawl_under_way_is_neither_held_up_nor_taken_for_a_difference(story: Story) -> None:
    archive = open_archive(story.folder, READER, "test")
    archive.begin(RunStart("under way", "crawl", moment(3), "gulou"))
    take(archive, "under way", at(article(5), moment(3, 1)))  # in the WARC, not yet in the tables
    path = warcs(story.folder)[-1]
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08 half a record")
    length = path.stat().st_size
    with preview_rebuild(story.folder, READER) as found:
        archive.flush()
        assert list(found.differences()) == []
    assert path.stat().st_size == length
    archive.release()


def test_progress_is_told_in_bytes(story: Story) -> None:
    steps: list[int] = []
    with preview_rebuild(story.folder, READER, steps.append):
        assert sum(steps) == sum(path.stat().st_size for path in warcs(story.folder))


def test_without_an_archive_there_is_nothing_to_compare(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no archive there yet"):
        differences(tmp_path, READER)


def difference(**fields: tuple[Any, Any]) -> RebuildDifference:
    return RebuildDifference("gulou", "1", "http://gulou.example/1", 2, "differs", fields)


def test_short_values_are_shown_whole_and_in_one_line() -> None:
    shown = list(difference(author=(None, '某"人'), tags=({}, {"Url": "a\nb"})).lines())
    assert shown == ['version 2 author: null → "某\\"人"', 'version 2 tags: {} → {"Url": "a\\nb"}']


def test_of_long_values_what_differs_is_shown() -> None:
    old, new = "甲" * 1300 + "乙" + "丙" * 900, "甲" * 1300 + "丁"
    assert list(difference(body=(old, new)).lines()) == [
        f'version 2 body, 2,201 → 1,301 characters: "…{"甲" * 12}乙{"丙" * 35}…" → "…{"甲" * 12}丁"'
    ]
    (line,) = difference(body=("短", old)).lines()
    assert line == f'version 2 body, 1 → 2,201 characters: "短" → "{"甲" * 48}…"'


def test_what_comes_or_goes_is_shown_by_its_title() -> None:
    gone = RebuildDifference("gulou", "1", "http://gulou.example/1", None, "vanishes", {"title": ("题", None)})
    assert list(gone.lines()) == ['would vanish: "题"']
    come = RebuildDifference("gulou", "1", "http://gulou.example/1", 3, "appears", {"title": (None, "题")})
    assert list(come.lines()) == ['version 3 would appear: "题"']


def test_articles_are_counted_once_whatever_their_versions() -> None:
    tally = RebuildSummary()
    tally.add([difference(title=("甲", "乙"), body=("", "一")), difference(body=("", "二"))])
    tally.add([difference(body=("", "三")), RebuildDifference("gulou", "1", "", 3, "appears", {"title": (None, "题")})])
    assert tally.line(1204) == (
        "2 of 1,204 articles would read differently: body 2, title 1;"
        " 1 versions would appear or vanish; nothing was written"
    )
    tally.add([RebuildDifference("gulou", "2", "", None, "vanishes", {"title": ("题", None)})])
    tally.add([RebuildDifference("gulou", "3", "", None, "appears", {"title": (None, "题")})])
    assert json.loads(json.dumps(tally.report())) == {
        "differing": 2,
        "appearing": 1,
        "vanishing": 1,
        "versions": 1,
        "fields": {"body": 2, "title": 1},
    }
    assert "1 articles would appear; 1 articles would vanish" in tally.line(1204)


def test_where_nothing_differs_the_line_says_so() -> None:
    assert RebuildSummary().line(7) == "0 of 7 articles would read differently; nothing was written"
