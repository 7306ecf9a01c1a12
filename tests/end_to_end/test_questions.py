"""The page of questions is true: its commands run on the demo archive, and its three answers to each are equal."""

from __future__ import annotations

import contextlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pytest
from click.testing import CliRunner

from lufeng_crawler.cli import main
from tests.support.archive_builder import rows
from tests.support.demo_archive import AllDays
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "questions.md").read_text("utf-8")
BEGINNING, *QUESTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def names(all_days: AllDays, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the page's first snippet leaves, run in a folder with the files that its commands make."""
    names: dict[str, Any] = {}
    with contextlib.chdir(tmp_path_factory.mktemp("questions")):
        for line in "".join(blocks(BEGINNING, "sh")).splitlines():
            words = shlex.split(line)
            if words[0] == "lufeng":
                command, _, to = " ".join(words[1:]).partition(" > ")
                done = CliRunner().invoke(main, ["--archive", str(all_days.folder), *command.split()])
                assert (done.exit_code, done.stderr) == (0, "")
                if to:
                    Path(to).write_text(done.stdout, encoding="utf-8")
        exec("".join(blocks(BEGINNING, "python")), names)
        yield names


def test_there_are_five_and_the_readme_leads_to_them() -> None:
    assert len(QUESTIONS) == 5
    assert "(docs/questions.md)" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda text: text.partition("\n")[0])
def test_the_three_answers_are_equal(all_days: AllDays, names: dict[str, Any], question: str) -> None:
    ([in_sql], [in_duckdb], [in_pandas]) = (blocks(question, name) for name in ("sql", "duckdb", "python"))
    answer = rows(all_days.folder, in_sql)
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'America/New_York'")  # it would reckon in the machine's own
        found = db.sql(in_duckdb)
        assert [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()] == answer
    said: dict[str, Any] = {}
    exec(in_pandas, names, said)
    assert isinstance(said["answer"], pandas.DataFrame)
    assert said["answer"].to_dict("records") == answer != []


def test_the_types_of_the_columns_are_as_the_page_says(names: dict[str, Any]) -> None:
    listed = dict(re.findall(r"^\| (`.+?) \| (\w+)", BEGINNING, re.MULTILINE))
    types = {name: type for cell, type in listed.items() for name in re.findall("`(.+?)`", cell)}
    kinds = {"integers": "BIGINT INTEGER", "timestamps": "TIMESTAMP WITH TIME ZONE", "list": "[]", "date": "DATE"}
    with duckdb.connect() as db:
        described = db.sql("DESCRIBE FROM 'articles.parquet'").fetchall()
    for name, type, *_ in described:
        said = kinds.get(types.get(name, ""), "VARCHAR")
        assert type in said or type.endswith(said), name
    assert types.keys() <= {name for name, *_ in described} | {"url", "text", "digest"}
