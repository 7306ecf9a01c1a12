"""Decodes a page's bytes: by site file, BOM, header, meta, then by what the bytes themselves show."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

_CHINESE = re.compile("[\u4e00-\u9fff]")
_TWO_BYTE = re.compile("[\u0100-\u07ff]")
_LATIN = re.compile("[\u0080-\u00ff]")
_PLAUSIBLE = frozenset({"utf-8", "gb18030", "big5", "big5hkscs", "utf-16-le", "utf-16-be", "utf-16", "utf-32"})


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """A page's text; `utf8` are its bytes in UTF-8 where that is how it came, `encoding` is what it was decoded as."""

    text: str
    utf8: bytes | None = None
    encoding: str = "utf-8"


def decode_text(body: bytes, content_type: str | None = None, override: str | None = None) -> str:
    """Return the text of `body`; gb2312 and gbk are read as GB18030, what cannot be decoded becomes U+FFFD.

    `override` is the site file's encoding and final. Otherwise the bytes decide between UTF-8 and GB18030 wherever they
    contradict header or meta, since many a page declares the one and is the other.
    """
    return decode_page(body, content_type, override).text


def decode_page(body: bytes, content_type: str | None = None, override: str | None = None) -> DecodedPage:
    """Decode `body` as `decode_text` does, keeping what is UTF-8 already."""
    if override and (name := resolve_encoding(override)):
        return DecodedPage(_decode(body, name), encoding=name)
    bom, mark = read_bom(body)
    if bom and mark:
        return DecodedPage(_decode(body[len(mark) :], bom), encoding=bom)
    if (utf8 := _decode_strict(body, "utf-8")) and _CHINESE.search(utf8):
        return DecodedPage(utf8, body)  # whatever is declared: no Chinese in another encoding is valid UTF-8
    declared = _find_declared(body, content_type)
    if declared in {None, "utf-8", "gb18030"}:
        text, encoding = _decode_by_bytes(body, declared)
        return DecodedPage(text, encoding=encoding)
    return DecodedPage(_decode(body, declared or "utf-8"), encoding=declared or "utf-8")


def _find_declared(body: bytes, content_type: str | None) -> str | None:
    for name in (http_content_type_encoding(content_type), html_body_declared_encoding(body)):
        if name and (known := resolve_encoding(name)) in _PLAUSIBLE:
            return known
    return None


def _decode_by_bytes(body: bytes, declared: str | None) -> tuple[str, str]:
    """Decode as UTF-8 or GB18030, as the bytes show; return the text and the encoding.

    The declaration decides only where both are possible.
    """
    if body.isascii():
        return body.decode("ascii"), declared or "utf-8"
    utf8 = _decode_strict(body, "utf-8")
    if utf8 is not None and not _is_disguised_gbk(utf8, body):
        return utf8, "utf-8"
    gb18030 = _decode_strict(body, "gb18030")
    if gb18030 is not None:
        return gb18030, "gb18030"
    return _decode_less_broken(body, declared)


def _is_disguised_gbk(utf8: str, body: bytes) -> bool:
    """Return whether text that is valid UTF-8 and not Chinese was written as GBK.

    通知 in GBK is two stray letters in UTF-8: GBK bytes that pass as UTF-8 pass as two-byte letters of other scripts,
    never as Chinese.
    """
    strange, latin = len(_TWO_BYTE.findall(utf8)), len(_LATIN.findall(utf8))
    return strange > latin and bool(_CHINESE.search(body.decode("gb18030", "replace")))


def _decode_less_broken(body: bytes, declared: str | None) -> tuple[str, str]:
    names = ("gb18030", "utf-8") if declared == "gb18030" else ("utf-8", "gb18030")
    texts = [(body.decode(name, "replace"), name) for name in names]
    return min(texts, key=lambda decoded: decoded[0].count("\ufffd"))


def _decode_strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return None


def _decode(body: bytes, name: str) -> str:
    """Decode with a codec for text; codecs that Python has for other ends (`rot13`, `hex`) count as UTF-8."""
    if not getattr(codecs.lookup(name), "_is_text_encoding", True) or name in {"idna", "punycode", "undefined"}:
        name = "utf-8"
    return body.decode(name, "replace").encode("utf-8", "replace").decode("utf-8")
