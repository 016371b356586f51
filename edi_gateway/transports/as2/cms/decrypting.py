"""Reads enveloped and authenticated-enveloped data. Why it cannot be decrypted is never told: that would help who altered it."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from typing import NamedTuple, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from edi_gateway.transports.as2.cms import algorithms as known
from edi_gateway.transports.as2.cms import ber, der
from edi_gateway.transports.as2.cms.algorithms import ContentCipher, cipher_of_oid, digest_of_oid, refuse_weak
from edi_gateway.transports.as2.cms.ber import Value
from edi_gateway.transports.as2.cms.errors import DecryptionFailed, Unreadable, Unsupported
from edi_gateway.transports.as2.cms.keys import KeyPair, subject_key_identifier
from edi_gateway.transports.as2.cms.structure import content_of, kind_of, only, read_algorithm

CANNOT_DECRYPT = "it cannot be decrypted with any key of ours"
_TAGS = range(12, 17)  # bytes of a GCM tag, RFC 5084 §3.2
_SLICE = 1 << 20


class Decrypted(NamedTuple):
    """The content, the cipher it was under, and whether its key went by OAEP."""

    content: bytes
    cipher: ContentCipher
    oaep: bool


def decrypt(data: bytes | memoryview, ours: Sequence[KeyPair], weak: Collection[str] = ()) -> Decrypted:
    """The content, by the first key pair of ``ours`` it is for; ``weak`` names weak ciphers taken all the same.

    Raises DecryptionFailed, TooWeak, Unsupported or Unreadable.
    """
    kind = kind_of(data)
    envelope = _Envelope(content_of(ber.read(data), known.ENVELOPED_DATA, known.AUTH_ENVELOPED_DATA), kind)
    refuse_weak(envelope.cipher.name, weak)
    key, oaep = envelope.content_key(ours)
    content = envelope.open_gcm(key) if envelope.cipher.is_authenticated else envelope.open_cbc(key)
    return Decrypted(content, envelope.cipher, oaep)


class _Envelope:
    """The parts of enveloped data."""

    def __init__(self, parts: list[Value], kind: str) -> None:
        self._kind = kind
        at = next((index for index, part in enumerate(parts) if part.tag == ber.SET), None)  # originatorInfo may come before
        if at is None or len(parts) < at + 2:
            raise Unreadable("enveloped data lacks parts")
        self._recipients, inside, self._rest = (
            parts[at].children(),
            parts[at + 1].expect(ber.SEQUENCE).children(),
            parts[at + 2 :],
        )
        if len(inside) != 3 or inside[2].tag & ~ber.CONSTRUCTED != 0x80:
            raise Unreadable("enveloped data holds no content")
        oid, self._parameters = read_algorithm(inside[1])
        self.cipher, self._encrypted = cipher_of_oid(oid), inside[2]

    def content_key(self, ours: Sequence[KeyPair]) -> tuple[bytes, bool]:
        """The content's key, and whether it came by OAEP; a random key where it does not open, so that nobody learns why."""
        for recipient in self._recipients:
            if recipient.tag != ber.SEQUENCE:  # key agreement and passwords: not for RSA keys
                continue
            _, who, algorithm, wrapped = _four(recipient)
            pair = next((pair for pair in ours if _is_for(who, pair)), None)
            if pair is not None and isinstance(pair.key, RSAPrivateKey):
                scheme, oaep = _padding(algorithm)
                return self._unwrap(pair.key, wrapped.octets(), scheme), oaep
        raise DecryptionFailed(CANNOT_DECRYPT)

    def _unwrap(self, key: RSAPrivateKey, wrapped: bytes, scheme: padding.AsymmetricPadding) -> bytes:
        try:
            found = key.decrypt(wrapped, scheme)
        except ValueError:
            found = b""
        return found if len(found) == self.cipher.key_size else os.urandom(self.cipher.key_size)

    def open_cbc(self, key: bytes) -> bytes:
        vector = self._parameters.octets() if self._parameters else b""
        if len(vector) != self.cipher.block:
            raise Unreadable("the initialization vector is of the wrong length")
        context = Cipher(self.cipher.algorithm(key), modes.CBC(vector)).decryptor()
        try:
            padded = b"".join([*(context.update(each) for each in _slices(self._encrypted)), context.finalize()])
        except ValueError:
            _fail()
        count = padded[-1] if padded else 0
        if not 1 <= count <= self.cipher.block or padded[-count:] != bytes((count,)) * count:
            _fail()
        return padded[:-count]

    def open_gcm(self, key: bytes) -> bytes:
        encrypted, tag, authenticated = self._sealed()
        if len(tag) not in _TAGS:
            raise Unreadable("the authentication tag is of the wrong length")
        context = Cipher(self.cipher.algorithm(key), modes.GCM(_nonce(self._parameters), tag, min_tag_length=12)).decryptor()
        context.authenticate_additional_data(authenticated)
        try:
            return b"".join([*(context.update(each) for each in encrypted), context.finalize()])
        except InvalidTag:
            _fail()

    def _sealed(self) -> tuple[list[memoryview], bytes, bytes]:
        """What is encrypted, the tag, and the attributes that are authenticated with it.

        Some senders put GCM into plain enveloped data, with the tag behind the content.
        """
        if self._kind == known.ENVELOPED_DATA:
            whole = memoryview(b"".join(self._encrypted.pieces()))
            return [whole[:-16]], bytes(whole[-16:]), b""
        attributes = next((each for each in self._rest if each.tag == 0xA1), None)
        tag = next((each for each in self._rest if each.is_octets), None)
        if tag is None:
            raise Unreadable("the authentication tag is missing")
        return list(_slices(self._encrypted)), tag.octets(), der.rewritten(attributes, ber.SET) if attributes else b""


