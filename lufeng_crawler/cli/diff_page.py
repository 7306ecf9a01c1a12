"""The page that shows a difference: a file of its own, without scripts, in which nothing of a site's is but text."""

from __future__ import annotations

from importlib.resources import files
from string import Template

from lufeng_crawler.archive.diff.html import FieldDiffHtml, escape
from lufeng_crawler.archive.diff.versions import ChangedField, VersionDiff


def page(difference: VersionDiff, coarse: str) -> str:
    """The difference as HTML; `coarse` is the sentence that says so where it is."""
    old, new = difference.old, difference.new
    versions = (
        f"article {difference.article}: version {old.number}, first seen {old.first_seen}"
        f" → version {new.number}, first seen {new.first_seen}"
    )
    return Template(files(__package__).joinpath("diff.html").read_text("utf-8")).substitute(
        title=escape(difference.title),
        url=escape(difference.url),
        versions=escape(versions),
        coarse=f'<p class="coarse">{escape(coarse)}</p>' if difference.coarse else "",
        fields="\n".join(map(_field, difference.fields)) or "<p>no difference</p>",
    )


def _field(field: ChangedField) -> str:
    marked, heading = FieldDiffHtml(field), f"<h2>{escape(field.name)}</h2>\n"
    if marked.is_list:
        return f'{heading}<div class="text">{marked.files()}</div>'
    running, rows = ("".join(one.html for one in view) for view in (marked.inline(), marked.side()))
    return f'{heading}<div class="text inline">{running}</div>\n<table class="side">\n{rows}</table>'
