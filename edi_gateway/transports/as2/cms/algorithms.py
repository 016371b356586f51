"""The algorithms we speak, by the names connections use, and their object identifiers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from edi_gateway.transports.as2.cms.der import Piece
from edi_gateway.transports.as2.cms.errors import TooWeak, Unsupported

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
ENVELOPED_DATA = "1.2.840.113549.1.7.3"
AUTH_ENVELOPED_DATA = "1.2.840.113549.1.9.16.1.23"
COMPRESSED_DATA = "1.2.840.113549.1.9.16.1.9"
ZLIB = "1.2.840.113549.1.9.16.3.8"

CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"

RSA = "1.2.840.113549.1.1.1"
RSA_OAEP = "1.2.840.113549.1.1.7"
MGF1 = "1.2.840.113549.1.1.8"
RSA_PSS = "1.2.840.113549.1.1.10"
EC_PUBLIC_KEY = "1.2.840.10045.2.1"

WEAK_DIGESTS = frozenset({"sha1"})
WEAK_CIPHERS = frozenset({"3des"})


class Digest(NamedTuple):
    """A digest algorithm: as connections name it, as micalg names it (RFC 5751 §3.4.3.2), and its identifiers."""

    name: str
    micalg: str
    oid: str
    with_rsa: str
    with_ecdsa: str
    hash: hashes.HashAlgorithm


DIGESTS = {
    each.name: each
    for each in (
        Digest("sha1", "sha1", "1.3.14.3.2.26", "1.2.840.113549.1.1.5", "1.2.840.10045.4.1", hashes.SHA1()),
        Digest("sha224", "sha-224", "2.16.840.1.101.3.4.2.4", "1.2.840.113549.1.1.14", "1.2.840.10045.4.3.1", hashes.SHA224()),
        Digest("sha256", "sha-256", "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2", hashes.SHA256()),
        Digest("sha384", "sha-384", "2.16.840.1.101.3.4.2.2", "1.2.840.113549.1.1.12", "1.2.840.10045.4.3.3", hashes.SHA384()),
        Digest("sha512", "sha-512", "2.16.840.1.101.3.4.2.3", "1.2.840.113549.1.1.13", "1.2.840.10045.4.3.4", hashes.SHA512()),
    )
}
_DIGEST_OF_OID = {each.oid: each for each in DIGESTS.values()}


class ContentCipher(NamedTuple):
    """A cipher for content: block cipher, key size in bytes, and whether it authenticates (GCM)."""

    name: str
    oid: str
    key_size: int
    algorithm: type[AES] | type[TripleDES]
    is_authenticated: bool = False

    @property
    def block(self) -> int:
        """Bytes of a block, and of the initialization vector."""
        return 8 if self.algorithm is TripleDES else 16


CIPHERS = {
    each.name: each
    for each in (
        ContentCipher("aes128-cbc", "2.16.840.1.101.3.4.1.2", 16, AES),
        ContentCipher("aes192-cbc", "2.16.840.1.101.3.4.1.22", 24, AES),
        ContentCipher("aes256-cbc", "2.16.840.1.101.3.4.1.42", 32, AES),
        ContentCipher("aes128-gcm", "2.16.840.1.101.3.4.1.6", 16, AES, True),
        ContentCipher("aes192-gcm", "2.16.840.1.101.3.4.1.26", 24, AES, True),
        ContentCipher("aes256-gcm", "2.16.840.1.101.3.4.1.46", 32, AES, True),
        ContentCipher("3des", "1.2.840.113549.3.7", 24, TripleDES),
    )
}
_CIPHER_OF_OID = {each.oid: each for each in CIPHERS.values()}


def digest_of_oid(oid: str) -> Digest:
    """Raises Unsupported for MD5 and whatever else we do not know."""
    if oid not in _DIGEST_OF_OID:
        raise Unsupported(f"digest algorithm {oid} is not supported")
    return _DIGEST_OF_OID[oid]


def cipher_of_oid(oid: str) -> ContentCipher:
    """Raises Unsupported for RC2, DES and whatever else we do not know."""
    if oid not in _CIPHER_OF_OID:
        raise Unsupported(f"content encryption {oid} is not supported")
    return _CIPHER_OF_OID[oid]


def refuse_weak(name: str, allowed: Iterable[str]) -> None:
    """Raises TooWeak for SHA-1 and 3DES unless they are ``allowed``."""
    if name in WEAK_DIGESTS | WEAK_CIPHERS and name not in allowed:
        raise TooWeak(name)


def digest_of(digest: Digest, pieces: Iterable[Piece]) -> bytes:
    """The digest over pieces, as if they were one."""
    running = hashlib.new(digest.name)
    for piece in pieces:
        running.update(piece)
    return running.digest()
