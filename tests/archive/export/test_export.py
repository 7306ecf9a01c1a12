"""What readers take out: the right articles, in files that are whole, harmless and readable in Excel."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pandas
import pytest

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.db.rows import Row
from lufeng_crawler.archive.export.atomic_file import atomic_write
from lufeng_crawler.archive.export.export import ENDINGS, TABLE_WRITERS, export
from lufeng_crawler.archive.queries import articles, captures
from lufeng_crawler.archive.queries.events import EventFilter, list_events
from lufeng_crawler.errors import NotInArchive, UsageError
from tests.support.archive_builder import Story, address, answer, article
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    story = Story(tmp_path_factory.mktemp("archive"))
    dates = ("2026-11-01", "2026-11-02T09:30:00+08:00", "2026-11-02T23:59:59+08:00", "2026-11-03")
    pages = [article(number, f"题{number}", published=date, column="要闻") for number, date in enumerate(dates, 1)]
    pages.append(answer(5, {"title": "无日期"}, column="通知", site="gongguan"))
    story.run(5, *pages)
    story.run(6, article(1, "题1", body="改"), answer(2, status=404))
    return story.folder


def keys(folder: Path, wanted: Filter) -> list[str]:
    with closing(connect_for_reading(folder)) as db:
        found = [row["key"] for row in articles.list_articles(db, wanted)]
        assert articles.count_articles(db, wanted) == len(found)
        return found


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), "12345"),
        (Filter(site="gulou"), "1234"),
        (Filter(site="gongguan"), "5"),
        (Filter(column="要闻"), "1234"),
        (Filter(column="要闻' OR 1 --"), ""),
        (Filter(published_from="2026-11-02"), "234"),
        (Filter(published_to="2026-11-02"), "123"),
        (Filter(published_to="2026-11-02T09:30:00+08:00"), "12"),
        (Filter(published_from="2026-11-02", published_to="2026-11-02"), "23"),
        (Filter(site="gulou", column="要闻", published_from="2026-11-03"), "4"),
    ],
)
def test_filters(folder: Path, wanted: Filter, expected: str) -> None:
    assert keys(folder, wanted) == list(expected)


def test_one_article_by_id_or_address(folder: Path) -> None:
    with closing(connect_for_reading(folder)) as db:
        assert articles.get_article(db, "1")["id"] == articles.get_article(db, address(1))["id"] == 1
        assert articles.get_article(db, "1")["urls"] == [address(1)]
        assert [row["number"] for row in articles.get_history(db, "1")] == [1, 2]
        assert [
            event.kind for event in list_events(db, EventFilter(article=articles.find_article_id(db, address(2))))
        ] == [
            "new",
            "missing",
        ]
        assert [row["outcome"] for row in captures.list_captures_of(db, "2")] == ["article", "gone"]
        for unknown in ("99", "0", "9" * 40, "http://elsewhere.example/", "", "1 OR 1", "²"):
            with pytest.raises(NotInArchive, match="no article of the archive"):
                articles.get_article(db, unknown)


def taken(folder: Path, path: Path, wanted: Filter | None = None) -> int:
    with closing(connect_for_reading(folder)) as db:
        return export(db, wanted or Filter(), path)


def written(path: Path, *rows: Row) -> None:
    """These rows in the format of the path's ending."""
    with atomic_write(path) as file:
        TABLE_WRITERS[path.suffix](rows, list(rows[0]), file)


def test_jsonl_has_the_keys_of_the_view(folder: Path, tmp_path: Path) -> None:
    assert taken(folder, tmp_path / "all.jsonl") == 5
    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("utf-8").splitlines()]
    with closing(connect_for_reading(folder)) as db:
        assert list(lines[0]) == articles.article_columns(db)
        assert lines == list(articles.list_articles(db, Filter()))
    assert (lines[0]["version"], lines[0]["body"], lines[0]["attachments"]) == (2, "改", [])
    assert lines[4]["published"] is None


