"""Answers in an article's place that are not the article: none makes an edit; a real one is told when sure."""

from __future__ import annotations

from collections.abc import Iterator

from tests.situations.scripted_site import (
    HOST,
    REWRITTEN,
    Answer,
    ScriptedSite,
    article_page,
    page,
    piece,
    respond,
)
from tests.situations.situation import BELOW, Does, Night, Situation

TEN = tuple(range(1, 11))
VERSIONS = "SELECT count(*) FROM versions"
NOTICE = (
    "尊敬的网民：为提升访问体验，本站定于本周末进行机房搬迁和系统升级，其间页面可能无法正常打开。",
    "给您带来不便，敬请谅解。如有急事，请拨打值班电话或到政务服务大厅办理。",
)
FIRST = Night(("new 1-10",))


def _ten(site: ScriptedSite) -> None:
    site.add(*TEN)


def _heal(site: ScriptedSite) -> None:
    site.heal()


def _instead(answer: Answer, *numbers: int) -> Does:
    def does(site: ScriptedSite) -> None:
        for number in numbers or (3,):
            site.instead(number, answer)

    return does


def _without_text(*text: str) -> bytes:
    """What the system shows when its database does not answer: the template, title and labels, and no text."""
    return respond(article_page(piece(3, body=text)))


def _notice() -> bytes:
    notice = piece(3, title="关于网站停机升级的公告", body=NOTICE)
    return respond(article_page(notice))


FALSE: dict[str, tuple[bytes, str | None]] = {
    "the template without a text": (_without_text(), "unconfirmed"),
    "加载中": (_without_text("加载中..."), "unconfirmed"),
    "a notice of maintenance, set as an article": (_notice(), "unconfirmed"),
    "somebody else's article": (respond(article_page(piece(77, body=REWRITTEN[2]))), "unconfirmed"),
    "a column's list": (respond(page("要闻动态", "<ul>" + "".join(
        f'<li><a href="/xw/2026/{number}.htm">{piece(number).title}</a><span>{piece(number).day}</span></li>'
        for number in TEN) + "</ul>")), "unconfirmed"),
    "the home page": (respond(page("首页", "<p>欢迎访问鼓楼区人民政府网站</p>")), "unconfirmed"),
    "the welcome of a web server": (
        respond("<html><title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>Further work is required.</p>"),
        "unconfirmed",
    ),
    "the error of a database": (respond("Warning: mysqli_connect(): (HY000/2002) in /www/inc/db.php on line 12"), None),
    "a short notice of maintenance": (respond(page("系统维护中", "<h1>系统维护中</h1>")), "blocked"),
    "nothing at all": (respond(""), None),
}  # fmt: skip
"""What answers in the place of article 3 with a 200, and what that is read as, where it is sure."""


def _passing() -> Iterator[Situation]:
    """It answers so for one night, on the next for all articles: nothing is told, and the texts stand."""
    for name, (answer, outcome) in FALSE.items():
        read = {3: outcome} if outcome else {}
        yield Situation(
            f"no edit: {name}",
            _ten,
            (
                FIRST,
                Night((), (_instead(answer),), None, full=True, read=read, rows={VERSIONS: [(10,)]}),
                Night((), (_instead(answer, *TEN),), None, full=True, rows={VERSIONS: [(10,)]}),
                Night((), (_heal,), full=True, read={3: "unchanged"}, rows={VERSIONS: [(10,)]}),
            ),
        )


def _rewritten(number: int = 3, edition: int = 1) -> Does:
    """Another title and another text: nothing of it is as before."""

    def does(site: ScriptedSite) -> None:
        site.change(number, title=f"第{number}号消息：全部改写（{edition}）", body=REWRITTEN[edition - 1])

    return does


def _as_before(site: ScriptedSite) -> None:
    site.add(3)


EDITED_AT = "SELECT substr(at, 1, 10) FROM changes WHERE kind = 'edited'"
SECOND_FIRST_SEEN = "SELECT substr(first_seen, 1, 10) FROM versions WHERE number = 2"

