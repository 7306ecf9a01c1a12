"""Tests what a reader may choose: a site that is there, a day, words that are known, a place to go on from."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.errors import NotInArchive, UsageError
from lufeng_crawler.ui import parameters
from lufeng_crawler.ui.request import PageRequest
from tests.support.demo_archive import AllDays


def asked(**arguments: str) -> PageRequest:
    return PageRequest(
        "/changes", Path("data"), arguments={name: tuple(said.split()) for name, said in arguments.items()}
    )


def test_a_site_is_one_of_the_archive(all_days: AllDays) -> None:
    with closing(connect_for_reading(all_days.folder)) as db:
        assert (parameters.chosen_site(db, asked(site="demo")), parameters.chosen_site(db, asked())) == ("demo", None)
        with pytest.raises(NotInArchive, match=r"^lufeng: the archive has nothing"):
            parameters.chosen_site(db, asked(site="lufeng"))


def test_a_day_is_a_day() -> None:
    assert (parameters.chosen_day(asked(to="2026-02-28"), "to"), parameters.chosen_day(asked(), "to")) == (
        "2026-02-28",
        None,
    )


@pytest.mark.parametrize("said", ["2026-02-30", "2026-2-3", "yesterday", "20260203", "2026-W01-1", "２０２６-01-01"])
def test_another_day_is_none(said: str) -> None:
    with pytest.raises(UsageError, match=r"^from must be a day such as 2026-11-22$"):
        parameters.chosen_day(asked(**{"from": said}), "from")


def test_words_are_those_that_are_known() -> None:
    assert parameters.chosen_words(asked(kind="new gone"), "kind", ("new", "gone", "moved")) == ("new", "gone")
    assert parameters.chosen_words(asked(), "kind", ("new",)) == ()
    with pytest.raises(UsageError, match=r"^kind must be one of new, gone$"):
        parameters.chosen_words(asked(kind="new vanished"), "kind", ("new", "gone"))


def test_a_place_is_a_number() -> None:
    assert (parameters.chosen_cursor(asked(before="7")), parameters.chosen_cursor(asked())) == (7, None)
    with pytest.raises(UsageError, match=r"^before must be a whole number"):
        parameters.chosen_cursor(asked(before="last"))


def test_site_files_are_read_once(tmp_path: Path) -> None:
    assert "demo" in parameters.site_files(None).sites
    assert parameters.site_files(None) is parameters.site_files(None)
    assert parameters.site_files(tmp_path) is not parameters.site_files(None)
