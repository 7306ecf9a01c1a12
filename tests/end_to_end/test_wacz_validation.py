"""What the standard's makers' tools say of our WACZ: py-wacz finds it valid, cdxj-indexer makes the same index."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from lufeng_crawler.archive.export.capture_selection import SHOWS_STATE, CaptureFilter
from lufeng_crawler.archive.export.cdxj import surt_key
from lufeng_crawler.archive.export.wacz_signing import SigningKey
from tests.archive.export.test_cdxj import KEYS
from tests.support.archive_builder import rows
from tests.support.demo_archive import AllDays
from tests.support.paths import ROOT
from tests.support.wacz_files import Opened, packed, told

TOOLS = Path(os.environ.get("LUFENG_WACZ") or ROOT / ".wacz") / "bin"

pytestmark = pytest.mark.skipif(
    not (TOOLS / "wacz").exists(),
    reason="no py-wacz: .ci/run installs it, or name an environment that has it in LUFENG_WACZ",
)


def run(tool: str, *words: object, given: str = "") -> str:
    command = [str(TOOLS / tool), *map(str, words)]
    environment = os.environ | {"PYTHONWARNINGS": "ignore", "PYTHONUTF8": "1"}
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("wanted", "signed"),
    [(CaptureFilter(), False), (CaptureFilter(articles=(1,)), True), (CaptureFilter(site="gongguan"), False)],
)
def test_it_is_valid(tmp_path: Path, wanted: CaptureFilter, signed: bool) -> None:
    key = SigningKey(ec.generate_private_key(ec.SECP384R1())) if signed else None
    packed(told(tmp_path / "archive"), tmp_path / "a.wacz", wanted, key)
    said = run("wacz", "validate", "-f", tmp_path / "a.wacz")
    assert "Validation succeeded, the passed WACZ is valid" in said
    assert ("Has signature" in said) == signed


def indexed(package: Opened, folder: Path) -> list[tuple[str, str, dict[str, str]]]:
    """The lines that cdxj-indexer makes of the WARCs in a package."""
    folder.mkdir()
    for name, data in package.parts.items():
        if name.startswith("archive/"):
            (folder / Path(name).name).write_bytes(data)
    words = ["--sort", "--post-append", "--digest-records", *sorted(folder.iterdir())]
    split = (line.split(" ", 2) for line in run("cdxj-indexer", *words).splitlines())
    return [(surt, time, json.loads(rest)) for surt, time, rest in split]


def test_the_index_is_the_one_that_cdxj_indexer_makes(all_days: AllDays, tmp_path: Path) -> None:
    """But for answers that show no state of their address."""
    package = packed(all_days.folder, tmp_path / "a.wacz")
    hidden = {row["offset"] for row in rows(all_days.folder, f"SELECT offset FROM captures WHERE NOT ({SHOWS_STATE})")}
    shown = {row["offset"] for row in rows(all_days.folder, f"SELECT offset FROM captures WHERE {SHOWS_STATE}")}
    theirs = indexed(package, tmp_path / "warcs")
    assert [line for line in theirs if line in package.lines] == package.lines
    assert (len(theirs) - len(package.lines), len(package.lines)) == (len(hidden), len(shown))


def addresses(count: int) -> Sequence[str]:
    """Addresses with everything in them that is written in more than one way; the same ones in every run."""
    chance = random.Random(1)
    pieces = [
        "/",
        ".",
        "..",
        "a",
        "B",
        "%2f",
        "%41",
        "%25",
        "文",
        "?",
        "&",
        "=",
        "#",
        "+",
        ";",
        "~",
        " ",
        "(",
        "%E4",
        "%zz",
    ]
    hosts = ["www.a.example", "A.example:80", "a.example:8080", "文.example", "10.0.0.1"]
    return [
        f"http://{chance.choice(hosts)}/{''.join(chance.choices(pieces, k=chance.randrange(12)))}" for _ in range(count)
    ]


def test_keys_are_those_of_the_library_that_replays_use() -> None:
    urls = [*addresses(500), *(url for url, _ in KEYS if url.startswith("http"))]
    program = "import sys, surt\nfor line in sys.stdin: print(surt.surt(line[:-1]))"
    theirs = run("python", "-c", program, given="".join(f"{url}\n" for url in urls)).splitlines()
    assert dict(zip(urls, theirs, strict=True)) == {url: surt_key(url) for url in urls}
