"""A package: a zip as readers of parts need it, whose manifest is true."""

from __future__ import annotations

import json
import struct
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from lufeng_crawler.archive.export.wacz_package import WaczPackage
from tests.support.wacz_files import Opened, opened

AT = "2026-11-22T10:04:05Z"
PARTS = {"archive/A.warc.gz": b"\x1f\x8b" * 9, "indexes/index.idx": b"!meta 0 {}\n", "pages/pages.jsonl": b"{}\n" * 99}


def made(path: Path) -> Opened:
    with path.open("wb") as file, ZipFile(file, "w") as zip:
        package = WaczPackage(zip, AT)
        for name, data in PARTS.items():
            with package.part(name) as write:
                assert [write(data[:5]), write(data[5:])] == [5, len(data) - 5]
        package.write_manifest({"created": AT, "software": "test", "title": "鹿峰"}, None)
    return opened(path)


def test_the_manifest_has_every_part_and_the_digest_vouches_for_it(tmp_path: Path) -> None:
    package = made(tmp_path / "a.wacz")
    manifest = package.manifest
    assert {name: manifest[name] for name in manifest if name != "resources"} == {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "created": AT,
        "software": "test",
        "title": "鹿峰",
    }
    assert [(part["path"], part["hash"], part["bytes"]) for part in manifest["resources"]] == [
        (name, "sha256:" + sha256(data).hexdigest(), len(data)) for name, data in PARTS.items()
    ]
    assert [part["name"] for part in manifest["resources"]] == ["a.warc.gz", "index.idx", "pages.jsonl"]
    assert package.digest == {
        "path": "datapackage.json",
        "hash": "sha256:" + sha256(package.parts["datapackage.json"]).hexdigest(),
    }
    assert json.loads(package.parts["datapackage.json"].decode("utf-8")) == manifest


def test_what_is_read_by_its_offset_is_stored_as_it_is(tmp_path: Path) -> None:
    made(tmp_path / "a.wacz")
    with ZipFile(tmp_path / "a.wacz") as zip:
        how = {info.filename: info.compress_type for info in zip.infolist()}
    assert how.pop("archive/A.warc.gz") == ZIP_STORED
    assert set(how.values()) == {ZIP_DEFLATED}


def test_a_reader_that_trusts_the_directory_finds_each_part(tmp_path: Path) -> None:
    """As ReplayWeb.page does: where the directory has no extra field, it takes the part to have none either."""
    made(tmp_path / "a.wacz")
    whole = (tmp_path / "a.wacz").read_bytes()
    with ZipFile(tmp_path / "a.wacz") as zip:
        for info in zip.infolist():
            name, extra = struct.unpack_from("<HH", whole, info.header_offset + 26)
            assert info.extra or not extra
            start = info.header_offset + 30 + name + extra
            if info.compress_type == ZIP_STORED:
                assert whole[start : start + info.file_size] == PARTS[info.filename]


def test_the_same_parts_are_the_same_bytes_and_bear_one_time(tmp_path: Path) -> None:
    made(tmp_path / "a.wacz")
    made(tmp_path / "b.wacz")
    assert (tmp_path / "a.wacz").read_bytes() == (tmp_path / "b.wacz").read_bytes()
    with ZipFile(tmp_path / "a.wacz") as zip:
        assert {info.date_time for info in zip.infolist()} == {(2026, 11, 22, 10, 4, 5 - 1)}  # a zip has even seconds
