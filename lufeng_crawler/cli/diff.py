"""`lufeng diff`: compare two versions of an article, as text, a page or JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from lufeng_crawler.cli.shared.options import Options, json_option, print_json

if TYPE_CHECKING:
    from lufeng_crawler.archive.diff.edit_script import Operation
    from lufeng_crawler.archive.diff.versions import ChangedField, VersionDiff

COARSE = "too much differs to compare all of it word by word: some parts are shown as replaced whole"

CONTEXT_CHARACTERS = 40
"""Characters of unchanged text that are shown beside a change."""

_CONTROL = re.compile(r"[^\t\n\x20-\x7e\xa0-\U0010ffff]")
"""What a terminal would obey: pages hold anything."""


@click.command("diff")
@click.argument("article")
@click.argument("old", required=False, type=int)
@click.argument("new", required=False, type=int)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "html", "json"]),
    default="text",
    show_default=True,
    help="As text, as a page of its own that opens offline, or as one JSON object.",
)
@json_option
@click.pass_context
def diff_command(
    context: click.Context, article: str, old: int | None, new: int | None, output_format: str, as_json: bool
) -> None:
    """Show what differs between two versions, by default the last two."""
    if old is not None and new is None:
        raise click.UsageError("name both versions, or none for the last two")
    from lufeng_crawler.archive.diff.versions import diff_versions

    options: Options = context.obj
    with options.reading() as db:
        difference = diff_versions(db, article, None if old is None or new is None else (old, new))
    if as_json or output_format == "json":
        print_json(difference.report())
    elif output_format == "html":
        from lufeng_crawler.cli.shared.diff_page import render_diff

        click.echo(render_diff(difference, COARSE))
    else:
        click.echo("\n".join(_diff_lines(difference)))


def _diff_lines(difference: VersionDiff) -> Iterator[str]:
    old, new = difference.old, difference.new
    yield _printable(f"article {difference.article}: {difference.title}")
    yield _printable(difference.url)
    yield f"version {old.number}, first seen {old.first_seen} → version {new.number}, first seen {new.first_seen}"
    if not difference.fields:
        yield "no difference"
    if difference.coarse:
        yield f"({COARSE})"
    for field in difference.fields:
        yield ""
        yield click.style(field.name, bold=True) + _label_counts(field.operations)
        yield "\n".join(_attachment_lines(field)) if isinstance(field.old, list) else _marked(field.operations)


def _label_counts(operations: Sequence[Operation]) -> str:
    """Return `: 2 number, 1 date`; a paragraph that moved counts as one move."""
    counts = Counter(label for operation in _flattened(operations) for label in (operation.label or "").split())
    counts["moved"] = len({operation.moved for operation in operations} - {None})
    return ": " + ", ".join(f"{count} {label}" for label, count in counts.items() if count) if counts.total() else ""


def _flattened(operations: Sequence[Operation]) -> Iterator[Operation]:
    for operation in operations:
        yield operation
        yield from operation.inside


def _attachment_lines(field: ChangedField) -> Iterator[str]:
    from lufeng_crawler.archive.diff.versions import summarize_file

    yield from (click.style(f"[-{_printable(summarize_file(file))}-]", fg="red") for file in field.removed())
    yield from (click.style(f"{{+{_printable(summarize_file(file))}+}}", fg="green") for file in field.added())


def _marked(operations: Sequence[Operation]) -> str:
    """Return the text with its changes marked as `[-gone-]{+come+}`, and cut where nothing changed."""
    last = len(operations) - 1
    return "".join(
        _shortened(_printable(operation.new), index > 0, index < last)
        if operation.op == "equal"
        else _marked_change(operation)
        for index, operation in enumerate(operations)
    ).rstrip("\n")


def _marked_change(operation: Operation) -> str:
    note = "; ".join(filter(None, [f"moved {operation.moved}" if operation.moved else "", operation.label]))
    gone = click.style(f"[-{_printable(operation.old).rstrip()}-]", fg="red") if operation.old else ""
    come = click.style(f"{{+{_printable(operation.new).rstrip()}+}}", fg="green") if operation.new else ""
    if operation.inside:
        come = click.style("{+", fg="green") + _marked(operation.inside) + click.style("+}", fg="green")
    text = operation.new or operation.old
    white_space = text[len(text.rstrip()) :]
    return gone + come + (click.style(f"({note})", fg="cyan") if note else "") + white_space


def _shortened(text: str, is_after_change: bool, is_before_change: bool) -> str:
    """Cut out of an unchanged text what is far from the changes before and after it."""
    head, tail = (CONTEXT_CHARACTERS if is_near else 0 for is_near in (is_after_change, is_before_change))
    if len(text) <= head + tail + CONTEXT_CHARACTERS // 2:
        return text
    return text[:head] + " … " + text[len(text) - tail :]


def _printable(text: str) -> str:
    return _CONTROL.sub("", text)
