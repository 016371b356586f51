"""Writes signed data (RFC 5652 §5): always with signed attributes, detached or with the content inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from edi_gateway.transports.as2.cms import algorithms as known
from edi_gateway.transports.as2.cms import der
from edi_gateway.transports.as2.cms.algorithms import Digest
from edi_gateway.transports.as2.cms.der import Piece
from edi_gateway.transports.as2.cms.keys import KeyPair, encoded, issuer_and_serial


def sign(digest_value: bytes, digest: Digest, signer: KeyPair, at: datetime, *, pss: bool = False) -> bytes:
    """A detached signature over content whose digest is known, in DER; ``pss``: RSASSA-PSS instead of PKCS #1 v1.5."""
    return b"".join(_signed_data(digest_value, digest, signer, at, pss, ()))


def sign_around(content: Sequence[Piece], digest: Digest, signer: KeyPair, at: datetime, *, pss: bool = False) -> list[Piece]:
    """Signed data that holds its content (opaque)."""
    return _signed_data(known.digest_of(digest, content), digest, signer, at, pss, content)


def _signed_data(
    digest_value: bytes, digest: Digest, signer: KeyPair, at: datetime, pss: bool, content: Sequence[Piece]
) -> list[Piece]:
    held = der.wrap(0xA0, der.wrap(0x04, content)) if content else []
    encapsulated = der.wrap(0x30, held, der.oid(known.DATA))
    certificates = der.value(0xA0, *sorted(encoded(each) for each in (signer.certificate, *signer.chain)))
    signers = der.set_of(_signer_info(digest_value, digest, signer, at, pss))
    body = der.wrap(0x30, encapsulated, der.integer(1), der.set_of(_digest_algorithm(digest)), after=certificates + signers)
    return der.wrap(0x30, der.wrap(0xA0, body), der.oid(known.SIGNED_DATA))


def _signer_info(digest_value: bytes, digest: Digest, signer: KeyPair, at: datetime, pss: bool) -> bytes:
    attributes = der.set_of(
        _attribute(known.CONTENT_TYPE, der.oid(known.DATA)),
        _attribute(known.SIGNING_TIME, der.utc_time(at)),
        _attribute(known.MESSAGE_DIGEST, der.octets(digest_value)),
    )
    algorithm, signature = _signature(attributes, digest, signer, pss)
    return der.sequence(
        der.integer(1),
        issuer_and_serial(signer.certificate),
        _digest_algorithm(digest),
        b"\xa0" + attributes[1:],  # signed as a SET, sent under an implicit tag
        algorithm,
        der.octets(signature),
    )


def _signature(attributes: bytes, digest: Digest, signer: KeyPair, pss: bool) -> tuple[bytes, bytes]:
    """The algorithm's identifier and the signature."""
    key = signer.key
    if not isinstance(key, RSAPrivateKey):
        return der.sequence(der.oid(digest.with_ecdsa)), key.sign(attributes, ec.ECDSA(digest.hash))
    if not pss:
        return der.sequence(der.oid(digest.with_rsa), der.NULL), key.sign(attributes, padding.PKCS1v15(), digest.hash)
    salt = digest.hash.digest_size
    signature = key.sign(attributes, padding.PSS(padding.MGF1(digest.hash), salt), digest.hash)
    parameters = der.sequence(
        der.value(0xA0, _digest_algorithm(digest)),
        der.value(0xA1, der.sequence(der.oid(known.MGF1), _digest_algorithm(digest))),
        der.value(0xA2, der.integer(salt)),
    )
    return der.sequence(der.oid(known.RSA_PSS), parameters), signature


def _attribute(kind: str, content: bytes) -> bytes:
    return der.sequence(der.oid(kind), der.set_of(content))


def _digest_algorithm(digest: Digest) -> bytes:
    return der.sequence(der.oid(digest.oid), der.NULL)
