"""What tests of the archive share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.connection import connect_for_reading


@pytest.fixture
def db(folder: Path) -> Iterator[sqlite3.Connection]:
    """The archive that a module's own fixture `folder` makes, open for reading."""
    with closing(connect_for_reading(folder)) as opened:
        yield opened
