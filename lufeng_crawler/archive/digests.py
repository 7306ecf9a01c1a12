"""Digests: of bytes, of JSON, and of an article's content, which decides whether a version is new."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from lufeng_crawler.archive.fields import DIGESTED
from lufeng_crawler.archive.text import normalise
from lufeng_crawler.items import Article, Attachment

_NUMBER = re.compile(r"\d+")


def sha256(data: bytes) -> str:
    """Return the digest as we write it: `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def content_digest(article: Article, template_lines: Collection[str] = ()) -> str:
    """Return the digest of an article's normalised digested fields (see fields.py) and attachments; nothing else.

    Normalising drops white space, invisible characters and full width, so that an editor's spacing is no edit. An
    attachment counts by path, query and text: a site that moves to https has not changed its articles. The numbers
    in the site's template lines (see history/template_lines.py) are left out of the body.
    """
    stated = {name: getattr(article, name) or "" for name in DIGESTED}
    stated["body"] = without_counts(stated["body"], template_lines)
    texts = [normalise(stated[name]) for name in DIGESTED]
    return digest_of([texts, normalised_files(article.attachments)])


def mask_digits(line: str) -> str:
    """Return a line as template lines are compared: normalised, each number written as #."""
    return _NUMBER.sub("#", normalise(line))


def without_counts(body: str, template_lines: Collection[str]) -> str:
    """Return a body in which the site's template lines have # for their numbers: that one is there still counts."""
    if not template_lines:
        return body
    pairs = ((line, mask_digits(line)) for line in body.split("\n"))
    return "\n".join(masked if masked in template_lines else line for line, masked in pairs)


def digest_of(value: object) -> str:
    """Return the digest of a value as JSON. What pages hold may be no valid text, so surrogates are encoded."""
    return sha256(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def normalised_files(files: Iterable[Attachment]) -> list[tuple[str, str]]:
    """Return attachments as content_digest compares them, whatever their order."""
    return sorted((_path_and_query(file.url), normalise(file.text)) for file in files)


def _path_and_query(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket in it that is no IPv6 address
        return url
    return f"{parts.path}?{parts.query}"
