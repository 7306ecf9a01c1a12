"""Tests that a capture comes back with all of its exchange, and says where it cannot, or was altered."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.queries import captures
from lufeng_crawler.archive.queries.exchanges import Exchange, read_exchange
from lufeng_crawler.errors import DamagedCapture, NotInArchive
from tests.support.archive_builder import Story, address, article, document, moment, rows, warcs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Story(tmp_path).run(1, article(1, "甲"), article(2, "乙"))
    return tmp_path


def exchange(folder: Path, id: int) -> Exchange:
    with closing(connect_for_reading(folder)) as db:
        return read_exchange(folder, captures.capture_row(db, id))


def test_what_was_asked_and_answered(folder: Path) -> None:
    held = exchange(folder, 1)
    assert held.request == "GET /info/1/1.htm HTTP/1.1\r\nHost: gulou.example"
    assert held.answer.status == 200 and held.answer.header("Content-Type") == "text/html"
    assert '"title": "甲"' in held.answer.body.decode()
    assert held.untouched


def test_members_are_the_bytes_of_the_file(folder: Path) -> None:
    [row] = rows(folder, "SELECT * FROM captures WHERE id = 2")
    lying = warcs(folder)[0].read_bytes()[row["offset"] :]
    members = exchange(folder, 2).members
    assert lying.startswith(members) and len(members) > row["record_length"]


def test_a_row_names_its_site_and_run(folder: Path) -> None:
    with closing(connect_for_reading(folder)) as db:
        row = captures.capture_row(db, 1)
    assert (row["site_name"], row["run_name"], row["outcome"]) == ("gulou", "run-000", "article")


def test_a_capture_that_is_not_there(folder: Path) -> None:
    with (
        closing(connect_for_reading(folder)) as db,
        pytest.raises(NotInArchive, match=r"^7: the archive has no capture"),
    ):
        captures.capture_row(db, 7)


def test_a_missing_or_torn_file_is_said_in_a_line(folder: Path) -> None:
    [file] = warcs(folder)
    [row] = rows(folder, "SELECT * FROM captures WHERE id = 1")
    file.write_bytes(file.read_bytes()[: row["offset"] + 20])
    with pytest.raises(DamagedCapture, match=r"^capture 1: lufeng-\S+ has no whole record at [\d,]+; the file is"):
        exchange(folder, 1)
    file.unlink()
    with pytest.raises(DamagedCapture, match=r"^capture 1: ") as raised:
        exchange(folder, 1)
    assert str(folder) not in str(raised.value)


def test_a_record_that_is_no_answer(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        db.execute("UPDATE captures SET offset = 0 WHERE id = 1")
        db.commit()
    with pytest.raises(DamagedCapture):
        exchange(folder, 1)


def test_an_answer_whose_request_was_cut_off(folder: Path) -> None:
    [file] = warcs(folder)
    [row] = rows(folder, "SELECT * FROM captures WHERE id = 2")
    file.write_bytes(file.read_bytes()[: row["offset"] + row["record_length"]])
    held = exchange(folder, 2)
    assert (held.request, held.untouched) == ("", False)


def test_an_altered_digest_is_seen(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        db.execute("UPDATE captures SET record_digest = 'sha256:0' WHERE id = 1")
        db.commit()
    assert not exchange(folder, 1).untouched


def test_a_picture_is_the_first_since_or_the_last_before(tmp_path: Path) -> None:
    story = Story(tmp_path)
    for day, body in ((1, b"GIF89a 1"), (3, b"GIF89a 3"), (5, b"GIF89a 5")):
        story.run(day, document("p.gif", body, "image/gif"), document("f.pdf"))
    with closing(connect_for_reading(tmp_path)) as db:
        found = [captures.picture_capture(db, address("p.gif"), moment(day)) for day in (1, 2, 5, 9)]
        assert found == [1, 3, 5, 5]
        assert captures.picture_capture(db, address("f.pdf"), moment(1)) is None
        assert captures.picture_capture(db, address("q.gif"), moment(1)) is None
