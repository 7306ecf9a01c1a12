"""Tests what a probe of a site teaches of its own "not there", and which answers say the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.items import Capture
from tests.support.archive_builder import Story, answer, article, everything, listing, moment, rebuilt, rows

FRAME = "鼓楼区人民政府门户网站"
TEXT = "县人民政府召开常务会议，研究部署冬春农田水利建设，要求各乡镇落实责任，确保质量和安全。" * 6
NOT_THERE = {"says": f"{FRAME}\n您要找的信息已被删除\n首页"}
PAGES = [article(number, f"第{number}条", f"{FRAME}\n{TEXT[number:]}") for number in (1, 2, 3)]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    told = Story(tmp_path)
    crawl(told, 1, *PAGES)
    return told


def crawl(story: Story, day: float, *answers: Capture, **more: Any) -> list[str]:
    """What a run by today's rules tells."""
    told = story.run(day, *answers, **{"rules": 1, "proves": True} | more)
    return [f"{event['kind']} {event['article']}" for event in told]


def probe(said: Any = None, **more: Any) -> Capture:
    return answer(999999999, said, kind="probe", **more)


def learnt(story: Story) -> list[tuple[list[str], str | None]]:
    return [(json.loads(row["lines"]), row["location"]) for row in rows(story.folder, "SELECT * FROM probes")]


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        (probe(NOT_THERE), ["您要找的信息已被删除"]),  # the frame stands on every page, 首页 says nothing
        (probe({"gone": "您访问的页面不存在"}), ["您访问的页面不存在"]),
        (probe({"says": f"{FRAME}\n首页"}), None),
        (probe({"says": "信息编号 999999999 不存在"}), ["信息编号 999999999 不存在"]),
        (probe({"title": "题", "body": "文"}), None),
        (probe({"lines": [1]}), None),
        (probe(status=404), None),
        (probe(status=521), None),
        (probe(status=503), None),
    ],
)
def test_its_statement_is_what_it_shows_and_other_pages_do_not(
    story: Story, told: Capture, lines: list[str] | None
) -> None:
    crawl(story, 2, told, *PAGES)
    assert learnt(story) == ([] if lines is None else [(lines, None)])
    assert rows(story.folder, "SELECT count(*) AS n FROM articles") == [{"n": 3}]
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (answer(2, NOT_THERE), ["missing 2"]),
        (answer(2, {"title": "提示信息", "body": "您要找的信息已被删除"}), ["missing 2"]),
        (answer(2, {"title": "您要找的信息已被删除", "body": ""}), ["missing 2"]),
        (answer(2, {"says": f"{FRAME}\n系统正在维护"}), []),
        (article(2, "第2条", f"您要找的信息已被删除\n{FRAME}\n{TEXT}"), ["edited 2"]),  # too long to be a notice
        (answer(2, NOT_THERE, status=503), []),
        (answer(2, NOT_THERE, kind="attachment"), []),
    ],
)
def test_what_says_the_same_of_an_article_denies_it(story: Story, seen: Capture, told: list[str]) -> None:
    assert crawl(story, 2, probe(NOT_THERE), PAGES[0], seen) == told
    assert everything(story.folder) == rebuilt(story.folder)


def test_figures_in_the_statement_may_differ(story: Story) -> None:
    crawl(story, 2, probe({"says": "信息编号 999999999 不存在"}), PAGES[0])
    assert crawl(story, 3, answer(2, {"says": "信息编号 2 不存在"})) == ["missing 2"]
    (row,) = rows(story.folder, "SELECT reason FROM captures WHERE outcome = 'gone'")
    assert row["reason"] == "soft 404: 信息编号 999999999 不存在"


def test_twice_and_it_is_gone(story: Story) -> None:
    denied = [*PAGES[:1], answer(2, NOT_THERE)]
    assert crawl(story, 2, probe(NOT_THERE), *denied) == ["missing 2"]
    assert crawl(story, 3.1, *denied) == ["gone 2"]


def test_a_site_that_shows_nothing_in_that_run_says_nothing_of_one_address(story: Story) -> None:
    crawl(story, 2, probe(NOT_THERE), answer(1, status=503))
    assert crawl(story, 3, answer(2, NOT_THERE)) == []


def test_of_two_the_newer_counts_and_only_from_then_on(story: Story) -> None:
    crawl(story, 2, answer(2, NOT_THERE), PAGES[0])
    assert story.kinds("kind = 'missing'") == []
    crawl(story, 3, probe(NOT_THERE), PAGES[0])
    crawl(story, 4, probe({"says": "页面走丢了，请稍后再来"}), PAGES[0])
    assert crawl(story, 5, answer(2, NOT_THERE)) == []
    assert crawl(story, 6, answer(3, {"says": "页面走丢了，请稍后再来"})) == ["missing 3"]


