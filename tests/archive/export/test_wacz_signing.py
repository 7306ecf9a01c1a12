"""Signatures that ReplayWeb.page verifies, made with keys of one kind only."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
)

from lufeng_crawler.archive.export.wacz_signing import SigningKey
from lufeng_crawler.errors import UsageError

DIGEST = "sha256:" + "ab" * 32
PRIVATE = ec.generate_private_key(ec.SECP384R1())


def pem(path: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, password: bytes = b"") -> Path:
    how = BestAvailableEncryption(password) if password else NoEncryption()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how))
    return path


def verify(signed: dict[str, str], digest: str) -> None:
    """As wabac.js does: a key of P-384, two numbers of 48 bytes, made over the digest as it is written."""
    public = load_der_public_key(b64decode(signed["publicKey"]))
    assert isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP384R1)
    raw = b64decode(signed["signature"])
    assert len(raw) == 96
    der = encode_dss_signature(int.from_bytes(raw[:48]), int.from_bytes(raw[48:]))
    public.verify(der, digest.encode(), ec.ECDSA(SHA256()))


def test_a_signature_holds_for_its_digest_alone(tmp_path: Path) -> None:
    signed = SigningKey.read(pem(tmp_path / "key.pem", PRIVATE)).sign_digest(DIGEST, "2026-11-22T10:04:05Z", "test")
    verify(signed, DIGEST)
    with pytest.raises(InvalidSignature):
        verify(signed, DIGEST[:-1] + "c")
    assert sorted(signed) == ["created", "hash", "publicKey", "signature", "software", "version"]  # and no others


def test_the_same_is_signed_the_same_way() -> None:
    assert SigningKey(PRIVATE).sign_digest(DIGEST, "", "") == SigningKey(PRIVATE).sign_digest(DIGEST, "", "")


def test_other_keys_are_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "text.pem").write_text("no key\n", encoding="utf-8")
    refused = [
        tmp_path / "text.pem",
        pem(tmp_path / "password.pem", PRIVATE, b"word"),
        pem(tmp_path / "curve.pem", ec.generate_private_key(ec.SECP256R1())),
        pem(tmp_path / "rsa.pem", rsa.generate_private_key(65537, 2048)),
    ]
    for path in refused:
        with pytest.raises(UsageError, match=f"{path.name}: not a private key that signs a WACZ") as raised:
            SigningKey.read(path)
        assert "\n" not in str(raised.value)
