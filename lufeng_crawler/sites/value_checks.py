"""Validates the values of a site file's keys: each check returns what a TOML value means, or raises InvalidValue."""

from __future__ import annotations

import codecs
import difflib
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from reprlib import repr as short
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urljoin

from lufeng_crawler.sites.hosts import host_of

T = TypeVar("T")
Check = Callable[[object], Any]
UNIT_SECONDS = MappingProxyType({"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60})


class InvalidValue(ValueError):
    """A value that its key may not hold; `key` is the path to it (`columns[2].name`, counted from 1)."""

    def __init__(self, problem: str, key: str = "") -> None:
        super().__init__(problem)
        self.key = key

    def inside(self, outer: str) -> InvalidValue:
        """Return the same error, seen from the table that holds the value under `outer`."""
        dot = "." if self.key and not self.key.startswith("[") else ""
        return InvalidValue(str(self), f"{outer}{dot}{self.key}")


def check_text(value: object) -> str:
    """Return text that is not blank and stays on one line."""
    if isinstance(value, str) and value.strip() and value.isprintable():
        return value
    raise InvalidValue(f"must be text, not {short(value)}")


def check_count(value: object) -> int:
    """Return a whole number from 1 up."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise InvalidValue(f"must be a whole number above 0, not {short(value)}")


def parse_seconds(value: object) -> int:
    """Parse a duration as `90s`, `30m`, `6h` or `2d` writes it, in seconds."""
    match = re.fullmatch(r"([0-9]{1,6})([smhd])", value) if isinstance(value, str) else None
    if match:
        return int(match[1]) * UNIT_SECONDS[match[2]]
    raise InvalidValue(f'must be a duration such as "90s", "30m", "6h" or "2d", not {short(value)}')


def parse_period(value: object) -> timedelta:
    """Parse a duration longer than zero."""
    if length := parse_seconds(value):
        return timedelta(seconds=length)
    raise InvalidValue("must be longer than zero")


def check_url(value: object) -> str:
    """Return a whole http or https URL."""
    try:
        host_of(check_text(value))
    except ValueError as error:
        raise InvalidValue(f"must be a URL such as http://www.example.gov.cn/: {error}") from error
    return check_text(value)


def check_path(value: object) -> str:
    """Return a URL relative to the site's start, or a whole one."""
    check_url(urljoin("http://site/", check_text(value)))
    return check_text(value)


def check_host(value: object) -> str:
    """Return a host, with its port where that is not the usual one: `file.example.gov.cn`, `10.1.1.1:8080`."""
    name = check_text(value)
    if "/" in name or "@" in name:
        raise InvalidValue(f"must be a host such as file.example.gov.cn, not {short(value)}")
    try:
        return host_of(f"https://{name}" if name.endswith(":443") else f"http://{name}")
    except ValueError as error:
        raise InvalidValue(f"must be a host such as file.example.gov.cn: {error}") from error


def check_encoding(value: object) -> str:
    """Return Python's name of a text encoding.

    Decoding refuses what Python can look up and yet is no encoding of text, such as base64.
    """
    try:
        b" ".decode(check_text(value), "replace")
        return codecs.lookup(check_text(value)).name
    except LookupError as error:
        raise InvalidValue(str(error)) from error


def list_of(check: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    """Return a check of a list, made of the check of one of its values."""
    return partial(_check_list, check)


def _check_list(check: Callable[[object], T], value: object) -> tuple[T, ...]:
    if not isinstance(value, list):
        raise InvalidValue(f"must be a list, not {short(value)}")
    return tuple(_check_inside(f"[{number}]", check, item) for number, item in enumerate(value, 1))


def table_of(make: Callable[..., T], **checks: Check) -> Callable[[object], T]:
    """Return a check of a table with these keys, whose values become arguments of `make`.

    Keys that `make` has no default for are required.
    """
    parameters = inspect.signature(make).parameters.values()
    required = [each.name for each in parameters if each.default is each.empty and each.kind is not each.VAR_KEYWORD]
    return partial(_check_table, make, required, checks)


def _check_table(make: Callable[..., T], required: Sequence[str], checks: Mapping[str, Check], value: object) -> T:
    table = _with_known_keys(value, checks)
    if missing := next((key for key in required if key not in table), None):
        raise InvalidValue("is missing", missing)
    return make(**{key: _check_inside(key, checks[key], item) for key, item in table.items()})


def selectors_of(*fields: str) -> Callable[[object], Mapping[str, str]]:
    """Return a check of a table of CSS selectors, one for each of these fields that needs one."""
    return table_of(_frozen_mapping, **dict.fromkeys(fields, check_text))


def _frozen_mapping(**selectors: str) -> Mapping[str, str]:
    return MappingProxyType(selectors)


def check_settings(value: object) -> Mapping[str, object]:
    """Return a table of Scrapy settings by name, whatever they hold."""
    if not isinstance(value, dict):
        raise InvalidValue(f"must be a table, not {short(value)}")
    for name in value:
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
            raise InvalidValue("is not the name of a Scrapy setting: those are written in capitals", quote_key(name))
    return MappingProxyType(value)


def quote_key(key: str) -> str:
    """Return a key as a message shows it: on one line, whatever it holds."""
    return key if key.isprintable() and key.strip() else repr(key)


def _check_inside(key: str, check: Callable[[object], T], value: object) -> T:
    try:
        return check(value)
    except InvalidValue as wrong:
        raise wrong.inside(key) from wrong


def _with_known_keys(value: object, keys: Mapping[str, Check]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidValue(f"must be a table, not {short(value)}")
    for key in value:
        if key not in keys:
            close = difflib.get_close_matches(key, keys, 1)
            hint = f"did you mean {close[0]}?" if close else f"known here: {', '.join(keys)}"
            raise InvalidValue(f"is not a known key; {hint}", quote_key(key))
    return value
