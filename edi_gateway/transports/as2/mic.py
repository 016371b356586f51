"""The message integrity check: the digest a receipt repeats, so that the sender knows what arrived (RFC 4130 §7.3.1)."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable
from typing import NamedTuple

from edi_gateway.transports.as2.cms.algorithms import DIGESTS, Digest, digest_of
from edi_gateway.transports.as2.cms.der import Piece

USUAL = DIGESTS["sha256"]  # where a sender names no algorithm


class Mic(NamedTuple):
    """A digest and its algorithm; written ``BASE64, sha-256``."""

    value: bytes
    digest: Digest

    @classmethod
    def over(cls, pieces: Iterable[Piece], digest: Digest) -> Mic:
        """The MIC of content."""
        return cls(digest_of(digest, pieces), digest)

    @classmethod
    def read(cls, text: str) -> Mic | None:
        """A MIC as receipts write it, with or without the blank; None for what is none."""
        value, comma, algorithm = text.rpartition(",")
        digest = digest_named(algorithm)
        if not comma or digest is None:
            return None
        try:
            return cls(base64.b64decode("".join(value.split()), validate=True), digest)
        except binascii.Error:
            return None

    def __str__(self) -> str:
        return f"{base64.b64encode(self.value).decode()}, {self.digest.micalg}"

    def equals(self, other: Mic) -> bool:
        """Whether both are of the same algorithm and the same digest."""
        return self.digest.name == other.digest.name and hmac.compare_digest(self.value, other.value)


def digest_named(micalg: str) -> Digest | None:
    """The algorithm a micalg names, in any spelling there is: ``sha1``, ``SHA-1``, ``rsa-sha1``, ``sha256``, ``sha-256``."""
    name = micalg.strip().strip('"').lower().removeprefix("rsa-").replace("-", "").replace("_", "")
    return DIGESTS.get(name)
