"""Renders a diff as a page of its own, without scripts, in which everything from the site is escaped text."""

from __future__ import annotations

from lufeng_crawler.archive.diff.html import FieldDiffHtml, escape
from lufeng_crawler.archive.diff.versions import VersionDiff
from lufeng_crawler.archive.export.html_page import render_page


def render_diff(difference: VersionDiff, coarse: str) -> str:
    """Render the difference as HTML; `coarse` is the sentence that says that it is coarse, where it is."""
    old, new = difference.old, difference.new
    versions = (
        f"article {difference.article}: version {old.number}, first seen {old.first_seen}"
        f" → version {new.number}, first seen {new.first_seen}"
    )
    return render_page(
        "diff.html",
        __package__,
        title=escape(difference.title),
        url=escape(difference.url),
        versions=escape(versions),
        coarse=coarse if difference.coarse else "",
        fields=[FieldDiffHtml(field) for field in difference.fields],
    )
