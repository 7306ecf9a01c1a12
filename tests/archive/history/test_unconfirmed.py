"""Tests which answers make no version of an article until a later run reads the same, and how they are confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.items import Capture
from tests.support.archive_builder import (
    Story,
    address,
    answer,
    article,
    document,
    everything,
    listing,
    moment,
    rebuilt,
    rows,
)

TITLE = "县人民政府关于冬春农田水利建设的通知"
TEXT = "县人民政府召开常务会议，研究部署冬春农田水利建设，要求各乡镇落实责任，抓紧施工，确保质量和安全。" * 3
OTHER = "全市森林防火工作视频会议召开，通报近期火险形势，分析研判天气变化，对下一步巡护值守作出安排布置。" * 3
NOTICE = {
    "title": "网站维护公告",
    "body": "网站将于今日进行系统升级维护，届时暂停访问，由此给您带来不便，敬请谅解。" * 3,
}


@pytest.fixture
def story(tmp_path: Path) -> Story:
    told = Story(tmp_path)
    crawl(told, 1, article(1, TITLE, TEXT))
    return told


def crawl(story: Story, day: float, *answers: Capture, **more: Any) -> list[str]:
    """What a run by today's rules tells."""
    return [event["kind"] for event in story.run(day, *answers, **{"rules": 1, "proves": True} | more)]


def outcome(story: Story) -> str:
    (row,) = rows(story.folder, "SELECT outcome FROM captures ORDER BY id DESC LIMIT 1")
    return str(row["outcome"])


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (article(1, TITLE, ""), "unconfirmed"),
        (article(1, TITLE, "详见附件。"), "unconfirmed"),
        (article(1, TITLE, OTHER), "article"),  # the title stands over another text
        (article(1, f"{TITLE}（修订）", OTHER), "article"),
        (article(1, f"【已失效】{TITLE}", OTHER), "article"),
        (article(1, "县人民政府关于秋冬农田水利建设的通知", OTHER), "unconfirmed"),
        (article(1, "鼓楼区人民政府", OTHER), "unconfirmed"),
        (article(1, "另一个标题", TEXT), "article"),
        (article(1, "另一个标题", TEXT[:60] + OTHER), "article"),
        (article(1, "另一个标题", OTHER), "unconfirmed"),
        (answer(1, NOTICE), "unconfirmed"),
        (answer(1, {"lines": [1, 2]}), "unconfirmed"),
        (answer(1, {"says": "页面正在生成"}), "unconfirmed"),
        (answer(1, {"says": "页面正在生成"}, status=503), "other"),
        (answer(1, status=404), "gone"),
        (document("info/1/1.htm", kind="article"), "file"),
    ],
)
def test_what_shows_nothing_of_the_article_waits(story: Story, seen: Capture, expected: str) -> None:
    told = crawl(story, 2, seen)
    assert outcome(story) == expected
    assert told == {"article": ["edited"], "gone": ["missing"]}.get(expected, [])
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [("", "", "article"), ("", TEXT, "article"), ("图片。", "照片。", "article"), ("图片。", "", "unconfirmed")],
)
def test_texts_too_short_to_be_compared(tmp_path: Path, before: str, after: str, expected: str) -> None:
    story, files = Story(tmp_path), [["http://gulou.example/a.jpg", "图"]]
    crawl(story, 1, article(1, TITLE, before, files=files))
    crawl(story, 2, article(1, TITLE, after, published="2026-11-02", files=files))
    assert outcome(story) == expected


@pytest.mark.parametrize("seen", [article(1, TITLE, ""), answer(1, NOTICE)])
def test_until_then_the_version_before_stands_and_it_is_looked_at_when_that_can_count(
    story: Story, seen: Capture
) -> None:
    crawl(story, 2, seen)
    (row,) = rows(story.folder, "SELECT presence, next_visit, last_seen FROM articles")
    assert row == {"presence": "live", "next_visit": moment(3, 1), "last_seen": moment(1, 1)}
    assert rows(story.folder, "SELECT version, body FROM latest_articles") == [{"version": 1, "body": TEXT}]
    (row,) = rows(story.folder, "SELECT article, reason FROM captures ORDER BY id DESC LIMIT 1")
    assert row["article"] == 1 and row["reason"] in ("its text is gone", "reads as: 网站维护公告")


