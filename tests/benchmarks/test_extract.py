"""Tests that the benchmark of reading runs, on a folder made here: no figure of it, only that it does not rot."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import environment
from tests.support.paths import ROOT

ARTICLE = """<meta charset=gb2312><title>关于停水的通知-鹿峰县人民政府</title><h1>关于停水的通知</h1>
<p>日期：2026-11-01　来源：县水务局</p>
<div id=zoom><p>因管道检修，本月二日城区停水一天，请各单位、各户备足用水。</p></div>"""
ROW = '<li><a href="/a/{0}.html">关于第{0}号水厂停水的通知</a><span>2026-11-{0:02}</span></li>'
PAGES = {
    "made/article.html": ARTICLE.encode("gb18030"),
    "made/listing.html": ("<ul>" + "".join(ROW.format(n) for n in range(1, 13)) + "</ul>").encode(),
}
SCORER = """
import json, pathlib, sys
told = {row["file"]: row for row in map(json.loads, pathlib.Path(sys.argv[1]).read_text("utf-8").splitlines())}
page, listing = told["made/article.html"], told["made/listing.html"]
right = [page["title"] == "关于停水的通知", page["date"] == "2026-11-01", page["source"] == "县水务局"]
print(f"title (stated)           {sum(right):4}/3    {sum(right) / 3:.3f}")
print(f"listing entries          {len(listing['entries']):4}/12   {len(listing['entries']) / 12:.3f}")
print("body precision 0.5000 recall 0.2500 F1 0.3333 over 1 pages; F1 >= 0.98 on 0")
assert sys.argv[2:] == ["--gold", str(pathlib.Path(__file__).parent)]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pages" / "made").mkdir(parents=True)
    for file, body in PAGES.items():
        (tmp_path / "pages" / file).write_bytes(body)
    rows = [{"file": file, "url": None} for file in PAGES]
    (tmp_path / "index.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "score.py").write_text(SCORER, "utf-8")
    (tmp_path / "gne.py").write_text("raise ImportError('not here')", "utf-8")
    return tmp_path


def extract(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "benchmarks" / "extract.py"), str(folder), "--rounds", "2", *options]
    env = environment()
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=env | {"PYTHONPATH": f"{env['PYTHONPATH']}:{folder}"}
    )


def test_our_reading_is_scored_and_measured_and_who_is_missing_is_named(folder: Path) -> None:
    done = extract(folder, "--reader", "lufeng", "--reader", "GNE")
    assert done.stderr == "GNE: skipped, it cannot be imported: not here (pip install '.[bench]')\n"
    rows = {line[:24].strip(): line[24:].split() for line in done.stdout.splitlines()[:-2]}
    assert rows.pop("") == ["lufeng"]
    scored = {"title (stated)": "1.000", "listing entries": "1.000", "body recall": "0.2500", "body F1": "0.3333"}
    assert {name: rows[name] for name in scored} == {name: [share] for name, share in scored.items()}
    assert rows["ratio, ours by theirs"] == ["1.0"]
    assert all(float(rows[name][0]) > 0 for name in ("pages/s", "pages/s, first round", "MB"))
    assert done.stdout.splitlines()[-1] == "lxml parses a page of ours 1 times at most"


def test_as_json_it_has_every_page(folder: Path) -> None:
    (ours,) = json.loads(extract(folder, "--reader", "lufeng", "--json").stdout).values()
    assert ours["seconds"].keys() == ours["predictions"].keys() == PAGES.keys()
    assert (ours["failed"], ours["parses"]) == ([], 1)
    assert ours["memory"] > 1
