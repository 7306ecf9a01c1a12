"""Lines that are no longer listed: taken from the middle of a list, pushed off its end, missed, or moved elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.situations.scripted_site import NEWS, Asked, ScriptedSite, respond
from tests.situations.situation import BELOW, Does, Night, Situation

NOTICES = "通知公告"
TWO_COLUMNS = "".join(
    f'[[columns]]\nname = "{name}"\npath = "{path}"\n' for name, path in ((NEWS, "/list.htm"), (NOTICES, "/tz.htm"))
)
FULL = Night(full=True)
FIRST = Night(("new 1-20",), full=True, coverage={NEWS: "complete"})


def _twenty(site: ScriptedSite) -> None:
    """Two pages, of which the last shows itself as such."""
    site.add(*range(1, 21))
    site.size = 10
    site.pager = lambda number, pages, total: (
        f"共{total}条 {number}/{pages}页 "
        + (f'<a href="/list_{number + 1}.htm">下一页</a>' if number < pages else '<a class="disabled">下一页</a>')
    )


def _newest_ten(site: ScriptedSite) -> None:
    """A column that shows its newest 10 and no more, on one page."""
    site.add(*range(1, 11))
    site.shown = 10


def _unlist(*numbers: int) -> Does:
    def does(site: ScriptedSite) -> None:
        for number in numbers:
            site.change(number, listed=None)

    return does


def _list(*numbers: int, column: str = NEWS) -> Does:
    def does(site: ScriptedSite) -> None:
        for number in numbers:
            site.change(number, listed=column)

    return does


def _publish(*numbers: int) -> Does:
    return lambda site: site.add(*numbers, day="2026-11-03")


def _while_paging(change: Does) -> Does:
    """Let a change happen between the first page and the second, as a crawl sees it."""

    def does(site: ScriptedSite) -> None:
        def answer(asked: Asked) -> bytes:
            shown = respond(site.pages(NEWS)["/list.htm"])
            site.answers.clear()
            change(site)
            return shown

        site.answers["/list.htm"] = answer

    return does


def _second_page_fails(site: ScriptedSite) -> None:
    site.answers["/list_2.htm"] = respond("error", 404)


def _heal(site: ScriptedSite) -> None:
    site.heal()


def _take_down(number: int) -> Does:
    return lambda site: site.take_down(number)


def _with_notices(begins: Does) -> Does:
    def both(site: ScriptedSite) -> None:
        begins(site)
        site.columns[NOTICES] = "/tz.htm"
        site.add(51, 52, 53, 54, listed=NOTICES)

    return both


def _told(name: str, begins: Does, *nights: Night, columns: str = "") -> Situation:
    made = Situation(f"listing: {name}", begins, nights)
    return replace(made, columns=columns) if columns else made


def _night(*does: Callable[[ScriptedSite], object], events: tuple[str, ...] = (), full: bool = True) -> Night:
    return Night(events, does, full=full)


NOTICES_TOO = replace(FIRST, events=("new 1-20", "new 51-54"), coverage={})

SITUATIONS = (
    _told(
        "a line is taken out of the middle: two complete sweeps, a day apart",
        _twenty,
        FIRST,
        _night(_unlist(5)),
        _night(events=("delisted 5",)),
        FULL,
    ),
    _told(
        "two complete sweeps within a day prove nothing",
        _twenty,
        FIRST,
        replace(_night(_unlist(5)), at=2.0),
        replace(FULL, at=2.4),
        replace(FULL, at=3.1, events=("delisted 5",)),
    ),
    _told("a line is missed once", _twenty, FIRST, _night(_unlist(5)), _night(_list(5)), FULL),
    _told(
        "a line is missed twice, with the second page failing between",
        _twenty,
        FIRST,
        _night(_unlist(5)),
        replace(_night(_second_page_fails), outcome=None),
        _night(_heal, events=("delisted 5",)),
    ),
    _told(
        "a sweep that did not see the end is none",
        _twenty,
        FIRST,
        replace(_night(_unlist(15), _second_page_fails), outcome=None),
        replace(FULL, outcome=None),
        _night(_heal),
        _night(events=("delisted 15",)),
    ),
    _told(
        "delisted, and listed again",
        _twenty,
        FIRST,
        _night(_unlist(5)),
        _night(events=("delisted 5",)),
        _night(_list(5), events=("relisted 5",)),
        FULL,
    ),
    _told(
        "taken down, not delisted",
        _twenty,
        FIRST,
        _night(_take_down(5), events=("missing 5",)),
        _night(events=("gone 5",)),
        FULL,
    ),
    _told(
        "the newest ten, and new ones push old ones off",
        _newest_ten,
        Night(("new 1-10",)),
        _night(_publish(101, 102, 103), events=("new 101-103",), full=False),
        FULL,
        FULL,
    ),
    _told(
        "the newest ten, all of them replaced",
        _newest_ten,
        Night(("new 1-10",)),
        replace(_night(_publish(*range(101, 111)), events=("new 101-110",), full=False), outcome=BELOW),
        FULL,
        FULL,
    ),
    _told(
        "the newest ten, the oldest of them taken out",
        _newest_ten,
        Night(("new 1-10",)),
        _night(_unlist(10)),
        FULL,
        FULL,
    ),
    _told(
        "one is published while a crawl turns the page",
        _twenty,
        FIRST,
        replace(_night(_while_paging(_publish(101))), outcome=None),
        Night(("new 101",), full=True),
        FULL,
    ),
    _told(
        "one is taken out while a crawl turns the page, so that another is never seen",
        _twenty,
        FIRST,
        replace(_night(_while_paging(_unlist(3))), outcome=None),
        replace(FULL, events=()),
        _night(events=("delisted 3",)),
        FULL,
    ),
    _told(
        "a line moves to another column",
        _with_notices(_twenty),
        NOTICES_TOO,
        replace(_night(_list(5, column=NOTICES)), events=()),  # its address is the same
        FULL,
        FULL,
        columns=TWO_COLUMNS,
    ),
    _told(
        "a line stands in one column of two no longer",
        _with_notices(_twenty),
        NOTICES_TOO,
        _night(_unlist(52)),
        _night(events=("delisted 52",)),
        columns=TWO_COLUMNS,
    ),
    _told(
        "every second night another line is missing",
        _twenty,
        FIRST,
        *(_night(_list(2, 4, 6, 8), _unlist(number)) for number in (2, 4, 6, 8)),
        _night(_list(2, 4, 6, 8)),
    ),
)
