"""WARC records written byte by byte, for dialects and faults that no library writes."""

from __future__ import annotations

import gzip
import uuid
from collections.abc import Sequence

PAGE = (
    "<html><head><title>鹿峰县召开防汛工作会议</title></head><body><h1>鹿峰县召开防汛工作会议</h1>"
    "<p>发布时间：2024-05-06 来源：鹿峰县融媒体中心</p>"
    "<div id='content'><p>会议要求，各乡镇要压实责任，做好防汛准备。</p>"
    "<p>会议强调，要加强巡查，确保群众安全。</p></div></body></html>"
).encode()
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
Fields = Sequence[tuple[str, str]]


def raw_record(
    block: bytes = HTTP + PAGE,
    kind: str = "response",
    number: int = 1,
    more: Fields = (),
    leave_out: Sequence[str] = (),
    version: str = "WARC/1.0",
    end: str = "\r\n",
    after: bytes = b"\r\n\r\n",
) -> bytes:
    """A record of the address `/number.htm`; `more` fields replace those of the same name."""
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{uuid.UUID(int=number)}>",
        "WARC-Target-URI": f"http://www.lufengxian.example/{number}.htm",
        "WARC-Date": f"2024-05-06T07:08:{number % 60:02}Z",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    } | dict(more)
    lines = [version, *(f"{name}: {value}" for name, value in fields.items() if name not in leave_out), "", ""]
    return end.join(lines).encode() + block + after


def members(*records: bytes) -> bytes:
    """A gzip file with a member for each."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)
