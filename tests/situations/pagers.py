"""Pagers: those that cannot be followed are never good; the others are followed to their end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs

from tests.situations.scripted_site import NEWS, Asked, ScriptedSite, listing_page, respond
from tests.situations.situation import BELOW, Night, Situation

TEN_OF_23 = "10 of 23"

STATED: dict[str, tuple[str, tuple[str, ...]]] = {
    "a form with a field to write a number into": (
        '<form method="post" action="/list.htm">共23条 1/3页 转到第<input type="text" name="p" size="2">页'
        '<input type="submit" value="GO"></form>',
        (TEN_OF_23,),
    ),
    "a function of a script": ('<a href="javascript:goPage(2)">下一页</a> 共23条', ("goPage(2)", TEN_OF_23)),
    "an ASP.NET postback": (
        """<a href="javascript:__doPostBack('pager','2')">下一页</a> 共 23 条 每页 10 条""",
        ("__doPostBack", TEN_OF_23),
    ),
    "a click that runs a script": (
        '<span class="next" onclick="turnPage(2)">下一页</span> 第1/3页 共23条记录',
        ("turnPage(2)", TEN_OF_23),
    ),
    "a select that jumps": (
        '<select onchange="jump(this.value)"><option value="1" selected>1</option><option value="2">2</option>'
        '<option value="3">3</option></select> 总数：23条',
        (TEN_OF_23,),
    ),
    "a pager that a script writes": (
        '<div id="pager"></div><script>createPager({total:23,size:10,current:1})</script>',
        (TEN_OF_23,),
    ),
    "a total and nothing else": ("<span>共23条</span>", (TEN_OF_23,)),
}
"""Under a first page of 10 lines of 23: the pager, and what the run's reason says."""

UNSTATED: dict[str, tuple[str, tuple[str, ...]]] = {
    "加载更多": ('<a href="javascript:;" class="more" onclick="loadMore()">加载更多</a>', ("加载更多",)),
    "查看更多 as a button": ('<button type="button" id="moreBtn">查看更多</button>', ("查看更多",)),
    "a form whose button needs a script": (
        '<form name="f" method="post"><input type="hidden" name="pageNo" value="1">'
        "<a href=\"javascript:document.f.pageNo.value='2';document.f.submit();\">下一页</a></form>",
        ("pageNo",),
    ),
    "page 1 of 3": ("<span>第1页 共3页</span>", ("3",)),
    "1/3页": ("<span>1/3页</span>", ("3",)),
    "11/33": ('<div class="pages_num"><span>11</span>/<span>33</span></div>', ("33",)),
}
"""The same where the number of lines is not stated."""


def _first_page(pager: str) -> Situation:
    def begins(site: ScriptedSite) -> None:
        site.add(*range(1, 24))
        site.answers["/list.htm"] = respond(listing_page(site.lines(NEWS)[:10], pager))

    return Situation("", begins, ())


def _never_good(name: str, pager: str, says: tuple[str, ...], stated: int | None) -> Situation:
    first = Night(("new 1-10",), (), BELOW, says=says, articles=10, coverage={NEWS: "partial"}, seen=10, stated=stated)
    nights = (first, replace(first, events=()), replace(first, events=(), full=True))
    return replace(_first_page(pager), name=f"pager: {name}", nights=nights)


def _not_followable() -> Iterator[Situation]:
    for name, (pager, says) in STATED.items():
        yield _never_good(name, pager, says, 23)
    for name, (pager, says) in UNSTATED.items():
        yield _never_good(name, pager, says, None)


def _hidden_rows(site: ScriptedSite) -> None:
    site.add(*range(1, 24))
    lines = site.lines(NEWS)
    site.answers["/list.htm"] = respond(listing_page(lines[:10], hidden=lines[10:]))


def _accepted(name: str, pager: str) -> Situation:
    columns = f'[[columns]]\nname = "{NEWS}"\npath = "/list.htm"\npages = 1\n'
    first = Night(("new 1-10",), articles=10, coverage={NEWS: "partial"}, seen=10)
    nights = (first, replace(first, events=(), full=True))
    return replace(_first_page(pager), name=f"pager accepted: {name}", nights=nights, columns=columns)


def _by_link(site: ScriptedSite) -> None:
    site.add(*range(1, 24))
    site.size = 10
    site.pager = lambda number, pages, total: (
        f"共{total}条 {number}/{pages}页 "
        + (f'<a href="/list_{number + 1}.htm">下一页</a>' if number < pages else '<a class="disabled">下一页</a>')
    )


