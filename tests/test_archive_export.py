"""What readers take out: the right articles, in files that are whole, harmless and readable in Excel."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from archiving import Story, address, answer, article

from lufeng_crawler.archive import query
from lufeng_crawler.archive.database import connect_for_reading
from lufeng_crawler.archive.events import Events, events
from lufeng_crawler.archive.export import Row, export
from lufeng_crawler.archive.query import Filter
from lufeng_crawler.errors import NotInArchive, UsageError


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
        found = [row["key"] for row in query.articles(db, wanted)]
        assert query.count(db, wanted) == len(found)
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
        assert query.article(db, "1")["id"] == query.article(db, address(1))["id"] == 1
        assert query.article(db, "1")["urls"] == [address(1)]
        assert [row["number"] for row in query.history(db, "1")] == [1, 2]
        assert [row["kind"] for row in events(db, Events(article=query.find(db, address(2))))] == ["new", "missing"]
        assert [row["outcome"] for row in query.observations(db, "2")] == ["article", "gone"]
        for unknown in ("99", "0", "9" * 40, "http://elsewhere.example/", "", "1 OR 1", "²"):
            with pytest.raises(NotInArchive, match="no article of the archive"):
                query.article(db, unknown)


def taken(folder: Path, path: Path, wanted: Filter | None = None) -> int:
    with closing(connect_for_reading(folder)) as db:
        return export(query.articles(db, wanted or Filter()), query.columns(db), path)


def test_jsonl_has_the_keys_of_the_view(folder: Path, tmp_path: Path) -> None:
    assert taken(folder, tmp_path / "all.jsonl") == 5
    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("utf-8").splitlines()]
    with closing(connect_for_reading(folder)) as db:
        assert list(lines[0]) == query.columns(db)
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


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_would_run_is_escaped(tmp_path: Path, mark: str) -> None:
    text = f"{mark}cmd|'/c calc'!A0"
    export([{"title": text, "number": -1}], ["title", "number"], tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == [f"'{text}", "-1"]
    export([{"title": text}], ["title"], tmp_path / "a.jsonl")
    assert json.loads((tmp_path / "a.jsonl").read_text("utf-8"))["title"] == text


def failing(error: BaseException) -> Iterator[Row]:
    yield {"title": "一"}
    raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("x"), MemoryError()])
def test_an_export_that_fails_leaves_what_was_there(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(type(error)):
        export(failing(error), ["title"], path)
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]
    assert path.read_text("utf-8") == "before"


KILLED = """
import os, signal, sys
from pathlib import Path
from lufeng_crawler.archive.export import export
def rows():
    for number in range(10_000):
        yield {"title": "x" * 1000}
    os.kill(os.getpid(), int(sys.argv[2]))
export(rows(), ["title"], Path(sys.argv[1]))
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_an_export_that_is_killed_leaves_nothing(tmp_path: Path, how: signal.Signals) -> None:
    words = [sys.executable, "-c", KILLED, str(tmp_path / "a.csv"), str(int(how))]
    root = Path(__file__).parent.parent
    done = subprocess.run(words, env=os.environ | {"PYTHONPATH": str(root)}, check=False)
    assert done.returncode == -how
    assert list(tmp_path.iterdir()) == []


def test_where_files_need_a_name_the_draft_has_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    export([{"title": "一"}], ["title"], tmp_path / "a.csv")
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]
    with pytest.raises(ValueError, match="x"):
        export(failing(ValueError("x")), ["title"], tmp_path / "b.csv")
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def test_a_place_that_cannot_be_written_and_an_unknown_ending(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write: No such file"):
        export([], ["title"], tmp_path / "none" / "a.csv")
    with pytest.raises(UsageError, match=r"its ending must be one of .*\.csv"):
        export([], ["title"], tmp_path / "a.xlsx")
