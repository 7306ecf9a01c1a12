"""What a listing names and the site does not give: asked for again, counted as owed, and never forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.situations.scripted_site import HOST, NEWS, Answer, ScriptedSite, chunked_and_cut, cut, page, respond
from tests.situations.situation import BELOW, Does, Night, Situation

OWED = 'SELECT site, "column", url, title, asked, last_outcome FROM owed ORDER BY url'
TEN = tuple(range(1, 11))
UNREADABLE = page("栏目", "<p>正在处理</p>")
"""A page that is neither a listing nor an article."""


def _ten(site: ScriptedSite) -> None:
    site.add(*TEN)


def _broken(number: int, answer: Answer | None = None) -> Does:
    """Answer so for an article, or with its own page cut in the middle."""

    def does(site: ScriptedSite) -> None:
        site.instead(number, answer or (lambda asked: cut(site.page_of(number))))

    return does


def _chunks_cut(site: ScriptedSite) -> None:
    site.instead(3, lambda asked: chunked_and_cut(site.page_of(3)))


def _maintenance(site: ScriptedSite) -> None:
    site.answers["/wh.htm"] = respond(page("系统维护中", "<h1>系统维护中</h1>"))
    site.instead(3, respond("", 302, {"Location": f"http://{HOST}/wh.htm"}))


def _to_itself(site: ScriptedSite) -> None:
    """A gate that asks for a cookie, which a crawl does not keep."""
    site.instead(3, respond("", 302, {"Location": site.path(3), "Set-Cookie": "pass=1; path=/"}))


TROUBLES: dict[str, Does] = {
    "its body is cut": _broken(3),
    "its chunks are cut": _chunks_cut,
    "it is empty": _broken(3, respond("")),
    "it is white space": _broken(3, respond(" \r\n\r\n ")),
    "it is challenged": _broken(3, respond("<script>var __jsl_clearance='';</script>", 521)),
    "it is forbidden": _broken(3, respond("<h1>403</h1>", 403)),
    "it is redirected to a notice": _maintenance,
    "it is redirected to the home page": _broken(3, respond("", 302, {"Location": f"http://{HOST}/"})),
    "it is redirected to itself": _to_itself,
    "it cannot be read": _broken(3, respond(UNREADABLE)),
    "it is an error of the server": _broken(3, respond("error", 500)),
    "it is a 304 that nobody asked for": _broken(3, respond("", 304)),
}
"""What becomes of one line of ten, night after night."""

PASSING = ("its body is cut", "it is empty", "it is challenged", "it is redirected to a notice", "it cannot be read")
"""Some of these, for one night alone."""

FIRST = ("new 1-2", "new 4-10")


def _for_ever(name: str, trouble: Does) -> Situation:
    """Owed from the first night on, asked for again in the next run, and below expectation once that goes on."""
    nights = (
        Night(FIRST, articles=9, owed=1),
        Night(owed=1, outcome=None),
        Night(owed=1, outcome=None, at=8),
        Night((), (), BELOW, owed=1, at=16, says=("1",)),
    )
    return Situation(f"owed for ever: {name}", _with(trouble), nights)


def _then_whole(name: str, trouble: Does) -> Situation:
    """Whole on the next night: asked for again, without waiting, and captured."""
    nights = (Night(FIRST, owed=1), Night(("new 3",), (_heal,), articles=10, owed=0, asked={3: 1}))
    return Situation(f"owed once: {name}", _with(trouble), nights)


def _with(trouble: Does) -> Does:
    def begins(site: ScriptedSite) -> None:
        _ten(site)
        trouble(site)

    return begins


def _heal(site: ScriptedSite) -> None:
    site.heal()


def _at_once() -> Iterator[Situation]:
    """What fails in the transfer is asked for again within the run; a refusal is not."""
    answers = {
        "a cut body": lambda whole: cut(whole),
        "cut chunks": lambda whole: chunked_and_cut(whole),
        "an empty page": lambda whole: respond(""),
        "a 304 that nobody asked for": lambda whole: respond("", 304),
        "a busy server": lambda whole: respond("busy", 503),
        "an error": lambda whole: respond("error", 500),
    }
    for name, make in answers.items():

        def begins(site: ScriptedSite, make: object = make) -> None:
            _ten(site)
            site.once(3, make(site.page_of(3)))  # type: ignore[operator]

        yield Situation(f"asked again at once: {name}", begins, (Night(("new 1-10",), articles=10, asked={3: 2}),))


def _forbidden_once(site: ScriptedSite) -> None:
    _ten(site)
    site.once(3, respond("<h1>403</h1>", 403))


def _listing_cut_once(site: ScriptedSite) -> None:
    _ten(site)
    left = [cut(respond(site.pages(NEWS)["/list.htm"]))]
    site.answers["/list.htm"] = lambda asked: left.pop() if left else respond(site.pages(NEWS)["/list.htm"])


def _nothing_but_errors(site: ScriptedSite) -> None:
    _ten(site)
    for number in TEN:
        site.instead(number, respond("error", 500))


def _none_is_there(site: ScriptedSite) -> None:
    """A list whose addresses are all wrong, or read wrongly."""
    for number in TEN:
        site.instead(number, respond(page("404", "<h1>404 Not Found</h1>"), 404))


def _three_lines_of_nothing(site: ScriptedSite) -> None:
    """Too few for a share to say anything, and still nothing of what was listed is captured."""
    site.add(1, 2, 3)
    for number in (1, 2, 3):
        site.instead(number, respond(UNREADABLE))


def _gone(site: ScriptedSite) -> None:
    _ten(site)
    site.instead(3, respond("error", 500))


def _says_gone(site: ScriptedSite) -> None:
    site.instead(3, respond(page("404", "<h1>404 Not Found</h1>"), 404))


def _leads_elsewhere(*numbers: int) -> Does:
    def begins(site: ScriptedSite) -> None:
        _ten(site)
        for number in numbers:
            site.change(number, url=f"http://www.newhost.gov.cn/xw/{number}.htm")

    return begins


def _moves_away(site: ScriptedSite) -> None:
    site.add(*range(101, 111), day="2026-11-03")
    for number in range(101, 111):
        site.change(number, url=f"http://www.newhost.gov.cn/xw/{number}.htm")
    for number in TEN:
        site.change(number, listed=None)


def _forbidden_by_robots(site: ScriptedSite) -> None:
    _ten(site)
    site.change(3, url="/admin/3.htm")


BELOW_FOR_ALL = Night((), (), BELOW, articles=0)

SITUATIONS = (
    *(_for_ever(name, trouble) for name, trouble in TROUBLES.items()),
    *(_then_whole(name, TROUBLES[name]) for name in PASSING),
    *_at_once(),
    Situation(
        "not asked again at once: a refusal",
        _forbidden_once,
        (Night(FIRST, asked={3: 1}, owed=1), Night(("new 3",), asked={3: 1}, owed=0)),
    ),
    Situation("asked again at once: a cut listing", _listing_cut_once, (Night(("new 1-10",), articles=10),)),
    Situation(
        "owed: the site file allows one",
        _with(_broken(3)),
        (
            Night(FIRST, owed=1),
            Night(owed=1),
            Night(owed=1, at=8),
            Night(owed=1, at=16),
        ),
        more="[expect]\nowed = 1\n",
    ),
    Situation(
        "owed: the view says what, since when and why",
        _with(_broken(3, respond("error", 500))),
        (
            Night(
                FIRST,
                owed=1,
                rows={
                    'SELECT site, "column", url, last_outcome FROM owed': [
                        ("gulou", NEWS, f"http://{HOST}/xw/2026/3.htm", "other")
                    ],
                    "SELECT substr(published, 1, 10), substr(first_listed, 1, 10) FROM owed": [
                        ("2026-10-30", "2026-11-02")
                    ],
                },
            ),
            Night(("new 3",), (_heal,), owed=0, rows={"SELECT count(*) FROM owed": [(0,)]}),
        ),
    ),
    Situation(
        "owed: until the site says that it is gone",
        _gone,
        (Night(FIRST, owed=1), Night((), (_says_gone,), owed=0, articles=9)),
    ),
    Situation(
        "owed: nothing of what was listed is captured",
        _nothing_but_errors,
        (replace(BELOW_FOR_ALL, owed=10), replace(BELOW_FOR_ALL, owed=10)),
    ),
    Situation(
        "owed: every line leads to what is not there",
        _with(_none_is_there),
        (BELOW_FOR_ALL, BELOW_FOR_ALL),
    ),
    Situation(
        "owed: nothing of three lines is captured",
        _three_lines_of_nothing,
        (replace(BELOW_FOR_ALL, owed=3), replace(BELOW_FOR_ALL, owed=3)),
    ),
    Situation(
        "out of reach: every line leads to a host that the site file does not name",
        _leads_elsewhere(*TEN),
        (replace(BELOW_FOR_ALL, owed=0, out_of_reach=10, says=("www.newhost.gov.cn",)),) * 2,
    ),
    Situation(
        "out of reach: most lines lead elsewhere",
        _leads_elsewhere(*range(1, 8)),
        (Night(("new 8-10",), (), BELOW, owed=0, out_of_reach=7, says=("www.newhost.gov.cn", "moved")),),
    ),
    Situation(
        "out of reach: two lines of ten lead elsewhere",
        _leads_elsewhere(3, 4),
        (Night(("new 1-2", "new 5-10"), owed=0, out_of_reach=2), Night(owed=0, out_of_reach=2)),
    ),
    Situation(
        "out of reach: the site moves to another host",
        _ten,
        (
            Night(("new 1-10",), out_of_reach=0),
            Night((), (_moves_away,), BELOW, out_of_reach=10, says=("www.newhost.gov.cn",), articles=10),
            Night((), (), BELOW, full=True, articles=10),
        ),
    ),
    Situation(
        "out of reach: a line that robots.txt forbids",
        _forbidden_by_robots,
        (Night(FIRST, owed=0, out_of_reach=1), Night(owed=0, out_of_reach=1)),
    ),
)