def _by_form(site: ScriptedSite) -> None:
    """A form whose hidden field is the next page's number: what a browser sends is known without a script."""
    site.add(*range(1, 24))
    pages = [site.lines(NEWS)[at : at + 10] for at in (0, 10, 20)]

    def form(number: int) -> str:
        button = '<button type="submit">下一页</button>' if number < 3 else ""
        field = f'<input type="hidden" name="p" value="{number + 1}">'
        return f'共23条 {number}/3页 <form method="post" action="/list.htm">{field}{button}</form>'

    def answer(asked: Asked) -> bytes:
        number = int(parse_qs(asked.body.decode()).get("p", ["1"])[0]) if asked.method == "POST" else 1
        return respond(listing_page(pages[number - 1], form(number)))

    site.answers["/list.htm"] = answer


def _by_query(site: ScriptedSite) -> None:
    site.add(*range(1, 24))
    pages = [site.lines(NEWS)[at : at + 10] for at in (0, 10, 20)]
    for number, lines in enumerate(pages, 1):
        links = "".join(f'<a href="/list.htm?page={other}">{other}</a>' for other in (1, 2, 3) if other != number)
        following = f'<a href="/list.htm?page={number + 1}">下一页</a>' if number < 3 else ""
        path = "/list.htm" if number == 1 else f"/list.htm?page={number}"
        site.answers[path] = respond(listing_page(lines, f"共23条 第{number}/3页 {links}{following}"))


CONNECTED = Night(coverage={NEWS: "connected"})
WHOLE = Night(("new 1-23",), articles=23, coverage={NEWS: "complete"}, seen=23, stated=23)


def _one_page(site: ScriptedSite) -> None:
    site.add(*range(1, 11))


def _one_page_of_one(site: ScriptedSite) -> None:
    site.add(*range(1, 11))
    site.pager = lambda number, pages, total: f"共{total}条 1/1页"


def _stated_too_high(site: ScriptedSite) -> None:
    """All pages can be followed, and yet the list states more than it shows."""
    _by_link(site)
    linked = site.pager
    site.pager = lambda number, pages, total: linked(number, pages, 40)


def _cut_off(site: ScriptedSite) -> None:
    """The second page fails: a gap, which the next night closes."""
    _by_link(site)
    site.answers["/list_2.htm"] = respond("error", 404)


def _heal(site: ScriptedSite) -> None:
    site.heal()


def _grows(site: ScriptedSite) -> None:
    site.add(101, 102, day="2026-11-03")


SITUATIONS = (
    *_not_followable(),
    Situation(
        "pager: rows that a script shows",
        _hidden_rows,
        (Night(("new 1-10",), (), BELOW, coverage={NEWS: "partial"}), Night((), (), BELOW, full=True)),
    ),
    _accepted("with a stated total", STATED["a function of a script"][0]),
    _accepted("without one", UNSTATED["加载更多"][0]),
    Situation("pager: links", _by_link, (WHOLE, CONNECTED, replace(WHOLE, events=(), full=True))),
    Situation("pager: links by query", _by_query, (WHOLE,)),
    Situation("pager: a form with a hidden number", _by_form, (WHOLE,)),
    Situation("pager: none, one page", _one_page, (Night(("new 1-10",), coverage={NEWS: "unstated"}, seen=10),)),
    Situation(
        "pager: none, a page that says it is all",
        _one_page_of_one,
        (Night(("new 1-10",), coverage={NEWS: "complete"}, seen=10, stated=10),),
    ),
    Situation(
        "pager: followed to its end, and more is stated",
        _stated_too_high,
        (
            Night(("new 1-23",), (), BELOW, says=("23 of 40",), coverage={NEWS: "partial"}, seen=23, stated=40),
            Night((), (), BELOW, full=True, says=("23 of 40",)),
        ),
    ),
    Situation(
        "pager: a page in the middle fails once",
        _cut_off,
        (
            Night(("new 1-10",), (), BELOW, says=("/list_2.htm",), articles=10),
            Night(("new 11-23",), (_heal,), articles=23, coverage={NEWS: "complete"}),
            Night(("new 101-102",), (_grows,), coverage={NEWS: "connected"}),
        ),
    ),
)  # fmt: skip
