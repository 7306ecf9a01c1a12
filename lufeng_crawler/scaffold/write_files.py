"""Writes what was found of a site: its TOML file, and the pages that its test reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lufeng_crawler import sites
from lufeng_crawler.errors import UsageError
from lufeng_crawler.items import Capture
from lufeng_crawler.pages.text import content_encoding
from lufeng_crawler.scaffold.survey_result import FoundColumn, SurveyResult
from lufeng_crawler.sites.loader import check_name
from lufeng_crawler.sites.validators import InvalidValue, quote_key

MIN_WEEKLY_ARTICLES = 5
"""Articles in a week that make a site worth a look every 6 hours; else one a day does."""

MAX_MARKS = 3
"""Marks of a family that are told; the first are the surest."""

MAX_WORDS_LENGTH = 60
"""Characters of a page's own words in a site file."""


@dataclass(frozen=True, slots=True)
class SitePaths:
    """Where the files of a new site go: `gulou.toml` and `pages/gulou/`, as `tests/pages/` has them."""

    folder: Path
    name: str

    @property
    def file(self) -> Path:
        """The site file."""
        return self.folder / f"{self.name}.toml"

    @property
    def pages(self) -> Path:
        """The folder of its saved pages."""
        return self.folder / "pages" / self.name


def site_paths(folder: Path, name: str) -> SitePaths:
    """Where a site of that name goes. Raises UsageError where it cannot be its name, or something is there."""
    try:
        found = SitePaths(folder, check_name(name))
    except InvalidValue as wrong:
        raise UsageError(f"{quote_key(name)}: a site's name {wrong}") from wrong
    if there := next((path for path in (found.file, found.pages) if path.exists()), None):
        raise UsageError(f"{there}: is there already, and is not written over")
    return found


def write_site(where: SitePaths, found: SurveyResult) -> sites.Site:
    """The site, once it has been written and read back; its files appear whole or not at all."""
    with TemporaryDirectory(prefix=f".{where.name}-", dir=where.folder) as folder:
        draft = SitePaths(Path(folder), where.name)
        draft.file.write_text(format_site_file(where.name, found), encoding="utf-8")
        site = sites.load_site(where.name, draft.folder)
        draft.pages.mkdir(parents=True)
        if found.sample:
            (draft.pages / "article.html").write_bytes(format_saved_page(found.sample.capture))
        column = found.sample.column if found.sample else found.columns[0]
        (draft.pages / "listing.html").write_bytes(format_saved_page(column.capture))
        where.pages.parent.mkdir(exist_ok=True)
        draft.pages.rename(where.pages)
        draft.file.rename(where.file)
    return site


def format_saved_page(page: Capture) -> bytes:
    """A page as browsers save it: its address in the first line, then the bytes as they came, their coding undone."""
    body = content_encoding.decode_payload(page.body, page.header("Content-Encoding") or "")
    return f"<!-- saved from url={page.url} -->\n".encode() + body


def format_site_file(name: str, found: SurveyResult) -> str:
    """The site file."""
    day = found.columns[0].capture.fetched_at[:10]
    title = one_line_words(found.profile.title) or sites.host_of(found.start)
    head = [f"# {name}.toml: {title}, as `lufeng sites new` found it on {day}.", *_head(title, found)]
    columns = [line for column in found.columns for line in ("", "[[columns]]", *_column(column))]
    fewest = min(found.columns, key=lambda column: len(column.listing.entries))
    count = len(fewest.listing.entries)
    said = f"half of the fewest seen on a first page: {count} of {one_line_words(fewest.column.name)}"
    return "\n".join([*head, *columns, "", "[expect]", _line("entries", max(1, count // 2), said), ""])


def one_line_words(text: str) -> str:
    """A page's words as one line of a site file may hold them."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line[:MAX_WORDS_LENGTH]


def _head(title: str, found: SurveyResult) -> Iterator[str]:
    yield _line("title ", title)
    yield _line("start ", found.start)
    if found.family:
        yield _line("family", found.family, f"known by {', '.join(family_marks(found))}")
    lately = found.count_recent_articles()
    yield _line("every ", "6h" if lately >= MIN_WEEKLY_ARTICLES else "1d", f"{lately} articles in the week before")
    if found.site_id_code:
        yield _line("site_id_code", found.site_id_code, "a page with another SiteIDCode is not this site's")
    if elsewhere := found.entries_by_other_host():
        said = ", ".join(f"{count} to {host}" for host, count in elsewhere.items())
        yield f"# hosts = {json.dumps(list(elsewhere))}  # not asked unless named: entries lead there ({said})"


def family_marks(found: SurveyResult) -> list[str]:
    """The marks by which the family was known, each once."""
    every = (mark for front in found.profiles if front.family == found.family for mark in front.marks)
    return list(dict.fromkeys(every))[:MAX_MARKS]


def _column(found: FoundColumn) -> Iterator[str]:
    count, newest = len(found.listing.entries), f", the newest of {found.newest}" if found.newest else ", undated"
    yield _line("name", one_line_words(found.column.name), f"{count} entries on its first page{newest}")
    if found.column.path:
        yield _line("path", found.column.path, one_line_words(found.why))


def _line(key: str, value: str | int, why: str = "") -> str:
    """JSON's strings are TOML's: neither holds a control character but escaped, and `words` has left none."""
    return f"{key} = {json.dumps(value, ensure_ascii=False)}{f'  # {why}' if why else ''}"
