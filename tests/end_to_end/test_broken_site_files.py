"""One bad site file never stops the night: the others are crawled, the bad one is named, the exit code says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lufeng_crawler.demo import DemoServer
from tests.support.archive_builder import everything
from tests.support.commands import LISTINGS, Done, environment, kept, lufeng, rows, site

ONE = f'[[columns]]\nname = "通知公告"\npath = "{LISTINGS["通知公告"]}"'
GOOD = f'title = "x"\nstart = "http://127.0.0.1:1/"\n{ONE}\n'

BROKEN: dict[str, Callable[[Path], object]] = {
    "broken TOML": lambda path: path.write_text("title = "),
    "nothing in it": lambda path: path.write_text(""),
    "an unknown key": lambda path: path.write_text(f"colour = 1\n{GOOD}"),
    "a wrong value": lambda path: path.write_text(f"every = 'soon'\n{GOOD}"),
    "not UTF-8": lambda path: path.write_bytes('title = "鼓楼"'.encode("gb18030")),
    "zeros, as a power cut leaves them": lambda path: path.write_bytes(bytes(512)),
    "nested without end": lambda path: path.write_text(f"a = {'[' * 20_000}"),
    "a folder": lambda path: path.mkdir(),
    "a link to nothing": lambda path: path.symlink_to("nowhere.toml"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a pipe": os.mkfifo,
    "what cannot be read": lambda path: path.symlink_to("/proc/self/mem"),
}

LEFTOVERS = ("._county.toml", ".#county.toml", ".county.toml.swp", "county.toml~", "#county.toml#", "county.toml.bak")


NIGHT = """
import pathlib, sys
from lufeng_crawler.crawl import CrawlJob, CrawlRunner
from lufeng_crawler.reader import open_archive
archive, sites = map(pathlib.Path, sys.argv[1:])

def somebody_edits():
    (sites / "edited.toml").write_text("title = ")
    (sites / "removed.toml").unlink()

