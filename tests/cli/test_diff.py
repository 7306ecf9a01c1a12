"""Tests diff as a command: what people read, what programs read, and the one line where there is nothing to compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click.testing
import pytest

from lufeng_crawler.archive.diff import word_diff
from lufeng_crawler.cli import main
from lufeng_crawler.cli.diff import COARSE, CONTEXT_CHARACTERS
from tests.support.archive_builder import Story, address, article

FILE = [address("a.docx"), "报名表.docx"]
LONG = "本县今年以来坚持问题导向，" * 30
MOVED = "本次施工路段全长{}，由县公路管理段组织实施。"
BODY = f"{MOVED.format('1.4公里')}\n{LONG}\n到会12人。"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    story = Story(folder)
    story.run(1, article(1, "旧题", BODY), article(2), article(3, body="\x1b[31m红\x07"))
    new = f"{LONG}\n到会21人。\n{MOVED.format('0.9公里')}"
    story.run(2, article(1, "新题", new, files=[FILE]), article(3, body="\x1b[31m红的\x07"))
    story.run(3, article(1, "旧题", BODY))
    return folder


def run(folder: Path, *words: str, color: bool = False) -> click.testing.Result:
    return click.testing.CliRunner().invoke(main, ["--archive", str(folder), "diff", *words], color=color)


def said(folder: Path, *words: str, color: bool = False) -> str:
    done = run(folder, *words, color=color)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def told(folder: Path, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(folder, *words))
    return found


def test_what_people_read(folder: Path) -> None:
    lines = said(folder, "1", "1", "2").splitlines()
    assert lines[:3] == [
        "article 1: 新题",
        address(1),
        "version 1, first seen 2026-11-01T00:00:01Z → version 2, first seen 2026-11-02T00:00:01Z",
    ]
    assert lines[3:] == [
        "",
        "title",
        "[-旧题-]{+新题+}",
        "",
        "attachments",
        f"{{+报名表.docx  {FILE[0]}+}}",
        "",
        "body: 2 number, 1 moved",
        f"[-{MOVED.format('1.4公里')}-](moved 1)",
        f"{LONG[:CONTEXT_CHARACTERS]} … {LONG[-CONTEXT_CHARACTERS + 3 :]}",
        "到会[-12人-]{+21人+}(number)。",
        "{+" + MOVED.format("[-1.4公里-]{+0.9公里+}(number)") + "+}(moved 1)",
    ]


def test_colour_is_for_terminals_alone(folder: Path) -> None:
    plain, coloured = said(folder, "1"), said(folder, "1", color=True)
    assert "\x1b" not in plain
    assert "\x1b[31m[-" in coloured
    assert click.unstyle(coloured) == plain


def test_what_stands_in_a_page_cannot_speak_to_the_terminal(folder: Path) -> None:
    assert "\x1b[31m红" not in said(folder, "3", color=True)
    assert "\x07" not in said(folder, "3")


def test_the_same_as_json(folder: Path) -> None:
    row = told(folder, "1", "1", "2", "--format", "json")
    assert (row["article"], row["from"], row["to"], list(row["fields"])) == (1, 1, 2, ["title", "attachments", "body"])
    assert {"number"} == {one.get("label") for one in row["fields"]["body"]["operations"] if one["op"] == "replace"}
    assert told(folder, "1", "1", "2", "--json") == row


def test_an_address_names_an_article_too_and_the_last_versions_are_compared(folder: Path) -> None:
    row = told(folder, address(1), "--json")
    assert (row["from"], row["to"]) == (2, 3)


def test_versions_that_say_the_same(folder: Path) -> None:
    assert said(folder, "1", "1", "3").splitlines()[-1] == "no difference"
    assert told(folder, "1", "1", "3", "--json")["fields"] == {}
    assert "no difference" in said(folder, "1", "1", "3", "--format", "html")


def test_a_coarse_result_is_said_in_all_three(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert COARSE not in said(folder, "1", "1", "2")
    monkeypatch.setattr(word_diff, "MAX_EQUAL_PAIRS", 0)
    assert f"({COARSE})" in said(folder, "1", "1", "2").splitlines()
    assert COARSE in said(folder, "1", "1", "2", "--format", "html")
    row = told(folder, "1", "1", "2", "--json")
    assert (row["coarse"], row["fields"]["body"]["coarse"]) == (True, True)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["2"], "lufeng: 2: the archive holds one version of this article, and nothing to compare it with\n"),
        (["1", "1", "7"], "lufeng: 1: this article has no version 7; there is 1, 2, 3\n"),
        (["99"], "lufeng: 99: no article of the archive has this id or address\n"),
    ],
)
def test_one_line_where_nothing_can_be_compared(folder: Path, words: list[str], error: str) -> None:
    done = run(folder, *words)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", error)


@pytest.mark.parametrize("words", [["1", "2"], ["1", "one", "two"], ["1", "1", "2", "--format", "pdf"]])
def test_wrong_use(folder: Path, words: list[str]) -> None:
    assert run(folder, *words).exit_code == 2
