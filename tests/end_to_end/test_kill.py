"""A crawl killed at any moment: what the next one makes of it is what an undisturbed crawl would have made."""

from __future__ import annotations

import os
import random
import shutil
import signal
from pathlib import Path
from time import monotonic, sleep

import pytest
from warcio.cli import main as warcio

from lufeng_crawler import demo
from lufeng_crawler.archive.warc.files import warc_files
from lufeng_crawler.demo import DemoServer, HttpAnswer
from tests.support.commands import lufeng, rows, site

KILLS = int(os.environ.get("LUFENG_KILLS", "20"))
SLOW = 0.005
"""Seconds that each answer takes, so that there is something to be killed in."""

TWO_COLUMNS = '[[columns]]\nname = "鹿峰动态"\nunder = "新闻动态"\n[[columns]]\nname = "通知公告"\n'
FOUND = {
    "articles": 'SELECT key, url, presence, "column" FROM articles ORDER BY key',
    "addresses": "SELECT u.url, a.key FROM urls u JOIN articles a ON a.id = u.article ORDER BY 1",
    "versions": (
        "SELECT a.key, number, content_digest FROM versions v JOIN articles a ON a.id = v.article ORDER BY 1, 2"
    ),
    "files": "SELECT url, mime, length, digest, capture IS NULL FROM attachments ORDER BY 1, 4",
    "entries": "SELECT url, delisted_at IS NULL, article IS NULL FROM entries ORDER BY 1",
    "changes": "SELECT kind, key, fields FROM changes c JOIN articles a ON a.id = c.article ORDER BY 1, 2, 3",
    "columns": "SELECT name, swept_at IS NULL, settled_by IS NULL FROM columns ORDER BY 1",
}
"""What must be the same, whatever happened on the way there."""


def found(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows(folder, sql) for name, sql in FOUND.items()}


def check(folder: Path) -> None:
    """`warcio check` on every file."""
    for path in warc_files(folder / "archive" / "captures"):
        with pytest.raises(SystemExit) as ended:
            warcio(["check", str(path)])
        assert ended.value.code == 0, path


def crawl(served: DemoServer, sites: Path, folder: Path, day: int, seconds: float = 0) -> int:
    """Crawl the county, as it stands on that day, into the folder's archive; the exit code."""
    served.day = day
    where = ("--archive", folder / "archive", "--sites", sites)
    options = ["--start", served.url] + ["--full"] * (day > 1)
    return lufeng(*where, "crawl", "county", *options, seconds=seconds).code


def slowly(path: str, day: int) -> HttpAnswer | None:
    sleep(SLOW)
    return None


def test_nothing_is_lost_and_nothing_doubled_by_a_kill_at_any_moment(tmp_path: Path) -> None:
    chance, sites = random.Random(20261122), site(tmp_path, text=TWO_COLUMNS)
    lasted, undisturbed, killed = dict[int, float](), dict[int, object](), 0
    with demo.serve() as served:
        served.fail = slowly
        for day in (1, 2):
            began = monotonic()
            assert crawl(served, sites, tmp_path, day) == 0
            lasted[day], undisturbed[day] = monotonic() - began, found(tmp_path)
            shutil.copytree(tmp_path / "archive", tmp_path / f"day{day}" / "archive")
        for number in range(2 * KILLS):  # a crawl that ends before its kill shows nothing, so that one more is due
            if killed == KILLS:
                break
            day, folder = number % 2 + 1, tmp_path / f"kill{number}"
            if day == 2:
                shutil.copytree(tmp_path / "day1" / "archive", folder / "archive")
            killed += crawl(served, sites, folder, day, chance.uniform(0.05, 1) * lasted[day]) == -signal.SIGKILL
            assert crawl(served, sites, folder, day) == 0
            assert found(folder) == undisturbed[day], f"kill {number}"
            check(folder)
            shutil.rmtree(folder)
    assert killed == KILLS, "too many crawls were over before they were killed"
