"""Tests the page of a difference: what a site says is but text in it, both views are whole, it asks for nothing."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.diff.edit_script import compare_texts
from lufeng_crawler.archive.diff.versions import ChangedField, VersionDiff, VersionRef
from lufeng_crawler.archive.text import normalise
from lufeng_crawler.cli.shared.diff_page import render_diff

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "input", "label", "main", "div", "table",
    "tr", "td", "del", "ins", "span", "small", "a",
}  # fmt: skip
nasty = st.lists(
    st.sampled_from(
        ["<script>", "</td>", "$title", "&amp;", '"', "'", "\n", "\x00", "\x1b", "全县", "3亿元", "。", "<!--", "]]>"]
    ),
    max_size=20,
).map("".join)


class Tags(HTMLParser):
    """What elements, attributes and text a page has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")


def difference(old: str, new: str, title: str = "题", *more: ChangedField) -> VersionDiff:
    script = compare_texts(old, new)
    body = ChangedField("body", old, new, script.operations, script.coarse)
    return VersionDiff(
        1, "http://gulou.example/1.htm", title, VersionRef(1, "2026-11-01"), VersionRef(2, "2026-11-02"), (*more, body)
    )


def cells(html: str) -> list[tuple[str, str]]:
    """The rows of the view with two sides, as text without labels."""
    plain = re.sub(r"<small.*?</small>", "", html)
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td></tr>", plain, re.DOTALL)
    return [(unescape(re.sub("<.*?>", "", old)), unescape(re.sub("<.*?>", "", new))) for old, new in rows]


def shown(text: str) -> str:
    """What must be seen of a text: all but white space and what HTML cannot hold."""
    return normalise(text.replace("\x00", "").replace("\x1b", ""))


@given(nasty, nasty, nasty)
def test_nothing_of_a_page_is_but_text(old: str, new: str, title: str) -> None:
    files = ChangedField(
        "attachments", [{"url": old, "text": new, "digest": None}], [{"url": new, "text": old, "digest": title}]
    )
    html = render_diff(difference(old, new, title, files), "coarse")
    tags = Tags(html)
    assert tags.names <= ALLOWED
    assert tags.attributes <= {
        "lang", "charset", "name", "content", "http-equiv", "type", "id", "for", "class", "checked", "href",
    }  # fmt: skip
    assert all(link.removeprefix("#") in tags.ids for link in tags.links)
    assert not re.search("[\x00-\x08\x0b-\x1f]", html)


@given(nasty, nasty)
def test_both_sides_are_whole(old: str, new: str) -> None:
    html = render_diff(difference(old, new), "coarse")
    moved_inside = any(one.inside for one in compare_texts(old, new).operations)
    rows = cells(html)
    assert normalise("".join(one for one, _ in rows)) == shown(old)
    assert moved_inside or normalise("".join(other for _, other in rows)) == shown(new)


def test_rows_are_paragraphs() -> None:
    html = render_diff(difference("第一段。\n第二段。\n第三段12人。", "第一段。\n第三段21人。\n新的一段话。"), "coarse")
    assert cells(html) == [
        ("第一段。\n", "第一段。\n"),
        ("第二段。\n", ""),
        ("第三段12人。", "第三段21人。\n"),
        ("", "新的一段话。"),
    ]


def test_changes_and_labels_in_the_running_text() -> None:
    html = render_diff(difference("到会12人。", "到会21人。"), "coarse")
    assert '<div class="text inline">到会<del>12人</del><ins>21人</ins><small>number</small>。</div>' in html


def test_the_two_places_of_what_moved_lead_to_each_other() -> None:
    first, second = (
        "本次施工路段全长1.4公里，由县公路管理段实施。",
        "会议指出，要把责任落实到山头地块，不得有误，长期坚持。",
    )
    html = render_diff(difference(f"{first}\n{second}", f"{second}\n{first.replace('1.4', '0.9')}"), "coarse")
    tags = Tags(html)
    assert sorted(tags.ids[-4:]) == ["body-inline-1-del", "body-inline-1-ins", "body-side-1-del", "body-side-1-ins"]
    assert '<span class="moved">本次施工路段全长<del>1.4公里</del><ins>0.9公里</ins>' in html


def test_the_page_asks_for_nothing() -> None:
    html = render_diff(difference("甲", "乙"), "coarse")
    assert "default-src 'none'" in html
    assert not re.search(r"<(script|link|img|iframe)|@import|url\(", html)
    assert 'type="radio" name="view" id="inline" checked' in html


def test_a_coarse_result_says_so() -> None:
    assert "so and so" not in render_diff(difference("甲", "乙"), "so and so")
    whole = VersionDiff(
        1,
        "u",
        "t",
        VersionRef(1, ""),
        VersionRef(2, ""),
        (ChangedField("body", "甲", "乙", compare_texts("甲", "乙").operations, True),),
    )
    assert '<p class="coarse">so and so</p>' in render_diff(whole, "so and so")