def _slices(encrypted: Value) -> list[memoryview]:
    return [piece[at : at + _SLICE] for piece in encrypted.pieces() for at in range(0, len(piece), _SLICE)]


def _nonce(parameters: Value | None) -> bytes:
    """Of GCMParameters, or written bare, as some senders do."""
    if parameters is None:
        raise Unreadable("the nonce is missing")
    nonce = parameters.octets() if parameters.is_octets else parameters.children()[0].octets()
    if not 8 <= len(nonce) <= 64:
        raise Unreadable("the nonce is of the wrong length")
    return nonce


def _four(recipient: Value) -> list[Value]:
    parts = recipient.children()
    if len(parts) != 4:
        raise Unreadable("a recipient's part is incomplete")
    return parts


def _is_for(who: Value, pair: KeyPair) -> bool:
    """Whether a recipient is named by this certificate's serial number or key identifier; its key then shows the rest."""
    if who.tag & ~ber.CONSTRUCTED == 0x80:
        return who.octets() == subject_key_identifier(pair.certificate)
    parts = who.expect(ber.SEQUENCE).children()
    return len(parts) == 2 and parts[1].integer() == pair.certificate.serial_number


def _padding(algorithm: Value) -> tuple[padding.AsymmetricPadding, bool]:
    oid, parameters = read_algorithm(algorithm)
    if oid == known.RSA:
        return padding.PKCS1v15(), False
    if oid != known.RSA_OAEP:
        raise Unsupported(f"key transport {oid} is not supported")
    given = (
        {each.tag: only(each) for each in parameters.children()} if parameters is not None and parameters.is_constructed else {}
    )
    digest = digest_of_oid(read_algorithm(given[0xA0])[0]) if 0xA0 in given else known.DIGESTS["sha1"]
    mask = read_algorithm(given[0xA1])[1] if 0xA1 in given else None
    mask_digest = digest_of_oid(read_algorithm(mask)[0]) if mask is not None else known.DIGESTS["sha1"]
    label = read_algorithm(given[0xA2])[1] if 0xA2 in given else None
    return padding.OAEP(padding.MGF1(mask_digest.hash), digest.hash, label.octets() if label is not None else None), True


def _fail() -> NoReturn:
    raise DecryptionFailed(CANNOT_DECRYPT)