SITUATIONS = (
    *_passing(),
    Situation(
        "an edit of everything: told by a second look, with the time of the first",
        _ten,
        (
            FIRST,
            Night((), (_rewritten(),), full=True, read={3: "unconfirmed"}),
            Night(
                ("edited 3",),
                full=True,
                rows={EDITED_AT: [("2026-11-03",)], SECOND_FIRST_SEEN: [("2026-11-03",)]},
            ),
            Night(full=True),
        ),
    ),
    Situation(
        "an edit of everything: the second look comes by itself, without --full",
        _ten,
        (FIRST, Night((), (_rewritten(),), full=True), Night(("edited 3",), asked={3: 1})),
    ),
    Situation(
        "an edit of everything: a second look within the day proves nothing",
        _ten,
        (
            FIRST,
            Night((), (_rewritten(),), full=True, at=2.0),
            Night((), full=True, at=2.3),
            Night(("edited 3",), full=True, at=3.1),
        ),
    ),
    Situation(
        "an edit of everything: taken back before the second look",
        _ten,
        (
            FIRST,
            Night((), (_rewritten(),), full=True),
            Night((), (_as_before,), full=True),
            Night((), (_rewritten(edition=2),), full=True),
            Night(("edited 3",), full=True),
        ),
    ),
    Situation(
        "an edit of everything: what comes between is yet another text",
        _ten,
        (
            FIRST,
            Night((), (_rewritten(),), full=True),
            Night((), (_rewritten(edition=2),), full=True),
            Night(("edited 3",), full=True),
        ),
    ),
    Situation(
        "an edit of a paragraph is told at once",
        _ten,
        (FIRST, Night(("edited 3",), (lambda site: site.edit(3),), full=True), Night(full=True)),
    ),
    Situation(
        "an edit of the title alone is told at once",
        _ten,
        (
            FIRST,
            Night(("edited 3",), (lambda site: site.change(3, title="第3号消息：标题更正"),), full=True),
            Night(full=True),
        ),
    ),
)


def _own_not_found(site: ScriptedSite) -> None:
    """A site that answers every address that is none with a 200: its own page, with much to click on."""
    _ten(site)
    lines = "".join(f'<li><a href="/fw/{number}.htm">办事服务第{number}项</a></li>' for number in range(40))
    words = "<h2>温馨提示</h2><p>此链接暂时打不开，您可以从下面的栏目继续浏览。</p>"
    site.otherwise = respond(page("鼓楼区人民政府", f'{words}<ul class="services">{lines}</ul>'))


def _with_long_numbers(site: ScriptedSite) -> None:
    """The same, with addresses as most systems number them."""
    _own_not_found(site)
    for number in TEN:
        site.change(number, url=_long_url(number))


def _long_url(number: int) -> str:
    return f"/xw/2026/t20261101_{4021870 + number}.html"


def _take_down(site: ScriptedSite) -> None:
    site.take_down(3)


NOT_FOUND = (
    Situation(
        "a site's own page for what is not there: taken down is missing, then gone",
        _own_not_found,
        (
            FIRST,
            Night(("missing 3",), (_take_down,), full=True),
            Night(("gone 3",), full=True),
            Night(("restored 3",), (lambda site: site.add(3),), full=True),
        ),
    ),
    Situation(
        "a site's own page for what is not there: the same where addresses have long numbers",
        _with_long_numbers,
        (
            FIRST,
            Night(("missing 3",), (_take_down,), full=True),
            Night(("gone 3",), full=True),
            Night(("restored 3",), (lambda site: site.add(3, url=_long_url(3)),), full=True),
        ),
    ),
    Situation(
        "a site's own page for what is not there: listed and never there",
        _own_not_found,
        (
            FIRST,
            Night(
                (),
                (lambda site: site.add(101, day="2026-11-03"), lambda site: site.instead(101, site.otherwise)),
                articles=10,
            ),
        ),
    ),
    Situation(
        "a site's own page for what is not there: every address answers so for a night",
        _own_not_found,
        (
            FIRST,
            Night((), (lambda site: _instead(site.otherwise, *TEN)(site),), BELOW, full=True),
            Night((), (_heal,), full=True),
        ),
    ),
    Situation(
        "not found with a 200 in words that all know",
        _ten,
        (
            FIRST,
            Night(
                ("missing 3",),
                (_instead(respond(page("提示", "<p>您访问的页面不存在或已被删除</p>"))),),
                full=True,
                read={3: "gone"},
            ),
            Night(("gone 3",), full=True),
            Night(("restored 3",), (_heal,), full=True),
        ),
    ),
    Situation(
        "a redirect of everything to the home page takes nothing down",
        _ten,
        (
            FIRST,
            Night((), (_instead(respond("", 302, {"Location": f"http://{HOST}/"}), *TEN),), BELOW, full=True),
            Night((), (), BELOW, full=True),
            Night((), (_heal,), full=True),
        ),
    ),
)
