"""Tests show, history, copies and status as commands, over a small archive made for them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import click.testing
import pytest

from lufeng_crawler.cli import main
from lufeng_crawler.cli.looking import LABELS
from tests.support.archive_builder import Story, address, article
from tests.support.archive_builder import answer as archive_builder_answer
from tests.support.made_copies import made

FILE = ["http://gulou.example/a.docx", "报名表.docx"]
TOML = """title = "鼓楼区人民政府"
start = "http://gulou.example/"
every = "6h"
[[columns]]
name = "要闻"
path = "/list.htm"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Article 1 edited, article 2 missing; a site file for their site."""
    folder = tmp_path_factory.mktemp("county")
    story = Story(folder / "archive")
    story.run(1, article(1, "旧题", files=[FILE]), article(2, "另一题", column="要闻"))
    story.run(2, article(1, "新题", author="某人", files=[FILE]), archive_builder_answer(2, status=404))
    (folder / "sites").mkdir()
    (folder / "sites" / "gulou.toml").write_text(TOML, "utf-8")
    return folder


def run(folder: Path, *words: str) -> click.testing.Result:
    where = ["--archive", str(folder / "archive"), "--sites", str(folder / "sites")]
    return click.testing.CliRunner().invoke(main, [*where, *words])


def said(folder: Path, *words: str) -> str:
    done = run(folder, *words)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def told(folder: Path, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said(folder, *words, "--json").splitlines()]


def test_an_article_as_people_read_it(folder: Path) -> None:
    lines = said(folder, "show", "1").splitlines()
    assert lines[0] == "标题 title: 新题"
    assert "作者 author: 某人" in lines
    assert f"附件 attachment: 报名表.docx  {FILE[0]}" in lines
    assert lines[-1].startswith("article 1, version 2, live as of 2026-11-02T")
    assert not any(line.startswith(LABELS["editor"]) for line in lines)


def test_an_article_is_the_same_by_its_id_and_by_its_address(folder: Path) -> None:
    assert told(folder, "show", "1") == told(folder, "show", address(1))
    assert said(folder, "show", "2") == said(folder, "show", address(2))


@pytest.mark.parametrize("command", ["show", "history", "copies"])
@pytest.mark.parametrize("wanted", ["99", "http://elsewhere.example/", "鹿峰", "0"])
def test_an_article_that_nobody_knows_is_one_line_and_2(folder: Path, command: str, wanted: str) -> None:
    done = run(folder, command, wanted)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"lufeng: {wanted}: no article of the archive has this id or address\n"


def test_where_there_is_no_archive_nothing_is_made(tmp_path: Path) -> None:
    done = click.testing.CliRunner().invoke(main, ["--archive", str(tmp_path / "none"), "history", "1"])
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_history_tells_versions_then_events_then_looks(folder: Path) -> None:
    lines = said(folder, "history", "1").splitlines()
    assert [line.split()[:2] for line in lines[:2]] == [["version", "1"], ["version", "2"]]
    assert lines[0].endswith("旧题") and lines[1].endswith("新题")
    assert [line[:10] for line in lines[2:]] == ["2026-11-01", "2026-11-02", "2026-11-01", "2026-11-02"]
    assert lines[-1].endswith("capture 3: the article was there")


def test_a_history_tells_why_an_article_is_missing(folder: Path) -> None:
    assert said(folder, "history", "2").splitlines()[-1].endswith("capture 4: not there: the site answered 404")
    assert [row["number"] for row in told(folder, "history", "2")] == [1]


def test_the_provenance_names_rule_and_disagreement(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "archive"
    copy.mkdir()
    with sqlite3.connect(folder / "archive" / "archive.db") as source, sqlite3.connect(copy / "archive.db") as target:
        source.backup(target)
        rules = {"title": {"rule": "h1", "value": "新题", "other_rule": "meta articletitle", "other_value": "旧题"}}
        target.execute("UPDATE versions SET provenance = ? WHERE number = 2", (json.dumps(rules),))
    source.close()
    target.close()
    words = ["--archive", str(copy), "show", "1"]
    plain, proved = (click.testing.CliRunner().invoke(main, [*words, *more]) for more in ([], ["--provenance"]))
    assert plain.stdout.splitlines()[0] == "标题 title: 新题"
    assert proved.stdout.splitlines()[0] == "标题 title: 新题   [h1; meta articletitle says 旧题]"


def test_a_status_is_of_every_site_or_of_one(folder: Path) -> None:
    (row,) = told(folder, "status", "gulou")
    assert (row["site"], row["last_outcome"], row["articles"]) == ("gulou", "good", 2)
    assert row in told(folder, "status")
    assert said(folder, "status", "gulou").startswith("gulou")


def test_a_status_of_a_site_without_a_file_is_wrong_use(folder: Path) -> None:
    done = run(folder, "status", "nowhere")
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


@pytest.fixture(scope="module")
def republished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Article 1, on another site with an end of its own as 2, edited since; 3 is a notice that holds it; 4 is short."""
    folder = tmp_path_factory.mktemp("copies")
    (folder / "sites").mkdir()
    story, text = Story(folder / "archive"), made(300)
    story.run(
        5,
        article(1, "通知", text, published="2026-11-01"),
        article(2, "转发", text + made(30, 2), published="2026-11-03", site="gongguan"),
        article(3, "通知", made(600, 3) + text, published="2026-10-01"),
        article(4, "通知", "详见附件"),
        article(5, "通知", made(300, 5)),
    )
    story.run(
        6, article(2, "转发", text, published="2026-11-03", site="gongguan"), archive_builder_answer(1, status=404)
    )
    return folder


def test_copies_are_told_the_first_published_first(republished: Path) -> None:
    assert said(republished, "copies", "1").splitlines() == [
        "article 1  gulou  2026-11-01  通知",
        "",
        f"article 3  gulou  2026-10-01  {address(3)}",
        "  33% of it is the article; published before the article, by their dates",
        "",
        f"article 2  gongguan  2026-11-03  {address(2)}",
        "  the same text; published after the article, by their dates;"
        " version 2 of it beside version 1 of the article; title differs",
    ]


def test_copies_say_what_became_of_them_and_what_is_part_of_what(republished: Path) -> None:
    lines = said(republished, "copies", address(3)).splitlines()
    assert lines[3] == "  it is 33% of the article; published after the article, by their dates; missing"


@pytest.mark.parametrize(
    ("wanted", "answer"),
    [("4", "it says too little to be known elsewhere"), ("5", "no other article of the archive says the same")],
)
def test_where_there_are_no_copies_that_is_said(republished: Path, wanted: str, answer: str) -> None:
    assert said(republished, "copies", wanted).splitlines()[1:] == [answer]
    assert told(republished, "copies", wanted) == []


def test_copies_as_json_are_rows_of_the_view(republished: Path) -> None:
    first, second = told(republished, "copies", "1")
    assert (first["copy"], first["part"], first["fields"]) == (3, 1.0, [])
    assert (second["copy"], second["exact"], second["fields"], second["first"]) == (2, 1, ["title"], 1)
