"""The commands as users and programs see them: what they print, under which keys, and how they end."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lufeng_crawler import __version__, demo
from lufeng_crawler.cli import main
from tests.support.commands import Done, crawl, environment, lufeng, site

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
FIELDS = {"title", "published", "author", "source", "editor", "publisher", "doc_number", "index_number", "body"}
ARTICLE = FIELDS | {
    "id", "site", "key", "url", "urls", "column", "presence", "presence_since", "first_seen", "last_seen", "version",
    "attachments", "content_digest",
}  # fmt: skip
KEYS = {
    "crawl": {
        "site", "run", "outcome", "reason", "requests", "captures", "entries", "new", "edited", "unchanged", "missing",
        "gone", "restored", "delisted", "blocked", "errors", "seconds",
    },
    "show": ARTICLE | {"provenance"},
    "export": ARTICLE,
    "history": FIELDS | {"number", "capture", "first_seen", "last_seen"},
    "diff": {"article", "from", "to", "fields"},
    "status": {
        "site", "last_good", "last_outcome", "reason", "articles", "newest", "entries", "expected", "blocked",
        "layout_alarms", "next_due",
    },
    "rebuild": {"files", "captures", "new", "edited", "unchanged", "skipped", "errors", "seconds"},
    "sites": {"site", "title", "start", "family", "every", "columns"},
}  # fmt: skip
"""The keys of `--json` that other programs may rely on; more may be added."""


@pytest.fixture(scope="module")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose archive has seen the county on two days."""
    folder = tmp_path_factory.mktemp("county")
    site(folder)
    with demo.serve() as county:
        for county.day in (1, 2):
            assert crawl(folder, county, "--full").code == 0
    yield folder


def of(folder: Path, *words: object) -> Done:
    done = lufeng("--archive", folder / "archive", "--sites", folder / "sites", *words)
    assert (done.code, done.err) == (0, "")
    return done


@pytest.fixture(scope="module")
def edited(two_days: Path) -> str:
    """The id of an article that was edited on the second day."""
    of(two_days, "export", two_days / "all.jsonl")
    rows = map(json.loads, (two_days / "all.jsonl").read_text("utf-8").splitlines())
    return next(str(row["id"]) for row in rows if row["key"] == "1163")


def test_the_keys_of_what_is_shown(two_days: Path, edited: str) -> None:
    [row] = of(two_days, "show", edited, "--json").lines
    assert KEYS["show"] <= row.keys()
    assert (row["key"], row["version"], row["presence"], row["published"]) == ("1163", 2, "live", "2026-11-17")
    assert {"rule", "value"} <= row["provenance"]["title"].keys()
    assert all(re.fullmatch(MOMENT, row[name]) for name in ("first_seen", "last_seen", "presence_since"))
    [same] = of(two_days, "show", row["url"], "--json").lines
    assert same == row


def test_the_keys_of_a_history(two_days: Path, edited: str) -> None:
    first, second = of(two_days, "history", edited, "--json").lines
    assert KEYS["history"] <= first.keys() == second.keys()
    assert (first["number"], second["number"]) == (1, 2)
    assert first["body"] != second["body"]


def test_the_keys_of_a_diff(two_days: Path, edited: str) -> None:
    [row] = of(two_days, "diff", edited, "--format", "json").lines
    assert KEYS["diff"] <= row.keys()
    assert (row["article"], row["from"], row["to"]) == (int(edited), 1, 2)
    assert list(row["fields"]) == ["published", "body"]
    changed = [one for one in row["fields"]["body"]["operations"] if one["op"] != "equal"]
    assert ("12月15日", "12月5日", "date") in [(one["old"], one["new"], one["label"]) for one in changed]


def test_the_keys_of_an_export(two_days: Path, edited: str) -> None:
    lines = (two_days / "all.jsonl").read_text("utf-8").splitlines()
    assert all(KEYS["export"] <= json.loads(line).keys() for line in lines)


def test_the_keys_of_a_status(two_days: Path) -> None:
    [row] = of(two_days, "status", "--json").lines
    assert KEYS["status"] <= row.keys()
    assert (row["site"], row["last_outcome"], row["reason"], row["blocked"]) == ("county", "good", None, 1)
    assert row["newest"] == "2026-11-17"
    assert row["next_due"] > row["last_good"]
    assert of(two_days, "status", "county", "--json").lines == [row]
    assert of(two_days, "status", "lufeng", "--json").lines == []


