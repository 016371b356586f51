"""Writes enveloped data (RFC 5652 §6) and authenticated-enveloped data (RFC 5083, AES-GCM by RFC 5084)."""

from __future__ import annotations

import os
from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import AEADEncryptionContext, Cipher, CipherContext, modes

from edi_gateway.errors import WrongInput
from edi_gateway.transports.as2.cms import algorithms as known
from edi_gateway.transports.as2.cms import der
from edi_gateway.transports.as2.cms.algorithms import ContentCipher, Digest
from edi_gateway.transports.as2.cms.der import Piece
from edi_gateway.transports.as2.cms.keys import issuer_and_serial

_NONCE = 12  # bytes, RFC 5084 §3.2
_TAG = 16
_SLICE = 1 << 20  # bytes encrypted at a time


def encrypt(
    content: Sequence[Piece], recipients: Sequence[x509.Certificate], cipher: ContentCipher, *, oaep: Digest | None = None
) -> list[Piece]:
    """The content for each of ``recipients`` to read; the key goes by RSA PKCS #1 v1.5, or OAEP with a digest.

    Raises WrongInput for a certificate that is not RSA.
    """
    key = os.urandom(cipher.key_size)
    wrapped = der.value(0x31, *sorted(_recipient(each, key, oaep) for each in recipients))
    if cipher.is_authenticated:
        nonce = os.urandom(_NONCE)
        sealing = Cipher(cipher.algorithm(key), modes.GCM(nonce)).encryptor()
        encrypted = _run(sealing, content, b"")
        parameters = der.sequence(der.octets(nonce), der.integer(_TAG))
        return _envelope(known.AUTH_ENVELOPED_DATA, wrapped, cipher, parameters, encrypted, der.octets(_tag(sealing)))
    vector = os.urandom(cipher.block)
    encrypted = _run(Cipher(cipher.algorithm(key), modes.CBC(vector)).encryptor(), content, _padding(content, cipher.block))
    return _envelope(known.ENVELOPED_DATA, wrapped, cipher, der.octets(vector), encrypted, b"")


def _envelope(
    kind: str, recipients: bytes, cipher: ContentCipher, parameters: bytes, encrypted: list[Piece], tag: bytes
) -> list[Piece]:
    algorithm = der.sequence(der.oid(cipher.oid), parameters)
    inside = der.wrap(0x30, der.wrap(0x80, encrypted), der.oid(known.DATA), algorithm)
    body = der.wrap(0x30, inside, der.integer(0), recipients, after=tag)
    return der.wrap(0x30, der.wrap(0xA0, body), der.oid(kind))


def _run(context: CipherContext, content: Sequence[Piece], last: bytes) -> list[Piece]:
    encrypted: list[Piece] = []
    for piece in content:
        view = memoryview(piece)
        encrypted += (context.update(view[at : at + _SLICE]) for at in range(0, len(view), _SLICE))
    encrypted.append(context.update(last) + context.finalize())
    return encrypted


def _tag(context: CipherContext) -> bytes:
    if not isinstance(context, AEADEncryptionContext):
        raise TypeError("only GCM has a tag")
    return context.tag


def _padding(content: Sequence[Piece], block: int) -> bytes:
    """PKCS #7 padding: as many bytes as are missing, each saying how many."""
    missing = block - der.size(content) % block
    return bytes((missing,)) * missing


def _recipient(certificate: x509.Certificate, key: bytes, oaep: Digest | None) -> bytes:
    public = certificate.public_key()
    if not isinstance(public, RSAPublicKey):
        raise WrongInput("it cannot be encrypted for a certificate whose key is not RSA", do="ask the partner for an RSA one")
    if oaep is None:
        algorithm, wrapped = der.sequence(der.oid(known.RSA), der.NULL), public.encrypt(key, padding.PKCS1v15())
    else:
        algorithm = der.sequence(der.oid(known.RSA_OAEP), _oaep_parameters(oaep))
        wrapped = public.encrypt(key, padding.OAEP(padding.MGF1(oaep.hash), oaep.hash, None))
    return der.sequence(der.integer(0), issuer_and_serial(certificate), algorithm, der.octets(wrapped))


def _oaep_parameters(oaep: Digest) -> bytes:
    """RSAES-OAEP-params (RFC 4055 §4.1). What is the default, SHA-1, is left out, as DER wants it."""
    if oaep.name == "sha1":
        return der.sequence()
    algorithm = der.sequence(der.oid(oaep.oid), der.NULL)
    return der.sequence(der.value(0xA0, algorithm), der.value(0xA1, der.sequence(der.oid(known.MGF1), algorithm)))
