"""Makes URLs absolute and writes each in one way only."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, urljoin, urlsplit, urlunsplit

_TRACKING = re.compile(r"utm_\w+|spm|from|isappinstalled|nsukey|share_\w+|jsessionid|fbclid|gclid|_t|wx_\w+", re.I)
_SESSION = re.compile(r";jsessionid=[^?/]*", re.I)
_DEFAULT_PORT = {"http": 80, "https": 443}
_SAFE_CHARACTERS = "/%:=&?~#+!$,;'@()*[]|"

_NOWHERE = ("javascript:", "#")
_FOLDER = re.compile(r"[^?#;]{0,200}[^?#;/:]/|")
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*", re.ASCII)

_HOME = re.compile(r"/(?:(?:index|default|main|home)[a-z_]{0,6}\.\w+)?", re.I)


def canonical_url(url: str, base: str = "") -> str:
    """Return the one way to write a URL; empty where it leads nowhere (`javascript:`, `mailto:`, `#`, not http).

    Absolute, host in lower case, no default port, no fragment, no session, no tracking parameter. The order of the
    other parameters stays, since servers may read it.
    """
    if not url or url.startswith(_NOWHERE):  # as every other button does
        return ""
    start = url.rfind("/") + 1
    if _NAME.fullmatch(url, start) and _FOLDER.fullmatch(url, 0, start):
        folder = _resolve_folder(url[:start] or "./", base)
        return folder and folder + url[start:]
    return _resolve(url, base)


def _resolve(url: str, base: str) -> str:
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        port = parts.port
    except ValueError:
        return ""
    leads_nowhere = not url.strip() or url.strip().startswith("#")
    if leads_nowhere or parts.scheme not in _DEFAULT_PORT or not parts.hostname or not parts.hostname.isprintable():
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = host if port in {None, _DEFAULT_PORT[parts.scheme]} else f"{host}:{port}"
    path = quote(_SESSION.sub("", parts.path) or "/", safe=_SAFE_CHARACTERS)
    return urlunsplit((parts.scheme, netloc, path, quote(_without_tracking(parts), safe=_SAFE_CHARACTERS), ""))


def clean_url(url: str) -> str:
    """Return the URL of a page itself: canonical, else as it was requested, escaped where it could not be parsed."""
    return canonical_url(url) or quote(url, safe=_SAFE_CHARACTERS.translate({ord("["): None, ord("]"): None}))


_resolve_folder = lru_cache(maxsize=1024)(_resolve)
"""Cached for folders: the lines of a listing, and the pictures of a text, mostly lie in one."""


def url_host(url: str) -> str:
    """Return the host of a canonical URL with its port; cut out, not parsed, since every line of a listing needs it."""
    parts = url.split("/", 3)
    return parts[2] if len(parts) > 2 else ""


def is_root(url: str) -> bool:
    """Return whether a URL is that of a site's home page; one with a query (`/index.php?id=9`) is not."""
    _, absolute, rest = url.partition("://")
    path = rest.partition("/")[2] if absolute else url
    return _HOME.fullmatch(f"/{path}") is not None


def _without_tracking(parts: SplitResult) -> str:
    if not parts.query or not _TRACKING.search(parts.query):
        return parts.query
    named = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if _TRACKING.fullmatch(name)}
    return "&".join(pair for pair in parts.query.split("&") if pair.partition("=")[0] not in named)
