"""Servers and clocks that lie, headers without measure, and site files that cannot be used."""

from __future__ import annotations

from tests.situations.scripted_site import NEWS, Asked, ScriptedSite, article_page, respond
from tests.situations.situation import BELOW, Does, Night, Situation

TEN = tuple(range(1, 11))
FIRST = Night(("new 1-10",))
UNCHANGED = "SELECT count(*) FROM captures WHERE outcome = 'unchanged'"
OTHER_KINDS = "SELECT count(*) FROM changes WHERE kind NOT IN ('new', 'edited')"
EDITED = "SELECT count(*) FROM latest_articles WHERE body LIKE '%补充说明%'"
LIVE, GONE = (f"SELECT count(*) FROM articles WHERE presence = '{presence}'" for presence in ("live", "gone"))
VALIDATORS = {"ETag": '"always"', "Last-Modified": "Mon, 02 Nov 2026 01:00:00 GMT"}


def _ten(site: ScriptedSite) -> None:
    site.add(*TEN)


def _edit(*numbers: int) -> Does:
    def does(site: ScriptedSite) -> None:
        for number in numbers:
            site.edit(number)

    return does


def _lies_of_articles(site: ScriptedSite) -> None:
    """Answer 304 to whatever condition is sent for an article, though its page has changed."""
    _ten(site)
    for number in TEN:

        def answer(asked: Asked, number: int = number) -> bytes:
            if "if-none-match" in asked.headers or "if-modified-since" in asked.headers:
                return respond("", 304, VALIDATORS)
            return respond(article_page(site.pieces[number]), headers=VALIDATORS)

        site.instead(number, answer)


def _lies_of_the_list(site: ScriptedSite) -> None:
    _ten(site)

    def answer(asked: Asked) -> bytes:
        if "if-none-match" in asked.headers or "if-modified-since" in asked.headers:
            return respond("", 304, VALIDATORS)
        return respond(site.pages(NEWS)["/list.htm"], headers=VALIDATORS)

    site.answers["/list.htm"] = answer


def _honest(site: ScriptedSite) -> None:
    """Validators that change with the page."""
    _ten(site)
    for number in TEN:

        def answer(asked: Asked, number: int = number) -> bytes:
            text = article_page(site.pieces[number])
            tag = {"ETag": f'"{len(text)}"'}
            same = asked.headers.get("if-none-match") == tag["ETag"]
            return respond("", 304, tag) if same else respond(text, headers=tag)

        site.instead(number, answer)


def _unasked_304_of_the_list(site: ScriptedSite) -> None:
    _ten(site)
    site.answers["/list.htm"] = respond("", 304)


def _heal(site: ScriptedSite) -> None:
    site.heal()


def _redated(site: ScriptedSite) -> None:
    """Edit an article and write another date on its line, as an editor does who wants it to be seen."""
    site.edit(3)
    site.change(3, day="2026-11-03")


def _many_cookies(site: ScriptedSite) -> None:
    """40 cookies of 900 bytes with every answer: 36 kB of headers."""
    _ten(site)
    cookies = [("Set-Cookie", f"c{number}={'x' * 900}; path=/") for number in range(40)]
    site.answers["/list.htm"] = respond(site.pages(NEWS)["/list.htm"], headers=cookies)
    for number in TEN:

        def answer(asked: Asked, number: int = number) -> bytes:
            return respond(article_page(site.pieces[number]), headers=cookies)

        site.instead(number, answer)


def _take_down(number: int) -> Does:
    return lambda site: site.take_down(number)


def _publish(*numbers: int) -> Does:
    return lambda site: site.add(*numbers, day="2026-11-01")


def _put_back(number: int) -> Does:
    return lambda site: site.add(number)


SITUATIONS = (
    Situation(
        "304: --full sees an edit behind validators that never change",
        _lies_of_articles,
        (FIRST, Night(("edited 3",), (_edit(3),), full=True)),
    ),
    Situation(
        "304: an ordinary run sees it where the line of the list has changed",
        _lies_of_articles,
        (FIRST, Night(("edited 3",), (_redated,))),
    ),
    Situation(
        "304: a list that never changes hides no article from --full",
        _lies_of_the_list,
        (FIRST, Night(("new 101",), (_publish(101),), full=True)),
    ),
    Situation(
        "304: where the server is honest, nothing is told, and what changed is",
        _honest,
        (FIRST, Night(full=True), Night(("edited 3-4",), (_edit(3, 4),), full=True), Night(full=True)),
    ),
    Situation(
        "304: to a list that nobody asked about with a condition",
        _unasked_304_of_the_list,
        (
            Night((), (), BELOW, says=("304",), rows={UNCHANGED: [(0,)]}),
            Night(("new 1-10",), (_heal,)),
        ),
    ),
    Situation(
        "clock: a run begins before the archive's last answer",
        _ten,
        (
            Night(("new 1-10",), at=10),
            Night(None, (_edit(3),), None, full=True, at=8, rows={OTHER_KINDS: [(0,)]}),
            Night(None, full=True, at=11.2, rows={OTHER_KINDS: [(0,)], LIVE: [(10,)], EDITED: [(1,)]}),
        ),
    ),
    Situation(
        "clock: taken down while the clock is slow",
        _ten,
        (
            Night(("new 1-10",), at=10),
            Night(None, (_take_down(3),), full=True, at=8, outcome=None),
            Night(None, full=True, at=11.2, rows={LIVE: [(9,)]}),
            Night(None, full=True, at=12.3, rows={LIVE: [(9,)], GONE: [(1,)]}),
        ),
    ),
    Situation(
        "clock: it jumps ahead by a year and comes back",
        _ten,
        (
            FIRST,
            Night(full=True, at=366),
            Night(None, (_edit(3),), None, full=True, at=2.1, rows={OTHER_KINDS: [(0,)]}),
            Night(None, (), None, full=True, at=3.2, rows={OTHER_KINDS: [(0,)], LIVE: [(10,)]}),
            Night(None, full=True, at=368, rows={OTHER_KINDS: [(0,)], LIVE: [(10,)], EDITED: [(1,)]}),
        ),
    ),
    Situation(
        "clock: a year ahead, something is missing and comes back when the clock does",
        _ten,
        (
            FIRST,
            Night(("missing 3",), (_take_down(3),), full=True, at=366),
            Night(None, (_put_back(3),), full=True, at=2.1, outcome=None, rows={GONE: [(0,)]}),
            Night(None, full=True, at=3.2, outcome=None, rows={GONE: [(0,)]}),
        ),
    ),
    Situation(
        "headers: forty cookies of 900 bytes",
        _many_cookies,
        (FIRST, Night(full=True), Night(("edited 3",), (_edit(3),), full=True)),
    ),
    Situation(
        "site files: leftovers beside the good one",
        _ten,
        (FIRST, Night(full=True)),
        files={"._gulou.toml": b"\0\5\x16\7", ".#gulou.toml": b"", "gulou.toml~": b"title = ", "x.toml.swp": b"b0VIM"},
    ),
    Situation("site files: a broken one beside the good one", _ten, (FIRST,), files={"broken.toml": b"title = "}),
)  # fmt: skip
