"""Tests `lufeng timemap`: both forms, the replay it names, and addresses however they are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lufeng_crawler.cli.timemap import REPLAY_PREFIX
from tests.support.archive_builder import address
from tests.support.invoked import invoke


def test_a_time_map_in_both_forms(captured: Path) -> None:
    lines = invoke(captured, "timemap", address(2)).stdout.splitlines()
    assert lines[0] == f'<{address(2)}>; rel="original",'
    assert len(lines) == 5
    said = json.loads(invoke(captured, "timemap", address(2), "--json").stdout)
    assert said["mementos"]["first"] == {
        "datetime": "2026-11-01T00:00:03Z",
        "uri": f"{REPLAY_PREFIX}/20261101000003/{address(2)}",
    }


def test_a_time_map_speaks_of_the_replay_that_is_named(captured: Path) -> None:
    lines = invoke(captured, "timemap", address(1), "--prefix", "http://replay.example/gov/").stdout.splitlines()
    assert all(line.startswith("<http://replay.example/gov/") for line in lines[1:])


@pytest.mark.parametrize("url", ["http://GULOU.example:80/info/1/1.htm#top", f" {address(1)}", address(1)])
def test_an_address_is_found_however_it_is_written(captured: Path, url: str) -> None:
    assert invoke(captured, "timemap", url).stdout.startswith(f"<{address(1)}>; ")


def test_an_address_without_a_capture_is_one_line_and_2(captured: Path) -> None:
    done = invoke(captured, "timemap", "http://nowhere.example/")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        "lufeng: http://nowhere.example/: the archive has no capture that shows what is at this address\n"
    )
