"""Which captures are chosen: by site, time and article, with what they cannot do without."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.export.capture_selection import SHOWS_STATE, CaptureFilter, select_captures
from lufeng_crawler.errors import NotInArchive
from tests.support.archive_builder import Story, address, answer, article, document
from tests.support.wacz_files import told


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return told(tmp_path_factory.mktemp("archive"))


def chosen(db: sqlite3.Connection, wanted: CaptureFilter) -> list[int]:
    with select_captures(db, wanted) as selection:
        found = [row[0] for row in db.execute(f"SELECT id FROM {selection.CAPTURES} ORDER BY id")]
        assert len(selection) == len(found)
        return found


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (CaptureFilter(), list(range(1, 16))),
        (CaptureFilter(site="gongguan"), [5]),
        (CaptureFilter(until="2026-11-01"), [1, 2, 3, 4, 5]),
        (CaptureFilter(until="2026-11-01T00:00:02Z"), [1, 2]),
        (CaptureFilter(since="2026-11-03", until="2026-11-03"), [10, 11, 12]),
        (
            CaptureFilter(since="2026-11-02", until="2026-11-02"),
            [1, 2, 4, 6, 7, 8, 9],
        ),  # 1, 2 and 4 are repeated by these
        (CaptureFilter(articles=(1,)), [2, 4, 6, 8, 10, 13]),
        (CaptureFilter(articles=(2,)), [3, 7, 11, 12]),
        (CaptureFilter(articles=(1, 2), since="2026-11-03", until="2026-11-03"), [10, 11, 12]),
        (CaptureFilter(site="gongguan", articles=(3,)), [5]),
    ],
)
def test_filters(db: sqlite3.Connection, wanted: CaptureFilter, expected: list[int]) -> None:
    assert chosen(db, wanted) == expected


@pytest.mark.parametrize(
    "wanted",
    [
        CaptureFilter(site="nowhere"),
        CaptureFilter(since="2027"),
        CaptureFilter(articles=(99,)),
        CaptureFilter("gongguan", articles=(1,)),
    ],
)
def test_nothing_chosen_is_said(db: sqlite3.Connection, wanted: CaptureFilter) -> None:
    error = pytest.raises(NotInArchive, match="no captures of this site, time and article")
    with error, select_captures(db, wanted):
        pass


def test_challenges_and_304_show_no_state_of_their_address(db: sqlite3.Connection) -> None:
    hidden = db.execute(f"SELECT status FROM captures WHERE NOT ({SHOWS_STATE}) ORDER BY id").fetchall()
    assert hidden == [(521,), (304,)]


def test_pictures_and_what_files_redirect_to_belong_to_the_article(tmp_path: Path) -> None:
    story = Story(tmp_path)
    away = answer("a.docx", status=302, to="store/a.docx", kind="attachment")
    page = article(1, files=[[address("a.docx"), "表"]])
    story.run(1, page, away, document("store/a.docx"), document("1.png", mime="image/png"), document("2.png"))
    with closing(sqlite3.connect(tmp_path / "archive.db")) as connection, connection:
        connection.execute("UPDATE versions SET images = json_array(?)", (address("1.png"),))
    with closing(connect_for_reading(tmp_path)) as db:
        assert chosen(db, CaptureFilter(articles=(1,))) == [1, 2, 3, 4]


def test_what_is_written_meanwhile_is_not_seen(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, article(1))
    with closing(connect_for_reading(tmp_path)) as db, select_captures(db, CaptureFilter()):
        story.run(2, article(2))
        assert db.execute("SELECT count(*) FROM captures").fetchone() == (1,)
