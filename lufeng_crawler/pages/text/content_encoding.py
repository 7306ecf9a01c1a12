"""Undoes a body's Content-Encoding, never beyond a size that can be read."""

from __future__ import annotations

import zlib

import brotli

MAX_DECODED_BYTES = 20 * 1024 * 1024
"""Bytes; what is larger than this once decoded is not read (the capture keeps it all the same)."""

_CHUNK_BYTES = 64 * 1024


class TooLarge(ValueError):
    """The decoded body passes MAX_DECODED_BYTES."""


class Undecodable(ValueError):
    """Nothing of the body could be decoded."""


def decode_payload(body: bytes, codings: str) -> bytes:
    """Return the body without its encodings; `gzip, br` is undone from the right (RFC 9110, 8.4).

    An encoding that breaks off gives what came before the break. A body that lacks the encoding in its header (WARCs of
    other makers) is returned as it is. Raises TooLarge and Undecodable.
    """
    for coding in reversed([name.strip().lower() for name in codings.split(",")]):
        if coding in {"gzip", "x-gzip", "deflate", "br"}:
            body = _decode_coding(body, coding)
        elif coding not in {"", "identity"}:
            raise Undecodable(f"unknown Content-Encoding {coding[:40]!r}")
    if len(body) > MAX_DECODED_BYTES:
        raise TooLarge
    return body


def _decode_coding(body: bytes, coding: str) -> bytes:
    plain = _decode_brotli(body) if coding == "br" else _decode_zlib(body)
    if plain or not body or body.startswith(b"\x1f\x8b"):
        return plain
    if body.lstrip()[:1] in {b"<", b"{", b"["}:
        return body
    raise Undecodable(f"broken Content-Encoding {coding!r}")


def _decode_zlib(body: bytes) -> bytes:
    """Decode gzip of any number of members, zlib, or the bare deflate that some servers send under the same name."""
    for window in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        if plain := _inflate(body, window):
            return plain
    return b""


def _inflate(body: bytes, window: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while body:
        stream = zlib.decompressobj(window)
        try:
            piece = stream.decompress(body, MAX_DECODED_BYTES + 1 - size)
        except zlib.error:
            piece = _salvage(body, window, MAX_DECODED_BYTES + 1 - size)
        size += len(piece)
        if size > MAX_DECODED_BYTES:
            raise TooLarge
        pieces.append(piece)
        body = stream.unused_data if piece else b""
    return b"".join(pieces)


def _salvage(body: bytes, window: int, room: int) -> bytes:
    """Return what a damaged stream gives before its damage; fed in small pieces, as an error loses its piece."""
    stream, plain = zlib.decompressobj(window), bytearray()
    try:
        for start in range(0, len(body), 512):
            plain += stream.decompress(body[start : start + 512], max(room - len(plain), 1))
            if len(plain) >= room:
                break
    except zlib.error:
        pass
    return bytes(plain)


def _decode_brotli(body: bytes) -> bytes:
    stream, plain = brotli.Decompressor(), bytearray()
    try:
        for start in range(0, len(body), _CHUNK_BYTES):
            piece = stream.process(body[start : start + _CHUNK_BYTES], output_buffer_limit=_CHUNK_BYTES)
            while piece:
                plain += piece
                if len(plain) > MAX_DECODED_BYTES:
                    raise TooLarge
                piece = b"" if stream.is_finished() else stream.process(b"", output_buffer_limit=_CHUNK_BYTES)
    except brotli.error:
        pass
    return bytes(plain)
