"""When two readings are the same content: the digest that decides whether a version is new (DESIGN section 4)."""

from __future__ import annotations

import json
import re
import unicodedata
from urllib.parse import urlsplit

from lufeng_crawler.archive.warc import sha256
from lufeng_crawler.items import Article, Attachment

SPACE = re.compile(r"[\s\u200b\ufeff]+")


def content_digest(article: Article) -> str:
    """`sha256:…` over normalised title, published, author, source, body and attachments; nothing else.

    Normalised: NFKC, white space and invisible characters away, so that an editor's spacing is no edit. An
    attachment counts by path, query and text: a site that moves to https has not changed its articles.
    """
    said = (article.title, article.published, article.author, article.source, article.body)
    files = sorted((_address(file), normalise(file.text)) for file in article.attachments)
    return sha256(json.dumps([[normalise(text or "") for text in said], files], ensure_ascii=False).encode())


def normalise(text: str) -> str:
    """The text as content_digest sees it."""
    return SPACE.sub("", unicodedata.normalize("NFKC", text))


def _address(file: Attachment) -> str:
    parts = urlsplit(file.url)
    return f"{parts.path}?{parts.query}"
