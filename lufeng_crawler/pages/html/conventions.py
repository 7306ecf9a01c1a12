"""What single CMSs write in their own way, gathered for the rules that run before a page's family is known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Conventions:
    """What one CMS writes in its own way: URL patterns, elements and attributes that no standard has.

    Rules use the conventions of all families on every page: a page may hold what was pasted from another system, and
    links lead to pages that have not been fetched yet.

    article_ids      URLs of articles; the first group is the CMS's own id of the article
    article_urls     URLs of articles that carry no such id; they never lead to a column
    download_urls    URLs of files whose name the URL does not show
    title_tags       elements that hold a headline, by name in lower case
    body_tags        elements that hold an article's text
    block_tags       beginnings of the names of elements that a browser is to show as blocks
    href_attributes  attributes that keep where a link leads when a script has taken its `href`
    src_attributes   attributes that keep a picture's URL before any other does
    """

    article_ids: tuple[re.Pattern[str], ...] = ()
    article_urls: tuple[re.Pattern[str], ...] = ()
    download_urls: tuple[re.Pattern[str], ...] = ()
    title_tags: tuple[str, ...] = ()
    body_tags: tuple[str, ...] = ()
    block_tags: tuple[str, ...] = ()
    href_attributes: tuple[str, ...] = ()
    src_attributes: tuple[str, ...] = ()


_known = Conventions()


def known_conventions() -> Conventions:
    """Return the conventions of all registered families, put together."""
    return _known


def register_conventions(conventions: Iterable[Conventions]) -> None:
    """Replace the known conventions by these, put together in their order."""
    global _known
    families = list(conventions)
    together: dict[str, tuple[Any, ...]] = {
        field.name: tuple(value for family in families for value in getattr(family, field.name))
        for field in fields(Conventions)
    }
    _known = Conventions(**together)


def article_key(url: str) -> str:
    """Return an article's identity within its site: the CMS's own id in the canonical URL, else the URL itself."""
    return next((match[1] for pattern in _known.article_ids if (match := pattern.search(url))), url)


def is_article_url(url: str) -> bool:
    """Return whether a CMS writes only the URLs of articles like this one."""
    return article_key(url) != url or any(pattern.search(url) for pattern in _known.article_urls)


def is_download_url(href: str) -> bool:
    """Return whether a CMS serves files at such URLs, whatever the URL ends with."""
    return any(pattern.search(href) for pattern in _known.download_urls)
