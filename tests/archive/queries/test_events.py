"""Events as readers ask for them: those that were asked for, in the order of time, and the same in any archive."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive import rebuild
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.queries.events import EventFilter, count_events, list_events
from tests.support.archive_builder import READER, Story, address, answer, article, moment

CONTRACT = (
    "id", "at", "kind", "site", "article", "url", "title", "fields", "silent", "backdated", "from_version",
    "to_version", "captures",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Article 1 edited on day 2, article 2 missing on day 2 and gone on day 4; article 3 of another site."""
    story = Story(tmp_path_factory.mktemp("archive"))
    story.run(1, article(1, "旧题"), article(2, "二"), article(3, "三", site="gongguan"))
    story.run(2, article(1, "新题"), answer(2, status=404))
    story.run(4, answer(2, status=404))
    return story.folder


def told(db: sqlite3.Connection, **wanted: Any) -> list[tuple[str, int]]:
    return [(event.kind, event.article) for event in list_events(db, EventFilter(**wanted))]


ALL = [("new", 1), ("new", 2), ("new", 3), ("edited", 1), ("missing", 2), ("gone", 2)]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ALL),
        ({"since": "2026-11-02"}, ALL[3:]),
        ({"until": "2026-11-01"}, ALL[:3]),
        ({"since": "2026-11-02", "until": "2026-11-02"}, ALL[3:5]),
        ({"since": moment(2, 2), "until": moment(2, 2)}, ALL[4:5]),
        ({"kinds": ("missing", "gone")}, ALL[4:]),
        ({"kinds": ("moved",)}, []),
        ({"site": "gongguan"}, ALL[2:3]),
        ({"site": "nowhere"}, []),
        ({"article": 2}, [ALL[1], *ALL[4:]]),
        ({"run": "run-001"}, ALL[3:5]),
        ({"site": "gulou", "kinds": ("new",), "article": 2}, [("new", 2)]),
    ],
)
def test_those_that_were_asked_for(db: sqlite3.Connection, wanted: dict[str, Any], expected: list[Any]) -> None:
    assert told(db, **wanted) == expected


def test_newest_first_is_the_other_way_round(db: sqlite3.Connection) -> None:
    back = [(event.kind, event.article) for event in list_events(db, EventFilter(), newest_first=True)]
    assert back == told(db)[::-1]


def test_pages_are_the_whole(db: sqlite3.Connection) -> None:
    found = list(list_events(db, EventFilter(), newest_first=True, most=2))
    while found[-1].kind != "new" or len(found) < len(ALL):
        page = list(list_events(db, EventFilter(before=found[-1].id), newest_first=True, most=2))
        assert 0 < len(page) <= 2
        found += page
    assert [(event.kind, event.article) for event in found] == ALL[::-1]
    assert list(list_events(db, EventFilter(before=found[-1].id), newest_first=True, most=2)) == []


def test_those_of_some_ids_alone(db: sqlite3.Connection) -> None:
    ids = tuple(event.id for event in list_events(db, EventFilter(kinds=("missing", "gone"))))
    assert told(db, ids=ids) == ALL[4:]


def test_how_many_there_are_of_each_kind(db: sqlite3.Connection) -> None:
    assert count_events(db, EventFilter()) == {"new": 3, "edited": 1, "missing": 1, "gone": 1}
    assert count_events(db, EventFilter(kinds=("gone",), before=1)) == count_events(db, EventFilter())
    assert count_events(db, EventFilter(since="2026-11-02", site="gulou")) == {"edited": 1, "missing": 1, "gone": 1}
    assert count_events(db, EventFilter(run="run-001")) == {"edited": 1, "missing": 1}


def test_every_event_is_of_its_articles_site(db: sqlite3.Connection) -> None:
    sql = "SELECT c.site, s.name FROM changes c JOIN articles a ON a.id = c.article JOIN sites s ON s.id = a.site"
    sites = db.execute(sql).fetchall()
    assert len(sites) == len(ALL) and all(known == true for known, true in sites)


def test_in_chinese_where_that_is_asked_for(db: sqlite3.Connection) -> None:
    gone = next(list_events(db, EventFilter(kinds=("gone",)), language="zh"))
    assert gone.sentence == "已被撤下：2026-11-02 和 2026-11-04 均已不在，由 2 次抓取证实"


def test_an_event_has_all_that_was_promised(db: sqlite3.Connection) -> None:
    edited = next(list_events(db, EventFilter(kinds=("edited",))))
    assert [name for name in CONTRACT if name not in asdict(edited)] == []
    assert (edited.url, edited.title, edited.fields) == (address(1), "新题", ("title",))
    assert (edited.silent, edited.backdated, edited.captures) == (True, False, (1, 4))
    assert tuple(proof.capture for proof in edited.evidence) == edited.captures
    assert edited.sentence == "title changed while the page kept its date of 2026-11-01 (silent edit)"


def test_the_proofs_are_told_as_they_answered(db: sqlite3.Connection) -> None:
    gone = next(list_events(db, EventFilter(kinds=("gone",))))
    assert [(proof.status, proof.outcome, proof.at) for proof in gone.evidence] == [
        (404, "gone", moment(2, 2)),
        (404, "gone", moment(4, 1)),
    ]


def digests(folder: Path) -> list[str]:
    with closing(connect_for_reading(folder)) as db:
        return [event.digest for event in list_events(db, EventFilter())]


def test_an_events_digest_is_its_own_and_the_same_after_a_rebuild_beside_other_captures(
    folder: Path, tmp_path: Path
) -> None:
    known = digests(folder)
    assert len(set(known)) == len(known)
    before = Story(tmp_path, told=[""] * 5)
    before.run(0.5 + 1, article(8, "别的"))
    for path in (folder / "captures").iterdir():
        shutil.copy(path, tmp_path / "captures" / path.name.replace("lufeng-0", "lufeng-9"))
    rebuild(tmp_path, READER, "test")
    assert set(known) < set(digests(tmp_path))