@pytest.mark.parametrize("seen", [article(1, TITLE, ""), article(1, "另一个标题", OTHER)])
def test_a_later_run_that_reads_the_same_confirms_it_from_its_own_time(story: Story, seen: Capture) -> None:
    crawl(story, 2, seen)
    assert crawl(story, 3, seen) == []  # the event is of the run that saw it first
    (event,) = story.events("kind = 'edited'")
    assert (event["at"], event["run"], event["to_version"]) == (moment(2, 1), 2, 2)
    assert rows(story.folder, "SELECT first_seen, last_seen FROM versions WHERE number = 2") == [
        {"first_seen": moment(2, 1), "last_seen": moment(3, 1)}
    ]
    assert rows(story.folder, "SELECT * FROM captures WHERE outcome = 'unconfirmed'") == []
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize(
    ("between", "day", "more"),
    [
        ([], 2.9, {}),
        ([], 3, {"proves": False}),
        ([], 3, {"outcome": "interrupted", "proves": None}),
        ([], 3, {"outcome": None}),
        ([article(1, TITLE, TEXT)], 3, {}),
    ],
    ids=["too close", "proves nothing", "interrupted", "killed", "the old text since"],
)
def test_what_does_not_confirm_it(story: Story, between: Sequence[Capture], day: float, more: dict[str, Any]) -> None:
    notice = answer(1, NOTICE)
    crawl(story, 2, notice)
    if between:
        crawl(story, 2.5, *between)
    crawl(story, day, notice, **more)
    crawl(story, 3.5)
    assert story.kinds() == ["new"]
    assert everything(story.folder) == rebuilt(story.folder)


def test_a_304_to_what_waits_is_that_again(story: Story) -> None:
    crawl(story, 2, answer(1, NOTICE))
    assert crawl(story, 3, answer(1, status=304)) == []
    assert [(event["kind"], event["at"]) for event in story.events("kind = 'edited'")] == [("edited", moment(2, 1))]
    assert everything(story.folder) == rebuilt(story.folder)


def test_another_text_each_time_is_none_of_them(story: Story) -> None:
    for day in range(2, 6):
        crawl(story, day, answer(1, NOTICE | {"body": f"{NOTICE['body']}第{day}天"}))
    assert story.kinds() == ["new"]


def test_what_stands_in_the_place_of_several_articles_is_a_notice_however_often(tmp_path: Path) -> None:
    story = Story(tmp_path)
    crawl(story, 1, article(1, TITLE, TEXT), article(2, "第二条消息的标题", OTHER))
    for day in (2, 3, 4):
        assert crawl(story, day, answer(1, NOTICE), answer(2, NOTICE)) == []
    assert story.kinds() == ["new", "new"]
    assert everything(story.folder) == rebuilt(story.folder)


def test_the_page_of_another_article_is_no_edit_however_much_it_has_in_common(tmp_path: Path) -> None:
    story, sentence = Story(tmp_path), TEXT[:60]
    crawl(story, 1, article(1, TITLE, TEXT), article(2, "第二条消息的标题", sentence + OTHER))
    assert crawl(story, 2, article(1, "第二条消息的标题", sentence + OTHER)) == []
    assert outcome(story) == "unconfirmed"


def test_runs_of_older_rules_and_ingests_need_no_second(story: Story) -> None:
    assert crawl(story, 2, answer(1, NOTICE), rules=0) == ["edited"]
    assert crawl(story, 3, answer(1, {"title": "又一个标题", "body": OTHER}), kind="ingest", proves=None) == ["edited"]


