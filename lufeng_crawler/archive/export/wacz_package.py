"""Writes a WACZ file: a zip whose parts are digested as they are written, with the two files that state the digests."""

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
STORED_ENDINGS = (".gz",)
"""Endings of parts that are not compressed again: readers fetch pieces of them by offset."""


class WaczPackage:
    """A WACZ being written, one part after the other; `at` is the time stamp of all parts."""

    def __init__(self, zip: ZipFile, at: str) -> None:
        self._zip, self._at = zip, timestamps.parse(at)
        self._parts: list[dict[str, str | int]] = []

    @contextmanager
    def part(self, path: str) -> Iterator[Callable[[bytes], int]]:
        """Open the part of that path. The yielded function writes bytes to it and returns their number."""
        digest, length = hashlib.sha256(), 0
        with self._zip.open(self._zip_info(path), "w", force_zip64=True) as file:

            def write(data: bytes) -> int:
                nonlocal length
                digest.update(data)
                length += len(data)
                return file.write(data)

            yield write
        name, hash = path.rpartition("/")[2].lower(), "sha256:" + digest.hexdigest()
        self._parts.append({"name": name, "path": path, "hash": hash, "bytes": length})

    def write_manifest(self, metadata: Mapping[str, str], key: SigningKey | None) -> None:
        """Write the list of parts and the digest of that list, signed where there is a key. Call it last.

        `metadata` is the rest of datapackage.json: at least `created` and `software`.
        """
        package = {"profile": "data-package", "wacz_version": VERSION, **metadata, "resources": self._parts}
        manifest = json.dumps(package, ensure_ascii=False, indent=2).encode("utf-8", "replace")
        digest: dict[str, object] = {"path": "datapackage.json", "hash": sha256(manifest)}
        if key:
            digest["signedData"] = key.sign_digest(sha256(manifest), metadata["created"], metadata["software"])
        self._zip.writestr(self._zip_info("datapackage.json"), manifest)
        self._zip.writestr(self._zip_info("datapackage-digest.json"), json.dumps(digest, indent=2).encode())

    def _zip_info(self, path: str) -> ZipInfo:
        """Return a zip entry with its time in UTC in the extra field.

        That field is in the zip's directory as well: ReplayWeb.page takes its absence there for the absence of any
        extra field, and would look for the part 20 bytes too early.
        """
        info = ZipInfo(path, self._at.timetuple()[:6])
        info.compress_type = ZIP_STORED if path.endswith(STORED_ENDINGS) else ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        info.extra = struct.pack("<HHBI", 0x5455, 5, 1, int(self._at.timestamp()))
        return info
