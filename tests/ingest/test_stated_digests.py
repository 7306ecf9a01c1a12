"""Tests that digests are compared in whatever spelling, and that one which cannot be checked contradicts nothing."""

from __future__ import annotations

import base64
import hashlib

import pytest

from lufeng_crawler.ingest.stated_digests import canonical_digest, contradicts, has_digest
from tests.support.foreign_files import BODY

SHA256 = hashlib.sha256(BODY).digest()


@pytest.mark.parametrize(
    ("stated", "it_is"),
    [
        ("sha1:" + base64.b32encode(hashlib.sha1(BODY).digest()).decode(), True),
        ("SHA1:" + hashlib.sha1(BODY).hexdigest(), True),
        ("sha256:" + hashlib.sha256(BODY).hexdigest(), True),
        ("md5:" + hashlib.md5(BODY).hexdigest(), True),
        ("sha-256:" + SHA256.hex().upper(), True),
        ("sha256:" + base64.b32encode(SHA256).decode().rstrip("=").lower(), True),
        ("sha256:" + base64.b64encode(SHA256).decode(), True),
        ("sha256:" + base64.urlsafe_b64encode(SHA256).decode(), True),
        (hashlib.md5(BODY).hexdigest(), True),
        ("sha1:" + hashlib.sha1(b"").hexdigest(), False),
        ("sha1:" + hashlib.sha1(BODY).hexdigest()[:-1], False),
        (hashlib.sha1(BODY).hexdigest(), False),
        ("blake3:" + hashlib.sha1(BODY).hexdigest(), False),
        ("", False),
        ("sha1:", False),
    ],
)
def test_a_digest_is_known_in_whatever_way_it_is_written(stated: str, it_is: bool) -> None:
    assert has_digest(BODY, stated) is it_is


@pytest.mark.parametrize(
    ("stated", "it_does"),
    [
        (None, False),
        ("", False),
        ("sha1:", False),
        ("blake3:00", False),
        ("SCFGKS7BL5XUAIQMLUWUAUDJNCHNAZ4M", False),
        ("sha1:SCFGKS7BL5XUAIQMLUWUAUDJNCHNAZ4M", False),
        ("sha1:00", True),
        ("sha1:" + "A" * 32, True),
        ("sha256:" + "中" * 64, True),
    ],
)
def test_only_a_digest_that_can_be_checked_and_is_another_contradicts(stated: str | None, it_does: bool) -> None:
    assert contradicts(stated, b"other", BODY) is it_does


def test_two_spellings_are_one() -> None:
    assert canonical_digest("SHA1:" + "A" * 32) == canonical_digest("sha-1:" + "0" * 40) == "sha1:" + "0" * 40
