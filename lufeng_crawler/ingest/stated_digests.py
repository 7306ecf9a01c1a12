"""Compares content with the digests that records and packages of other makers state, however they spell them."""

from __future__ import annotations

import base64
import binascii
import hashlib
from math import ceil

ALGORITHMS = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "sha384": "sha384", "sha512": "sha512"}
"""Those that can be checked, by name without hyphens."""


def canonical_digest(stated: str) -> str:
    """Return a stated digest as `algorithm:` and hexadecimal digits; empty where it cannot be checked.

    Makers write base32 (Heritrix, wget, warcio), hexadecimal digits (Browsertrix) or base64. One without an algorithm
    is an MD5 (Data Package, `hash`) if it looks like one.
    """
    algorithm, colon, value = stated.strip().rpartition(":")
    name = ALGORITHMS.get(algorithm.lower().replace("-", "") if colon else "md5")
    if not name or not value:
        return ""
    digits = _hexadecimal(value, hashlib.new(name, usedforsecurity=False).digest_size)
    return f"{name}:{digits or (value if colon else '')}" if digits or colon else ""


def has_digest(content: bytes, stated: str) -> bool:
    """Return whether a content has the stated digest; False where that cannot be checked."""
    canonical = canonical_digest(stated)
    name = canonical.partition(":")[0]
    return bool(name) and canonical == f"{name}:{hashlib.new(name, content, usedforsecurity=False).hexdigest()}"


def contradicts(stated: str | None, *contents: bytes) -> bool:
    """Return whether a digest is stated that can be checked, and that none of the contents has."""
    return bool(canonical_digest(stated or "")) and not any(has_digest(content, stated or "") for content in contents)


def _hexadecimal(value: str, size: int) -> str:
    """Return the digest of so many bytes in hexadecimal digits; empty where it is in no known spelling."""
    bare = value.rstrip("=")
    try:
        if len(value) == 2 * size:
            return bytes.fromhex(value).hex()
        if len(bare) == ceil(size * 8 / 5):
            return base64.b32decode(bare.upper() + "=" * (-len(bare) % 8)).hex()
        if len(bare) == ceil(size * 8 / 6):
            return base64.b64decode(
                bare + "=" * (-len(bare) % 4), altchars=b"-_" if set("-_") & set(bare) else None
            ).hex()
    except (ValueError, binascii.Error):
        pass
    return ""
