"""Writes what a survey found: the site's TOML file, and the pages that its test reads."""

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
from lufeng_crawler.sites.value_checks import InvalidValue, quote_key

MIN_WEEKLY_ARTICLES = 5
"""Articles in a week from which a site is crawled every 6 hours; with fewer, once a day."""

MAX_MARKS = 3
"""Marks of a family that are shown; the first are the surest."""

MAX_WORDS_LENGTH = 60
"""Characters of a page's own text in a site file."""


@dataclass(frozen=True, slots=True)
class SitePaths:
    """Where the files of a new site go: `gulou.toml` and `pages/gulou/`, as in `tests/data/pages/`."""

    folder: Path
    name: str

    @property
    def file(self) -> Path:
        """Return the path of the site file."""
        return self.folder / f"{self.name}.toml"

    @property
    def pages(self) -> Path:
        """Return the folder of its saved pages."""
        return self.folder / "pages" / self.name


def site_paths(folder: Path, name: str) -> SitePaths:
    """Return where a site of that name goes.

    Raises UsageError where the name is not allowed, or the files exist.
    """
    try:
        paths = SitePaths(folder, check_name(name))
    except InvalidValue as wrong:
        raise UsageError(f"{quote_key(name)}: a site's name {wrong}") from wrong
    if existing := next((path for path in (paths.file, paths.pages) if path.exists()), None):
        raise UsageError(f"{existing}: exists and is not overwritten")
    return paths


def write_site(where: SitePaths, result: SurveyResult) -> sites.Site:
    """Write the site's files, read the site back and return it; its files appear whole or not at all."""
    with TemporaryDirectory(prefix=f".{where.name}-", dir=where.folder) as folder:
        draft = SitePaths(Path(folder), where.name)
        draft.file.write_text(format_site_file(where.name, result), encoding="utf-8")
        site = sites.load_site(where.name, draft.folder)
        draft.pages.mkdir(parents=True)
        if result.sample:
            (draft.pages / "article.html").write_bytes(format_saved_page(result.sample.capture))
        column = result.sample.column if result.sample else result.columns[0]
        (draft.pages / "listing.html").write_bytes(format_saved_page(column.capture))
        where.pages.parent.mkdir(exist_ok=True)
        draft.pages.rename(where.pages)
        draft.file.rename(where.file)
    return site


def format_saved_page(page: Capture) -> bytes:
    """Format a page as browsers save it: its URL in the first line, then its bytes without Content-Encoding."""
    body = content_encoding.decode_payload(page.body, page.header("Content-Encoding") or "")
    return f"<!-- saved from url={page.url} -->\n".encode() + body


def format_site_file(name: str, result: SurveyResult) -> str:
    """Format the site file."""
    day = result.columns[0].capture.fetched_at[:10]
    title = one_line_words(result.profile.title) or sites.host_of(result.start)
    head = [f"# {name}.toml: {title}, as `lufeng sites new` found it on {day}.", *_head_lines(title, result)]
    columns = [line for column in result.columns for line in ("", "[[columns]]", *_column_lines(column))]
    fewest = min(result.columns, key=lambda column: len(column.listing.entries))
    count = len(fewest.listing.entries)
    reason = f"half of the fewest seen on a first page: {count} of {one_line_words(fewest.column.name)}"
    return "\n".join([*head, *columns, "", "[expect]", _format_line("entries", max(1, count // 2), reason), ""])


def one_line_words(text: str) -> str:
    """Return a page's words as one line that a site file may hold."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line[:MAX_WORDS_LENGTH]


def _head_lines(title: str, result: SurveyResult) -> Iterator[str]:
    yield _format_line("title ", title)
    yield _format_line("start ", result.start)
    if result.family:
        yield _format_line("family", result.family, f"known by {', '.join(family_marks(result))}")
    recent = result.count_recent_articles()
    yield _format_line(
        "every ", "6h" if recent >= MIN_WEEKLY_ARTICLES else "1d", f"{recent} articles in the week before"
    )
    if result.site_id_code:
        yield _format_line("site_id_code", result.site_id_code, "a page with another SiteIDCode is not this site's")
    if others := result.entries_by_other_host():
        counts = ", ".join(f"{count} to {host}" for host, count in others.items())
        hosts = json.dumps(list(others))
        yield f"# hosts = {hosts}  # remove the # to crawl these hosts too: entries lead there ({counts})"


def family_marks(result: SurveyResult) -> list[str]:
    """Return the marks by which the family was recognised, each once."""
    marks = (mark for profile in result.profiles if profile.family == result.family for mark in profile.marks)
    return list(dict.fromkeys(marks))[:MAX_MARKS]


def _column_lines(found: FoundColumn) -> Iterator[str]:
    count = len(found.listing.entries)
    age = f"the newest of {found.newest}" if found.newest else "undated"
    yield _format_line("name", one_line_words(found.column.name), f"{count} entries on its first page, {age}")
    if found.column.path:
        yield _format_line("path", found.column.path, one_line_words(found.why))


def _format_line(key: str, value: str | int, why: str = "") -> str:
    """Format a key and its value; JSON's strings are TOML's, as `one_line_words` has left no control character."""
    return f"{key} = {json.dumps(value, ensure_ascii=False)}{f'  # {why}' if why else ''}"
