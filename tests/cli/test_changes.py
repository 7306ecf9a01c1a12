"""Tests changes as a command, over a small archive made for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click.testing
import pytest

from lufeng_crawler.cli import main
from tests.support.archive_builder import Story, address, answer, article, document, moment


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Article 1 edited on day 2; article 2 missing on day 2 and gone on day 4."""
    story = Story(tmp_path_factory.mktemp("county"))
    story.run(1, article(1, "旧题"), article(2, "另\n一题"))
    story.run(2, article(1, "新题"), answer(2, status=404))
    story.run(4, answer(2, status=404))
    return story.folder


def run(folder: Path, *words: str) -> click.testing.Result:
    return click.testing.CliRunner().invoke(main, ["--archive", str(folder), "changes", *words])


def said(folder: Path, *words: str) -> str:
    done = run(folder, *words)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def told(folder: Path, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said(folder, *words).splitlines()]


def test_an_event_in_two_lines(folder: Path) -> None:
    lines = said(folder).splitlines()
    assert len(lines) == 10
    assert lines[4:6] == [
        "2026-11-02T00:00:01Z  gulou  edited  article 1: 新题",
        "    title changed while the page kept its date of 2026-11-01 (silent edit)",
    ]
    assert lines[-2:] == [
        "2026-11-04T00:00:01Z  gulou  gone  article 2: 另 一题",
        "    taken down: seen gone on 2026-11-02 and 2026-11-04, by 2 runs",
    ]


@pytest.mark.parametrize("words", [["--json"], ["--format", "json"], ["--format", "rss", "--json"]])
def test_an_event_as_json(folder: Path, words: list[str]) -> None:
    rows = told(folder, *words, "--kind", "gone")
    assert [(row["kind"], row["captures"], row["url"]) for row in rows] == [("gone", [4, 5], address(2))]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--since", "2026-11-02"], ["edited", "missing", "gone"]),
        (["--since", "2026-11-02", "--until", "2026-11-02"], ["edited", "missing"]),
        (["--since", "2026-11-02T08:00:02+08:00", "--until", "2026-11-03T00:00:00"], ["missing"]),
        (["--kind", "gone", "--kind", "missing"], ["missing", "gone"]),
        (["--site", "gulou", "--kind", "new"], ["new", "new"]),
        (["--site", "nowhere"], []),
    ],
)
def test_only_what_was_asked_for(folder: Path, words: list[str], expected: list[str]) -> None:
    assert [row["kind"] for row in told(folder, *words, "--json")] == expected


def test_a_feed_and_a_page_have_the_newest_first(folder: Path) -> None:
    feed = ElementTree.fromstring(said(folder, "--format", "rss").encode())
    assert [item.findtext("category") for item in feed.iter("item")][:2] == ["gone", "missing"]
    atom = ElementTree.fromstring(said(folder, "--format", "atom").encode())
    assert [one.attrib["term"] for one in atom.iter("{http://www.w3.org/2005/Atom}category")][:3:2] == [
        "gone",
        "missing",
    ]
    page = said(folder, "--format", "html")
    assert page.index("taken down") < page.index("silent edit") < page.index("first seen")


@pytest.mark.parametrize(
    "words", [["--since", "yesterday"], ["--until", "2026-13-01"], ["--kind", "vanished"], ["--format", "pdf"]]
)
def test_what_cannot_be_asked_is_wrong_use(folder: Path, words: list[str]) -> None:
    done = run(folder, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words[1] in done.stderr


def test_a_history_tells_of_a_file_that_was_replaced_under_its_address(tmp_path: Path) -> None:
    story = Story(tmp_path)
    page = article(1, files=[[address("a.pdf"), "表一"], [address("b.pdf"), "表二"]])
    story.run(1, page, document("a.pdf", b"%PDF one"), document("b.pdf"))
    story.run(2, page, document("a.pdf", b"%PDF other"), document("b.pdf"))
    assert story.kinds() == ["new"]
    done = click.testing.CliRunner().invoke(main, ["--archive", str(tmp_path), "history", "1"])
    lines = [line for line in done.stdout.splitlines() if line.startswith("file ")]
    assert [line.split()[1:3] for line in lines] == [[address("a.pdf"), moment(1, 2)], [address("a.pdf"), moment(2, 2)]]
    assert "  8 bytes, sha256:" in lines[0] and "  10 bytes, sha256:" in lines[1]


def test_a_history_tells_the_same_sentences(folder: Path) -> None:
    done = click.testing.CliRunner().invoke(main, ["--archive", str(folder), "history", "2"])
    assert [line.split("Z  ")[1] for line in done.stdout.splitlines()[1:]] == [
        "new: first seen, dated 2026-11-01",
        "missing: not there on 2026-11-02: the site answered 404; one look does not prove that it was taken down",
        "gone: taken down: seen gone on 2026-11-02 and 2026-11-04, by 2 runs",
        "capture 2: the article was there",
        "capture 4: not there: the site answered 404",
        "capture 5: not there: the site answered 404",
    ]
