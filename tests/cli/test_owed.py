"""Tests owed as a command, over a small archive made for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lufeng_crawler.cli import main
from tests.support.archive_builder import Story, address, answer, article, listing, moment, unanswered


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    story = Story(tmp_path_factory.mktemp("owed"))
    page = listing(1, [2, "一行\u001b[31m\n标题"], 3, 4, "http://a.example/1")
    story.run(1, page, article(1), rules=1, hosts=("gulou.example",))
    story.run(2, answer(2, status=503), unanswered(4, "forbidden"), rules=1, hosts=("gulou.example",))
    story.run(3, answer(2, status=302, to="http://b.example/gate"), unanswered(2), rules=1, hosts=("gulou.example",))
    return story.folder


def said(folder: Path, *words: str) -> str:
    done = CliRunner().invoke(main, ["--archive", str(folder), "owed", *words])
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def test_each_line_says_what_was_listed_how_it_was_asked_for_and_when_it_will_be(folder: Path) -> None:
    first, second, *beyond = said(folder).splitlines()
    assert first.startswith("gulou: 要闻: 一行") and "\u001b" not in first
    asked = f"asked in 2 runs, last {moment(3, 2)}: unreachable (timed out); next from {moment(3.5, 2)}"
    assert first.endswith(f"{address(2)}  listed {moment(1, 1)}; {asked}")
    assert second == f"gulou: 要闻: line 3  {address(3)}  listed {moment(1, 1)}; not asked for yet"
    assert beyond == [
        "gulou: 1 out of reach: they lead to a.example, which the site file does not name",
        "gulou: 1 out of reach: they are forbidden by robots.txt",
    ]


def test_as_json_each_row_of_the_view(folder: Path) -> None:
    found = [json.loads(line) for line in said(folder, "--json").splitlines()]
    assert [(row["url"], row["asked"], row["last_outcome"]) for row in found] == [
        (address(2), 2, "unreachable"),
        (address(3), 0, None),
    ]
    names = "site column url title published first_listed asked last_asked last_outcome last_reason next_ask"
    assert list(found[0]) == names.split()


def test_of_one_site_alone(folder: Path) -> None:
    assert said(folder, "gulou") == said(folder)
    unknown = CliRunner().invoke(main, ["--archive", str(folder), "owed", "other"])
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert "other: the archive has nothing of a site of this name" in unknown.stderr


def test_a_redirect_out_of_reach_names_the_host_that_it_leads_to(tmp_path: Path) -> None:
    story = Story(tmp_path)
    away = answer(1, status=302, to="http://b.example/gate")
    story.run(1, listing(1), away, rules=1, hosts=("gulou.example",))
    told = "gulou: 1 out of reach: they lead to b.example, which the site file does not name\n"
    assert said(story.folder) == told


def test_nothing_is_owed_where_all_was_captured(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, listing(1), article(1), rules=1, hosts=("gulou.example",))
    assert said(story.folder) == "nothing is owed\n"
