"""How small and how fast our marking of an edit is, beside difflib, cydifflib and web-monitoring-diff.

`python benchmarks/diff.py` marks the thirty edits of `tests/data/edits.jsonl`, which were marked by hand, with each of
them, and says of each: on how many edits it marks just what was marked by hand, how many operations it needs, how many
characters it marks, how many those are where half a word that is marked counts as the word (for nobody reads
`3.[-4-]2{+4+}亿元`), and on how many edits it is smaller than ours, in operations or in words. Then it times ours and
cydifflib on made texts, and says how much memory ours takes.

web-monitoring-diff wants libraries of its own: `LUFENG_WMD` names the Python of an environment that has it.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from itertools import accumulate, chain, groupby
from pathlib import Path
from time import process_time
from typing import Any

import click
import cydifflib

from lufeng_crawler.archive.diff.edit_script import Operation, compare_texts
from lufeng_crawler.archive.diff.tokens import clear_cache, tokenize
from lufeng_crawler.archive.text import normalise

HERE = Path(__file__).resolve()
EDITS = HERE.parents[1] / "tests" / "data" / "edits.jsonl"

Change = tuple[int, int, int, int]
OFTEN = "全县乡镇工作推进落实项目建设农业发展服务会议要求安全检查投资增长收入学校医院补贴企业公路河道治理文化"
Script = list[tuple[str, str]]
"""A text and what became of it, stretch by stretch; whether they are equal is what they say."""

WMD = """
import html, json, sys
from web_monitoring_diff import html_text_diff
page = lambda text: "<body>" + "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\\n")) + "</body>"
print(json.dumps([html_text_diff(page(old), page(new))["diff"] for old, new in json.load(sys.stdin)]))
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much a script marks: operations, characters of both texts, and those of all the words it touches."""

    operations: int
    characters: int
    in_words: int


def edits() -> list[dict[str, Any]]:
    """The edits that were marked by hand."""
    return [json.loads(line) for line in EDITS.read_text("utf-8").splitlines()]


def ours(old: str, new: str) -> Script:
    """What `lufeng diff` marks."""
    return [(one.old, one.new) for one in compare_texts(old, new).operations]


def marked(operations: Sequence[Operation]) -> list[Any]:
    """Our operations in the form in which the edits are written; white space and width do not count."""
    return [
        normalise(one.new)
        if one.op == "equal"
        else [
            normalise(one.old),
            normalise(one.new),
            *([f"moved {one.moved}"] if one.moved else []),
            *filter(None, [one.label]),
        ]
        for one in operations
    ]


def expected(edit: dict[str, Any]) -> list[Any]:
    """What people marked, in the same form."""
    return [
        normalise(one) if isinstance(one, str) else [normalise(one[0]), normalise(one[1]), *one[2:]]
        for one in edit["operations"]
    ]


def by_characters(old: str, new: str, library: Any = SequenceMatcher) -> Script:
    """What difflib marks in a text."""
    codes = library(None, old, new, autojunk=False).get_opcodes()
    return [(old[i1:i2], new[j1:j2]) for _, i1, i2, j1, j2 in codes]


def by_words(old: str, new: str, library: Any = SequenceMatcher) -> Script:
    """What difflib marks in our words."""
    here, there = tokenize(old), tokenize(new)
    codes = library(None, [word.key for word in here], [word.key for word in there], autojunk=False).get_opcodes()
    return [
        ("".join(word.text for word in here[i1:i2]), "".join(word.text for word in there[j1:j2]))
        for _, i1, i2, j1, j2 in codes
    ]


def web_monitoring(pairs: Sequence[tuple[str, str]], python: str) -> list[Script]:
    """What web-monitoring-diff marks in each pair of texts, put into pages of paragraphs."""
    done = subprocess.run([python, "-c", WMD], input=json.dumps(pairs), capture_output=True, text=True, check=True)
    return [[("" if op > 0 else text, "" if op < 0 else text) for op, text in diff] for diff in json.loads(done.stdout)]


def size(script: Iterable[tuple[str, str]], old: str, new: str) -> Size:
    """How large a script is. White space and width do not count, whoever marks them."""
    changes = list(_changes((normalise(one), normalise(other)) for one, other in script))
    return Size(len(changes), _characters(changes), _characters(_whole(changes, _ends(old), _ends(new))))


def _characters(changes: Iterable[Change]) -> int:
    return sum(i2 - i1 + j2 - j1 for i1, i2, j1, j2 in changes)


def _changes(script: Iterable[tuple[str, str]]) -> Iterator[Change]:
    """From where to where it changes the normalised texts; what touches is one change."""
    i = j = 0
    for equal, group in groupby(script, lambda pair: pair[0] == pair[1]):
        stretch = list(group)
        i2, j2 = i + sum(len(one) for one, _ in stretch), j + sum(len(other) for _, other in stretch)
        if not equal:
            yield i, i2, j, j2
        i, j = i2, j2


def _ends(text: str) -> set[int]:
    """Where a word ends in the normalised text, and its start."""
    return set(accumulate((len(word.key) for word in tokenize(text)), initial=0))


def _whole(changes: Iterable[Change], old: set[int], new: set[int]) -> list[Change]:
    """The changes, made as large as it needs for none to cut a word of either text."""
    left, whole = list(changes)[::-1], list[Change]()
    while left:
        i1, i2, j1, j2 = left.pop()
        if whole and whole[-1][1] >= i1:
            last = whole.pop()
            left.append((last[0], i2, last[2], j2))
        elif left and left[-1][0] <= i2:
            following = left.pop()
            left.append((i1, following[1], j1, following[3]))
        elif i1 not in old or j1 not in new:
            left.append((i1 - 1, i2, j1 - 1, j2))
        elif i2 not in old or j2 not in new:
            left.append((i1, i2 + 1, j1, j2 + 1))
        else:
            whole.append((i1, i2, j1, j2))
    return whole


RIVALS: dict[str, Callable[[str, str], Script]] = {
    "difflib, characters": by_characters,
    "difflib, our words": by_words,
    "cydifflib, characters": partial(by_characters, library=cydifflib.SequenceMatcher),
    "cydifflib, our words": partial(by_words, library=cydifflib.SequenceMatcher),
}


def scripts(python: str | None) -> dict[str, list[Script]]:
    """What each marks in each of the edits."""
    pairs = [(edit["old"], edit["new"]) for edit in edits()]
    found = {name: [mark(*pair) for pair in pairs] for name, mark in {"lufeng": ours, **RIVALS}.items()}
    return found | ({"web-monitoring-diff": web_monitoring(pairs, python)} if python else {})


def sizes(python: str | None) -> Iterator[str]:
    """A line for each marker of edits."""
    given = edits()
    found = scripts(python)
    all_sizes = {
        name: [size(script, edit["old"], edit["new"]) for script, edit in zip(marks, given, strict=True)]
        for name, marks in found.items()
    }
    by_hand = [_changed((pair[0], pair[1]) for pair in map(_pair, edit["operations"])) for edit in given]
    yield f"{'':24}{'as by hand':>12}{'operations':>12}{'characters':>12}{'in words':>12}{'smaller than ours':>20}"
    for name, its in all_sizes.items():
        right = sum(_changed(script) == hand for script, hand in zip(found[name], by_hand, strict=True))
        smaller = sum(_is_smaller(one, mine) for one, mine in zip(its, all_sizes["lufeng"], strict=True))
        sums = [sum(getattr(one, field) for one in its) for field in ("operations", "characters", "in_words")]
        yield f"{name:24}{right:>12}" + "".join(f"{total:>12}" for total in sums) + f"{smaller:>20}"


def _is_smaller(one: Size, ours: Size) -> bool:
    return one.operations < ours.operations or one.in_words < ours.in_words


def _pair(one: str | list[str]) -> tuple[str, str]:
    return (one, one) if isinstance(one, str) else (one[0], one[1])


def _changed(script: Iterable[tuple[str, str]]) -> list[Change]:
    return list(_changes((normalise(one), normalise(other)) for one, other in script))


def made(size: int, seed: int) -> str:
    """A text of that many characters, in paragraphs: words as official texts have them, and figures."""
    chance = random.Random(seed)
    often = [OFTEN[at : at + 2] for at in range(0, len(OFTEN), 2)]
    seldom = [chr(chance.randrange(0x4E00, 0x9000)) + chr(chance.randrange(0x4E00, 0x9000)) for _ in range(1500)]
    text = ""
    while len(text) < size:
        clauses = (
            "".join(chance.choices(often, k=3)) + chance.choice(seldom) + chance.choice("的了在") for _ in range(3)
        )
        text += f"{'，'.join(clauses)}{chance.randint(1, 999)}.{chance.randint(0, 9)}万元" + chance.choice("。。。\n")
    return text[:size]


def cases(size: int) -> Iterator[tuple[str, str, str]]:
    """Pairs of texts of that many characters."""
    text, other = made(size, 1), made(size, 2)
    lines = text.split("\n")
    half = len(lines) // 2
    step = size // 10
    yield "ten edits", text, "".join(text[at : at + step - 3] + "新增" for at in range(0, size, step))
    yield "half moved", text, "\n".join(lines[half:] + lines[:half])
    yield "unrelated", text, other
    yield (
        "a paragraph, ten edits",
        text.replace("\n", "。"),
        "".join(text[at : at + step - 3].replace("\n", "。") + "新增" for at in range(0, size, step)),
    )
    yield "a paragraph, unrelated", text.replace("\n", "。"), other.replace("\n", "。")
    yield "one line repeated", "同上\n" * (size // 3), "同上\n" * (size // 4) + "不同\n" * (size // 12)


def times() -> Iterator[str]:
    """A line for each pair of texts: milliseconds of CPU time, and what comparing takes at most, in MB."""
    rivals = ("cydifflib, our words", "cydifflib, characters")
    yield f"{'':48}{'lufeng':>10}{'MB':>8}  {'coarse':8}" + "".join(f"{name:>24}" for name in rivals)
    for length in (5_000, 50_000):
        for name, old, new in cases(length):
            coarse = compare_texts(old, new).coarse
            said = f"{length:>6} characters, {name:30}{_timed(ours, old, new):>8.0f}ms"
            said += f"{_peak(old, new):>8.1f}  {coarse!s:8}"
            if length == 5_000:  # beyond, some take minutes
                said += "".join(f"{_timed(RIVALS[rival], old, new):>22.0f}ms" for rival in rivals)
            yield said


def _timed(mark: Callable[[str, str], Script], old: str, new: str) -> float:
    """The least milliseconds of three rounds, none of which remembers words from before."""
    least = float("inf")
    for _ in range(3):
        clear_cache()
        start = process_time()
        mark(old, new)
        least = min(least, 1000 * (process_time() - start))
    return least


def _peak(old: str, new: str) -> float:
    """What comparing takes at most, in MB."""
    clear_cache()
    tracemalloc.start()
    compare_texts(old, new)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / (1 << 20)


@click.command()
def main() -> None:
    """Print how small and how fast the markings are."""
    python = os.environ.get("LUFENG_WMD")
    if not python:
        click.echo("web-monitoring-diff: skipped (LUFENG_WMD names no Python that has it)", err=True)
    for line in chain(sizes(python), [""], times()):
        click.echo(line)


if __name__ == "__main__":
    main()
