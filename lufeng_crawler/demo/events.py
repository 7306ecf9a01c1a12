"""The events of the county by day: one table, and everything that changes in the demo is a row of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

EventKind = Literal[
    "new", "backdated", "edited", "silent", "predated", "gone", "soft_gone", "restored", "delisted", "relisted",
    "moved", "reposted", "relinked", "challenged", "forbidden", "unblocked", "template",
]  # fmt: skip

_CHANGES: Mapping[EventKind, str] = MappingProxyType({
    "new": "new", "backdated": "new", "edited": "edited", "silent": "edited", "predated": "edited",
    "gone": "missing", "soft_gone": "missing", "restored": "restored",
    "delisted": "delisted", "relisted": "relisted", "moved": "moved", "reposted": "moved",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """One thing the county does on a day. It lasts until another row about the same article says otherwise.

    `news_id` is the article's id on the day it was published, also after it moved; None is the whole site. `swaps` are
    pairs (words before, words after), applied to title, author, source and body. `published` is the date that the page
    shows from now on, where that changes. `listed`: whether the listings name the article from now on. `to` is the news
    id in the article's URL once it was moved, or posted anew without a redirect.
    """

    day: int
    kind: EventKind
    news_id: int | None
    note: str
    swaps: tuple[tuple[str, str], ...] = ()
    published: date | None = None
    listed: bool = True
    to: int | None = None

    @property
    def change(self) -> str | None:
        """Return the kind of change an archive should find (`new`, `edited`, …); None where it may claim nothing."""
        return _CHANGES.get(self.kind)

    @property
    def silent(self) -> bool:
        """Return whether the text changed and the date the page shows did not."""
        return self.kind == "silent"

    @property
    def backdated(self) -> bool:
        """Return whether the page's date is older than the truth: a new article's, or one that an edit moved back."""
        return self.kind in {"backdated", "predated"}


DAYS: Mapping[int, date] = MappingProxyType({day: date(2026, 11, 15 + day) for day in range(1, 12)})
"""The demo's calendar, the same whatever the clock says: day 1 is Monday, 2026-11-16."""

Trouble = Literal["challenged", "half_down", "emptied"]

TROUBLES: Mapping[int, Trouble] = MappingProxyType({7: "challenged", 8: "half_down", 9: "emptied"})
"""Days on which the server fails, and nothing else happens to what it serves: every page is a challenge (412); every
second article is an error (500); a column's listing is empty. An archive may conclude nothing from any of them."""

EVENTS: tuple[DemoEvent, ...] = (
    DemoEvent(2, "new", 1169, "新稿件：寒潮防范"),
    DemoEvent(2, "new", 1170, "新通知，同时挂在鹿峰动态和通知公告"),
    DemoEvent(2, "backdated", 1171, "新稿件，页面日期却写成10月9日"),
    DemoEvent(2, "edited", 1163, "封闭时间缩短、路段改短，日期随之改为17日", published=date(2026, 11, 17), swaps=(
        ("12月15日20时", "12月5日20时"), ("全长1.4公里", "全长0.9公里"), ("2026年11月12日", "2026年11月17日"),
    )),
    DemoEvent(2, "silent", 1164, "税收数字悄悄改小，日期不动", swaps=(
        ("3.42亿元，同比增长8.6%", "3.24亿元，同比增长2.9%"), ("年初计划的87.3%", "年初计划的82.7%"),
    )),
    DemoEvent(2, "gone", 1157, "页面404，列表仍有这一行"),
    DemoEvent(2, "gone", 1135, "页面404，列表也撤下", listed=False),
    DemoEvent(2, "soft_gone", 1149, "页面改答“不存在”（200），列表也撤下", listed=False),
    DemoEvent(2, "delisted", 1138, "列表撤下，页面还在", listed=False),
    DemoEvent(2, "challenged", 1159, "当天答521质询页"),
    DemoEvent(3, "template", None, "改版：配色、导航、分享条、页脚都变，文章一字未动"),
    DemoEvent(3, "new", 1172, "新稿件：法治政府建设督察"),
    DemoEvent(3, "new", 1173, "新稿件：文化馆延时开放"),
    DemoEvent(3, "new", 1174, "新文件（GBK栏目）"),
    DemoEvent(3, "restored", 1135, "昨天撤下的原样恢复"),
    DemoEvent(3, "unblocked", 1159, "质询解除"),
    DemoEvent(3, "forbidden", 1133, "当天答系统提示：没有权限"),
    DemoEvent(3, "silent", 1141, "财政数字悄悄改动（GBK栏目），日期不动", swaps=(
        ("非税收入1.81亿元", "非税收入1.18亿元"),
        ("完成4.87亿元，为年初预算的76.2%", "完成4.24亿元，为年初预算的66.3%"),
        ("税收收入3.06亿元，占比62.8%", "税收收入3.06亿元，占比72.2%"),
    )),
    DemoEvent(3, "moved", 1142, "301到新地址，列表仍写旧地址", to=1175),
    DemoEvent(4, "new", 1176, "新稿件：养老服务视察"),
    DemoEvent(4, "new", 1177, "新通知：消防培训"),
    DemoEvent(4, "unblocked", 1133, "权限恢复"),
    DemoEvent(4, "edited", 1163, "再次修改：提前恢复通行", published=date(2026, 11, 19), swaps=(
        ("12月5日20时", "11月30日20时"), ("2026年11月17日", "2026年11月19日"),
        ("由此带来的不便，敬请谅解。", "因工期提前，恢复通行时间相应提前。由此带来的不便，敬请谅解。"),
    )),
    DemoEvent(4, "silent", 1153, "只改标题：6亿元变成5亿元", swaps=(("综合产值突破6亿元", "综合产值突破5亿元"),)),
    DemoEvent(4, "silent", 1147, "只改作者署名", swaps=(("本县通讯员", "鹿小峰"),)),
    DemoEvent(4, "relisted", 1138, "重新挂回列表"),
    DemoEvent(4, "gone", 1119, "页面404，列表也撤下", listed=False),
    DemoEvent(5, "new", 1178, "新稿件：雾凇季"),
    DemoEvent(5, "new", 1179, "新稿件：望槲乡萝卜"),
    DemoEvent(5, "restored", 1157, "404三天后恢复"),
    DemoEvent(5, "soft_gone", 1126, "页面改答“不存在”（200），列表仍有这一行"),
    DemoEvent(5, "relinked", 1142, "列表改写新地址，文章未变"),
    DemoEvent(6, "template", None, "页脚再改一次"),
    DemoEvent(6, "new", 1180, "新稿件：农田水利"),
    DemoEvent(6, "moved", 1140, "301到新地址", to=1181),
    DemoEvent(6, "relinked", 1140, "同一天列表就改写新地址"),
    DemoEvent(6, "predated", 1155, "改了数字，日期倒退一天", published=date(2026, 11, 5), swaps=(("91.8%", "95.8%"),)),
    DemoEvent(8, "gone", 1150, "在服务器出错的日子里撤下：404，列表也撤下，到第11天才算证实", listed=False),
    DemoEvent(10, "reposted", 1145, "换了编号重新发布，旧地址404，不作转向", to=1182),
    DemoEvent(10, "restored", 1119, "撤下六天后恢复"),
)  # fmt: skip
"""Every row in the order of days; `note` is for people."""
