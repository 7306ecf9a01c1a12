"""The page that compares two versions of an article, in running text or side by side."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from lufeng_crawler.archive import text
from lufeng_crawler.archive.diff.html import FieldDiffHtml, Segment
from lufeng_crawler.archive.diff.versions import VersionDiff, diff_versions
from lufeng_crawler.archive.queries import articles
from lufeng_crawler.ui.page import TemplateValues, UiPage
from lufeng_crawler.ui.pages.article import LARGEST_ID
from lufeng_crawler.ui.request import PageRequest
from lufeng_crawler.ui.translations import translator

VIEWS = ("inline", "side")


class FieldDiff(NamedTuple):
    """A field that differs: its name, and its parts in the chosen view; a list of files is one part."""

    name: str
    parts: list[Segment]
    is_list: bool


def read(db: sqlite3.Connection, request: PageRequest) -> TemplateValues:
    """Return the difference; of an article with one version, that version alone."""
    id: int = articles.get_article(db, request.number("id", 1, LARGEST_ID))["id"]
    versions = articles.get_history(db, id)
    last = versions[-1]["number"]
    new = request.number("to", last)
    old = request.number("from", max(new - 1, 1))
    view = request.argument("view") if request.argument("view") in VIEWS else VIEWS[0]
    values = {"id": id, "versions": versions, "old": old, "new": new, "view": view, "views": VIEWS}
    title = {"title": text.one_line(versions[-1]["title"])}
    if len(versions) == 1:
        return values | title | {"difference": None, "fields": []}
    difference = diff_versions(db, id, (old, new))
    return values | title | {"difference": difference, "fields": list(_fields(difference, request, str(view)))}


def _fields(difference: VersionDiff, request: PageRequest, view: str) -> Iterator[FieldDiff]:
    say = translator(request.language)
    for field in difference.fields:
        marked = FieldDiffHtml(field, lambda label: say(f"label_{label}"))
        segments = marked.inline() if view == "inline" else marked.side()
        parts = [Segment(marked.files())] if marked.is_list else list(_joined(segments))
        yield FieldDiff(field.name, parts, marked.is_list)


def _joined(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Join the segments between two folds."""
    for folded, group in groupby(segments, lambda segment: segment.folded):
        yield Segment(Markup("").join(segment.html for segment in group), folded)


ROUTES = (UiPage(r"^/articles/(?P<id>\d+)/diff$", "diff.html", read),)
