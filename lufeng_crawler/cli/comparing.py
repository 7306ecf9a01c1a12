"""The command that compares two versions of an article: diff, as text, a page or JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import click

from lufeng_crawler.archive.diff import versions
from lufeng_crawler.archive.diff.edit_script import Operation
from lufeng_crawler.archive.diff.versions import ChangedField, VersionDiff, summarize_file
from lufeng_crawler.cli.diff_page import page
from lufeng_crawler.cli.options import Options, print_json
from lufeng_crawler.cli.options import as_json as options_as_json

COARSE = "too much differs to compare all of it word by word: some parts are shown as replaced whole"

AROUND = 40
"""Characters of what stayed that are shown beside a change."""

_CONTROL = re.compile(r"[^\t\n\x20-\x7e\xa0-\U0010ffff]")
"""What a terminal would obey: pages hold anything."""


@click.command("diff")
@click.argument("article")
@click.argument("old", required=False, type=int)
@click.argument("new", required=False, type=int)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "json"]),
    default="text",
    show_default=True,
    help="As text, as a page of its own that opens offline, or as one JSON object.",
)
@options_as_json
@click.pass_context
def diff_command(
    context: click.Context, article: str, old: int | None, new: int | None, form: str, as_json: bool
) -> None:
    """Show what differs between two versions, by default the last."""
    if old is not None and new is None:
        raise click.UsageError("name both versions, or none for the last two")
    options: Options = context.obj
    with options.reading() as db:
        difference = versions.diff_versions(db, article, None if old is None or new is None else (old, new))
    if as_json or form == "json":
        print_json(difference.report())
    elif form == "html":
        click.echo(page(difference, COARSE))
    else:
        click.echo("\n".join(_text(difference)))


COMMANDS = (diff_command,)


def _text(difference: VersionDiff) -> Iterator[str]:
    old, new = difference.old, difference.new
    yield _safe(f"article {difference.article}: {difference.title}")
    yield _safe(difference.url)
    yield f"version {old.number}, first seen {old.first_seen} → version {new.number}, first seen {new.first_seen}"
    if not difference.fields:
        yield "no difference"
    if difference.coarse:
        yield f"({COARSE})"
    for field in difference.fields:
        yield ""
        yield click.style(field.name, bold=True) + _summary(field.operations)
        yield "\n".join(_files(field)) if isinstance(field.old, list) else _marked(field.operations)


def _summary(operations: Sequence[Operation]) -> str:
    """`: 2 number, 1 date`; a paragraph that moved is one move."""
    said = Counter(label for one in _all(operations) for label in (one.label or "").split())
    said["moved"] = len({one.moved for one in operations} - {None})
    return ": " + ", ".join(f"{count} {label}" for label, count in said.items() if count) if said.total() else ""


def _all(operations: Sequence[Operation]) -> Iterator[Operation]:
    for one in operations:
        yield one
        yield from one.inside


def _files(field: ChangedField) -> Iterator[str]:
    yield from (click.style(f"[-{_safe(summarize_file(file))}-]", fg="red") for file in field.removed())
    yield from (click.style(f"{{+{_safe(summarize_file(file))}+}}", fg="green") for file in field.added())


def _marked(operations: Sequence[Operation]) -> str:
    """The text with its changes marked as `[-gone-]{+come+}`, and cut where nothing changed."""
    last = len(operations) - 1
    return "".join(
        _cut(_safe(one.new), at > 0, at < last) if one.op == "equal" else _change(one)
        for at, one in enumerate(operations)
    ).rstrip("\n")


def _change(one: Operation) -> str:
    note = "; ".join(filter(None, [f"moved {one.moved}" if one.moved else "", one.label]))
    gone = click.style(f"[-{_safe(one.old).rstrip()}-]", fg="red") if one.old else ""
    come = click.style(f"{{+{_safe(one.new).rstrip()}+}}", fg="green") if one.new else ""
    if one.inside:
        come = click.style("{+", fg="green") + _marked(one.inside) + click.style("+}", fg="green")
    said = one.new or one.old
    return gone + come + (click.style(f"({note})", fg="cyan") if note else "") + said[len(said.rstrip()) :]


def _cut(text: str, before: bool, behind: bool) -> str:
    """What stayed, but for what is far from the changes before it and behind it."""
    head, tail = AROUND if before else 0, AROUND if behind else 0
    if len(text) <= head + tail + AROUND // 2:
        return text
    return text[:head] + " … " + text[len(text) - tail :]


def _safe(text: str) -> str:
    return _CONTROL.sub("", text)
