"""Tests that an answer to a POST has an address, from which the request can be made again."""

from __future__ import annotations

from string import ascii_letters, digits

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lufeng_crawler.post_address import post_address, split_post_address

URLS = st.text(ascii_letters + digits + "/?&=%._-", max_size=30).map("http://h/".__add__)
FORMS = st.text(ascii_letters + digits + "/?&=%._-{}\n", max_size=30)


@given(URLS, FORMS)
@example("http://h/a?x=1", "q=?__wb_method=POST")
@example("http://h/a", "q=&__wb_method=POST")
@example("http://h/a", "")
@example("http://h/a?", "a=1\nb=2")
def test_what_is_joined_is_split_again(url: str, form: str) -> None:
    assert split_post_address(post_address(url, form)) == (url, form)


@given(URLS)
@example("http://h/a?__wb_method=POSTER")
@example("http://h/a?method=POST&page=2")
def test_every_other_address_is_a_get(url: str) -> None:
    assert split_post_address(url) == (url, None)


@pytest.mark.parametrize(
    ("url", "form", "address"),
    [
        ("http://h/list.htm", "page=2", "http://h/list.htm?__wb_method=POST&page=2"),
        ("http://h/list.jsp?id=7", "page=2&size=10", "http://h/list.jsp?id=7&__wb_method=POST&page=2&size=10"),
        ("http://h/list.htm", "", "http://h/list.htm?__wb_method=POST"),
    ],
)
def test_the_address_is_pywb_s(url: str, form: str, address: str) -> None:
    assert post_address(url, form) == address
