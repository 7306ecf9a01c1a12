"""Tests serve as a command: it says where, answers there, and ends well when interrupted."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import click.testing

from lufeng_crawler.cli import main
from tests.support.demo_archive import AllDays

COMMAND = (sys.executable, "-c", "from lufeng_crawler.cli import main; main()")


def test_it_says_where_answers_there_and_ends_when_interrupted(all_days: AllDays) -> None:
    words = (*COMMAND, "--archive", str(all_days.folder), "serve", "--port", "0")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None and serving.stderr is not None
        url = re.search(r"http://127\.0\.0\.1:\d+/", serving.stdout.readline())
        assert url is not None
        with urlopen(f"{url[0]}health") as answer:
            assert b"<h1>" in answer.read()
        serving.send_signal(signal.SIGINT)
        assert serving.wait(30) == 0
        assert serving.stderr.read() == ""


def test_no_archive_is_wrong_use(tmp_path: Path) -> None:
    done = click.testing.CliRunner().invoke(main, ["--archive", str(tmp_path / "none"), "serve"])
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "no archive there yet" in done.stderr
