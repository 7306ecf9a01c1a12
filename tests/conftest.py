"""Fixtures that more than one test module uses: the demo county, served, and crawled through all of its days once."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from lufeng_crawler import demo
from lufeng_crawler.demo import Asked, Served

settings.register_profile("lufeng", deadline=None)  # how long one example takes says how busy the machine is
settings.load_profile("lufeng")

CRAWL = """
import pickle, sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from lufeng_crawler import demo
from lufeng_crawler.archive.clock import FORMAT
from lufeng_crawler.crawl import Crawls, Job
from lufeng_crawler.reader import open_archive

folder, started = Path(sys.argv[1]), monotonic()
archive = open_archive(folder, None)

def now(day):
    return (datetime.combine(demo.DAYS[day], time(2), UTC) + timedelta(seconds=monotonic() - started)).strftime(FORMAT)

def on_day(county, day):
    return Job("demo", county.url, full=day > 1, before=lambda: setattr(county, "day", day), now=lambda: now(day))

with demo.serve() as county:
    reports = Crawls(archive).run((on_day(county, day) for day in demo.DAYS), at_once=1)
    asked = county.asked
archive.close()
bad = {7: "blocked", 8: "below_expectation", 9: "below_expectation"}
assert [report["outcome"] for report in reports] == [bad.get(day, "good") for day in demo.DAYS], reports
(folder / "asked").write_bytes(pickle.dumps((county.url, asked)))
"""


@dataclass(frozen=True, slots=True)
class AllDays:
    """An archive of all the demo's days, each crawled in full; where it was served, and what was sent."""

    folder: Path
    url: str
    asked: tuple[Asked, ...]


@pytest.fixture(scope="session")
def all_days(tmp_path_factory: pytest.TempPathFactory) -> AllDays:
    """To be read, never written to. In a process of its own: a reactor starts once."""
    folder = tmp_path_factory.mktemp("demo") / "archive"
    root = Path(__file__).parent.parent
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        [sys.executable, "-P", "-c", CRAWL, str(folder)],
        env=environment | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    url, asked = pickle.loads((folder / "asked").read_bytes())
    return AllDays(folder, url, asked)


@pytest.fixture
def county() -> Iterator[Served]:
    with demo.serve() as served:
        yield served


@pytest.fixture
def other() -> Iterator[Served]:
    with demo.serve() as served:
        yield served
