"""A WACZ as a file: a zip whose parts are digested as they are written, and the two files that vouch for them."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.digests import sha256
from lufeng_crawler.archive.export.wacz_signing import SigningKey

VERSION = "1.1.1"
PACKED = (".gz",)
"""Endings of what is stored as it is: readers fetch parts of it by their offset."""


class WaczPackage:
    """A WACZ being written, each part once and from its beginning to its end; `at` is the time that all parts bear."""

    def __init__(self, zip: ZipFile, at: str) -> None:
        self._zip, self._at = zip, timestamps.parse(at)
        self._parts: list[dict[str, str | int]] = []

    @contextmanager
    def part(self, path: str) -> Iterator[Callable[[bytes], int]]:
        """The part of that path: what is written by the function it gives, which says how much that was."""
        digest, length = hashlib.sha256(), 0
        with self._zip.open(self._info(path), "w", force_zip64=True) as file:

            def write(data: bytes) -> int:
                nonlocal length
                digest.update(data)
                length += len(data)
                return file.write(data)

            yield write
        name, hash = path.rpartition("/")[2].lower(), "sha256:" + digest.hexdigest()
        self._parts.append({"name": name, "path": path, "hash": hash, "bytes": length})

    def write_manifest(self, about: Mapping[str, str], key: SigningKey | None) -> None:
        """Write, last, which parts there are, and what vouches for that; signed, where there is a key.

        `about` is what else datapackage.json says: at least `created` and `software`.
        """
        said = {"profile": "data-package", "wacz_version": VERSION, **about, "resources": self._parts}
        manifest = json.dumps(said, ensure_ascii=False, indent=2).encode("utf-8", "replace")
        digest: dict[str, object] = {"path": "datapackage.json", "hash": sha256(manifest)}
        if key:
            digest["signedData"] = key.signed(sha256(manifest), about["created"], about["software"])
        self._zip.writestr(self._info("datapackage.json"), manifest)
        self._zip.writestr(self._info("datapackage-digest.json"), json.dumps(digest, indent=2).encode())

    def _info(self, path: str) -> ZipInfo:
        """An entry whose time is in UTC for those who read the extra field.

        That field stands in the directory of the zip as well: ReplayWeb.page takes its absence for the absence of any,
        and would look for the part 20 bytes too early.
        """
        info = ZipInfo(path, self._at.timetuple()[:6])
        info.compress_type = ZIP_STORED if path.endswith(PACKED) else ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        info.extra = struct.pack("<HHBI", 0x5455, 5, 1, int(self._at.timestamp()))
        return info
