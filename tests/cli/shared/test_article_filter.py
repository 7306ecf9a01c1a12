"""Days and moments that commands are given are checked, and written as what they are compared with."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any

import click
import pytest
from click.testing import CliRunner

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.cli import main
from lufeng_crawler.cli.shared.article_filter import Moment, article_options
from lufeng_crawler.items import CHINA


@pytest.mark.parametrize(
    ("said", "zone", "expected"),
    [
        ("2026-11-22", UTC, "2026-11-22"),
        ("20261122", CHINA, "2026-11-22"),
        ("2026-11-22T10:04:05Z", UTC, "2026-11-22T10:04:05Z"),
        ("2026-11-22T10:04:05", UTC, "2026-11-22T10:04:05Z"),
        ("2026-11-22 10:04", CHINA, "2026-11-22T10:04:00+08:00"),
        ("2026-11-22T20:04:05Z", CHINA, "2026-11-23T04:04:05+08:00"),
        ("2026-11-22T04:04:05.6+08:00", UTC, "2026-11-21T20:04:05Z"),
    ],
)
def test_a_moment_is_written_in_its_zone_and_a_day_is_left_a_day(said: str, zone: tzinfo, expected: str) -> None:
    assert Moment(zone).convert(said, None, None) == expected


@pytest.mark.parametrize("said", ["yesterday", "2026-02-30", "2026-11", "", "22.11.2026", "2026-11-22' OR 1 --"])
@pytest.mark.parametrize(
    "words", [["export", "a.jsonl", "--from"], ["wacz", "a.wacz", "--to"], ["changes", "--since"]], ids=" ".join
)
def test_what_is_no_day_is_wrong_use(words: list[str], said: str) -> None:
    done = CliRunner().invoke(main, ["--archive", "nowhere", *words, said])
    assert done.exit_code == 2
    assert f"{said} is no day (2026-11-22) and no time" in done.stderr


@click.command()
@article_options
def shown(article_filter: Filter) -> None:
    """Print what is wanted."""
    click.echo(article_filter)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], {}),
        (["--site", "gulou", "--column", "要闻"], {"site": "gulou", "column": "要闻"}),
        (
            ["--from", "2026-11-01", "--to", "2026-11-30"],
            {"published_from": "2026-11-01", "published_to": "2026-11-30"},
        ),
    ],
)
def test_each_option_is_a_field_of_the_filter(words: list[str], expected: dict[str, Any]) -> None:
    assert CliRunner().invoke(shown, words).stdout == f"{Filter(**expected)}\n"
