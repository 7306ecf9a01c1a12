"""Tests `lufeng show`: an article as people and as programs read it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import click.testing
import pytest

from lufeng_crawler.cli import main
from lufeng_crawler.cli.show import LABELS
from tests.support.archive_builder import address
from tests.support.command_archives import FILE
from tests.support.invoked import json_rows, output_of, run_in


def test_an_article_as_people_read_it(gulou: Path) -> None:
    lines = output_of(gulou, "show", "1").splitlines()
    assert lines[0] == "Title: 新题"
    assert "Author: 某人" in lines
    assert f"Attachments: 报名表.docx  {FILE[0]}" in lines
    assert lines[-1].startswith("article 1, version 2, live as of 2026-11-02T")
    assert not any(line.startswith(LABELS["editor"]) for line in lines)


def test_an_article_is_the_same_by_its_id_and_by_its_address(gulou: Path) -> None:
    assert json_rows(gulou, "show", "1") == json_rows(gulou, "show", address(1))
    assert output_of(gulou, "show", "2") == output_of(gulou, "show", address(2))


@pytest.mark.parametrize("command", ["show", "history", "copies"])
@pytest.mark.parametrize("wanted", ["99", "http://elsewhere.example/", "鹿峰", "0"])
def test_an_article_that_nobody_knows_is_one_line_and_2(gulou: Path, command: str, wanted: str) -> None:
    done = run_in(gulou, command, wanted)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"lufeng: {wanted}: no article of the archive has this id or address\n"


def test_the_provenance_names_rule_and_disagreement(gulou: Path, tmp_path: Path) -> None:
    copy = tmp_path / "archive"
    copy.mkdir()
    with sqlite3.connect(gulou / "archive" / "archive.db") as source, sqlite3.connect(copy / "archive.db") as target:
        source.backup(target)
        rules = {"title": {"rule": "h1", "value": "新题", "other_rule": "meta articletitle", "other_value": "旧题"}}
        target.execute("UPDATE versions SET provenance = ? WHERE number = 2", (json.dumps(rules),))
    source.close()
    target.close()
    words = ["--archive", str(copy), "show", "1"]
    plain, proved = (click.testing.CliRunner().invoke(main, [*words, *more]) for more in ([], ["--provenance"]))
    assert plain.stdout.splitlines()[0] == "Title: 新题"
    assert proved.stdout.splitlines()[0] == "Title: 新题   [h1; meta articletitle says 旧题]"
