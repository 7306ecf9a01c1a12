"""What happened to an article, and what an answer says of it, each in one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lufeng_crawler.archive.queries.messages import Translate, translator
from lufeng_crawler.archive.text import one_line

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


def describe_event(event: Event, language: str = "en") -> str:
    """An event in words, to be read behind the article's name; dates are UTC, those of pages are as stated."""
    return one_line(SENTENCES[event["kind"]](event, translator(language)))


def describe_capture(seen: Mapping[str, Any], language: str = "en") -> str:
    """What one answer (`status`, `outcome`, `reason`, `location`) says of the article, in words."""
    say = translator(language)
    match seen["outcome"]:
        case "article":
            said = say("there")
        case "unchanged":
            said = say("unchanged")
        case "gone":
            said = say("not_there", absence=_absence(seen, say))
        case "blocked":
            said = say("not_shown", reason=seen["reason"])
        case "redirect":
            said = say("redirected", status=seen["status"], url=seen["location"])
        case _:
            said = say("unread", status=seen["status"], reason=seen["reason"] or seen["outcome"])
    return one_line(said)


def describe_copy(copy: Mapping[str, Any]) -> str:
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
    return one_line("; ".join(said))


def _alike(copy: Mapping[str, Any]) -> str:
    part, copy_part = copy["part"], copy["copy_part"]
    if copy["exact"]:
        return "the same text"
    if min(part, copy_part) < NEARLY_ALL <= max(part, copy_part):
        return f"{copy_part:.0%} of it is the article" if part > copy_part else f"it is {part:.0%} of the article"
    return f"{copy['similarity']:.0%} of the text is the same"


def format_date(row: Mapping[str, Any]) -> str:
    """The date that an article states."""
    return row["published"] or "no date"


def _new(event: Event, say: Translate) -> str:
    published = event["published"]
    if event["backdated"]:
        sweep, listed = event["evidence"][:2]
        return say("appeared", column=_column(listed, say), day=published, swept=_day(sweep))
    dated = say("dated", day=published) if published else say("undated")
    column = event["evidence"][-1]["column"] if event["evidence"] else None
    return say("new_in", column=say("column", name=column), dated=dated) if column else say("new", dated=dated)


def _edited(event: Event, say: Translate) -> str:
    what = "、".join(WORDS[field] for field in event["fields"] if field != "published")
    before, after = event["published_before"], event["published"]
    if event["silent"]:
        return say("silent", what=what, day=after) if after else say("silent_undated", what=what)
    way = "date_back" if event["backdated"] else "date_went"
    moved = say(way, old=before or say("none"), new=after or say("none"))
    ending = say("backdated") if event["backdated"] else ""
    return say("edited" if what else "dated_anew", what=what, moved=moved, ending=ending)


def _missing(event: Event, say: Translate) -> str:
    seen = event["evidence"][-1]
    led = say("led", url=seen["url"]) if len(event["evidence"]) > 1 else ""
    return say("missing", day=_day(seen), led=led, absence=_absence(seen, say))


def _gone(event: Event, say: Translate) -> str:
    days = list(dict.fromkeys(map(_day, event["evidence"])))
    runs = len({proof["run"] for proof in event["evidence"]})
    if len(days) <= 3:
        return say("gone", days=_listed(days, say), runs=runs)
    return say("gone_often", count=len(days), first=days[0], last=days[-1], runs=runs)


def _restored(event: Event, say: Translate) -> str:
    return say("restored", day=_day(event["evidence"][-1]))


def _delisted(event: Event, say: Translate) -> str:
    pages = len(event["evidence"])
    size = say("pages" if pages > 1 else "page", count=pages)
    return say("delisted", column=_column(event["evidence"][-1], say), size=size)


def _relisted(event: Event, say: Translate) -> str:
    return say("relisted", column=_column(event["evidence"][-1], say))


def _moved(event: Event, say: Translate) -> str:
    before, after = event["evidence"]
    redirected = before["outcome"] == "redirect"
    return say("moved" if redirected else "moved_text", old=before["url"], new=after["url"], status=before["status"])


SENTENCES: Mapping[str, Callable[[Event, Translate], str]] = {
    "new": _new,
    "edited": _edited,
    "missing": _missing,
    "gone": _gone,
    "restored": _restored,
    "delisted": _delisted,
    "relisted": _relisted,
    "moved": _moved,
}


def _absence(seen: Mapping[str, Any], say: Translate) -> str:
    if seen["status"] == 200:
        return say("page_said", words=seen["reason"].removeprefix("soft 404: "))
    return say("answered", status=seen["status"])


def _column(seen: Mapping[str, Any], say: Translate) -> str:
    return say("column", name=seen["column"]) if seen["column"] else say("its_column")


def _day(seen: Mapping[str, Any]) -> str:
    return str(seen["at"])[:10]


def _listed(days: Sequence[str], say: Translate) -> str:
    return say("and").join(filter(None, [say("comma").join(days[:-1]), days[-1]]))
