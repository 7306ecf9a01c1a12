"""When two readings are the same content: the digest that decides whether a version is new (DESIGN section 4)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from urllib.parse import urlsplit

from lufeng_crawler.archive.fields import DIGESTED
from lufeng_crawler.archive.text import normalise
from lufeng_crawler.items import Article, Attachment


def sha256(data: bytes) -> str:
    """A digest as we write it: `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def content_digest(article: Article) -> str:
    """`sha256:…` over normalised title, published, author, source, body and attachments; nothing else.

    Normalised: white space, invisible characters and full width are away, so that an editor's spacing is no edit. An
    attachment counts by path, query and text: a site that moves to https has not changed its articles.
    """
    texts = [normalise(getattr(article, name) or "") for name in DIGESTED]
    return digest_of([texts, normalised_files(article.attachments)])


def digest_of(said: object) -> str:
    """`sha256:…` over what JSON makes of it; what pages hold may be no valid text."""
    return sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def normalised_files(files: Iterable[Attachment]) -> list[tuple[str, str]]:
    """Attachments as content_digest sees them, in whatever order they came."""
    return sorted((_address(file.url), normalise(file.text)) for file in files)


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket in it that is no IPv6 address
        return url
    return f"{parts.path}?{parts.query}"
