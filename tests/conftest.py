"""Fixtures that more than one test module uses: the demo county, served, and crawled through all of its days once."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from lufeng_crawler import demo
from lufeng_crawler.demo import DemoServer
from tests.support.demo_archive import CRAWL, AllDays
from tests.support.paths import ROOT

settings.register_profile("lufeng", deadline=None)  # how long one example takes says how busy the machine is
settings.load_profile("lufeng")


@pytest.fixture(scope="session")
def all_days(tmp_path_factory: pytest.TempPathFactory) -> AllDays:
    """To be read, never written to. In a process of its own: a reactor starts once."""
    folder = tmp_path_factory.mktemp("demo") / "archive"
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
    url, asked = pickle.loads((folder / "asked").read_bytes())
    return AllDays(folder, url, asked)


@pytest.fixture
def county() -> Iterator[DemoServer]:
    with demo.serve() as served:
        yield served


@pytest.fixture
def other() -> Iterator[DemoServer]:
    with demo.serve() as served:
        yield served
