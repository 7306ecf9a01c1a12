"""Tests that the benchmark of histories runs, and that it would see a fault."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.support.commands import environment
from tests.support.paths import ROOT
from tests.support.random_history import tell


def test_it_runs() -> None:
    command = [sys.executable, "benchmarks/histories.py", "--histories", "4", "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 histories of 10 runs: 0 faults; told: " in done.stdout


def test_what_the_script_did_not_do_is_a_fault(tmp_path: Path) -> None:
    history = tell(1, tmp_path)
    assert list(history.faults()) == []
    history.site.did.clear()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db, db:
        db.execute("INSERT INTO changes SELECT NULL, at, 'gone', article, site, NULL, NULL, '[]', 0, 0, '[1]', run"
                   " FROM changes WHERE id = 1")  # fmt: skip
        db.execute("DELETE FROM urls WHERE article = (SELECT max(id) FROM articles)")
        db.execute("DELETE FROM entries WHERE article = (SELECT max(id) FROM articles)")
    faults = list(history.faults())
    assert any(fault.startswith("gone: ") for fault in faults)
    assert any(fault.startswith("lost: ") for fault in faults)
