"""What about an opened message or receipt was only taken because the connection names an exception."""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.transports.as2.cms.algorithms import WEAK_CIPHERS, WEAK_DIGESTS
from edi_gateway.transports.as2.relation import Keys
from edi_gateway.transports.as2.unpacking import Opened


def by_exception(opened: Opened, keys: Keys) -> Iterator[str]:
    """One sentence for each, to be told."""
    if opened.signature and opened.signature.digest.name in WEAK_DIGESTS:
        yield f"it is signed with {opened.signature.digest.name}"
    if opened.cipher and opened.cipher.name in WEAK_CIPHERS:
        yield f"it is encrypted with {opened.cipher.name}"
    if opened.signature and opened.signature.certificate in keys.expired():
        yield "the certificate it is signed with has expired"
