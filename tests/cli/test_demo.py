"""Tests `lufeng demo`: its quick start works as it is printed, and it leaves earlier archives alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lufeng_crawler.cli.demo import WIDTH, _unused_folder
from lufeng_crawler.demo import OFFICES, Office
from tests.support.archive_builder import rows
from tests.support.commands import Done, lufeng


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def done(folder: Path) -> Done:
    return lufeng("--archive", folder / "data", "demo")


@pytest.fixture(scope="module")
def told(done: Done) -> dict[str, str]:
    """What is printed of each office, on one line."""
    _, _, after = done.out.partition("And what a crawler must not believe")
    return {part.partition(":")[0]: " ".join(part.split()) for part in after.split("\n\n")[1:-1]}


def test_the_demo_is_the_quick_start(done: Done, tmp_path: Path) -> None:
    assert (done.code, done.err) == (0, "")
    for day, said in ((1, "51 new"), (2, "3 new, 2 edited"), (3, "1 restored")):
        assert re.search(rf"^Day {day}, 2026-11-\d\d: demo: good: .*{said}", done.out, re.MULTILINE)
    assert "not shown to us (521 加速乐), so nothing is claimed: http://127.0.0.1:" in done.out
    for line in re.findall(r"^  lufeng --archive (\S+) (.+)$", done.out, re.MULTILINE):
        words = line[1].replace("articles.csv", str(tmp_path / "articles.csv")).split()
        if words[0] != "serve":  # ends when it is interrupted: see test_serve
            assert lufeng("--archive", line[0], *words).code == 0
    assert (tmp_path / "articles.csv").read_text("utf-8-sig").startswith("id,site,key,url")


SAID = {
    "demo-pager": "below expectation (交易公告: 10 of 23 lines seen, page 1 of 3; cannot follow javascript:goPage(2))",
    "demo-moved": "6 of 6 lines lead to jyj.lufengxian.example, not named in the site file (hosts)",
    "demo-gate": "nothing was captured of what the listings name): 0 new, 5 owed",
    "demo-counter": "a line of the template, left out of comparisons from now on: 您是本页第#位来访者 (8 articles:",
    "demo-304": "it answered 304 although the page had changed; asked unconditionally from now on: http://127.0.0.1:",
}
"""What the demo says of each office: the reason, the counts and the notes of its last crawl."""


@pytest.mark.parametrize("office", OFFICES, ids=lambda office: office.site)
def test_what_an_office_does_is_told_in_plain_words(office: Office, told: dict[str, str]) -> None:
    assert len(told) == len(OFFICES)
    assert told[office.name].startswith(f"{office.name}: {office.does} {office.site}: ")
    assert SAID[office.site] in told[office.name]


FOUND = {
    "demo-pager": ("SELECT count(*) FROM latest_articles WHERE site = 'demo-pager'", 10),
    "demo-moved": ("SELECT count(*) FROM out_of_reach WHERE site = 'demo-moved'", 6),
    "demo-gate": ("SELECT count(*) FROM owed WHERE site = 'demo-gate' AND last_outcome = 'redirect'", 5),
    "demo-counter": ("SELECT count(*) FROM edits WHERE site = 'demo-counter'", 0),
    "demo-304": ("SELECT count(*) FROM edits WHERE site = 'demo-304'", 1),
}


@pytest.mark.parametrize("site", FOUND)
def test_what_is_told_of_an_office_is_in_the_archive(site: str, done: Done, folder: Path) -> None:
    query, number = FOUND[site]
    [(found,)] = [row.values() for row in rows(folder / "data" / "demo", query)]
    assert found == number


def test_what_is_told_of_the_offices_fits_in_a_terminal(done: Done) -> None:
    _, _, after = done.out.partition("\n\n县")
    lines = after.partition("\n\nAll of it")[0].splitlines()
    assert len(lines) > 3 * len(OFFICES) - 1
    assert [line for line in lines if len(line) > WIDTH] == []


def test_a_demo_never_touches_the_archive_of_an_earlier_one(tmp_path: Path) -> None:
    assert _unused_folder(tmp_path / "demo") == tmp_path / "demo"
    for name in ("demo", "demo-2"):
        (tmp_path / name).mkdir()
    assert _unused_folder(tmp_path / "demo") == tmp_path / "demo-3"