def test_a_clock_that_went_back_makes_no_edit(story: Story) -> None:
    crawl(story, 5, article(1, TITLE, TEXT))
    assert crawl(story, 3, article(1, TITLE, TEXT + "后来补充的一段话，说的是修路的事。"), proves=False) == []
    assert rows(story.folder, "SELECT reason FROM captures ORDER BY id DESC LIMIT 1") == [
        {"reason": "the clock went back: it was captured after what is dated later"}
    ]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (article(2, TITLE, ""), "unconfirmed"),
        (article(2, TITLE, "", files=[["http://gulou.example/a.pdf", "附件"]]), "article"),
        (article(2, TITLE, "文"), "article"),
        (article(2, "网站维护公告", NOTICE["body"], listed_title=TITLE), "unconfirmed"),
        (article(2, "网站维护公告", NOTICE["body"], listed_title="通知"), "article"),  # a line says too little
        (article(2, "正文", f"{TITLE}\n{TEXT}", listed_title=TITLE), "article"),
        (article(2, TITLE, TEXT, listed_title="关于冬春农田水利建设的通知"), "article"),
    ],
)
def test_a_page_that_was_never_seen_before(story: Story, seen: Capture, expected: str) -> None:
    told = crawl(story, 2, listing(2), seen)
    assert (outcome(story), told) == (expected, ["new"] if expected == "article" else [])
    owed = [] if expected == "article" else [{"url": address(2), "last_outcome": "unconfirmed"}]
    assert rows(story.folder, "SELECT url, last_outcome FROM owed") == owed


def test_it_is_new_once_it_was_read_again(story: Story) -> None:
    empty = article(2, TITLE, "")
    crawl(story, 2, listing(2), empty)
    crawl(story, 3, listing(2), empty)
    (event,) = story.events("kind = 'new' AND article = 2")
    assert event["at"] == moment(2, 2)
    assert rows(story.folder, "SELECT * FROM owed") == []
    assert everything(story.folder) == rebuilt(story.folder)


def page(said: dict[str, str], end: str = "</html>") -> Capture:
    """A page whose markup is closed, or not."""
    capture = answer(1, said)
    return replace(capture, body=capture.body[:-1] + f', "markup": "<html>{end}"'.encode() + b"}")


@pytest.mark.parametrize(("end", "kinds"), [("</html>", ["edited"]), ("", [])])
def test_a_text_whose_end_is_missing_with_that_of_its_page_waits(story: Story, end: str, kinds: list[str]) -> None:
    half = {"title": TITLE, "body": TEXT[: len(TEXT) // 2], "published": "2026-11-01"}
    assert crawl(story, 2, page(half, end)) == kinds


def test_one_text_in_the_place_of_many_is_no_edit_of_any(tmp_path: Path) -> None:
    story = Story(tmp_path)
    crawl(story, 1, *(article(n, f"{TITLE}{n}", TEXT) for n in range(1, 6)))
    for day in (2, 3.5):
        assert crawl(story, day, *(article(n, f"{TITLE}{n}", "正文加载中，请稍候") for n in range(1, 6))) == []
    assert everything(story.folder) == rebuilt(story.folder)


def test_two_articles_that_are_blanked_with_one_text_are_edited(tmp_path: Path) -> None:
    story = Story(tmp_path)
    crawl(story, 1, *(article(n, f"{TITLE}{n}", TEXT) for n in range(1, 6)))
    for day in (2, 3.5):
        crawl(story, day, *(article(n, f"{TITLE}{n}", "本文已按要求撤回正文") for n in (1, 2)))
    assert story.kinds().count("edited") == 2


def test_an_address_that_sends_each_request_elsewhere_leads_to_its_article(tmp_path: Path) -> None:
    story = Story(tmp_path)
    for day in (1, 2, 3):
        elsewhere = f"info/1/x.htm?_t={day}"
        crawl(story, day, answer(1, status=302, to=elsewhere), article(elsewhere, TITLE, TEXT))
    assert story.kinds() == ["new"]
    assert everything(story.folder) == rebuilt(story.folder)
