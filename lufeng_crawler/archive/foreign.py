"""WARC files of any maker, read as captures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from lufeng_crawler.archive.clock import FORMAT
from lufeng_crawler.archive.warc import http_headers
from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.items import Capture

RECORDS = WarcRecordType.response | WarcRecordType.revisit


def captures(path: Path) -> Iterator[Capture | None]:
    """Each HTTP answer in the file, as served (transfer coding undone); None for one that is not whole in itself.

    Those are revisits, whose payload lies elsewhere, and answers to other protocols. Raises DamagedCapture where the
    file cannot be read on, or holds no WARC record at all.
    """
    found = 0
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, auto_decode="transfer"):
                found += 1
                if record.record_type & RECORDS:
                    yield _capture(record)
    except (OSError, ValueError, RuntimeError, EOFError) as error:
        raise DamagedCapture(f"{path}: cannot be read behind record {found}: {error}") from error
    if not found:
        raise DamagedCapture(f"{path}: no WARC records in it")


def _capture(record: WarcRecord) -> Capture | None:
    if record.record_type != WarcRecordType.response or not record.is_http or not record.http_headers.status_code:
        return None
    pairs = http_headers(record)
    return Capture(
        url=(record.headers.get("WARC-Target-URI") or "").strip("<>"),
        fetched_at=record.record_date.astimezone(UTC).strftime(FORMAT),
        status=record.http_headers.status_code,
        headers=tuple((name, value) for name, value in pairs if name.lower() != "transfer-encoding"),
        body=record.reader.read(),
        truncated=record.headers.get("WARC-Truncated"),
    )
