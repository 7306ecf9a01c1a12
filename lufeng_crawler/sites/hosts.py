"""Writes hosts of URLs in one way only, and tells private from public ones."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import SplitResult, urlsplit

PORTS = MappingProxyType({"http": 80, "https": 443})
NAT64 = ipaddress.ip_network("64:ff9b::/96")
RESERVED = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "64:ff9b:1::/48", "::/96")))
"""Networks that Python takes for global: protocol assignments, local NAT64, IPv4-compatible (IANA's registries)."""


def host_of(url: str) -> str:
    """Return `host[:port]` of an http(s) URL: lower case, punycode, the port only where it is not the scheme's own.

    Two URLs of one server give the same text, and nothing but letters, digits and `.-_:[]` is in it.
    Raises ValueError where there is no such host.
    """
    parts = urlsplit(url)
    return _normalise_host(parts.scheme, parts.netloc)


@lru_cache(maxsize=1024)
def _normalise_host(scheme: str, netloc: str) -> str:
    """Return a host in its one form; cached, since hosts are few and needed with every URL."""
    if scheme not in PORTS:
        raise ValueError("it begins with neither http:// nor https://")
    parts = SplitResult(scheme, netloc, "", "", "")
    name = (parts.hostname or "").encode("idna").decode().lower()
    if re.fullmatch(r"[0-9a-f.]*:[0-9a-f:.]*", name):
        name = f"[{name}]"
    elif not re.fullmatch(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?", name):
        raise ValueError("it names no host")
    return name if parts.port in (None, PORTS[scheme]) else f"{name}:{parts.port}"


def is_private(host: str) -> bool:
    """Return whether a host is an IP address or name that does not exist on the public internet."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    return is_ip_address(host) and not is_public_ip(host)


def is_public_ip(address: str) -> bool:
    """Return whether an IP address can be reached on the internet; one that wraps an IPv4 address counts as that."""
    ip = ipaddress.ip_address(address)
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    if ip in NAT64:
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return inner.is_global and not inner.is_multicast and not any(inner in network for network in RESERVED)


def is_ip_address(host: str) -> bool:
    """Return whether a host is written as an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
