"""Scrapy's own commands in this project: exit codes that say what happened, and trials that leave nothing behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lufeng_crawler.demo import DemoServer
from tests.end_to_end.test_broken_site_files import served_site
from tests.support.archive_builder import everything
from tests.support.commands import answer, environment, lufeng, rows
from tests.support.paths import ROOT

TWO = """
from scrapy.crawler import CrawlerProcess
from scrapy.utils.project import get_project_settings
process = CrawlerProcess(get_project_settings())
for name in ("county", "second"):
    process.crawl(name, limit=2)
process.start()
"""


def python(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Python in the project's folder, with this archive and these site files."""
    kept = environment({"LUFENG_ARCHIVE": str(folder / "archive"), "LUFENG_SITES": str(folder / "sites")})
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=120, check=False)


def scrapy(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Scrapy's own command."""
    return python(folder, "-m", "scrapy", *words)


def test_a_crawl_ends_with_the_exit_code_of_its_run(tmp_path: Path, county: DemoServer) -> None:
    served_site(tmp_path, county)
    assert scrapy(tmp_path, "crawl", "county", "-a", "limit=2").returncode == 0
    county.fail = lambda path, day: answer(500) if path == "/tzgg.htm" else None
    done = scrapy(tmp_path, "crawl", "county", "-s", "LOG_LEVEL=ERROR", "-s", "RETRY_TIMES=0")
    assert (done.returncode, done.stderr) == (1, "")
    county.fail = lambda path, day: answer(412)
    done = scrapy(tmp_path, "crawl", "county", "-s", "LOG_LEVEL=ERROR")
    assert (done.returncode, done.stderr) == (4, "")
    assert [outcome for (outcome,) in rows(tmp_path, "SELECT outcome FROM runs ORDER BY id")] == [
        "good",
        "below_expectation",
        "blocked",
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("crawl", "countie"), 2, "no site is named countie; did you mean county?"),
        (("crawl", "broken"), 2, "broken.toml: TOML: cannot be read"),
        (("crawl", "county", "-a", "start=nowhere"), 2, "nowhere: no address that a crawl can start at"),
        (("crawl", "county", "-a", "limit=many"), 2, "limit must be a number, not many"),
        (("fetch", "http://elsewhere.example/"), 2, "no site file names its host"),
        (("fetch", "http://"), 2, "no address that can be asked"),
        (("parse", "--spider=broken", "http://127.0.0.1:1/"), 2, "broken.toml: TOML: cannot be read"),
        (("shell", "--spider=nobody"), 2, "no site is named nobody"),
    ],
)
def test_wrong_use_gets_one_line(
    tmp_path: Path, county: DemoServer, words: tuple[str, ...], code: int, said: str
) -> None:
    served_site(tmp_path, county).with_name("broken.toml").write_text("title = ", encoding="utf-8")
    done = scrapy(tmp_path, *words, "-s", "LOG_LEVEL=ERROR")
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert done.returncode == code, done.stderr
    assert len(lines) == 1, done.stderr
    assert said in lines[0]
    assert not (tmp_path / "archive" / "archive.db").exists()


def test_an_archive_in_use_is_one_line_and_its_exit_code(tmp_path: Path, county: DemoServer) -> None:
    served_site(tmp_path, county)
    held = "import sys, pathlib, subprocess\nfrom lufeng_crawler.reader import open_archive\n"
    held += f"archive = open_archive(pathlib.Path({str(tmp_path / 'archive')!r}), None)\n"
    held += "sys.exit(subprocess.run([sys.executable, '-m', 'scrapy', 'crawl', 'county', '--nolog']).returncode)"
    done = python(tmp_path, "-c", held)
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1), done.stderr
    assert done.stderr.startswith("lufeng: ")


def test_the_list_names_the_spiders_and_what_is_broken(tmp_path: Path, county: DemoServer) -> None:
    served_site(tmp_path, county).with_name("broken.toml").write_text("title = ", encoding="utf-8")
    done = scrapy(tmp_path, "list")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "broken.toml: TOML: cannot be read" in done.stderr
    assert "county" in done.stdout.split()
    assert "broken" not in done.stdout.split()


def test_a_trial_leaves_nothing_behind(tmp_path: Path, county: DemoServer) -> None:
    served_site(tmp_path, county)
    where = ("--archive", tmp_path / "archive", "--sites", tmp_path / "sites")
    assert lufeng(*where, "crawl", "county").code == 0
    before = everything(tmp_path / "archive")
    files = {path: path.stat().st_size for path in (tmp_path / "archive" / "captures").iterdir()}
    (url,), *_ = rows(tmp_path, "SELECT url FROM articles")
    (title,), *_ = rows(tmp_path, "SELECT title FROM latest_articles WHERE url = ?", url)
    for words, said in (
        (("parse", "--spider=county", "-c", "parse_article", url), title),
        (("parse", url, "-c", "parse_article"), title),
        (("fetch", "--spider=county", url), title),
        (("fetch", url), title),
        (("shell", url, "-c", "response.status"), "200"),
        (("shell", "--spider=county", "-c", "settings['BOT_NAME']"), "lufeng-crawler"),
    ):
        done = scrapy(tmp_path, *words, "-s", "LOG_LEVEL=WARNING")
        faults = done.stderr.replace("ScrapyDeprecationWarning", "")  # Scrapy's parse command warns of itself
        assert (done.returncode, "ERROR" in faults, "Traceback" in faults) == (0, False, False), (words, faults)
        assert said in done.stdout, words
    assert everything(tmp_path / "archive") == before
    assert {path: path.stat().st_size for path in (tmp_path / "archive" / "captures").iterdir()} == files


def test_two_spiders_of_one_process_share_an_archive(tmp_path: Path, county: DemoServer, other: DemoServer) -> None:
    served_site(tmp_path, county)
    served_site(tmp_path, other, "second")
    done = python(tmp_path, "-c", TWO)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    found = rows(tmp_path, "SELECT s.name, r.outcome FROM runs r JOIN sites s ON s.id = r.site ORDER BY 1")
    assert found == [("county", "good"), ("second", "good")]
    where = ("--archive", tmp_path / "archive", "--sites", tmp_path / "sites")
    assert lufeng(*where, "verify").code == 0
    before = everything(tmp_path / "archive")
    assert lufeng(*where, "rebuild").code == 0
    assert everything(tmp_path / "archive") == before