jobs = [CrawlJob("county", before=somebody_edits), *map(CrawlJob, ("edited", "removed", "last"))]
opened = open_archive(archive, sites)
runner = CrawlRunner(opened, sites)
runner.run(jobs, at_once=1)
opened.close()
print([report.site for report in runner.reports], [str(problem).partition("toml")[0] for problem in runner.refused])
"""


def served_site(folder: Path, county: DemoServer, name: str = "county", **scrapy: object) -> Path:
    """A site file whose start is the served county; its path."""
    file = site(folder, name, ONE, **scrapy) / f"{name}.toml"
    file.write_text(file.read_text("utf-8").replace("http://127.0.0.1:1/", county.url), encoding="utf-8")
    return file


def run(folder: Path, *words: object) -> Done:
    return lufeng("--archive", folder / "archive", "--sites", folder / "sites", *words)


def named(done: Done, *files: str) -> None:
    """Each of these files, and nothing else, is named on stderr, in one line each, and the exit code is that of it."""
    lines = done.err.splitlines()
    assert (done.code, len(lines)) == (2, len(files)), done.err
    assert [line.startswith("lufeng: ") and file in line for line, file in zip(lines, files, strict=True)]


@pytest.mark.parametrize("kind", BROKEN)
def test_the_others_are_crawled_listed_and_shown(tmp_path: Path, county: DemoServer, kind: str) -> None:
    served_site(tmp_path, county)
    BROKEN[kind](tmp_path / "sites" / "broken.toml")
    done = run(tmp_path, "crawl", "broken", "county", "--json")
    named(done, "broken.toml")
    assert [line["site"] for line in done.lines] == ["county"]
    assert rows(tmp_path, "SELECT outcome FROM runs") == [("good",)]
    for command in (("status", "--json"), ("sites", "--json")):
        done = run(tmp_path, *command)
        named(done, "broken.toml")
        assert "county" in {line["site"] for line in done.lines}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_command_that_needs_none_but_the_broken_one_does_nothing(tmp_path: Path, kind: str) -> None:
    (tmp_path / "sites").mkdir()
    BROKEN[kind](tmp_path / "sites" / "broken.toml")
    for command in (("crawl", "broken"), ("status", "broken"), ("sites", "check", "broken")):
        done = run(tmp_path, *command)
        named(done, "broken.toml")
        assert done.out == ""
    assert not (tmp_path / "archive").exists()


def test_a_site_that_is_whole_is_not_asked_about_the_others(tmp_path: Path, county: DemoServer) -> None:
    served_site(tmp_path, county)
    BROKEN["broken TOML"](tmp_path / "sites" / "broken.toml")
    for command in (("crawl", "county"), ("status", "county"), ("rebuild",)):
        done = run(tmp_path, *command)
        assert (done.code, done.err) == (0, "")


def test_what_an_editor_or_a_mac_leaves_behind_is_nobodys_site(tmp_path: Path, county: DemoServer) -> None:
    served_site(tmp_path, county)
    for name in LEFTOVERS:
        (tmp_path / "sites" / name).write_bytes(b"\0\5\x16\7")
    (tmp_path / "sites" / ".#other.toml").symlink_to("somebody@machine.1234")
    for command in (("sites",), ("crawl", "county"), ("status",), ("schedule", "--cron"), ("rebuild",)):
        done = run(tmp_path, *command)
        assert (done.code, done.err) == (0, "")


def test_several_are_named_and_the_exit_code_is_theirs(tmp_path: Path, county: DemoServer) -> None:
    """Two of them broken, one unknown, one unreachable: of several causes the site files come first."""
    served_site(tmp_path, county)
    site(tmp_path, "silent", ONE)
    for name in ("first", "second"):
        BROKEN["an unknown key"](tmp_path / "sites" / f"{name}.toml")
    done = run(tmp_path, "crawl", "first", "silent", "nobody", "second", "county", "--json")
    named(done, "first.toml", "no site is named nobody", "second.toml")
    assert {line["site"]: line["outcome"] for line in done.lines} == {"silent": "unreachable", "county": "good"}


def test_a_night_of_what_is_due(tmp_path: Path, county: DemoServer) -> None:
    served_site(tmp_path, county)
    BROKEN["broken TOML"](tmp_path / "sites" / "broken.toml")
    done = run(tmp_path, "crawl", "--due", "broken", "county", "--json")
    named(done, "broken.toml")
    assert [line["outcome"] for line in done.lines] == ["good"]
    done = run(tmp_path, "crawl", "--due", "broken", "county")
    named(done, "broken.toml")
    assert done.out == "no site is due\n"


def test_the_schedule_is_that_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    BROKEN["broken TOML"](tmp_path / "sites" / "broken.toml")
    done = run(tmp_path, "schedule", "--cron")
    named(done, "broken.toml")
    assert done.out.rstrip().endswith("crawl --due")


def test_a_broken_file_of_ones_own_does_not_bring_back_the_bundled_one(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    BROKEN["broken TOML"](tmp_path / "sites" / "lufeng.toml")
    done = run(tmp_path, "sites", "--json")
    named(done, "lufeng.toml")
    assert "lufeng" not in {line["site"] for line in done.lines}


@pytest.mark.parametrize(
    ("scrapy", "word"),
    [
        ({"DOWNLOAD_DELAY": "often"}, "often"),
        ({"EXTENSIONS": "all of them"}, "scrapy"),
        ({"LUFENG_LARGEST": "1 GB"}, "1 GB"),
        ({"USER_AGENT": {"name": "x"}}, "USER_AGENT"),
    ],
    ids=["a delay", "extensions", "a size", "a table"],
)
def test_a_setting_with_which_no_crawl_starts(
    tmp_path: Path, county: DemoServer, scrapy: dict[str, object], word: str
) -> None:
    served_site(tmp_path, county)
    file = served_site(tmp_path, county, "odd")
    text = file.read_text("utf-8")
    (name, value), *_ = scrapy.items()
    kept_lines = [line for line in text.splitlines() if not line.startswith(f"{name} =")]
    said = f"{name} = {json.dumps(value)}" if isinstance(value, str) else f'[scrapy.{name}]\nname = "x"'
    file.write_text("\n".join([*kept_lines, said]), encoding="utf-8")
    done = run(tmp_path, "crawl", "odd", "county", "--json")
    named(done, "odd.toml: scrapy")
    assert word in done.err
    assert [line["site"] for line in done.lines] == ["county"]
    assert rows(tmp_path, "SELECT outcome FROM runs") == [("good",)]


def test_nothing_is_read_by_other_rules_than_its_sites(tmp_path: Path, county: DemoServer) -> None:
    """With its own file broken, a site's pages are not read anew, nor given to a site that is named after the host."""
    file = served_site(tmp_path, county)
    assert run(tmp_path, "crawl", "county").code == 0
    before, captures = everything(tmp_path / "archive"), len(list(kept(tmp_path)))
    BROKEN["broken TOML"](file.with_name("other.toml"))
    warc = next((tmp_path / "archive" / "captures").glob("*.warc.gz"))
    named(run(tmp_path, "ingest", warc), "other.toml")
    assert run(tmp_path, "rebuild").code == 0
    file.write_text("title = ", encoding="utf-8")
    for command in (("rebuild",), ("rebuild", "--dry-run")):
        named(run(tmp_path, *command), "county.toml")
    (tmp_path / "other").mkdir()
    done = lufeng("--archive", tmp_path / "other", "--sites", tmp_path / "sites", "merge", tmp_path / "archive")
    named(done, "county.toml")
    assert list((tmp_path / "other").iterdir()) == []
    assert (everything(tmp_path / "archive"), len(list(kept(tmp_path)))) == (before, captures)
    assert not list((tmp_path / "archive").glob("archive.db.new*"))


def test_without_a_database_any_broken_file_may_be_that_of_a_site(tmp_path: Path, county: DemoServer) -> None:
    file = served_site(tmp_path, county)
    assert run(tmp_path, "crawl", "county").code == 0
    for part in (tmp_path / "archive").glob("archive.db*"):
        part.unlink()
    BROKEN["broken TOML"](file.with_name("other.toml"))
    named(run(tmp_path, "rebuild"), "other.toml")
    assert not (tmp_path / "archive" / "archive.db").exists()


def test_a_file_that_breaks_in_the_night_stops_its_own_site_alone(tmp_path: Path, county: DemoServer) -> None:
    for name in ("county", "edited", "removed", "last"):
        served_site(tmp_path, county, name)
    command = [sys.executable, "-c", NIGHT, str(tmp_path / "archive"), str(tmp_path / "sites")]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    told = f"['county', 'last'] ['{tmp_path}/sites/edited.', 'no site is named removed; known are: "
    assert done.stdout.startswith(told.partition("known")[0])
