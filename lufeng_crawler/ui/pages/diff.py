"""The page of what differs between two versions of an article, in running text or side by side."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from lufeng_crawler.archive import text
from lufeng_crawler.archive.diff import versions as diff_versions
from lufeng_crawler.archive.diff.html import FieldDiffHtml, Segment
from lufeng_crawler.archive.queries import articles
from lufeng_crawler.ui.page import Shown, UiPage
from lufeng_crawler.ui.pages.article import LARGEST_ID
from lufeng_crawler.ui.request import PageRequest
from lufeng_crawler.ui.translations import translator

VIEWS = ("inline", "side")


class FieldDiff(NamedTuple):
    """A field that differs: `name`, and in the view asked for its parts; of a list of files its one part."""

    name: str
    parts: list[Segment]
    is_list: bool


def read(db: sqlite3.Connection, asked: PageRequest) -> Shown:
    """The difference; of an article with one version, that alone."""
    id = asked.number("id", 1, LARGEST_ID)
    versions = articles.get_history(db, str(id))
    last = versions[-1]["number"]
    new = asked.number("to", last)
    old = asked.number("from", max(new - 1, 1))
    view = asked.text("view") if asked.text("view") in VIEWS else VIEWS[0]
    shown = {"id": id, "versions": versions, "old": old, "new": new, "view": view, "views": VIEWS}
    title = {"title": text.one_line(versions[-1]["title"])}
    if len(versions) == 1:
        return shown | title | {"difference": None, "fields": []}
    difference = diff_versions.diff_versions(db, str(id), (old, new))
    return shown | title | {"difference": difference, "fields": list(_fields(difference, asked, str(view)))}


def _fields(difference: diff_versions.VersionDiff, asked: PageRequest, view: str) -> Iterator[FieldDiff]:
    say = translator(asked.language)
    for field in difference.fields:
        marked = FieldDiffHtml(field, lambda label: say(f"label_{label}"))
        stretches = marked.inline() if view == "inline" else marked.side()
        parts = [Segment(marked.files())] if marked.is_list else list(_joined(stretches))
        yield FieldDiff(field.name, parts, marked.is_list)


def _joined(stretches: Iterable[Segment]) -> Iterator[Segment]:
    """What is shown between two folds is one stretch."""
    for folded, group in groupby(stretches, lambda one: one.folded):
        yield Segment(Markup("").join(one.html for one in group), folded)


PAGES = (UiPage(r"^/articles/(?P<id>\d+)/diff$", "diff.html", read),)