def test_an_archive_of_older_rules_learns_and_believes_nothing(story: Story) -> None:
    crawl(story, 2, probe(NOT_THERE), PAGES[0])
    assert crawl(story, 3, answer(2, NOT_THERE), rules=0) == []


def away(name: str | int, to: str, **more: Any) -> Capture:
    return answer(name, status=302, to=to, **more)


@pytest.mark.parametrize("to", ["", "404.htm", "404.htm?aspxerrorpath=/info/1/999999999.htm"])
def test_a_redirect_that_an_impossible_address_gives_denies_too(story: Story, to: str) -> None:
    crawl(story, 2, away(999999999, to, kind="probe"), PAGES[0])
    assert crawl(story, 3, away(2, to.replace("999999999", "2")), PAGES[0]) == ["missing 2"]
    assert crawl(story, 3.5, away(3, "login.htm"), PAGES[0]) == []
    assert everything(story.folder) == rebuilt(story.folder)


SHOW = "http://gulou.example/show.asp?id="


@pytest.mark.parametrize(
    "to",
    [
        "https://gulou.example/show.asp?id={}",
        "http://www.gulou.example/show.asp?id={}",
        "http://gulou.example/content.asp?newsid={}&from=old",
        "http://gulou.example/show.asp?id={}&jump=1",
    ],
)
def test_a_site_that_moves_takes_every_address_along_and_denies_none(tmp_path: Path, to: str) -> None:
    story = Story(tmp_path)
    crawl(story, 1, *[article(f"{SHOW}{number}", f"第{number}条", TEXT[number:]) for number in (1, 2, 3)])
    crawl(
        story, 2, away(f"{SHOW}999999999", to.format(999999999), kind="probe"), article(f"{SHOW}1", "第1条", TEXT[1:])
    )
    assert learnt(story) == []
    assert crawl(story, 3, *[away(f"{SHOW}{number}", to.format(number)) for number in (1, 2, 3)]) == []


def test_a_gate_on_another_host_is_no_page_of_the_site(story: Story) -> None:
    gate = "http://waf.example/check?u=http://gulou.example/info/1/{}.htm"
    crawl(story, 2, away(999999999, gate.format(999999999), kind="probe"), PAGES[0])
    assert (learnt(story), crawl(story, 3, away(2, gate.format(2)))) == ([], [])


@pytest.mark.parametrize("shown", [answer(1, status=304), answer(1, status=503), answer(2, NOT_THERE)])
def test_only_an_article_that_was_shown_in_full_vouches_for_it(story: Story, shown: Capture) -> None:
    """A server in front may answer 304 for a site that is down."""
    assert crawl(story, 2, probe(NOT_THERE), shown, answer(3, NOT_THERE)) == []


def test_a_probe_is_no_evidence_for_what_was_asked_in_earnest(story: Story) -> None:
    """Its payload is no original of a later answer, its address no article's, its lines no entries."""
    crawl(story, 2, listing(1), probe({"title": "题", "body": "文"}), PAGES[0])
    assert crawl(story, 3, answer(999999999, {"title": "题", "body": "文"})) == ["new 4"]
    (row,) = rows(story.folder, "SELECT revisit_of FROM captures ORDER BY id DESC LIMIT 1")
    assert row["revisit_of"] is None


@pytest.mark.parametrize(
    "said", [None, {"says": ""}, {"says": "啊" * 9000}, {"says": "\n".join(f"第{'一' * n}行文字" for n in range(99))}]
)
def test_odd_statements(story: Story, said: Any) -> None:
    crawl(story, 2, probe(said), PAGES[0], answer(2, said))
    assert all(len(lines) <= 20 for lines, _ in learnt(story))
    assert everything(story.folder) == rebuilt(story.folder)


def test_lines_in_another_order_are_the_same_statement(story: Story) -> None:
    def says(lines: Sequence[str]) -> dict[str, str]:
        return {"says": "\n".join(lines)}

    words = ["您要找的信息已被删除", "请返回首页重新查找"]
    crawl(story, 2, probe(says(words)), PAGES[0])
    assert crawl(story, 3, answer(2, says(words[::-1])), answer(3, says(words[:1]))) == ["missing 2"]
    assert story.events("kind = 'missing'")[0]["at"] == moment(3, 1)
