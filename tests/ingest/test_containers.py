"""Tests of where WARC records lie in a file: in it, in a WACZ, in what it unpacks to; and of what is refused."""

from __future__ import annotations

import gzip
import io
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastwarc.stream_io import ZstdWriter

from lufeng_crawler.errors import ArchiveError, DamagedCapture
from lufeng_crawler.ingest import containers
from lufeng_crawler.ingest.containers import SourceStream, open_sources
from lufeng_crawler.ingest.scanner import ScanReport
from lufeng_crawler.items import Capture
from tests.support.foreign_files import BODY, URL, answers, made, wacz

# warcio's writer leaves its temporary files to the garbage collector.


def bodies(path: Path) -> list[bytes]:
    return [one.body for one in answers(path) if isinstance(one, Capture)]


@pytest.fixture
def warc(tmp_path: Path) -> bytes:
    return made(tmp_path / "made.warc.gz", [{"body": b"one"}, {"body": b"two"}]).read_bytes()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.wacz"


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_warcs_of_a_wacz_are_read_one_behind_the_other(path: Path, warc: bytes, how: int) -> None:
    files = {"1.warc.gz": warc, "2.warc": gzip.decompress(warc), "notes.txt": b"none"}
    assert bodies(wacz(path, files, how)) == [b"one", b"two"] * 2


def test_a_stored_warc_is_read_where_it_lies(path: Path, warc: bytes) -> None:
    wacz(path, {"1.warc.gz": warc})
    with ExitStack() as kept:
        (source,) = open_sources(path, kept)
    assert (source.spool, source.name) == (None, f"{path}: 'archive/1.warc.gz'")
    assert source.read(0, 1 << 20) == warc
    assert source.read(len(warc) - 3, 9) == warc[-3:]
    assert source.read(len(warc) + 1, 9) == b""


def test_names_in_a_zip_lead_nowhere(tmp_path: Path, warc: bytes) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    path = wacz(inside / "a.wacz", {"../../../evil.warc.gz": warc, "\x1b[2J\n.warc.gz": warc})
    before = sorted(tmp_path.rglob("*"))
    assert bodies(path) == [b"one", b"two"] * 2
    assert sorted(tmp_path.rglob("*")) == before
    with ExitStack() as kept:
        assert all(source.name.isprintable() for source in open_sources(path, kept))


@pytest.mark.parametrize(
    ("files", "package", "why"),
    [
        ({"1.warc.gz": b""}, False, "no datapackage.json"),
        ({}, True, "no WARC in archive/"),
        ({"readme.txt": b"WARC/1.0"}, True, "no WARC in archive/"),
    ],
)
def test_a_zip_that_is_no_wacz_is_refused(path: Path, files: dict[str, bytes], package: bool, why: str) -> None:
    wacz(path, files, package=package)
    with pytest.raises(DamagedCapture, match=rf"a\.wacz: a zip file that is no WACZ: {why}$"):
        answers(path)


def test_a_wacz_cut_short_is_said(path: Path, warc: bytes) -> None:
    wacz(path, {"1.warc.gz": warc})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DamagedCapture, match=r"a\.wacz: a damaged zip file"):
        answers(path)


def test_a_directory_that_points_astray_is_said(path: Path, warc: bytes) -> None:
    content = wacz(path, {"1.warc.gz": warc}).read_bytes()
    path.write_bytes(content[:26] + b"\xff\xff\xff\xff" + content[30:])
    report = ScanReport()
    assert answers(path, report) == []
    assert report.errors == [f"{path}: a damaged zip file: 'archive/1.warc.gz' is not where its directory says"]


def test_a_directory_that_points_before_the_file_is_said(path: Path, warc: bytes) -> None:
    content = bytearray(wacz(path, {"1.warc.gz": warc}).read_bytes())
    field = content.rfind(b"PK\x05\x06") + 16  # where the directory begins (APPNOTE 4.3.16)
    content[field : field + 4] = (int.from_bytes(content[field : field + 4], "little") + 50).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(DamagedCapture, match=r"a\.wacz: a damaged zip file"):
        answers(path)


@pytest.mark.parametrize("squeeze", [gzip.compress, lambda content: content])
def test_an_arc_is_refused_with_what_to_do(tmp_path: Path, squeeze: type[bytes]) -> None:
    path = tmp_path / "a.arc.gz"
    path.write_bytes(squeeze(b"filedesc://a.arc 0.0.0.0 20061116020000 text/plain 76\n1 0 Archive\n" * 9))
    with pytest.raises(DamagedCapture, match=r"a\.arc\.gz: an ARC file, not a WARC: make one of it first"):
        answers(path)


def test_zstd_is_unpacked(tmp_path: Path, warc: bytes) -> None:
    packed = io.BytesIO()
    writer = ZstdWriter(packed)
    writer.write(gzip.decompress(warc))
    writer.finish()
    writer.flush()
    path = tmp_path / "a.warc.zst"
    path.write_bytes(packed.getvalue())
    assert bodies(path) == [b"one", b"two"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_no_room_to_unpack_in_is_said(tmp_path: Path, warc: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(gzip.decompress(warc)))
    monkeypatch.setattr(containers, "TemporaryFile", lambda: io.FileIO("/dev/full", "wb"))
    with pytest.raises(ArchiveError, match=r"a\.warc\.gz: cannot be unpacked in .*: No space left on device"):
        answers(path)


def test_what_is_made_to_fill_the_disk_is_refused(path: Path, warc: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_UNPACKED", 1 << 16)
    wacz(path, {"1.warc": gzip.decompress(warc) + bytes(10 << 20)}, zipfile.ZIP_DEFLATED)
    with pytest.raises(DamagedCapture, match=r"'archive/1.warc': refused: it unpacks to over [\d,]+ bytes"):
        answers(path)


def test_a_file_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(DamagedCapture, match=r"none\.warc\.gz: cannot be read: No such file"):
        answers(tmp_path / "none.warc.gz")


def test_a_window_counts_from_where_it_begins(tmp_path: Path) -> None:
    path = made(tmp_path / "a.warc", [{"url": URL, "body": BODY}], zipped=False)
    with ExitStack() as kept:
        (source,) = open_sources(path, kept)
    window = SourceStream(source, 5)
    assert (window.readable(), window.tell(), window.read(3), window.tell()) == (True, 0, b"1.0", 3)
    assert window.read() == path.read_bytes()[8:]
