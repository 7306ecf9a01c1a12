"""The command `lufeng` called inside the test's own process, over an archive in a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click.testing

from lufeng_crawler.cli import main


def invoke(archive: Path, *words: object) -> click.testing.Result:
    """Run `lufeng --archive ARCHIVE WORDS…`."""
    return click.testing.CliRunner().invoke(main, ["--archive", str(archive), *map(str, words)])


def run_in(folder: Path, *words: object) -> click.testing.Result:
    """Run `lufeng WORDS…` on `folder / "archive"`, with the site files in `folder / "sites"` where there are any."""
    sites = folder / "sites"
    return invoke(folder / "archive", *(["--sites", sites] if sites.exists() else []), *words)


def output_of(folder: Path, *words: object) -> str:
    """Return what the command printed; it must have gone well."""
    done = run_in(folder, *words)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def json_rows(folder: Path, *words: object) -> list[dict[str, Any]]:
    """Return what the command printed with `--json`."""
    return [json.loads(line) for line in output_of(folder, *words, "--json").splitlines()]
