"""Tests `lufeng status`: of every site or of one."""

from __future__ import annotations

from pathlib import Path

from tests.support.invoked import json_rows, output_of, run_in


def test_a_status_is_of_every_site_or_of_one(gulou: Path) -> None:
    (row,) = json_rows(gulou, "status", "gulou")
    assert (row["site"], row["last_outcome"], row["articles"]) == ("gulou", "good", 2)
    assert row in json_rows(gulou, "status")
    assert output_of(gulou, "status", "gulou").startswith("gulou")


def test_a_status_of_a_site_without_a_file_is_wrong_use(gulou: Path) -> None:
    done = run_in(gulou, "status", "nowhere")
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
