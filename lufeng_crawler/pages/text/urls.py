"""Makes URLs absolute as browsers do (WHATWG URL Standard) and writes each in one way only."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote

import ada_url

_TRACKING = re.compile(
    r"utm_(?:source|medium|campaign|term|content|id)|fbclid|gclid|isappinstalled|nsukey|wx_?share\w*|wx_(?:header|lang|fid)"
    r"|jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid",
    re.I,
)
"""Parameters that are never a site's own; `from`, `share_id` and `_t` are pagers and ids somewhere."""
_SESSION = re.compile(r";jsessionid=[^?/]*|/\(S\([a-z0-9]{24}\)\)(?=/)", re.I)
_WITH_NO_CONTENT = "".join(map(chr, range(33)))
"""What browsers strip off both ends: C0 controls and the space."""
_LINE_BREAKS = {ord(sign): None for sign in "\t\n\r"}
"""What browsers remove anywhere in an address."""
_ESCAPE = re.compile(r"%(?:[0-9a-f][0-9A-Fa-f]|[0-9A-F][a-f])")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BESIDE_STANDARD = str.maketrans(
    {"[": "%5B", "]": "%5D", "^": "%5E", "|": "%7C", "`": "%60", "{": "%7B", "}": "%7D", "\\": "%5C"}
)
"""What browsers leave as it is somewhere and w3lib escapes: written as Scrapy will ask for it."""
_SAFE_CHARACTERS = "/%:=&?~#+!$,;'@()*"
_SCHEMES = ("http://", "https://")

_NOWHERE = ("javascript:", "#")
_FOLDER = re.compile(r"[^?#;]{0,200}[^?#;/:]/|")
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*", re.ASCII)

_HOME = re.compile(r"/(?:(?:index|default|main|home)[a-z_]{0,6}\.\w+)?", re.I)


def canonical_url(url: str, base: str = "", encoding: str = "utf-8") -> str:
    """Return the one way to write a URL; empty where it leads nowhere (`javascript:`, `mailto:`, `#`, not http).

    Absolute, host in small letters and in ASCII, no default port, no fragment, no session, no parameter of those who
    count visits. The order of the other parameters stays, since servers may read it. `encoding` is that of the page,
    in which browsers write what is not ASCII in a query.
    """
    if not url or url.startswith(_NOWHERE):  # as every other button does
        return ""
    start = url.rfind("/") + 1
    if _NAME.fullmatch(url, start) and _FOLDER.fullmatch(url, 0, start):
        folder = _resolve_folder(url[:start] or "./", base)
        return folder and folder + url[start:]
    return _resolve(url, base, encoding)


def _resolve(url: str, base: str, encoding: str = "utf-8") -> str:
    if not url.isascii():
        url = _SURROGATES.sub("\ufffd", url)
    url = url.strip(_WITH_NO_CONTENT).translate(_LINE_BREAKS)
    if not url or url.startswith("#"):
        return ""
    if encoding != "utf-8" and not url.isascii():
        url = _encode_query(url, encoding)
    try:
        absolute: str = ada_url.join_url(base, url) if base else ada_url.normalize_url(url)
    except (ValueError, UnicodeError):
        return ""
    return _write(absolute) if absolute.startswith(_SCHEMES) else ""


def _encode_query(url: str, encoding: str) -> str:
    """Return the URL with its query escaped in the page's encoding; what this does not have, as browsers write it."""
    before, mark, query = url.partition("?")
    query, hash_mark, fragment = query.partition("#")
    if not mark or "#" in before or query.isascii():
        return url
    encoded = (sign if sign.isascii() else quote(sign.encode(encoding, "xmlcharrefreplace"), safe="") for sign in query)
    return f"{before}?{''.join(encoded)}{hash_mark}{fragment}"


def _write(url: str) -> str:
    """Return an absolute URL of the standard's form without what tells no two pages apart."""
    scheme, _, rest = url.partition("://")
    rest = rest.partition("#")[0]
    authority, _, rest = rest.partition("/")
    path, _, query = rest.partition("?")
    host = authority.rpartition("@")[2]
    name, colon, port = host.rpartition(":") if not host.endswith("]") else ("", "", host)
    name, port = (name, port) if colon else (port, "")
    if name.endswith("."):  # the same host, whose name may now read as a number: taken apart once more
        return _resolve(url.replace(name, name.rstrip("."), 1), "") if name.strip(".") else ""
    if not name:
        return ""
    path = f"/{path}"
    if ";" in path or "(" in path:
        path = _SESSION.sub("", path) or "/"
    query = _without_tracking(query) if query else ""
    written = f"{path}?{query}" if query else path
    if "%" in written:
        written = _ESCAPE.sub(_upper, written)
    return f"{scheme}://{name}{colon}{port}{written.translate(_BESIDE_STANDARD)}"


def _upper(escape: re.Match[str]) -> str:
    return escape[0].upper()


def clean_url(url: str) -> str:
    """Return the URL of a page itself: canonical, else as it was requested, escaped where it could not be parsed."""
    return canonical_url(url) or quote(_SURROGATES.sub("\ufffd", url), safe=_SAFE_CHARACTERS)


_resolve_folder = lru_cache(maxsize=1024)(_resolve)
"""Cached for folders: the lines of a listing, and the pictures of a text, mostly lie in one."""


def url_host(url: str) -> str:
    """Return the host of a canonical URL with its port; cut out, not parsed, since every line of a listing needs it."""
    parts = url.split("/", 3)
    return parts[2] if len(parts) > 2 else ""


def site_host(url: str) -> str:
    """Return the host of a canonical URL by which its site is known: without `www.`, http and https alike."""
    return url_host(url).removeprefix("www.")


def is_same_page(url: str, other: str) -> bool:
    """Return whether two canonical URLs differ at most in http or https and in `www.`."""
    return url == other or (
        site_host(url) == site_host(other) and url.split("/", 3)[3:] == other.split("/", 3)[3:] and bool(url)
    )


def is_root(url: str) -> bool:
    """Return whether a URL is that of a site's home page; one with a query (`/index.php?id=9`) is not."""
    _, absolute, rest = url.partition("://")
    path = rest.partition("/")[2] if absolute else url
    return _HOME.fullmatch(f"/{path}") is not None


def _without_tracking(query: str) -> str:
    if not _TRACKING.search(query):
        return query
    return "&".join(pair for pair in query.split("&") if not _TRACKING.fullmatch(unquote(pair.partition("=")[0])))
