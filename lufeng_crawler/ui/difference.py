"""The page of what differs between two versions of an article, in running text or side by side."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from lufeng_crawler.archive import diff, query, sentences
from lufeng_crawler.archive.marking import Marked, Stretch
from lufeng_crawler.ui.article import LARGEST_ID
from lufeng_crawler.ui.asked import Asked
from lufeng_crawler.ui.page import Page, Shown
from lufeng_crawler.ui.words import saying

VIEWS = ("inline", "side")


class Said(NamedTuple):
    """A field that differs: `name`, and in the view asked for its parts; of a list of files its one part."""

    name: str
    parts: list[Stretch]
    is_list: bool


def read(db: sqlite3.Connection, asked: Asked) -> Shown:
    """The difference; of an article with one version, that alone."""
    id = asked.number("id", 1, LARGEST_ID)
    versions = query.history(db, str(id))
    last = versions[-1]["number"]
    new = asked.number("to", last)
    old = asked.number("from", max(new - 1, 1))
    view = asked.text("view") if asked.text("view") in VIEWS else VIEWS[0]
    shown = {"id": id, "versions": versions, "old": old, "new": new, "view": view, "views": VIEWS}
    title = {"title": sentences.line(versions[-1]["title"])}
    if len(versions) == 1:
        return shown | title | {"difference": None, "fields": []}
    difference = diff.between(db, str(id), (old, new))
    return shown | title | {"difference": difference, "fields": list(_fields(difference, asked, str(view)))}


def _fields(difference: diff.Difference, asked: Asked, view: str) -> Iterator[Said]:
    say = saying(asked.language)
    for field in difference.fields:
        marked = Marked(field, lambda label: say(f"label_{label}"))
        stretches = marked.inline() if view == "inline" else marked.side()
        parts = [Stretch(marked.files())] if marked.is_list else list(_joined(stretches))
        yield Said(field.name, parts, marked.is_list)


def _joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """What is shown between two folds is one stretch."""
    for folded, group in groupby(stretches, lambda one: one.folded):
        yield Stretch(Markup("").join(one.html for one in group), folded)


PAGES = (Page(r"^/articles/(?P<id>\d+)/diff$", "diff.html", read),)
