"""Fixtures that tests of several commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from lufeng_crawler import demo
from lufeng_crawler.archive.warc import records
from lufeng_crawler.archive.warc.files import WarcWriter
from lufeng_crawler.items import Capture
from tests.support.archive_builder import Story, answer, article
from tests.support.command_archives import FILE, GULOU_TOML, HOST, PATHS
from tests.support.wacz_files import told


@pytest.fixture
def county_warc(tmp_path: Path) -> Path:
    """A WARC of three pages of the county."""
    (tmp_path / "made").mkdir()
    writer = WarcWriter(tmp_path / "made", "test")
    for second, path in enumerate(PATHS):
        given, at = demo.answer(path, 1), f"2026-11-16T02:00:{second:02}Z"
        capture = Capture(HOST + path, at, given.status, given.headers, given.body)
        writer.append(at, *records.encode_exchange(capture, "run", records.RequestMetadata()))
    writer.close()
    return next((tmp_path / "made").iterdir())


@pytest.fixture
def two_archives(tmp_path: Path) -> tuple[Path, Path]:
    Story(tmp_path / "one").run(1, article(1), article(2))
    Story(tmp_path / "other", told=[""] * 9).run(2, article(2, body="改"), article(3))
    return tmp_path / "one", tmp_path / "other"


@pytest.fixture(scope="module")
def gulou(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive, article 1 edited, article 2 missing; and a site file for their site."""
    folder = tmp_path_factory.mktemp("county")
    story = Story(folder / "archive")
    story.run(1, article(1, "旧题", files=[FILE]), article(2, "另一题", column="要闻"))
    story.run(2, article(1, "新题", author="某人", files=[FILE]), answer(2, status=404))
    (folder / "sites").mkdir()
    (folder / "sites" / "gulou.toml").write_text(GULOU_TOML, "utf-8")
    return folder


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two sites (see `told`)."""
    return told(tmp_path_factory.mktemp("archive"))
