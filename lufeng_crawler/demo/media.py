"""Makes the county's files that are not pages: a picture, an attachment, the scripts and robots.txt."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from math import sin
from zipfile import ZipFile, ZipInfo

OWNER = 1810426
"""VSB's number of a site, in counters and in the URLs of attachments."""

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

ROBOTS = "# 演示用虚构站点\nUser-agent: *\nDisallow: /system/manage/\n"

SCRIPTS = {
    "/system/resource/js/counter.js": "function _jsq_(tree, page, news, owner) {}\n",
    "/system/resource/js/dynclicks.js": "function _showDynClicks(kind, owner, id) {}\n",
}
"""Scripts by URL. They count and show nothing: a counter would make two visits differ."""


def picture_url(name: str) -> str:
    """Return the URL of a picture, in the form that VSB gives to uploaded ones."""
    digest = f"{zlib.crc32(name.encode()):08X}"
    return f"/__local/{digest[0]}/{digest[1:3]}/{digest[3:5]}/{digest}{digest[::-1]}_{digest[:4]}_1A2B.png"


def attachment_url(news_id: int) -> str:
    """Return the URL at which an article's attachment is downloaded."""
    return f"/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner={OWNER}&wbfileid={news_id + 2000}"


@lru_cache(maxsize=1)
def draw_bridge() -> bytes:
    """Return a PNG of a bridge over a river between hills, 640 by 360 pixels."""
    rows = (b"\0" + b"".join(_pixel_colour(x, y) for x in range(320) for _ in range(2)) for y in range(180))
    pixels = zlib.compress(b"".join(row * 2 for row in rows))
    head = struct.pack(">IIBBBBB", 640, 360, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _png_chunk(b"IHDR", head) + _png_chunk(b"IDAT", pixels) + _png_chunk(b"IEND", b"")


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pixel_colour(x: int, y: int) -> bytes:
    arch = 96 + ((x - 160) / 100) ** 2 * 44
    if 92 <= y < 97 or (60 < x < 260 and abs(y - arch) < 2.5) or (y < 150 and y > 92 and x % 50 == 10):
        return b"\xd8\xd4\xcc"
    if y > 140 + 3 * sin(x / 30):
        return bytes((70, 130 - y // 8, 140 - y // 10))
    if y > 84 + 26 * sin(x / 48 + 2) + 9 * sin(x / 17):
        return bytes((52, 104 - y // 5, 66))
    return bytes((188 + y // 4, 214 + y // 8, 232))


def write_form(title: str, notice: str) -> bytes:
    """Return a Word document: a title, a form to fill in, and the notice.

    The same bytes everywhere: nothing is compressed.
    """
    lines = [title, "姓名：________　性别：____　出生年月：________", "身份证号：__________________"]
    lines += ["文化程度：________　是否退役军人：____", "家庭住址：____镇（乡）____村", "联系电话：__________", notice]
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": _DOCUMENT.format("".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)),
    }
    return _zip_parts(parts.items())


def _zip_parts(parts: Iterable[tuple[str, str]]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, text in parts:
            archive.writestr(ZipInfo(name), text)
    return buffer.getvalue()


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = "http://schemas.openxmlformats.org"
_CONTENT_TYPES = (
    f'{_XML}<Types xmlns="{_SCHEMAS}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{DOCX}.main+xml"/></Types>'
)
_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_SCHEMAS}/package/2006/relationships"><Relationship Id="r1"'
    f' Target="word/document.xml" Type="{_SCHEMAS}/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_DOCUMENT = f'{_XML}<w:document xmlns:w="{_SCHEMAS}/wordprocessingml/2006/main"><w:body>{{}}</w:body></w:document>'
