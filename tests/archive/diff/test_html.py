"""Tests differences as HTML: nothing is lost by folding, labels come in the reader's words, ids stay apart."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.diff.edit_script import compare_texts
from lufeng_crawler.archive.diff.html import MIN_FOLDED, FieldDiffHtml, Segment, escape
from lufeng_crawler.archive.diff.versions import ChangedField

KEPT = [f"第{number}段：" + "县人民政府要求各乡镇抓好落实，" * 3 for number in range(12)]
lines = st.lists(st.sampled_from([*KEPT, "到会12人。", "<b>&", "到会21人。"]), max_size=20).map("\n".join)


def marked(old: str, new: str, **more: str) -> FieldDiffHtml:
    script = compare_texts(old, new)
    return FieldDiffHtml(ChangedField("body", old, new, script.operations, script.coarse), **more)  # type: ignore[arg-type]


def html(stretches: list[Segment]) -> str:
    return "".join(one.html for one in stretches)


def text(marked_up: str) -> str:
    return unescape(re.sub(r"<small.*?</small>|<del.*?</del>|<.*?>", "", marked_up, flags=re.DOTALL))


@given(lines, lines)
def test_folding_takes_nothing_away(old: str, new: str) -> None:
    views = marked(old, new)
    if any(one.moved for one in views.field.operations):
        return
    inline, side = list(views.inline()), list(views.side())
    assert text(html(inline)).split() == new.split()
    assert html(side) == "".join(row.html for row in views.rows())
    for stretch in [*inline, *side]:
        assert not stretch.folded or (stretch.folded >= MIN_FOLDED and "<ins>" not in stretch.html)


def test_what_is_far_from_changes_may_be_folded() -> None:
    old = "\n".join(KEPT)
    new = old.replace("第6段：", "第6段，")
    for view in (marked(old, new).inline(), marked(old, new).side()):
        folded = [one.html for one in view if one.folded]
        assert ["第0段" in one for one in folded] == [True, False]
        assert ["第11段" in one for one in folded] == [False, True]
        assert not any("第5段" in one or "第7段" in one for one in folded)


def test_a_short_text_is_shown_whole() -> None:
    assert not any(one.folded for one in marked("甲\n乙\n丙\n丁", "甲\n乙\n丙\n戊").inline())


def test_labels_are_said_in_the_readers_words() -> None:
    words = {"number": "数字", "moved": "移动"}
    script = compare_texts("到会12人。", "到会21人。")
    said = FieldDiffHtml(ChangedField("body", "", "", script.operations), words.__getitem__)
    assert html(list(said.inline())) == "到会<del>12人</del><ins>21人</ins><small>数字</small>。"


def test_ids_of_two_differences_stay_apart() -> None:
    first, second = "本次施工路段全长1.4公里，由县公路管理段实施。", "会议指出，要把责任落实到山头地块，长期坚持。"
    old, new = f"{first}\n{second}", f"{second}\n{first}"
    said = html(list(marked(old, new, within="event-7-").inline()))
    assert re.findall(r'id="(.*?)"', said) == re.findall(r'href="#(.*?)"', said)[::-1]
    assert 'id="event-7-body-inline-1-ins"' in said


def test_attachments_that_went_and_came() -> None:
    files = [{"url": f"http://gulou.example/{name}.pdf", "text": "<b>", "digest": None} for name in "ab"]
    views = FieldDiffHtml(ChangedField("attachments", files[:1], files[1:]))
    assert views.is_list
    assert views.files() == (
        "<del>&lt;b&gt;  http://gulou.example/a.pdf</del>\n<ins>&lt;b&gt;  http://gulou.example/b.pdf</ins>"
    )


def test_escaped_leaves_out_what_html_may_not_hold() -> None:
    assert escape("\x00<\x1b甲\ud800") == "&lt;甲"
