"""Tests that revisits and 304s are recorded as what they repeat, however it is named, and said where it is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive import rebuild
from lufeng_crawler.reader import reader
from tests.support.archive_builder import everything, rows
from tests.support.foreign_files import Made, made, revisit, sha1
from tests.support.ingests import HOST, PATHS, ingest, page

# warcio's writer leaves its temporary files to the garbage collector.

PATH = PATHS[0]
URL = HOST + PATH
ID = "<urn:uuid:11111111-1111-1111-1111-111111111111>"
BODY: bytes = page(PATH, 1)["body"]
FIRST: Made = page(PATH, 1, more={"WARC-Record-ID": ID})
NAMED: dict[str, dict[str, str]] = {
    "address and time": {"WARC-Refers-To-Target-URI": URL, "WARC-Refers-To-Date": "2026-11-16T02:00:00Z"},
    "record": {"WARC-Refers-To": ID},
    "digest": {"WARC-Payload-Digest": sha1(BODY)},
}


def again(day: int, named: dict[str, str], **more: Any) -> Made:
    return {"url": URL, "date": f"2026-11-{15 + day}T02:00:00Z", "kind": "revisit", "body": b"", "more": named} | more


def not_modified(day: int) -> Made:
    return page(PATH, day, status="304 Not Modified", headers=[], body=b"")


def captured(folder: Path) -> list[tuple[Any, ...]]:
    sql = "SELECT substr(fetched_at, 9, 2), status, outcome, revisit_of FROM captures ORDER BY fetched_at, id"
    return [tuple(row.values()) for row in rows(folder, sql)]


def last_seen(folder: Path) -> list[str]:
    return [row["last_seen"][8:10] for row in rows(folder, "SELECT last_seen FROM versions ORDER BY number")]


@pytest.mark.parametrize(
    ("name", "apart"), [(name, apart) for name in NAMED for apart in (False, True) if (name, apart) != ("record", True)]
)
def test_a_revisit_is_what_it_repeats(tmp_path: Path, name: str, apart: bool) -> None:
    """In the same file, or taken in by an earlier command, which keeps no ids of other makers' records."""
    repeats = again(3, NAMED[name])
    files = [made(tmp_path / "1.warc.gz", [FIRST]), made(tmp_path / "2.warc.gz", [repeats])]
    for command in [[file] for file in files] if apart else [files]:
        taken, said = ingest(tmp_path / "archive", *command)
        assert (said, taken.without_original) == ([], 0)
    assert captured(tmp_path / "archive") == [("16", 200, "article", None), ("18", 200, "unchanged", 1)]
    assert last_seen(tmp_path / "archive") == ["18"]
    before = everything(tmp_path / "archive")
    rebuild(tmp_path / "archive", reader(None))
    assert everything(tmp_path / "archive") == before


def test_a_state_that_came_back_by_a_revisit_is_an_edit(tmp_path: Path) -> None:
    edited = page(PATH, 2) | {"body": BODY.replace("。".encode(), "！".encode())}
    file = made(tmp_path / "a.warc.gz", [again(3, NAMED["digest"]), FIRST, edited, not_modified(4)])
    taken, said = ingest(tmp_path / "archive", file)
    assert (said, taken.new, taken.edited, last_seen(tmp_path / "archive")) == ([], 1, 2, ["16", "17", "19"])


def test_a_revisit_of_another_address_is_a_page_of_its_own(tmp_path: Path) -> None:
    other = again(3, NAMED["digest"], url=f"{HOST}/info/1009/99999.htm")
    ingest(tmp_path / "archive", made(tmp_path / "a.warc.gz", [FIRST, other]))
    assert captured(tmp_path / "archive") == [("16", 200, "article", None), ("18", 200, "article", None)]


def test_what_it_repeats_may_come_later(tmp_path: Path) -> None:
    """A clock that was wrong, or a revisit that names the file's best copy."""
    early = again(1, NAMED["record"])
    taken, said = ingest(tmp_path / "archive", made(tmp_path / "a.warc.gz", [early, FIRST | {"date": "2026-11-20"}]))
    assert (said, taken.captures, taken.new) == ([], 2, 1)
    assert captured(tmp_path / "archive") == [("16", 200, "article", None), ("20", 200, "unchanged", 1)]


def test_of_many_with_its_digest_the_last_before_it_at_its_address_is_meant(tmp_path: Path) -> None:
    elsewhere = page(PATHS[1], 2, body=BODY, status="404 Not Found")
    first, second = (page(PATH, day, headers=[("X-Day", str(day))]) | {"body": BODY} for day in (1, 4))
    bare = revisit(url=URL, date="2026-11-18T00:00:00Z", Payload_Digest=sha1(BODY), status="")
    ingest(tmp_path / "archive", made(tmp_path / "a.warc.gz", [second, elsewhere, first, bare]))
    assert [row[1] for row in captured(tmp_path / "archive") if row[0] == "18"] == [200]


@pytest.mark.parametrize(
    "record",
    [
        again(3, {}),
        again(3, {"WARC-Payload-Digest": sha1(b"another")}),
        again(3, {"WARC-Refers-To": "<urn:uuid:none>"}),
        again(3, NAMED["address and time"] | {"WARC-Refers-To-Date": "2026-11-15T02:00:00Z"}),
        not_modified(3) | {"url": URL + "?other"},
        not_modified(3) | {"date": "2026-11-15"},
    ],
)
def test_one_whose_original_is_missing_is_said_and_never_guessed(tmp_path: Path, record: Made) -> None:
    file = made(tmp_path / "a.warc.gz", [FIRST, record, record | {"date": "2026-11-14T00:00:00Z"}])
    taken, said = ingest(tmp_path / "archive", file)
    assert (taken.captures, taken.skipped, taken.without_original, taken.errors) == (1, 2, 2, 0)
    (line,) = said
    assert line.startswith(f"{file}: left out 2 answers that repeat one which is neither in these files nor in the")
    assert line.endswith(f": {record['url']})")


def test_what_was_left_out_is_taken_once_its_original_is_there(tmp_path: Path) -> None:
    late = made(tmp_path / "2.warc.gz", [again(3, NAMED["digest"]), not_modified(4)])
    assert ingest(tmp_path / "archive", late)[0].without_original == 2
    ingest(tmp_path / "archive", made(tmp_path / "1.warc.gz", [FIRST]))
    taken, said = ingest(tmp_path / "archive", late)
    assert (said, taken.captures, taken.without_original, last_seen(tmp_path / "archive")) == ([], 2, 0, ["19"])
    again_, said = ingest(tmp_path / "archive", late)
    assert (said, again_.captures, again_.skipped, again_.without_original) == ([], 0, 2, 0)


def test_a_304_says_that_what_stood_in_its_time_stands(tmp_path: Path) -> None:
    edited = page(PATH, 4) | {"body": BODY.replace("。".encode(), "！".encode())}
    file = made(tmp_path / "a.warc.gz", [edited, not_modified(3), FIRST, not_modified(6)])
    taken, said = ingest(tmp_path / "archive", file)
    assert (said, taken.edited, last_seen(tmp_path / "archive")) == ([], 1, ["18", "21"])
    assert [row[1:] for row in captured(tmp_path / "archive")][1::2] == [(304, "unchanged", 1), (304, "unchanged", 3)]
