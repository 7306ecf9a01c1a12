"""Random runs of a site, told answer by answer: what any rule of the archive may have to make rows of, in any order."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from typing import get_args

from lufeng_crawler.archive import RunEnd, RunStart, Unanswered, open_archive
from lufeng_crawler.archive.coverage import Coverage, CoverageState
from lufeng_crawler.items import Capture
from tests.support.archive_builder import (
    READER,
    SITE,
    answer,
    article,
    at,
    document,
    listing,
    moment,
    take,
    unanswered,
)

TEXTS = (
    "县人民政府召开常务会议，研究部署冬春农田水利建设。" * 6,
    "全市森林防火工作会议召开，通报近期火险形势并作安排。" * 6,
)
NOTICE = {"title": "网站维护公告", "body": "网站将于今日进行系统升级维护，届时暂停访问，敬请谅解。" * 3}
NOT_THERE = {"says": "您访问的页面不存在"}
NAMES = count()
Answers = list[Capture | Unanswered]


def _counters(random: Random) -> Answers:
    """Seven articles, each with its counter under it."""
    views = random.randint(1, 99)
    return [article(n, f"第{n}条消息", f"{TEXTS[0][n:]}\n浏览 {n + views} 次") for n in range(1, 8)]


ACTS: tuple[Callable[[Random], Answers], ...] = (
    lambda random: [listing(1, 2, 3)],
    lambda random: [listing(1, 3)],
    lambda random: [listing(3, [4, "第4条消息", "2026-10-01"], 1)],
    lambda random: [listing([1, "置顶", None, True], 3, column="通知", name="tz.htm")],
    lambda random: [listing([None, "一行没有链接的字"], 2)],
    lambda random: [article(1, "第1条消息", TEXTS[0])],
    lambda random: [article(1, "第1条消息", TEXTS[1])],
    lambda random: [article(1, "第1条消息", "")],
    lambda random: [article(2, "第2条消息", TEXTS[1])],
    lambda random: [article(2, "另一条消息", TEXTS[0], listed_title="第2条消息，今天的")],
    lambda random: [article(3, "第2条消息", TEXTS[1])],
    lambda random: [answer(random.choice((1, 2)), NOTICE)],
    lambda random: [answer(random.choice((1, 2, 3)), status=404)],
    lambda random: [answer(1, status=304)],
    lambda random: [answer(2, status=301, to=3)],
    lambda random: [answer(3, status=random.choice((403, 503, 521)))],
    lambda random: [unanswered(random.randint(1, 4), random.choice(("unreachable", "forbidden", "refused")))],
    lambda random: [answer(99, NOT_THERE, kind="probe")],
    lambda random: [answer(99, status=302, to="x.htm", kind="probe")],
    lambda random: [answer(random.choice((1, 2)), NOT_THERE)],
    lambda random: [answer(1, {"lines": [1, 2]})],
    lambda random: [answer(random.choice((1, 3)), status=302, to="x.htm")],
    lambda random: [answer("x.htm", status=404)],
    lambda random: [document("a.pdf")],
    _counters,
    _counters,
)


def run(folder: Path, random: Random, day: float) -> None:
    """Another run of the archive on that day: a crawl by today's rules or older ones, an ingest, or one that is killed.

    What is ingested may be older than anything that is known.
    """
    name, kind = f"run-{next(NAMES):06}", random.choice(("crawl",) * 9 + ("ingest",))
    rules, second = int(random.random() < 0.85), random.randint(0, 50)
    archive = open_archive(folder, READER, "test")
    start = RunStart(name, "crawl" if kind == "crawl" else "ingest", moment(day, second), rules=rules)
    if kind == "crawl":
        start = replace(start, site="gulou", start=SITE, hosts=("gulou.example",) if rules else ())
    archive.begin(start)
    seen_on = day if kind == "crawl" else random.uniform(1, day)
    for given in [one for _ in range(random.randint(1, 7)) for one in random.choice(ACTS)(random)]:
        second += 1
        if isinstance(given, Unanswered):
            archive.store_unanswered(replace(given, at=moment(seen_on, second)), name)
        else:
            take(archive, name, at(given, moment(seen_on, second)))
    if random.random() < 0.2:
        archive.flush()
        archive.release()
        return
    archive.end(_end(random, rules, RunEnd(name, moment(day, second + 1), "good")))
    archive.close()


def _end(random: Random, rules: int, end: RunEnd) -> RunEnd:
    if not rules:
        return replace(end, sweeps={"要闻": random.choice(("complete", "settled", "broken"))})
    columns = random.choice((("要闻",), ("要闻", "通知"), ()))
    coverage = {
        name: Coverage(random.choice((*get_args(CoverageState), "complete")), seen=3, pages=1).as_json()
        for name in columns
    }
    return replace(end, coverage=coverage, proves=random.random() < 0.8)


def archives(folder: Path, random: Random) -> list[Path]:
    """One to three archives of some days each, and copies that parted from them on the way."""
    found: list[Path] = []
    for number in range(random.randint(1, 3)):
        archive, day = folder / f"archive-{number}", 1.0
        for _ in range(random.randint(1, 6)):
            if random.random() < 0.2 and archive.exists():
                shutil.copytree(archive, copy := folder / f"copy-{len(found)}")
                run(copy, random, day)
                found.append(copy)
            run(archive, random, day)
            day += random.choice((0.3, 1, 1, 2))
        found.append(archive)
    return found
