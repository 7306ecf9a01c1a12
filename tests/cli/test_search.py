"""Tests `lufeng search` and `lufeng index` as users meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lufeng_crawler.cli import main
from tests.support.archive_builder import Story, answer, article, rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    story = Story(tmp_path)
    story.run(1, article(1, "税收通知", "一", source="县府办"), article(2, "题二", "稅收二\x1b[2J", "2026-11-02"))
    story.run(2, answer(1, status=404), article(2, "题二", "稅收三\x1b[2J", "2026-11-02"))
    return tmp_path


def lufeng(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--archive", str(folder), *words])


def test_json_has_the_keys_that_are_promised(folder: Path) -> None:
    lines = [json.loads(line) for line in lufeng(folder, "search", "税收", "--json").stdout.splitlines()]
    assert [line["id"] for line in lines] == [1, 2]
    assert list(lines[0])[:8] == ["id", "site", "url", "title", "published", "source", "snippet", "score"]
    assert (lines[0]["presence"], lines[1]["presence"]) == ("missing", "live")
    (start, stop), *_ = lines[1]["marks"]
    assert lines[1]["snippet"][start:stop] == "稅收"


def test_text_is_for_a_terminal(folder: Path) -> None:
    shown = lufeng(folder, "search", "税收").stdout
    assert "税收通知  [missing]" in shown
    assert "article 1  2026-11-01  gulou  县府办" in shown
    assert "2 found" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["税收", "-通知"], [2]),
        (["税收 -通知"], [2]),
        (["title:税收"], [1]),
        (["税收", "--sort", "date"], [2, 1]),
        (["税收", "--limit", "1"], [1]),
        (["税收", "--from", "2026-11-02"], [2]),
        (["税收", "--to", "2026-11-01", "--site", "gulou"], [1]),
        (["税收", "--column", "要闻"], []),
        (["NOT", "税收"], []),
    ],
)
def test_words_and_options(folder: Path, words: list[str], expected: list[int]) -> None:
    done = lufeng(folder, "search", *words, "--json")
    assert (done.exit_code, [json.loads(line)["id"] for line in done.stdout.splitlines()]) == (0, expected)


def test_what_is_left_and_what_is_not_there_is_said(folder: Path) -> None:
    assert "the first 1; there are more" in lufeng(folder, "search", "税收", "--limit", "1").stdout
    assert lufeng(folder, "search", "没有").stdout == "nothing found\n"


@pytest.mark.parametrize("words", [['"税收'], ["税收", "--limt", "3"], [""], ["税", "--sort", "size"], []])
def test_wrong_use_is_one_line(folder: Path, words: list[str]) -> None:
    done = lufeng(folder, "search", *words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()[-1]) > 10


def test_index_makes_it_anew(folder: Path) -> None:
    assert rows(folder, "SELECT count(*) AS dead FROM retired") == [{"dead": 1}]
    assert lufeng(folder, "index").stdout == "2 articles indexed\n"
    assert rows(folder, "SELECT count(*) AS dead FROM retired") == [{"dead": 0}]
    assert "2 found" in lufeng(folder, "search", "税收").stdout
