"""Loads site files: finds them, and builds a `Site` from the values of their keys."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import Field, dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any

from lufeng_crawler.errors import SiteFileError, UnknownSite, UsageError
from lufeng_crawler.items import Article, Entry, Layout, Listing, PresenceRule
from lufeng_crawler.sites import value_checks
from lufeng_crawler.sites.site import Column, Expect, Site
from lufeng_crawler.sites.value_checks import InvalidValue

BUNDLED = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class SiteFiles:
    """The sites whose files can be used, and what is wrong with each of the others; both by name."""

    sites: dict[str, Site] = field(default_factory=dict)
    problems: dict[str, UsageError] = field(default_factory=dict)


def load_site(name: str, folder: Path | None = None) -> Site:
    """Load the site of that name, from `folder` or else from the package.

    Raises UnknownSite, SiteFileError, UsageError.
    """
    files = _site_files(folder)
    if name in files:
        return _load_file(files[name])
    close = difflib.get_close_matches(name, files, 3)
    hint = f"did you mean {' or '.join(close)}?" if close else f"known are: {', '.join(sorted(files))}"
    raise UnknownSite(f"no site is named {value_checks.quote_key(name)}; {hint}")


def load_all_sites(folder: Path | None = None) -> dict[str, Site]:
    """Load every site by name, sorted: the package's and `folder`'s, whose files win.

    For what must not go on without one of them. Raises SiteFileError, UsageError.
    """
    return {name: _load_file(path) for name, path in sorted(_site_files(folder).items())}


def load_site_files(folder: Path | None = None) -> SiteFiles:
    """Load every site that can be loaded, and say what is wrong with the other files.

    A file in `folder` is used in place of the package's of its name even where it is broken: whoever wrote it did not
    want the other. Raises UsageError for a folder that cannot be read.
    """
    return _load_each(sorted(_site_files(folder)), folder)


def select_sites(names: Iterable[str], folder: Path | None = None) -> SiteFiles:
    """Load the sites of these names, as `load_site_files` loads all."""
    return _load_each(dict.fromkeys(names), folder)


def check_name(stem: str) -> str:
    """Return the stem of a file as a site's name. Raises InvalidValue where it cannot be one."""
    if re.fullmatch(r"[a-z0-9][a-z0-9.-]*", stem):
        return stem
    raise InvalidValue("must be small Latin letters, digits, dots and hyphens", "the file's name")


def _load_each(names: Iterable[str], folder: Path | None) -> SiteFiles:
    found = SiteFiles()
    _site_files(folder)  # a folder that cannot be read is one problem, not one for each name
    for name in names:
        try:
            found.sites[name] = load_site(name, folder)
        except (SiteFileError, UnknownSite) as problem:
            found.problems[name] = problem
    return found


def _site_files(folder: Path | None) -> dict[str, Path]:
    """Return the path of each site's file by its name.

    Hidden files are nobody's sites: what an editor or a Mac leaves behind (`.#x.toml`, `._x.toml`).
    """
    if folder is not None and not folder.is_dir():
        raise UsageError(f"{folder}: no such folder of site files")
    found = dict[str, Path]()
    for each in (BUNDLED, folder) if folder else (BUNDLED,):
        try:
            paths = list(each.iterdir())
        except OSError as error:
            raise UsageError(f"{each}: the folder of site files cannot be read: {error.strerror}") from error
        found |= {path.stem: path for path in paths if path.suffix == ".toml" and not path.name.startswith(".")}
    return found


def _load_file(path: Path) -> Site:
    try:
        return _site_validator(check_name(path.stem))(_parse_toml(path))
    except InvalidValue as wrong:
        raise SiteFileError(path, wrong.key, str(wrong)) from wrong


def _parse_toml(path: Path) -> dict[str, Any]:
    if not path.is_file():  # a pipe would be waited for without end
        raise InvalidValue("cannot be read: it is no file, or a link that leads to none", "TOML")
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))  # some editors begin a file with a byte order mark
    except RecursionError as error:
        raise InvalidValue("cannot be read: it is nested too deeply", "TOML") from error
    except (OSError, ValueError) as error:
        raise InvalidValue(f"cannot be read: {error}", "TOML") from error


def _site_validator(name: str) -> Callable[[object], Site]:
    return value_checks.table_of(
        partial(_make_site, name),
        title=value_checks.check_text,
        start=value_checks.check_url,
        family=value_checks.check_text,
        every=value_checks.parse_period,
        sweep_every=value_checks.parse_period,
        hosts=value_checks.list_of(value_checks.check_host),
        encoding=value_checks.check_encoding,
        site_id_code=value_checks.check_text,
        columns=value_checks.list_of(_column_check()),
        article=value_checks.selectors_of(*_field_names(Article)),
        listing=value_checks.selectors_of(*_field_names(Listing), *_field_names(Entry)),
        expect=value_checks.table_of(Expect, **{part.name: value_checks.check_count for part in fields(Expect)}),
        presence=value_checks.table_of(PresenceRule, **{part.name: _rule_check(part) for part in fields(PresenceRule)}),
        scrapy=value_checks.check_settings,
    )


def _column_check() -> value_checks.Check:
    return value_checks.table_of(
        _make_column,
        name=value_checks.check_text,
        path=value_checks.check_path,
        under=value_checks.check_text,
        pages=value_checks.check_count,
    )


def _rule_check(part: Field[Any]) -> value_checks.Check:
    return value_checks.parse_seconds if part.metadata.get("unit") == "seconds" else value_checks.check_count


def _field_names(shape: type) -> list[str]:
    return [field.name for field in fields(shape)]


def _make_site(name: str, title: str, start: str, columns: tuple[Column, ...], **options: Any) -> Site:
    names = [column.name for column in columns]
    if not names:
        raise InvalidValue("needs at least one", "columns")
    if repeated := next((each for each in names if names.count(each) > 1), None):
        raise InvalidValue(f"two of them are named {repeated}", "columns")
    layout = {key: options.pop(key) for key in _field_names(Layout) if key in options}
    return Site(name, title, start, columns=columns, layout=Layout(**layout), **options)


def _make_column(name: str, path: str | None = None, under: str | None = None, pages: int | None = None) -> Column:
    if under is not None and path is not None:
        raise InvalidValue("cannot be combined with path; keep one of them", "under")
    if under == name:
        raise InvalidValue("a column cannot lie under itself", "under")
    return Column(name, path, under, pages)