def test_the_keys_of_a_rebuild(two_days: Path, tmp_path: Path) -> None:
    shutil.copytree(two_days / "archive", tmp_path / "archive")
    (tmp_path / "archive" / "archive.db").unlink()
    done = lufeng("--archive", tmp_path / "archive", "--sites", two_days / "sites", "rebuild", "--json")
    assert KEYS["rebuild"] <= done.report.keys()
    assert (done.report["edited"], done.report["errors"]) == (2, 0)


def test_the_keys_of_a_crawl(two_days: Path) -> None:
    with demo.serve(day=2) as county:
        report = crawl(two_days, county, "--full").report
    assert report.keys() >= KEYS["crawl"]
    assert (report["new"], report["edited"], report["blocked"]) == (0, 0, 1)
    assert report["unchanged"] > 40


def test_sites_are_listed(tmp_path: Path) -> None:
    rows = lufeng("--sites", site(tmp_path), "sites", "--json").lines
    names = [row["site"] for row in rows]
    assert names == sorted(names)
    assert {"county", "demo", "lufeng"} <= set(names)
    assert all(KEYS["sites"] <= row.keys() for row in rows)
    text = lufeng("sites").out
    assert "禄丰市人民政府" in text
    assert text.count("\n") == len(names) - 1


def test_what_people_read(two_days: Path, edited: str) -> None:
    shown = of(two_days, "show", edited).out
    assert "Title: " in shown
    assert f"article {edited}, version 2, live as of " in shown
    assert "[" in of(two_days, "show", edited, "--provenance").out
    history = of(two_days, "history", edited).out
    assert re.search(rf"version 2  {MOMENT}", history)
    assert "edited: body text changed, and the page's date went from 2026-11-12 to 2026-11-17\n" in history
    assert f"edited  article {edited}: " in of(two_days, "changes", "--kind", "edited").out
    status = of(two_days, "status").out
    assert status.startswith("county: good; ")
    assert status.count("\n") == 1


def test_a_site_that_was_never_crawled_has_no_status(two_days: Path) -> None:
    assert of(two_days, "status", "lufeng").out == "nothing has been crawled yet\n"


def on_a_terminal(*words: object) -> tuple[str, str]:
    """What goes to stdout, a pipe, while stderr is a terminal; and what goes there."""
    ours, theirs = pty.openpty()
    command = [str(Path(sys.executable).with_name("lufeng")), *map(str, words)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=theirs, env=environment({"TERM": "xterm"})
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux says that the other side is closed in this way
                break
            if not piece:
                break
            shown += piece
        assert process.stdout
        out = process.stdout.read()
    os.close(ours)
    return out.decode(), shown.decode()


def test_a_progress_bar_leaves_stdout_alone(tmp_path: Path) -> None:
    with demo.serve() as county:
        out, shown = on_a_terminal("--archive", tmp_path, "crawl", "demo", "--start", county.url, "--json")
    assert KEYS["crawl"] <= json.loads(out).keys()
    assert re.search(r"demo\s+\d+ answers", shown)
    assert "{" not in shown


def test_a_reader_that_has_seen_enough_is_no_error(two_days: Path, edited: str) -> None:
    lufeng_path = Path(sys.executable).with_name("lufeng")
    command = f"{lufeng_path} --archive {two_days / 'archive'} --sites {two_days / 'sites'} history {edited} | true"
    shell = ["bash", "-c", f"set -o pipefail; {command}"]
    done = subprocess.run(shell, capture_output=True, text=True, env=environment(), check=False)
    assert "Errno" not in done.stderr
    assert "Traceback" not in done.stderr


def commands() -> list[str]:
    return sorted(main.commands)


@pytest.mark.parametrize("name", commands())
def test_every_command_says_what_it_does_and_what_each_option_is_for(name: str) -> None:
    command = main.commands[name]
    first = (command.help or "").splitlines()[0]
    assert first.endswith(".")
    assert len(command.get_short_help_str(limit=100)) < 100
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help and option.help.endswith("."), option.name
    done = lufeng(name, "--help")
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= 80


def test_the_program_says_what_it_is() -> None:
    assert lufeng("--version").out == f"lufeng, version {__version__}\n"
    shown = lufeng("--help").out
    assert all(f"\n  {name} " in shown for name in commands())
    assert "..." not in shown.partition("Commands:")[2], "a command's line is cut short"


@pytest.mark.parametrize("words", [("--nonsense",), ("crawl", "--limit", "0"), ("nonsense",), ("--sites", "/nowhere")])
def test_wrong_words_end_with_2(words: tuple[str, ...]) -> None:
    done = lufeng(*words)
    assert done.code == 2
    assert "Error: " in done.err
    assert "Traceback" not in done.err
