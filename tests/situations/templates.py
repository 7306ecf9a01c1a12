"""Lines that the template writes under every text: a counter in them that moves is no edit of anything."""

from __future__ import annotations

from collections.abc import Callable

from tests.situations.scripted_site import Piece, ScriptedSite
from tests.situations.situation import Does, Night, Situation

LINES = "SELECT count(*) FROM template_lines"
FIRST_EIGHT = Night(("new 1-8",), rows={LINES: [(0,)]})


def _with_line(count: int, line: Callable[[Piece, int], str]) -> Does:
    """So many articles, with a line at the end of their text that depends on how often the page was counted."""

    def begins(site: ScriptedSite) -> None:
        site.add(*range(1, count + 1))
        site.under = lambda one: f"<p>{line(one, site.views)}</p>"

    return begins


def _counted(site: ScriptedSite) -> None:
    site.views += 13


def _edit(site: ScriptedSite) -> None:
    site.edit(3)


def _add(*numbers: int) -> Does:
    return lambda site: site.add(*numbers, day="2026-11-03")


def _reads(one: Piece, views: int) -> str:
    return f"本文已被阅读 {1000 * one.number + views} 次"


def _serial(one: Piece, views: int) -> str:
    return f"页面存档序号：{1000 * one.number + views}"


def _visitors(one: Piece, views: int) -> str:
    return f"您是本站第 {987654 + views} 位访问者　技术支持：青石科技"


KEPT_OUT: dict[str, Callable[[Piece, int], str]] = {
    "a date": lambda one, views: f"更新于2026年11月{views % 28 + 1}日",
    "money": lambda one, views: f"补助标准为每户{100 + views}元",
    "a share": lambda one, views: f"完成率达到{views}%",
    "people": lambda one, views: f"惠及群众{1000 + views}人",
    "land": lambda one, views: f"播种面积{500 + views}亩",
}
"""Lines that say something of the world, and whose numbers change in every article at once."""

SITUATIONS = (
    Situation(
        "template: the counter of the label line",
        lambda site: site.add(*range(1, 9)),
        (Night(("new 1-8",)), Night((), (_counted,), full=True), Night((), (_counted,), full=True)),
    ),
    *(
        Situation(
            f"template: {name}",
            _with_line(8, line),
            (
                FIRST_EIGHT,
                Night((), (_counted,), full=True, rows={LINES: [(1,)]}),
                Night((), (_counted,), full=True, rows={LINES: [(1,)]}),
                Night(("edited 3",), (_counted, _edit), full=True),
                Night(("new 101",), (_counted, _add(101)), full=True),
            ),
        )
        for name, line in (
            ("a serial number at the end of each text", _serial),
            ("a counter of the site's visitors", _visitors),
        )
    ),
    Situation(
        "template: a counter in words that all know",
        _with_line(8, _reads),
        (FIRST_EIGHT, Night((), (_counted,), full=True), Night(("edited 3",), (_counted, _edit), full=True)),
    ),
    Situation(
        "template: a counter, and one of the articles is edited on the same night",
        _with_line(8, _serial),
        (FIRST_EIGHT, Night(("edited 3",), (_counted, _edit), full=True, rows={LINES: [(1,)]})),
    ),
    Situation(
        "template: too few articles to tell",
        _with_line(4, _serial),
        (Night(("new 1-4",)), Night(("edited 1-4",), (_counted,), full=True, rows={LINES: [(0,)]})),
    ),
    *(
        Situation(
            f"template: not {name}",
            _with_line(8, line),
            (FIRST_EIGHT, Night(("edited 1-8",), (_counted,), full=True, rows={LINES: [(0,)]})),
        )
        for name, line in KEPT_OUT.items()
    ),
)
