"""Certificates and private keys as messages use them, and how a message names a certificate."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from edi_gateway.transports.as2.cms import der

PrivateKey: TypeAlias = RSAPrivateKey | EllipticCurvePrivateKey


class KeyPair(NamedTuple):
    """A private key, its certificate, and the certificates of who vouches for it."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def __repr__(self) -> str:
        return f"KeyPair({self.certificate.subject.rfc4514_string()}, key=…)"


@lru_cache(512)
def encoded(certificate: x509.Certificate) -> bytes:
    """The certificate in DER."""
    return certificate.public_bytes(Encoding.DER)


@lru_cache(512)
def issuer_and_serial(certificate: x509.Certificate) -> bytes:
    """How a message names a certificate (RFC 5652 §10.2.4)."""
    return der.sequence(certificate.issuer.public_bytes(), der.integer(certificate.serial_number))


@lru_cache(512)
def subject_key_identifier(certificate: x509.Certificate) -> bytes | None:
    """The other way to name one: by the identifier of its key, where it carries one."""
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except (x509.ExtensionNotFound, ValueError):
        return None
