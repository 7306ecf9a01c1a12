"""URLs: made absolute and written one way only."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, urljoin, urlsplit, urlunsplit

_TRACKING = re.compile(r"utm_\w+|spm|from|isappinstalled|nsukey|share_\w+|jsessionid|fbclid|gclid|_t|wx_\w+", re.I)
_SESSION = re.compile(r";jsessionid=[^?/]*", re.I)
_DEFAULT_PORT = {"http": 80, "https": 443}
_SAFE = "/%:=&?~#+!$,;'@()*[]|"

_NOWHERE = ("javascript:", "#")
_FOLDER = re.compile(r"[^?#;]{0,200}[^?#;/:]/|")
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*", re.ASCII)

_HOME = re.compile(r"/(?:(?:index|default|main|home)[a-z_]{0,6}\.\w+)?", re.I)


def canonical_url(url: str, base: str = "") -> str:
    """The one way to write an address; empty where `url` leads nowhere (`javascript:`, `mailto:`, `#`, not http).

    Absolute, host in lower case, no default port, no fragment, no session, no tracking parameter; the order of the
    other parameters stays, since servers may read it.
    """
    if not url or url.startswith(_NOWHERE):  # as every other button does
        return ""
    start = url.rfind("/") + 1
    if _NAME.fullmatch(url, start) and _FOLDER.fullmatch(url, 0, start):
        folder = _canonical(url[:start] or "./", base)
        return folder and folder + url[start:]
    return _whole(url, base)


def _whole(url: str, base: str) -> str:
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
    path = quote(_SESSION.sub("", parts.path) or "/", safe=_SAFE)
    return urlunsplit((parts.scheme, netloc, path, quote(_query(parts), safe=_SAFE), ""))


def clean_url(url: str) -> str:
    """The address of a page itself: canonical, else as it was asked for, escaped where none could be taken apart."""
    return canonical_url(url) or quote(url, safe=_SAFE.translate({ord("["): None, ord("]"): None}))


_canonical = lru_cache(maxsize=1024)(_whole)
"""Of folders: the lines of a listing, and the pictures of a text, mostly lie in one."""


def url_host(url: str) -> str:
    """The host of a canonical address, its port included; cut out, since each line of a listing is asked for it."""
    parts = url.split("/", 3)
    return parts[2] if len(parts) > 2 else ""


def is_root(url: str) -> bool:
    """Whether an address is that of a site's home page; what asks for something (`/index.php?id=9`) is not."""
    _, absolute, rest = url.partition("://")
    path = rest.partition("/")[2] if absolute else url
    return _HOME.fullmatch(f"/{path}") is not None


def _query(parts: SplitResult) -> str:
    if not parts.query or not _TRACKING.search(parts.query):
        return parts.query
    named = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if _TRACKING.fullmatch(name)}
    return "&".join(pair for pair in parts.query.split("&") if pair.partition("=")[0] not in named)
