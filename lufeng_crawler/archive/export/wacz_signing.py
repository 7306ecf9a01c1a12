"""Signs a WACZ with the user's own key (WACZ Signing and Verification 0.1.0, anonymous signature)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lufeng_crawler.errors import UsageError

if TYPE_CHECKING:  # imported where they are used: cryptography takes 30 ms, and most packages are not signed
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

VERSION = "0.1.0"
HALF = 48
"""Bytes of each of the two numbers that are a signature over P-384."""

NOT_A_KEY = "not a private key that signs a WACZ; openssl ecparam -name secp384r1 -genkey -noout -out FILE makes one"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key of the curve P-384, the one that ReplayWeb.page verifies."""

    private: EllipticCurvePrivateKey

    @classmethod
    def read(cls, path: Path) -> SigningKey:
        """Read a PEM file. Raise UsageError where it is none, needs a password or holds another kind of key."""
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            private = load_pem_private_key(path.read_bytes(), None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UsageError(f"{path}: {NOT_A_KEY} ({str(error).splitlines()[0]})") from error
        if not isinstance(private, EllipticCurvePrivateKey) or not isinstance(private.curve, SECP384R1):
            raise UsageError(f"{path}: {NOT_A_KEY}")
        return cls(private)

    def sign_digest(self, digest: str, created: str, software: str) -> dict[str, str]:
        """Return the `signedData` over a digest in its written form. Deterministic (RFC 6979): same input, same bytes.

        Only those who have the public key from the signer know who signed; when it was signed is not proved at all.
        """
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

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
