"""What happened to an article, and what an answer says of it, each in one plain sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Event = Mapping[str, Any]
"""A row of the view `events`, its lists decoded."""

WORDS = {
    "title": "标题",
    "published": "日期",
    "author": "作者",
    "source": "来源",
    "body": "正文",
    "attachments": "附件",
}

FIRST = {
    "published": "published {} the article, by their dates",
    "first_seen": "first seen {} the article",
    "unknown": "which of them was first is not known",
}

NEARLY_ALL = 0.9
"""Of a text: what holds so much of another, which is no such part of it, holds the other."""

UNSEEMLY = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+"
)
"""What breaks a line, moves a terminal's cursor, turns the direction of what follows, or may not stand in XML."""


def sentence(event: Event) -> str:
    """An event in words, to be read behind the article's name; dates are UTC, those of pages are as stated."""
    return line(SENTENCES[event["kind"]](event))


def line(text: str) -> str:
    """The text in one line that can be shown anywhere, whatever a page put into it."""
    return UNSEEMLY.sub(" ", text).strip()


def look(seen: Mapping[str, Any]) -> str:
    """What one answer (`status`, `outcome`, `reason`, `location`) says of the article, in words."""
    match seen["outcome"]:
        case "article":
            said = "the article was there"
        case "unchanged":
            said = "the article was there, unchanged"
        case "gone":
            said = f"not there: {_absence(seen)}"
        case "blocked":
            said = f"not shown to us ({seen['reason']}): says nothing of the article"
        case "redirect":
            said = f"answered {seen['status']}, leading to {seen['location']}"
        case _:
            said = f"answered {seen['status']}, with nothing to read ({seen['reason'] or seen['outcome']})"
    return line(said)


def copy(copy: Mapping[str, Any]) -> str:
    """What a row of the view `copies` says, its lists decoded."""
    said = [_alike(copy), FIRST[copy["first_by"]].format("before" if copy["first"] == copy["copy"] else "after")]
    if (copy["version"], copy["copy_version"]) != (1, 1):
        said.append(f"version {copy['copy_version']} of it beside version {copy['version']} of the article")
    if copy["fields"]:
        said.append("、".join(WORDS[field] for field in copy["fields"]) + " differs")
    if copy["credits"]:
        said.append(f"its source is the article's site ({copy['source']})")
    if copy["credited"]:
        said.append("it is what the article names as its source")
    if copy["presence"] != "live":
        said.append(copy["presence"])
    return line("; ".join(said))


def _alike(copy: Mapping[str, Any]) -> str:
    part, copy_part = copy["part"], copy["copy_part"]
    if copy["exact"]:
        return "the same text"
    if min(part, copy_part) < NEARLY_ALL <= max(part, copy_part):
        return f"{copy_part:.0%} of it is the article" if part > copy_part else f"it is {part:.0%} of the article"
    return f"{copy['similarity']:.0%} of the text is the same"


def dated(row: Mapping[str, Any]) -> str:
    """The date that an article states."""
    return row["published"] or "no date"


def _new(event: Event) -> str:
    column = event["evidence"][-1]["column"] if event["evidence"] else None
    where = f" in {column}" if column else ""
    if not event["backdated"]:
        return f"first seen{where}, {_dated(event['published'])}"
    sweep, listed = event["evidence"][:2]
    return (
        f"appeared in {_column(listed)} dated {event['published']}, long past: the column had been read to its end"
        f" without it on {_day(sweep)} (backdated)"
    )


def _edited(event: Event) -> str:
    what = "、".join(WORDS[field] for field in event["fields"] if field != "published")
    before, after = event["published_before"], event["published"]
    if event["silent"]:
        kept = f"while the page kept its date of {after}" if after else "on a page that states no date"
        return f"{what} changed {kept} (silent edit)"
    way = "was moved back" if event["backdated"] else "went"
    moved = f"the page's date {way} from {before or 'none'} to {after or 'none'}"
    ending = " (backdated)" if event["backdated"] else ""
    return f"{what} changed, and {moved}{ending}" if what else f"{moved}; nothing else changed{ending}"


def _missing(event: Event) -> str:
    seen = event["evidence"][-1]
    led = f"its address led to {seen['url']}, where " if len(event["evidence"]) > 1 else ""
    return f"not there on {_day(seen)}: {led}{_absence(seen)}; one look does not prove that it was taken down"


def _gone(event: Event) -> str:
    days = list(dict.fromkeys(map(_day, event["evidence"])))
    runs = len({proof["run"] for proof in event["evidence"]})
    when = f"on {_listed(days)}" if len(days) <= 3 else f"on {len(days)} days from {days[0]} to {days[-1]}"
    return f"taken down: seen gone {when}, by {runs} runs"


def _restored(event: Event) -> str:
    return f"back: it was there again on {_day(event['evidence'][-1])}"


def _delisted(event: Event) -> str:
    pages = len(event["evidence"])
    size = f"{pages} page{'s' if pages > 1 else ''}"
    return f"no longer listed in {_column(event['evidence'][-1])} after a complete sweep ({size}), though still served"


def _relisted(event: Event) -> str:
    return f"listed in {_column(event['evidence'][-1])} again"


def _moved(event: Event) -> str:
    before, after = event["evidence"]
    there, here = before["url"], after["url"]
    if before["outcome"] == "redirect":
        return f"moved from {there} to {here} ({before['status']})"
    return f"moved without a redirect: the same text was found at {here}, and the old address {there} is gone"


SENTENCES: Mapping[str, Callable[[Event], str]] = {
    "new": _new,
    "edited": _edited,
    "missing": _missing,
    "gone": _gone,
    "restored": _restored,
    "delisted": _delisted,
    "relisted": _relisted,
    "moved": _moved,
}


def _absence(seen: Mapping[str, Any]) -> str:
    if seen["status"] == 200:
        return f"the page said “{seen['reason'].removeprefix('soft 404: ')}”"
    return f"the site answered {seen['status']}"


def _dated(published: str | None) -> str:
    return f"dated {published}" if published else "without a date"


def _column(seen: Mapping[str, Any]) -> str:
    return seen["column"] or "its column"


def _day(seen: Mapping[str, Any]) -> str:
    return str(seen["at"])[:10]


def _listed(days: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(days[:-1]), days[-1]]))
