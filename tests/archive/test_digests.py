"""content_digest: spacing and width are no content; everything else in a digested field is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.digests import content_digest
from lufeng_crawler.archive.text import normalise
from lufeng_crawler.items import Article, Attachment

SPACES = ["", " ", "\n", "\t", "\u3000", "\u00a0", "\u200b", "\ufeff", "\u2003", "\u00ad"]
plain = st.text(st.sampled_from("关于做好2026年工作的通知abcXYZ019,.:;()-%¥²①〇"), max_size=30)
said = st.builds(
    Article,
    key=st.just("1"),
    url=st.just("http://gulou.example/1.htm"),
    title=plain,
    body=plain,
    published=st.none() | st.just("2026-11-01"),
    author=st.none() | plain,
    source=st.none() | plain,
    attachments=st.lists(st.builds(Attachment, st.just("http://a.example/f?id=1"), plain), max_size=3).map(tuple),
)
FIELDS = ("title", "body", "author", "source")


def widened(text: str, every: int) -> str:
    """Every so-manyth ASCII character in its full width."""
    return "".join(
        chr(ord(one) + 0xFEE0) if "!" <= one <= "~" and number % every == 0 else one for number, one in enumerate(text)
    )


@given(said, st.lists(st.sampled_from(SPACES), min_size=31, max_size=31), st.integers(1, 4))
def test_spacing_and_width_change_nothing(article: Article, spaces: list[str], every: int) -> None:
    def spaced(text: str) -> str:
        return "".join(space + one for space, one in zip(spaces, widened(text, every) + " ", strict=False))

    changed: Any = {name: spaced(text) for name in FIELDS if (text := getattr(article, name))}
    files = tuple(Attachment(file.url, spaced(file.text)) for file in article.attachments)
    assert content_digest(replace(article, attachments=files, **changed)) == content_digest(article)


@given(said, st.sampled_from(FIELDS), plain)
def test_any_other_change_of_a_field_changes_it(article: Article, field: str, text: str) -> None:
    changed = replace(article, **{field: text})  # type: ignore[arg-type]  # a text field each
    assert (content_digest(changed) == content_digest(article)) == (text == (getattr(article, field) or ""))


@given(said, plain)
def test_a_text_that_moves_to_another_field_changes_it(article: Article, text: str) -> None:
    one, other = replace(article, title=text, body=""), replace(article, title="", body=text)
    assert (content_digest(one) == content_digest(other)) == (text == "")


def test_what_is_not_digested_changes_nothing() -> None:
    article = Article("1", "http://a.example/1.htm", "题", "文", attachments=(Attachment("http://a.example/f", "附"),))
    other = replace(
        article,
        key="2",
        url="https://b.example/2.htm",
        body_html="<p>文</p>",
        editor="编",
        publisher="发",
        doc_number="1号",
        index_number="2",
        columns=("栏",),
        images=("http://a.example/i.png",),
        family="trs",
        attachments=(Attachment("https://b.example/f", "附"),),
    )
    assert content_digest(other) == content_digest(article)


@pytest.mark.parametrize("url", ["http://a.example/g", "http://a.example/f?id=2", "http://[a/f", ""])
def test_another_file_changes_it(url: str) -> None:
    article = Article("1", "u", "题", "文", attachments=(Attachment("http://a.example/f?id=1", "附"),))
    other = replace(article, attachments=(Attachment(url, "附"),))
    assert content_digest(other) != content_digest(article)


def test_files_count_in_any_order_and_each_time() -> None:
    one, two = Attachment("http://a.example/1", "一"), Attachment("http://a.example/2", "二")
    article = Article("1", "u", "题", "文", attachments=(one, two))
    assert content_digest(replace(article, attachments=(two, one))) == content_digest(article)
    assert content_digest(replace(article, attachments=(one, two, two))) != content_digest(article)


@pytest.mark.parametrize(("one", "other"), [("10²", "102"), ("①", "1"), ("Ⅷ", "VIII"), ("㎡", "m2"), ("，", "、")])
def test_characters_that_only_look_alike_stay_apart(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


def test_text_that_is_no_good_unicode_has_a_digest_too() -> None:
    assert content_digest(Article("1", "u", "\ud800", "")).startswith("sha256:")
