"""Signs a WACZ with the user's own key (WACZ Signing and Verification 0.1.0, anonymous signature)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP384R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from lufeng_crawler.errors import UsageError

VERSION = "0.1.0"
HALF = 48
"""Bytes of each of the two numbers that are a signature over P-384."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key of the curve P-384, the one that ReplayWeb.page verifies."""

    private: EllipticCurvePrivateKey

    @classmethod
    def read(cls, path: Path) -> SigningKey:
        """From a PEM file. Raises UsageError for one that is none, asks for a password or is of another kind."""
        wrong = (
            "not a private key that signs a WACZ; openssl ecparam -name secp384r1 -genkey -noout -out FILE makes one"
        )
        try:
            private = load_pem_private_key(path.read_bytes(), None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UsageError(f"{path}: {wrong} ({str(error).splitlines()[0]})") from error
        if not isinstance(private, EllipticCurvePrivateKey) or not isinstance(private.curve, SECP384R1):
            raise UsageError(f"{path}: {wrong}")
        return cls(private)

    def signed(self, digest: str, created: str, software: str) -> dict[str, str]:
        """The `signedData` over a digest as it is written. Deterministic (RFC 6979): the same file, the same bytes.

        Who signed is known only to those who have the public key from the signer; when is not proved at all.
        """
        r, s = decode_dss_signature(self.private.sign(digest.encode(), ECDSA(SHA256(), deterministic_signing=True)))
        public = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {
            "hash": digest,
            "created": created,
            "software": software,
            "version": VERSION,
            "signature": b64encode(r.to_bytes(HALF) + s.to_bytes(HALF)).decode(),  # as WebCrypto has it, not DER
            "publicKey": b64encode(public).decode(),
        }
