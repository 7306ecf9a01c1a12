"""When two readings are the same content: the digest that decides whether a version is new (DESIGN section 4)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

from lufeng_crawler.archive.warc import sha256
from lufeng_crawler.items import Article, Attachment

UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
"""White space, and what takes no room on a page: soft hyphens, joiners, marks of direction."""

WIDE = {
    chr(code): chr(int(form.removeprefix("<wide> "), 16))
    for code in range(0xFF01, 0xFFE7)
    if (form := unicodedata.decomposition(chr(code))).startswith("<wide>")
}
"""Full-width forms and the characters they are of. Not NFKC: that makes 10² the same as 102."""


def content_digest(article: Article) -> str:
    """`sha256:…` over normalised title, published, author, source, body and attachments; nothing else.

    Normalised: white space, invisible characters and full width are away, so that an editor's spacing is no edit. An
    attachment counts by path, query and text: a site that moves to https has not changed its articles.
    """
    said = (article.title, article.published, article.author, article.source, article.body)
    whole = [[normalise(text or "") for text in said], normalised_files(article.attachments)]
    return digest_of(whole)


def digest_of(said: object) -> str:
    """`sha256:…` over what JSON makes of it; what pages hold may be no valid text."""
    return sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def normalise(text: str) -> str:
    """The text as content_digest sees it."""
    text = unicodedata.normalize("NFC", text)
    for sign in WIDE.keys() & set(text):  # few of them stand in a text, and str.translate asks for every character
        text = text.replace(sign, WIDE[sign])
    return UNSEEN.sub("", text)


def normalised_files(files: Iterable[Attachment]) -> list[tuple[str, str]]:
    """Attachments as content_digest sees them, in whatever order they came."""
    return sorted((_address(file.url), normalise(file.text)) for file in files)


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket in it that is no IPv6 address
        return url
    return f"{parts.path}?{parts.query}"