def test_csv_is_for_spreadsheets(folder: Path, tmp_path: Path) -> None:
    taken(folder, tmp_path / "all.csv")
    assert (tmp_path / "all.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["title"] for row in found] == ["题1", "题2", "题3", "题4", "无日期"]
    assert json.loads(found[0]["urls"]) == [address(1)]


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_nothing_found_is_a_file_with_no_rows(folder: Path, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"none{ending}"
    assert taken(folder, path, Filter(site="nowhere")) == 0
    assert len(path.read_text("utf-8-sig").splitlines()) == (1 if ending == ".csv" else 0)


def test_what_is_written_is_counted_and_shown(folder: Path, tmp_path: Path) -> None:
    for ending in ENDINGS:
        steps: list[int] = []
        with closing(connect_for_reading(folder)) as db:
            assert export(db, Filter(site="gulou"), tmp_path / f"a{ending}", steps.append) == 4
        assert sum(steps) == 4


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_would_run_is_escaped(tmp_path: Path, mark: str) -> None:
    text = f"{mark}cmd|'/c calc'!A0"
    written(tmp_path / "a.csv", {"title": text, "number": -1})
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == [f"'{text}", "-1"]
    written(tmp_path / "a.jsonl", {"title": text})
    assert json.loads((tmp_path / "a.jsonl").read_text("utf-8"))["title"] == text


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("x"), MemoryError()])
def test_an_export_that_fails_leaves_what_was_there(
    folder: Path, tmp_path: Path, ending: str, error: BaseException
) -> None:
    path = tmp_path / f"a{ending}"
    path.write_text("before", encoding="utf-8")

    def fail(step: int) -> None:
        raise error

    with closing(connect_for_reading(folder)) as db:
        with pytest.raises(type(error)):
            export(db, Filter(), path, fail)
        assert path.read_text("utf-8") == "before"
        assert export(db, Filter(), path) == 5  # the connection is as before
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


KILLED = """
import os, sys
from pathlib import Path
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.export.export import export
from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.rows import Row
def watch(step):
    os.kill(os.getpid(), int(sys.argv[3]))
export(connect_for_reading(Path(sys.argv[1])), Filter(), Path(sys.argv[2]), watch)
"""


@pytest.mark.parametrize(
    ("ending", "how"), [(".csv", signal.SIGTERM), *((ending, signal.SIGKILL) for ending in ENDINGS)]
)
def test_an_export_that_is_killed_leaves_nothing(
    folder: Path, tmp_path: Path, ending: str, how: signal.Signals
) -> None:
    words = [sys.executable, "-c", KILLED, str(folder), str(tmp_path / f"a{ending}"), str(int(how))]
    done = subprocess.run(words, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == -how
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_export_is_of_one_moment_whoever_writes_meanwhile(folder: Path, tmp_path: Path, ending: str) -> None:
    shutil.copytree(folder, tmp_path / "archive")
    path = tmp_path / f"a{ending}"
    with (
        closing(connect_for_reading(tmp_path / "archive")) as db,
        closing(sqlite3.connect(tmp_path / "archive" / "archive.db", isolation_level=None)) as writer,
    ):
        export(db, Filter(), path, lambda step: void(writer.execute(WRITTEN)))
    assert columns(path) == ["要闻"] * 4 + ["通知"]


WRITTEN = "UPDATE articles SET \"column\" = 'written meanwhile'"


def void(_: object) -> None:
    """Nothing of it."""


def columns(path: Path) -> list[str]:
    """Each article's, as the file has them."""
    match path.suffix:
        case ".csv":
            found = pandas.read_csv(path)
        case ".jsonl":
            found = pandas.read_json(path, lines=True)
        case ".parquet":
            found = pandas.read_parquet(path)
        case _:
            with closing(sqlite3.connect(path)) as db:
                found = pandas.read_sql("SELECT * FROM latest_articles ORDER BY id", db)
    return list(found["column"])


def test_where_files_need_a_name_the_draft_has_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    for ending in ENDINGS:
        assert taken(folder, tmp_path / f"a{ending}") == 5
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(f"a{ending}" for ending in ENDINGS)


def test_a_place_that_cannot_be_written_and_an_unknown_ending(folder: Path, tmp_path: Path) -> None:
    for ending in ENDINGS:
        with pytest.raises(UsageError, match="cannot write: No such file"):
            taken(folder, tmp_path / "none" / f"a{ending}")
    with pytest.raises(UsageError, match=r"the file name must end in .*\.csv"):
        taken(folder, tmp_path / "a.xlsx")


def test_the_archive_is_not_replaced_by_a_part_of_it(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(folder / "archive.db")
    before = (folder / "archive.db").read_bytes()
    for path in (folder / "archive.db", tmp_path / "link.db"):
        with pytest.raises(UsageError, match="is the archive itself"):
            taken(folder, path, Filter(site="gongguan"))
    assert (folder / "archive.db").read_bytes() == before
