"""Tests how a page's family is known: by marks that its system writes, never by its host; the site file goes first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.families import generic, registry
from lufeng_crawler.pages.families.registry import FAMILIES, recognise
from lufeng_crawler.pages.html.family import Family, Mark, Traces
from lufeng_crawler.pages.html.page import Page, parse

SCORED = Family("made", (Mark(("proof", "another proof")), Mark(("hint",), 0.6), Mark(("trace",), 0.3)))
SURE = [(family, mark) for family in FAMILIES for mark in family.marks if mark.weight >= 1]


def page(source: str) -> Page:
    return parse("http://a.example/", f"<html><body>{source}</body></html>")


def traces(source: str) -> Traces:
    return registry.family_traces(page(source))


def shown(mark: Mark) -> list[str]:
    """Markup in which one of its pieces stands, for each."""
    return [
        *mark.texts,
        *(f"<a href='..{path}1'>x</a>" for path in mark.paths),
        *(f"<p class='a {name}1'>x</p><p id='{name}'>y</p>" for name in mark.names),
    ]


def test_no_two_families_have_one_name_and_none_is_the_general_one() -> None:
    names = [family.name for family in FAMILIES]
    assert len(set(names)) == len(names)
    assert generic.FAMILY.name not in names


@pytest.mark.parametrize(("family", "mark"), SURE, ids=lambda one: getattr(one, "name", None))
def test_each_proof_alone_is_enough(family: Family, mark: Mark) -> None:
    for piece in shown(mark):
        assert recognise(page(piece)).name == family.name


@pytest.mark.parametrize("tag", ["ucaptitle", "UCAPCONTENT"])
def test_a_tag_of_its_own_is_proof(tag: str) -> None:
    assert recognise(page(f"<{tag}>关于停水的通知</{tag}>")).name == "ucap"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda one: one.name)
def test_all_marks_of_a_family_together_are_proof(family: Family) -> None:
    assert family.score(traces("".join(shown(mark)[0] for mark in family.marks))) >= 1


@pytest.mark.parametrize(
    "source", ["", "<p>鹿峰县人民政府</p>", "<a href='http://www.lufengxian.example/'>vsb trs</a>"]
)
def test_a_page_without_marks_is_of_no_family(source: str) -> None:
    assert recognise(page(source)) is generic.FAMILY


@pytest.mark.parametrize("family", FAMILIES, ids=lambda one: one.name)
def test_what_the_site_file_names_goes_before_any_mark(family: Family) -> None:
    everything = "".join(piece for one in FAMILIES for mark in one.marks for piece in shown(mark))
    assert recognise(page(everything), family.name) is recognise(page(""), family.name) is family


def test_a_name_that_no_family_has_is_passed_over() -> None:
    assert recognise(page(""), "no such family") is generic.FAMILY


@pytest.mark.parametrize(
    ("source", "score"),
    [
        ("", 0),
        ("proof", 1),
        ("proof proof", 1),
        ("proof another proof", 1),
        ("proof hint", 1.6),
        ("hint", 0.6),
        ("hint trace", 0.9),
    ],
)
def test_each_mark_counts_once(source: str, score: float) -> None:
    assert SCORED.score(traces(source)) == pytest.approx(score)


@given(st.text("<>prohintace ", max_size=60), st.text("<>prohintace ", max_size=60))
def test_more_markup_never_makes_a_family_less_sure(source: str, more: str) -> None:
    assert SCORED.score(traces(source + more)) >= SCORED.score(traces(source))


@given(st.text("<>prohintace ", max_size=60))
def test_proof_is_a_score_of_one(source: str) -> None:
    assert SCORED.is_proved_by(traces(source)) == (SCORED.score(traces(source)) >= 1)


@pytest.mark.parametrize(
    "source", ["<p>TRS_Editor v_news_content</p>", "<p title='ewb-'>x</p>", "<p class='my-ewb-a'>x</p>"]
)
def test_names_are_those_of_elements_and_from_their_beginning(source: str) -> None:
    assert not any(
        mark.matches(traces(source)) for family in FAMILIES for mark in family.marks if mark.names and not mark.texts
    )
    assert recognise(page(source)) is generic.FAMILY


def test_texts_are_looked_for_where_systems_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lufeng_crawler.pages.families.registry._SEARCHED_LENGTH", 40)
    assert SCORED.is_proved_by(traces("proof"))
    assert not SCORED.is_proved_by(traces("x" * 40 + "proof"))


TEXT = "鹿峰县召开防汛工作会议，部署今年的防汛工作，要求各乡镇落实责任。" * 3


@pytest.mark.parametrize("box", ["<div id='zoom'>", "<div class='a TRS_Editor b'>", "<div id='UCAP-CONTENT'>"])
def test_a_box_of_a_known_name_is_found(box: str) -> None:
    known = generic.find_known_container(
        parse("http://a.example/", f"<div id='other'>旁</div>{box}<p>{TEXT}</p></div>")
    )
    assert known
    assert known.rule.startswith("generic: div")


def test_of_nested_boxes_the_innermost_and_of_several_the_longest() -> None:
    html = f"<div id='zoom'>外<div id='zoom'>{TEXT}</div></div><div id='zoom'>短</div>"
    known = generic.find_known_container(parse("http://a.example/", html))
    assert known
    assert "".join(known.element.itertext()).strip() == TEXT


def test_no_known_box_is_none() -> None:
    assert (
        generic.find_known_container(parse("http://a.example/", f"<div id='zoomed' class='TRS_Editors'>{TEXT}</div>"))
        is None
    )


def test_the_box_with_most_running_text_and_never_one_of_links() -> None:
    links = "".join(f"<li><a href='{n}.htm'>{TEXT}</a></li>" for n in range(9))
    found = generic.find_densest(parse("http://a.example/", f"<ul id='a'>{links}</ul><div id='b'><p>{TEXT}</p></div>"))
    assert found is not None
    assert found.get("id") == "b"


@pytest.mark.parametrize("html", ["", "<p>短</p>", f"<p><a href='1.htm'>{TEXT}</a></p>", f"<script>{TEXT}</script>"])
def test_where_no_text_runs_there_is_no_densest_box(html: str) -> None:
    assert generic.find_densest(parse("http://a.example/", html)) is None


def test_links_count_against_running_text() -> None:
    root = parse("http://a.example/", "<div>一二三四<a href='1'>五六</a></div>").root.xpath("//div")[0]
    assert generic.running_length(root) == 6 - 2 * 2
