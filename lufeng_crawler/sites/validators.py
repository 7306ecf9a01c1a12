"""What a key of a site file may hold: each check turns what TOML gave into what it means, or raises `Wrong`."""

from __future__ import annotations

import codecs
import difflib
import inspect
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from reprlib import repr as short
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urljoin

from lufeng_crawler.sites.hosts import host_of

T = TypeVar("T")
Check = Callable[[object], Any]
UNIT_SECONDS = MappingProxyType({"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60})


class InvalidValue(ValueError):
    """A value that its key may not hold; `key` is the way to it (`columns[2].name`, counted from 1)."""

    def __init__(self, problem: str, key: str = "") -> None:
        super().__init__(problem)
        self.key = key

    def inside(self, outer: str) -> InvalidValue:
        """The same, seen from the table that holds it under `outer`."""
        dot = "." if self.key and not self.key.startswith("[") else ""
        return InvalidValue(str(self), f"{outer}{dot}{self.key}")


def check_text(value: object) -> str:
    """Text that is not blank and stays on one line."""
    if isinstance(value, str) and value.strip() and value.isprintable():
        return value
    raise InvalidValue(f"must be text, not {short(value)}")


def check_count(value: object) -> int:
    """A whole number from 1 up."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise InvalidValue(f"must be a whole number above 0, not {short(value)}")


def parse_seconds(value: object) -> int:
    """A duration as `90s`, `30m`, `6h` or `2d` writes it, in seconds."""
    match = re.fullmatch(r"([0-9]{1,6})([smhd])", value) if isinstance(value, str) else None
    if match:
        return int(match[1]) * UNIT_SECONDS[match[2]]
    raise InvalidValue(f'must be a duration such as "90s", "30m", "6h" or "2d", not {short(value)}')


def parse_period(value: object) -> timedelta:
    """A duration longer than nothing."""
    if length := parse_seconds(value):
        return timedelta(seconds=length)
    raise InvalidValue("must be longer than nothing")


def check_url(value: object) -> str:
    """A whole http or https address."""
    try:
        host_of(check_text(value))
    except ValueError as error:
        raise InvalidValue(f"must be an address such as http://www.example.gov.cn/: {error}") from error
    return check_text(value)


def check_path(value: object) -> str:
    """An address relative to the site's start, or a whole one."""
    check_url(urljoin("http://site/", check_text(value)))
    return check_text(value)


def check_host(value: object) -> str:
    """A host, with its port where that is not the usual one: `file.example.gov.cn`, `10.1.1.1:8080`."""
    name = check_text(value)
    if "/" in name or "@" in name:
        raise InvalidValue(f"must be a host such as file.example.gov.cn, not {short(value)}")
    try:
        return host_of(f"https://{name}" if name.endswith(":443") else f"http://{name}")
    except ValueError as error:
        raise InvalidValue(f"must be a host such as file.example.gov.cn: {error}") from error


def check_encoding(value: object) -> str:
    """The name of a text encoding that Python knows."""
    try:
        b" ".decode(
            check_text(value), "replace"
        )  # refuses what Python can look up and yet is no encoding of text, such as base64
        return codecs.lookup(check_text(value)).name
    except LookupError as error:
        raise InvalidValue(str(error)) from error


def list_of(check: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    """A check of a list, by the check of one of its values."""

    def checked(value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise InvalidValue(f"must be a list, not {short(value)}")
        return tuple(_inside(f"[{number}]", check, one) for number, one in enumerate(value, 1))

    return checked


def table_of(make: Callable[..., T], **keys: Check) -> Callable[[object], T]:
    """A check of a table of these keys, given to `make`; those that `make` has no default for are needed."""
    given = inspect.signature(make).parameters.values()
    needed = [one.name for one in given if one.default is one.empty and one.kind is not one.VAR_KEYWORD]

    def checked(value: object) -> T:
        found = _known(value, keys)
        if missing := next((key for key in needed if key not in found), None):
            raise InvalidValue("is missing", missing)
        return make(**{key: _inside(key, keys[key], one) for key, one in found.items()})

    return checked


def selectors_of(*fields: str) -> Callable[[object], Mapping[str, str]]:
    """A check of a table of CSS selectors, one for each of these fields that needs one."""
    return table_of(lambda **found: MappingProxyType(found), **dict.fromkeys(fields, check_text))


def check_settings(value: object) -> Mapping[str, object]:
    """A table of Scrapy settings by name, whatever they hold."""
    if not isinstance(value, dict):
        raise InvalidValue(f"must be a table, not {short(value)}")
    for name in value:
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
            raise InvalidValue("is not the name of a Scrapy setting: those are written in capitals", quote_key(name))
    return MappingProxyType(value)


def quote_key(key: str) -> str:
    """A key as a message shows it: on one line, whatever it holds."""
    return key if key.isprintable() and key.strip() else repr(key)


def _inside(key: str, check: Callable[[object], T], value: object) -> T:
    try:
        return check(value)
    except InvalidValue as wrong:
        raise wrong.inside(key) from wrong


def _known(value: object, keys: Mapping[str, Check]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidValue(f"must be a table, not {short(value)}")
    for key in value:
        if key not in keys:
            close = difflib.get_close_matches(key, keys, 1)
            hint = f"did you mean {close[0]}?" if close else f"known here: {', '.join(keys)}"
            raise InvalidValue(f"is not a known key; {hint}", quote_key(key))
    return value
