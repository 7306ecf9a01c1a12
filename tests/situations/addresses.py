"""Addresses as sites write them: what a browser makes of each is one address, and one article however it is written."""

from __future__ import annotations

from urllib.parse import quote

from tests.situations.scripted_site import HOST, NEWS, ScriptedSite, listing_page, respond
from tests.situations.situation import Does, Night, Situation

TEN = tuple(range(1, 11))
URLS = "SELECT count(DISTINCT url) FROM articles"
ALL = Night(("new 1-10",), articles=10, rows={URLS: [(10,)]})
NOTHING_NEW = Night(articles=10, full=True)


def _ten(site: ScriptedSite) -> None:
    site.add(*TEN)


def _listed_as(old: str, new: str) -> Does:
    """Write the addresses of the list otherwise: the pages stay where they are."""

    def does(site: ScriptedSite) -> None:
        _ten(site)
        _list_as(old, new)(site)

    return does


def _list_as(old: str, new: str) -> Does:
    def does(site: ScriptedSite) -> None:
        site.answers["/list.htm"] = respond(listing_page(site.lines(NEWS)).replace(old, new))

    return does


def _gbk_query(site: ScriptedSite) -> None:
    """A page in GBK whose links have Chinese in their query, which browsers write in the page's own encoding."""
    _ten(site)
    for number in TEN:
        site.change(number, url=f"/show.asp?lm=要闻&id={number}")
    site.answers["/list.htm"] = respond(
        listing_page(site.lines(NEWS)).replace('charset="utf-8"', 'charset="gbk"').encode("gbk"),
        mime="text/html; charset=gbk",
    )
    for number in TEN:
        site.answers[f"/show.asp?lm={quote('要闻'.encode('gbk'))}&id={number}"] = site.page_of(number)


def _with_base(site: ScriptedSite) -> None:
    """Links below an address that the page names as their base."""
    _ten(site)
    lines = listing_page(site.lines(NEWS)).replace('href="/xw/2026/', 'href="')
    site.answers["/list.htm"] = respond(lines.replace("<head>", '<head><base href="/xw/2026/">'))


def _answer_at(host: str) -> Does:
    """Answer at another host as well, which the site file names."""

    def does(site: ScriptedSite) -> None:
        for number in TEN:
            site.answers[f"http://{host}{site.path(number)}"] = site.page_of(number)
        _list_as('href="/xw', f'href="http://{host}/xw')(site)

    return does


def _moves(site: ScriptedSite) -> None:
    """Every address redirects to another for good."""
    for number in TEN:
        site.answers[f"/xw/2026/{number}.htm"] = respond("", 301, {"Location": f"/news/{number}.htm"})
        site.answers[f"/news/{number}.htm"] = site.page_of(number)


def _by_https(site: ScriptedSite) -> None:
    """The list names https, and both answer."""
    _list_as('href="/xw', f'href="https://{HOST}/xw')(site)


TWO_HOSTS = 'hosts = ["gulou.gov.cn"]\n'

SITUATIONS = (
    Situation("address: backslashes", _listed_as('href="/xw/2026/', 'href="\\xw\\2026\\'), (ALL, NOTHING_NEW)),
    Situation("address: one backslash", _listed_as('href="/xw/2026/', 'href="/xw\\2026/'), (ALL, NOTHING_NEW)),
    Situation("address: tabs and line ends", _listed_as('href="/xw/2026/', 'href="\t/xw/\n2026/'), (ALL, NOTHING_NEW)),
    Situation("address: spaces around", _listed_as('href="/xw/2026/', 'href="  /xw/2026/'), (ALL, NOTHING_NEW)),
    Situation("address: a fragment", _listed_as('.htm"', '.htm#top"'), (ALL, NOTHING_NEW)),
    Situation("address: dots", _listed_as('href="/xw/2026/', 'href="/xw/../xw/./2026/'), (ALL, NOTHING_NEW)),
    Situation(
        "address: the whole of it, with a port and capitals",
        _listed_as('href="/xw/2026/', f'href="HTTP://{HOST.upper()}:80/xw/2026/'),
        (ALL, NOTHING_NEW),
    ),
    Situation("address: a base", _with_base, (ALL, NOTHING_NEW)),
    Situation("address: a query in GBK", _gbk_query, (ALL, NOTHING_NEW)),
    Situation(
        "address: relative on one night, whole on another, then with backslashes",
        _ten,
        (
            ALL,
            Night(does=(_list_as('href="/xw', f'href="http://{HOST}/xw'),), articles=10),
            Night(does=(_list_as('href="/xw/2026/', 'href="\\xw\\2026\\'),), articles=10),
            NOTHING_NEW,
            NOTHING_NEW,
        ),
    ),
    Situation(
        "address: the list leaves out www from one night on",
        _ten,
        (ALL, Night(does=(_answer_at("gulou.gov.cn"),), articles=10), NOTHING_NEW, NOTHING_NEW),
        more=TWO_HOSTS,
    ),
    Situation(
        "address: the list names https from one night on, and both answer",
        _ten,
        (ALL, Night(does=(_by_https,), articles=10), NOTHING_NEW, NOTHING_NEW),
    ),
    Situation(
        "address: the list names https on every second night",
        _ten,
        (
            ALL,
            Night(does=(_by_https,), articles=10, full=True),
            Night(does=(lambda site: site.heal(),), articles=10, full=True),
            Night(does=(_by_https,), articles=10, full=True),
        ),
    ),
    Situation(
        "address: every article moves for good",
        _ten,
        (ALL, Night(("moved 1-10",), (_moves,), full=True, articles=10), NOTHING_NEW),
    ),
)
