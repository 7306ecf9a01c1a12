"""Describes an event, a capture or a copy in one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lufeng_crawler.archive.queries.phrases import Translate, translator
from lufeng_crawler.archive.text import one_line

FIRST_BY = {
    "published": "published {} the article, by their dates",
    "first_seen": "first seen {} the article",
    "unknown": "which of them was first is not known",
}

NEARLY_ALL = 0.9
"""A share of a text: a text that holds this much of a shorter one is described as holding it."""


@dataclass(frozen=True, slots=True)
class EventCapture:
    """A capture that proves an event, with the id of its run and the name of its column; `digest` is its payload's."""

    capture: int
    at: str
    run: int
    url: str
    status: int
    outcome: str
    reason: str | None
    location: str | None
    column: str | None
    digest: str

    @property
    def day(self) -> str:
        """The UTC day of the capture."""
        return self.at[:10]


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the view `events` in the order of its columns, and what `list_events` adds to it.

    `published` is the date that the article's page states, `published_before` that of the version before. `evidence`
    has the captures of `captures`, in that order. `sentence` describes the event in the reader's language. `digest` is
    over what happened and what proves it and no row numbers, so that it is the same in every archive with these
    captures.
    """

    id: int
    at: str
    kind: str
    site: str
    article: int
    url: str
    title: str
    fields: tuple[str, ...]
    silent: bool
    backdated: bool
    from_version: int | None
    to_version: int | None
    captures: tuple[int, ...]
    key: str
    published: str | None
    published_before: str | None
    run: str
    evidence: tuple[EventCapture, ...]
    sentence: str = ""
    digest: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Event:
        """Return the event of a row of the view, its lists decoded."""
        lists = {"fields": tuple(row["fields"] or ()), "captures": tuple(row["captures"])}
        flags = {name: bool(row[name]) for name in ("silent", "backdated")}
        evidence = tuple(EventCapture(**capture) for capture in row["evidence"])
        return cls(**{**row, **lists, **flags, "evidence": evidence})


def describe_event(event: Event, language: str = "en") -> str:
    """Return the sentence that follows the article's name. Dates are UTC; dates of pages are as stated."""
    return one_line(SENTENCES[event.kind](event, translator(language)))


def describe_capture(capture: Mapping[str, Any], language: str = "en") -> str:
    """Return what one capture (`status`, `outcome`, `reason`, `location`) says about the article."""
    say = translator(language)
    match capture["outcome"]:
        case "article":
            sentence = say("there")
        case "unchanged":
            sentence = say("unchanged")
        case "gone":
            sentence = say("not_there", absence=_absence(capture["status"], capture["reason"], say))
        case "blocked":
            sentence = say("not_shown", reason=capture["reason"])
        case "unconfirmed":
            sentence = say("unconfirmed", reason=capture["reason"])
        case "redirect":
            sentence = say("redirected", status=capture["status"], url=capture["location"])
        case _:
            reason = capture["reason"] or capture["outcome"]
            sentence = say("unread", status=capture["status"], reason=reason)
    return one_line(sentence)


def describe_copy(copy: Mapping[str, Any]) -> str:
    """Return the English description of a row of the view `copies`, its lists decoded."""
    order = "before" if copy["first"] == copy["copy"] else "after"
    parts = [_similarity(copy), FIRST_BY[copy["first_by"]].format(order)]
    if (copy["version"], copy["copy_version"]) != (1, 1):
        parts.append(f"version {copy['copy_version']} of it beside version {copy['version']} of the article")
    if copy["fields"]:
        verb = "differs" if len(copy["fields"]) == 1 else "differ"
        parts.append(f"{_enumerate_fields(copy['fields'], translator('en'))} {verb}")
    if copy["credits"]:
        parts.append(f"its source is the article's site ({copy['source']})")
    if copy["credited"]:
        parts.append("it is what the article names as its source")
    if copy["presence"] != "live":
        parts.append(copy["presence"])
    return one_line("; ".join(parts))


def format_date(row: Mapping[str, Any]) -> str:
    """Return the date that an article states, or "no date"."""
    return row["published"] or "no date"


