"""What happened, in one plain sentence, whatever a page put into it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.queries.event_text import SENTENCES, Event, describe_capture, describe_event
from lufeng_crawler.archive.queries.events import KINDS
from lufeng_crawler.archive.text import one_line


def proof(day: int, outcome: str = "article", **more: Any) -> dict[str, Any]:
    said = {"capture": day, "at": f"2026-11-{day:02}T02:00:00Z", "run": day, "digest": "sha256:00"}
    said |= {"url": f"http://a.example/{day}", "status": 200}
    return said | {"outcome": outcome, "reason": None, "location": None, "column": "要闻"} | more


def event(kind: str, *evidence: dict[str, Any], **more: Any) -> dict[str, Any]:
    said = {"id": 1, "at": "2026-11-02T02:00:00Z", "site": "demo", "article": 1, "url": "http://a.example/1"}
    said |= {"title": "题", "captures": [], "key": "1", "run": "run", "from_version": None, "to_version": None}
    said |= {"kind": kind, "fields": [], "silent": False, "backdated": False, "published": "2026-11-01"}
    return said | {"published_before": "2026-11-01", "evidence": list(evidence)} | more


def edited(*fields: str, **more: Any) -> dict[str, Any]:
    return event("edited", proof(1), proof(2), fields=list(fields), **more)


NOT_FOUND = [proof(day, "gone", status=404) for day in range(2, 7)]
SOFT = proof(2, "gone", reason="soft 404: 您访问的页面不存在")
SAID = [
    (event("new", proof(1)), "first seen in 要闻, dated 2026-11-01"),
    (event("new", proof(1, column=None), published=None), "first seen, without a date"),
    (
        event("new", proof(2, "listing"), proof(4, "listing"), proof(4), backdated=True, published="2026-01-05"),
        "appeared in 要闻 dated 2026-01-05, long past: the column had been read to its end without it on 2026-11-02"
        " (backdated)",
    ),
    (edited("body", silent=True), "body text changed while the page kept its date of 2026-11-01 (silent edit)"),
    (
        edited("title", "body", silent=True, published=None),
        "title and body text changed on a page that states no date (silent edit)",
    ),
    (
        edited("published", "body", published="2026-11-02"),
        "body text changed, and the page's date went from 2026-11-01 to 2026-11-02",
    ),
    (
        edited("published", published="2026-10-30", backdated=True),
        "the page's date was moved back from 2026-11-01 to 2026-10-30; nothing else changed (backdated)",
    ),
    (
        edited("published", "author", published=None),
        "author changed, and the page's date went from 2026-11-01 to none",
    ),
    (
        event("missing", NOT_FOUND[0]),
        "not there on 2026-11-02: the site answered 404; one look does not prove that it was taken down",
    ),
    (
        event("missing", SOFT),
        "not there on 2026-11-02: the page said “您访问的页面不存在”; one look does not prove that it was taken down",
    ),
    (
        event("missing", proof(2, "redirect", status=302), proof(2, "gone", status=404, url="http://a.example/404")),
        "not there on 2026-11-02: its address led to http://a.example/404, where the site answered 404; one look does"
        " not prove that it was taken down",
    ),
    (event("gone", *NOT_FOUND[:2]), "taken down: seen gone on 2026-11-02 and 2026-11-03, by 2 runs"),
    (event("gone", *NOT_FOUND[:3]), "taken down: seen gone on 2026-11-02, 2026-11-03 and 2026-11-04, by 3 runs"),
    (event("gone", *NOT_FOUND), "taken down: seen gone on 5 days from 2026-11-02 to 2026-11-06, by 5 runs"),
    (event("restored", proof(5)), "back: it was there again on 2026-11-05"),
    (
        event("delisted", proof(3, "listing")),
        "no longer listed in 要闻 after a complete sweep (1 page), though still served",
    ),
    (
        event("delisted", proof(3, "listing"), proof(3, "listing", column=None)),
        "no longer listed in its column after a complete sweep (2 pages), though still served",
    ),
    (event("relisted", proof(3, "listing")), "listed in 要闻 again"),
    (
        event("moved", proof(2, "redirect", status=301), proof(3)),
        "moved from http://a.example/2 to http://a.example/3 (301)",
    ),
    (
        event("moved", proof(2, "gone", status=404), proof(3)),
        "moved without a redirect: the same text was found at http://a.example/3, and the old address"
        " http://a.example/2 is gone",
    ),
]


@pytest.mark.parametrize(("told", "expected"), SAID, ids=[f"{told['kind']}-{n}" for n, (told, _) in enumerate(SAID)])
def test_an_event_in_words(told: dict[str, Any], expected: str) -> None:
    assert describe_event(Event.from_row(told)) == expected


IN_CHINESE = [
    (SAID[0][0], "首次见于“要闻”，页面日期为 2026-11-01"),
    (SAID[1][0], "首次见到，页面未载日期"),
    (SAID[2][0], "出现在“要闻”，页面日期却早在 2026-01-05：2026-11-02 曾将该栏目读到末尾，并无此文（倒填日期）"),
    (SAID[3][0], "正文有改动，页面日期仍为 2026-11-01（静默修改）"),
    (SAID[4][0], "标题、正文有改动，页面未载日期（静默修改）"),
    (SAID[5][0], "正文有改动，页面日期由 2026-11-01 改为 2026-11-02"),
    (SAID[6][0], "页面日期由 2026-11-01 提前为 2026-10-30，其余未变（倒填日期）"),
    (SAID[7][0], "作者有改动，页面日期由 2026-11-01 改为 无"),
    (SAID[8][0], "2026-11-02 已看不到：网站应答 404；只见一次，不足以证明已被撤下"),
    (SAID[9][0], "2026-11-02 已看不到：页面写着“您访问的页面不存在”；只见一次，不足以证明已被撤下"),
    (
        SAID[10][0],
        "2026-11-02 已看不到：其网址转到 http://a.example/404，网站应答 404；只见一次，不足以证明已被撤下",
    ),
    (SAID[12][0], "已被撤下：2026-11-02、2026-11-03 和 2026-11-04 均已不在，由 3 次抓取证实"),
    (SAID[13][0], "已被撤下：2026-11-02 至 2026-11-06 间有 5 天均已不在，由 5 次抓取证实"),
    (SAID[14][0], "已恢复：2026-11-05 又能看到"),
    (SAID[15][0], "将“要闻”读到末尾（1 页），已不再列出此文，但页面仍在"),
    (SAID[16][0], "将所属栏目读到末尾（2 页），已不再列出此文，但页面仍在"),
    (SAID[17][0], "重新列入“要闻”"),
    (SAID[18][0], "由 http://a.example/2 移至 http://a.example/3（301）"),
    (SAID[19][0], "移走而未设跳转：在 http://a.example/3 找到相同文字，旧网址 http://a.example/2 已不在"),
]


@pytest.mark.parametrize(("told", "expected"), IN_CHINESE)
def test_an_event_in_chinese(told: dict[str, Any], expected: str) -> None:
    assert describe_event(Event.from_row(told), "zh") == expected
    assert {event["kind"] for event, _ in IN_CHINESE} == set(KINDS)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (proof(1), "文章在"),
        (proof(1, "unchanged", status=304), "文章在，未变"),
        (SOFT, "不在：页面写着“您访问的页面不存在”"),
        (proof(1, "blocked", reason="521 加速乐"), "未让我们看到（521 加速乐）：不说明文章是否还在"),
        (proof(1, "redirect", status=302, location="http://a.example/x"), "应答 302，转到 http://a.example/x"),
        (proof(1, "listing"), "应答 200，没有可读的内容（listing）"),
    ],
)
def test_a_look_in_chinese(seen: dict[str, Any], expected: str) -> None:
    assert describe_capture(seen, "zh") == expected


def test_every_kind_of_change_has_words() -> None:
    assert {told["kind"] for told, _ in SAID} == set(SENTENCES) == set(KINDS)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (proof(1), "the article was there"),
        (proof(1, "unchanged", status=304), "the article was there, unchanged"),
        (NOT_FOUND[0], "not there: the site answered 404"),
        (SOFT, "not there: the page said “您访问的页面不存在”"),
        (proof(1, "blocked", reason="521 加速乐"), "not shown to us (521 加速乐): says nothing of the article"),
        (
            proof(1, "redirect", status=302, location="http://a.example/x"),
            "answered 302, leading to http://a.example/x",
        ),
        (proof(1, "other", status=503, reason="status 503"), "answered 503, with nothing to read (status 503)"),
        (proof(1, "listing"), "answered 200, with nothing to read (listing)"),
    ],
)
def test_a_look_in_words(seen: dict[str, Any], expected: str) -> None:
    assert describe_capture(seen) == expected


@given(st.text())
def test_a_line_is_one_line_that_moves_no_cursor_and_may_stand_in_xml(text: str) -> None:
    said = one_line(text)
    assert said.splitlines() in ([], [said])
    assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 or 0xD800 <= ord(sign) < 0xE000 for sign in said)
    assert one_line(said) == said


def test_what_a_page_says_ends_no_line_of_ours() -> None:
    nasty = proof(2, "gone", reason="soft 404: \x1b[2J\n下一行\u202e")
    assert "\n" not in describe_event(Event.from_row(event("missing", nasty))) and "\x1b" not in describe_capture(nasty)
