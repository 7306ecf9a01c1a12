"""The page that shows a difference: a file of its own, without scripts, in which nothing of a site's is but text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from itertools import zip_longest
from string import Template

from lufeng_crawler.archive.diff import Difference, Field, said_of
from lufeng_crawler.archive.operations import Operation

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What HTML may not hold, even escaped."""


def page(difference: Difference, coarse: str) -> str:
    """The difference as HTML; `coarse` is the sentence that says so where it is."""
    old, new = difference.old, difference.new
    versions = (
        f"article {difference.article}: version {old.number}, first seen {old.first_seen}"
        f" → version {new.number}, first seen {new.first_seen}"
    )
    return Template(files(__package__).joinpath("diff.html").read_text("utf-8")).substitute(
        title=_said(difference.title),
        url=_said(difference.url),
        versions=_said(versions),
        coarse=f'<p class="coarse">{_said(coarse)}</p>' if difference.coarse else "",
        fields="\n".join(map(_field, difference.fields)) or "<p>no difference</p>",
    )


def _said(text: str) -> str:
    return escape(_CONTROL.sub("", text))


def _field(field: Field) -> str:
    heading = f"<h2>{_said(field.name)}</h2>\n"
    if isinstance(field.old, list) or isinstance(field.new, list):
        return f'{heading}<div class="text">{_files(field)}</div>'
    running = "".join(_running(one, f"{field.name}-inline") for one in field.operations)
    rows = "".join(f"<tr><td>{old}</td><td>{new}</td></tr>\n" for old, new in _rows(field))
    return f'{heading}<div class="text inline">{running}</div>\n<table class="side">\n{rows}</table>'


def _files(field: Field) -> str:
    gone = "\n".join(f"<del>{_said(said_of(file))}</del>" for file in field.gone())
    come = "\n".join(f"<ins>{_said(said_of(file))}</ins>" for file in field.come())
    return f"{gone}\n{come}".strip()


def _running(one: Operation, view: str) -> str:
    """An operation in the running text: what went stands before what came."""
    if one.op == "equal":
        return _said(one.new)
    return _gone(one, one.old, view, noted=not one.new) + _come(one, one.new, view, noted=True)


def _gone(one: Operation, text: str, view: str, noted: bool) -> str:
    return _mark("del", one, _said(text.rstrip()), view, noted) + _said(text[len(text.rstrip()) :]) if text else ""


def _come(one: Operation, text: str, view: str, noted: bool) -> str:
    inside = "".join(_running(part, view) for part in one.inside)
    said = inside.rstrip() if inside else _said(text.rstrip())
    return _mark("ins", one, said, view, noted) + _said(text[len(text.rstrip()) :]) if text else ""


def _mark(tag: str, one: Operation, said: str, view: str, noted: bool) -> str:
    """`said` is HTML. Where a paragraph moved, its two places lead to each other."""
    element = "span" if one.inside else tag
    kind = ' class="moved"' if one.moved else ""
    marked = f"<{element}{kind}>{said}</{element}>"
    other = "ins" if tag == "del" else "del"
    moved = f'<small id="{view}-{one.moved}-{tag}"><a href="#{view}-{one.moved}-{other}">moved {one.moved}</a></small>'
    label = f"<small>{_said(one.label or '')}</small>"
    return marked + (moved if one.moved and noted else "") + (label if one.label and noted else "")


def _rows(field: Field) -> Iterator[tuple[str, str]]:
    """Old and new beside each other; a row ends where a line ends on both sides, or on the one that has something."""
    view, left, right = f"{field.name}-side", "", ""
    for one in field.operations:
        for old, new, is_last in _lines(one):
            if one.op == "equal":
                left, right = left + _said(old), right + _said(new)
            else:
                left += _gone(one, old, view, noted=is_last and not one.new)
                right += _come(one, new, view, noted=is_last)
            ended = [side.endswith("\n") for side in (left, right)]
            if all(ended) or (any(ended) and (one.op == "equal" or not left or not right)):
                yield left, right
                left = right = ""
    if left or right:
        yield left, right


def _lines(one: Operation) -> Iterator[tuple[str, str, bool]]:
    """The operation line by line, where its lines can be told; whether each is the last."""
    old, new = one.old.splitlines(keepends=True), one.new.splitlines(keepends=True)
    together = len(old) == len(new) or not old or not new
    if one.inside or not together:
        old, new = [one.old], [one.new]
    pairs = list(zip_longest(old, new, fillvalue=""))
    for at, (here, there) in enumerate(pairs, 1):
        yield here, there, at == len(pairs)
