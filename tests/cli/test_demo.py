"""Tests `lufeng demo`: its quick start works as it is printed, and it leaves earlier archives alone."""

from __future__ import annotations

import re
from pathlib import Path

from lufeng_crawler.cli.demo import _unused_folder
from tests.support.commands import lufeng


def test_the_demo_is_the_quick_start(tmp_path: Path) -> None:
    done = lufeng("--archive", tmp_path / "data", "demo")
    assert (done.code, done.err) == (0, "")
    for day, said in ((1, "51 new"), (2, "3 new, 2 edited"), (3, "1 restored")):
        assert re.search(rf"^Day {day}, 2026-11-\d\d: demo: good: .*{said}", done.out, re.MULTILINE)
    assert "not shown to us (521 加速乐), so nothing is claimed: http://127.0.0.1:" in done.out
    for line in re.findall(r"^  lufeng --archive (\S+) (.+)$", done.out, re.MULTILINE):
        words = line[1].replace("articles.csv", str(tmp_path / "articles.csv")).split()
        if words[0] != "serve":  # ends when it is interrupted: see test_serve
            assert lufeng("--archive", line[0], *words).code == 0
    assert (tmp_path / "articles.csv").read_text("utf-8-sig").startswith("id,site,key,url")


def test_a_demo_never_touches_the_archive_of_an_earlier_one(tmp_path: Path) -> None:
    assert _unused_folder(tmp_path / "demo") == tmp_path / "demo"
    for name in ("demo", "demo-2"):
        (tmp_path / name).mkdir()
    assert _unused_folder(tmp_path / "demo") == tmp_path / "demo-3"
