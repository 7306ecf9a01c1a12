"""What holds of random histories without sockets holds of real crawls: nothing false is told, nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HISTORIES, RUNS = 20, 5


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_a_history(tmp_path: Path, seed: int) -> None:
    command = [sys.executable, "-m", "tests.support.served_site", str(seed), str(tmp_path / "archive"), str(RUNS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == []
