"""Fixtures that more than one test module uses: the demo county, served, and crawled through all of its days once."""

from __future__ import annotations

import fcntl
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from lufeng_crawler import demo
from lufeng_crawler.demo import DemoServer
from tests.support.demo_archive import CRAWL, AllDays
from tests.support.paths import ROOT

settings.register_profile("lufeng", deadline=None)  # how long one example takes says how busy the machine is
settings.load_profile("lufeng")


SLOW = (
    "end_to_end/",
    "archive/store/test_cut_files.py",
    "archive/store/test_earlier_archive.py",
    "archive/store/test_merge.py",
    "archive/store/test_random_runs.py",
    "cli/test_clock.py",
    "cli/test_merge.py",
    "cli/test_sites.py",
    "crawl/test_odd_crawls.py",
    "crawl/test_random_sites.py",
    "crawl/test_seventy_nights.py",
    "pages/test_limits.py",
    "situations/",
    "spiders/test_survey.py",
)
"""Whole crawls, and tests that try very many inputs: `make fast` leaves them out."""

TOOLS = (
    "benchmarks/",
    "end_to_end/test_browser.py",
    "end_to_end/test_pywb.py",
    "end_to_end/test_wacz_validation.py",
)
"""Tests of the benchmarks, and those that need a browser or other makers' tools."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the file they are in, so that the lists above are the only place that says which."""
    for item in items:
        path = item.path.relative_to(ROOT / "tests").as_posix()
        for mark, places in (("slow", SLOW), ("tools", TOOLS)):
            if path.startswith(places):
                item.add_marker(mark)


@pytest.fixture(scope="session")
def all_days(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> AllDays:
    """Crawl the demo once for all workers. To be read, never written to."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "all-days" / "archive"
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "asked").exists():
            _crawl_all_days(folder)
    url, requests = pickle.loads((folder / "asked").read_bytes())
    return AllDays(folder, url, requests)


def _crawl_all_days(folder: Path) -> None:
    """Crawl in a process of its own: a reactor starts once."""
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        [sys.executable, "-P", "-c", CRAWL, str(folder)],
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def county() -> Iterator[DemoServer]:
    with demo.serve() as served:
        yield served


@pytest.fixture
def other() -> Iterator[DemoServer]:
    with demo.serve() as served:
        yield served
