"""Reads pages: `read` says what a capture is and states; `find_column` and `recognise` help to find one's way."""

from __future__ import annotations

import hashlib
from pathlib import Path

from lufeng_crawler import __version__
from lufeng_crawler.pages.families import recognise
from lufeng_crawler.pages.reading import find_column, read

__all__ = ["READER", "find_column", "read", "recognise"]


def _digest() -> str:
    """A short digest of the source of this package: whatever changes how pages are read changes it."""
    digest = hashlib.sha256()
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(module.name.encode() + b"\0" + module.read_bytes())
    return digest.hexdigest()[:12]


READER = f"lufeng-crawler {__version__} {_digest()}"
"""Who read a version: stored with it, so that any change to the reading shows itself."""