def _similarity(copy: Mapping[str, Any]) -> str:
    part, copy_part = copy["part"], copy["copy_part"]
    if copy["exact"]:
        return "the same text"
    if min(part, copy_part) < NEARLY_ALL <= max(part, copy_part):
        return f"{copy_part:.0%} of it is the article" if part > copy_part else f"it is {part:.0%} of the article"
    return f"{copy['similarity']:.0%} of the text is the same"


def _describe_new(event: Event, say: Translate) -> str:
    if event.backdated:
        sweep, listing = event.evidence[:2]
        return say("appeared", column=_column(listing, say), day=event.published, swept=sweep.day)
    dated = say("dated", day=event.published) if event.published else say("undated")
    column = event.evidence[-1].column if event.evidence else None
    return say("new_in", column=say("column", name=column), dated=dated) if column else say("new", dated=dated)


def _describe_edited(event: Event, say: Translate) -> str:
    fields = _enumerate_fields([name for name in event.fields if name != "published"], say)
    before, after = event.published_before, event.published
    if event.silent:
        return say("silent", fields=fields, day=after) if after else say("silent_undated", fields=fields)
    direction = "date_back" if event.backdated else "date_went"
    moved = say(direction, old=before or say("none"), new=after or say("none"))
    ending = say("backdated") if event.backdated else ""
    return say("edited" if fields else "dated_anew", fields=fields, moved=moved, ending=ending)


def _describe_missing(event: Event, say: Translate) -> str:
    last = event.evidence[-1]
    led = say("led", url=last.url) if len(event.evidence) > 1 else ""
    return say("missing", day=last.day, led=led, absence=_absence(last.status, last.reason, say))


def _describe_gone(event: Event, say: Translate) -> str:
    days = list(dict.fromkeys(capture.day for capture in event.evidence))
    runs = len({capture.run for capture in event.evidence})
    if len(days) <= 3:
        return say("gone", days=_enumerate(days, say), runs=runs)
    return say("gone_often", count=len(days), first=days[0], last=days[-1], runs=runs)


def _describe_restored(event: Event, say: Translate) -> str:
    return say("restored", day=event.evidence[-1].day)


def _describe_delisted(event: Event, say: Translate) -> str:
    pages = len(event.evidence)
    size = say("pages" if pages > 1 else "page", count=pages)
    column, runs = _column(event.evidence[-1], say), len({capture.run for capture in event.evidence})
    if runs == 1:  # by the rules of earlier runs one sweep was enough
        return say("delisted", column=column, size=size)
    days = list(dict.fromkeys(capture.day for capture in event.evidence))
    return say("delisted_twice", column=column, runs=runs, days=_enumerate(days, say), size=size)


def _describe_relisted(event: Event, say: Translate) -> str:
    return say("relisted", column=_column(event.evidence[-1], say))


def _describe_moved(event: Event, say: Translate) -> str:
    before, after = event.evidence
    message = "moved" if before.outcome == "redirect" else "moved_text"
    return say(message, old=before.url, new=after.url, status=before.status)


SENTENCES: Mapping[str, Callable[[Event, Translate], str]] = {
    "new": _describe_new,
    "edited": _describe_edited,
    "missing": _describe_missing,
    "gone": _describe_gone,
    "restored": _describe_restored,
    "delisted": _describe_delisted,
    "relisted": _describe_relisted,
    "moved": _describe_moved,
}


def _absence(status: int, reason: str | None, say: Translate) -> str:
    if status == 200:
        return say("page_said", words=(reason or "").removeprefix("soft 404: "))
    return say("answered", status=status)


def _column(capture: EventCapture, say: Translate) -> str:
    return say("column", name=capture.column) if capture.column else say("its_column")


def _enumerate_fields(fields: Sequence[str], say: Translate) -> str:
    names = [say(f"field_{field}") for field in fields]
    return say("field_and").join(filter(None, [say("comma").join(names[:-1]), *names[-1:]]))


def _enumerate(items: Sequence[str], say: Translate) -> str:
    """Return "a, b and c" in the language."""
    return say("and").join(filter(None, [say("comma").join(items[:-1]), items[-1]]))
