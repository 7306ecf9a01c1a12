"""Files that leave the archive take their place when they are whole; test_archive_export kills their writers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lufeng_crawler.archive.export.atomic_file import atomic_write
from lufeng_crawler.errors import UsageError


@pytest.fixture(params=["nameless", "draft"])
def path(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files can be without a name, and where they cannot."""
    if request.param == "draft":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    return tmp_path / "a.bin"


def test_text_and_bytes_are_there_at_the_end(path: Path) -> None:
    with atomic_write(path) as file:
        file.write("字\n")
        file.flush()
        file.buffer.write(b"\x00\n")
        assert not path.exists()
    assert path.read_bytes() == "字\n".encode() + b"\x00\n"
    assert [one.name for one in path.parent.iterdir()] == ["a.bin"]


def test_what_fails_leaves_what_was_there(path: Path) -> None:
    path.write_bytes(b"before")
    with pytest.raises(KeyError), atomic_write(path) as file:
        file.write("half")
        raise KeyError
    assert path.read_bytes() == b"before"
    assert [one.name for one in path.parent.iterdir()] == ["a.bin"]


def test_what_the_disk_refuses_names_the_file(path: Path) -> None:
    with (
        pytest.raises(UsageError, match=r"none/a\.bin: cannot write: No such file"),
        atomic_write(path.parent / "none/a.bin"),
    ):
        pass
