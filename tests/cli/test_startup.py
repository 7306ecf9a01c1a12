"""Tests that a command imports what it needs and no more, each in a fresh process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.archive_builder import address
from tests.support.commands import environment

HEAVY = {
    "asyncio", "cryptography", "cydifflib", "dateparser", "datasette", "fastwarc", "importlib.metadata", "jinja2",
    "lxml", "multiprocessing", "nh3", "numpy", "opencc", "pandas", "parsel", "pyarrow", "requests", "rich", "rjieba",
    "scrapy", "sqlite_utils", "ssl", "twisted", "uvicorn", "w3lib", "xml",
    "lufeng_crawler.archive.store", "lufeng_crawler.archive.warc", "lufeng_crawler.crawl", "lufeng_crawler.demo",
    "lufeng_crawler.ingest", "lufeng_crawler.pages", "lufeng_crawler.reader", "lufeng_crawler.scaffold",
    "lufeng_crawler.settings", "lufeng_crawler.spiders", "lufeng_crawler.ui",
}  # fmt: skip
"""What takes long to import, or is only needed to fetch, read or record pages."""

RUN = """
import os, sys
from lufeng_crawler.cli import main
sys.stdout = open(os.devnull, "w")
try:
    main(sys.argv[1:], prog_name="lufeng")
except SystemExit as end:
    assert not end.code, end.code
finally:
    print(*sys.modules, sep="\\n", file=sys.stderr)
"""


def imported(*words: object) -> set[str]:
    """The modules that are loaded when `lufeng WORDS…` has ended well."""
    command = [sys.executable, "-P", "-c", RUN, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def test_the_help_imports_no_command() -> None:
    modules = imported("--help")
    assert modules & HEAVY == set()
    loaded = {name.removeprefix("lufeng_crawler.cli.") for name in modules if name.startswith("lufeng_crawler.cli.")}
    assert loaded == {"shared", "shared.options"}


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (["show", "1"], set()),
        (["show", address(1), "--provenance"], set()),
        (["show", "1", "--json"], set()),
        (["history", "1"], set()),
        (["copies", "1"], set()),
        (["status"], set()),
        (["changes"], set()),
        (["changes", "--format", "html"], {"jinja2", "xml"}),
        (["search", "题"], {"opencc"}),
        (["sites"], set()),
        (["schedule"], set()),
        (["crawl", "--help"], set()),
        (["ingest", "--help"], set()),
        (["serve", "--help"], set()),
        (["wacz", "--help"], set()),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_imports_nothing_heavy_that_it_does_not_need(gulou: Path, words: list[str], needed: set[str]) -> None:
    modules = imported("--archive", gulou / "archive", "--sites", gulou / "sites", *words)
    assert modules & HEAVY <= needed


def test_reading_needs_sqlite_utils_for_no_format_but_its_own(gulou: Path, tmp_path: Path) -> None:
    for name in ("all.csv", "all.jsonl"):
        assert not {"sqlite_utils", "pandas"} & imported("--archive", gulou / "archive", "export", tmp_path / name)
