"""Tests which paragraphs are taken to belong together, and that every word has its place once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.diff import paragraphs
from lufeng_crawler.archive.diff.paragraphs import ParagraphPair, align_paragraphs
from lufeng_crawler.archive.diff.tokens import Token, tokenize
from lufeng_crawler.archive.diff.word_diff import WordRange, WorkBudget

A = "本次施工路段全长1.4公里，分两个阶段进行，由县公路管理段组织实施。"
B = "会议指出，进入冬季以来降水偏少，各乡镇要把责任落实到山头地块。"
C = "读者凭身份证即可入馆，自习区同时增设座位。"
lines = st.lists(st.sampled_from([A, B, C, A.replace("1.4", "0.9"), "完", "同上", ""]), max_size=8).map("\n".join)


def text(these: list[Token]) -> str:
    return "".join(word.text for word in these).rstrip("\n")


def told(old: str, new: str) -> list[tuple[str, str, bool]]:
    """Each step: old text, new text, and whether it moved."""
    here, there = tokenize(old), tokenize(new)
    found = []
    for step in align_paragraphs(here, there, WorkBudget()):
        i1, i2, j1, j2 = step.stretch
        found.append((text(here[i1:i2]), text(there[j1:j2]), step.moved is not None))
    return found


def test_an_edited_paragraph_stays_with_what_it_was() -> None:
    edited = A.replace("1.4", "0.9")
    assert told(f"{A}\n{B}", f"{C}\n{edited}\n{B}") == [("", C, False), (A, edited, False), (B, B, False)]


def test_a_paragraph_that_moved() -> None:
    assert told(f"{C}\n{A}\n{B}", f"{A}\n{B}\n{C}") == [(C, "", True), (A, A, False), (B, B, False), ("", C, True)]


def test_a_paragraph_that_moved_and_was_edited() -> None:
    edited = C.replace("座位", "桌椅")
    assert told(f"{C}\n{A}\n{B}", f"{A}\n{B}\n{edited}")[-1] == ("", edited, True)


def test_a_moved_paragraph_knows_both_its_places() -> None:
    here, there = tokenize(f"{C}\n{A}\n{B}"), tokenize(f"{A}\n{B}\n{C}")
    gone, *_, come = align_paragraphs(here, there, WorkBudget())
    assert gone.moved == come.moved
    assert gone.moved is not None
    assert (gone.moved[:2], gone.moved[2:]) == (gone.stretch[:2], come.stretch[2:])


def test_what_is_short_does_not_move() -> None:
    assert not any(moved for *_, moved in told(f"完\n{A}\n{B}", f"{A}\n{B}\n完"))


def test_many_paragraphs_are_not_searched() -> None:
    size = paragraphs.MAX_UNMATCHED // 2 + 1
    old = "\n".join(f"甲乙丙丁戊己庚辛{at}" for at in range(size))
    here, there = tokenize(old), tokenize(old.replace("庚", "壬"))
    work = WorkBudget()
    assert list(align_paragraphs(here, there, work)) == [ParagraphPair(WordRange(0, len(here), 0, len(there)))]
    assert work.refused


@given(lines, lines)
def test_every_word_has_one_place_in_the_order_of_its_text(old: str, new: str) -> None:
    i = j = 0
    here, there = tokenize(old), tokenize(new)
    for step in align_paragraphs(here, there, WorkBudget()):
        assert step.stretch[::2] == (i, j)
        i, j = step.stretch[1::2]
    assert (i, j) == (len(here), len(there))
