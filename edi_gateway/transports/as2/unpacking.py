"""Opens a message layer by layer: encrypted, compressed, signed, compressed. Each kind of layer occurs once, in that order only.

A message whose layers lie otherwise is refused, so that nothing is taken for signed that stands beside what was signed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple, TypeAlias

from cryptography import x509

from edi_gateway.transports.as2.cms import algorithms as known
from edi_gateway.transports.as2.cms.algorithms import ContentCipher, Digest
from edi_gateway.transports.as2.cms.compressing import decompress
from edi_gateway.transports.as2.cms.decrypting import CANNOT_DECRYPT, decrypt
from edi_gateway.transports.as2.cms.errors import CmsError, DecompressionFailed, DecryptionFailed, Unreadable
from edi_gateway.transports.as2.cms.keys import KeyPair
from edi_gateway.transports.as2.cms.structure import kind_of
from edi_gateway.transports.as2.cms.verifying import Signature, SignedData, verify
from edi_gateway.transports.as2.disposition import Failure
from edi_gateway.transports.as2.mic import Mic
from edi_gateway.transports.as2.mime.entity import Entity
from edi_gateway.transports.as2.mime.errors import MimeError
from edi_gateway.transports.as2.mime.region import Region
from edi_gateway.transports.as2.refusal import Refused, refusing

_PKCS7 = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNATURE = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})
_TYPES = {
    "enveloped-data": known.ENVELOPED_DATA,
    "authenveloped-data": known.AUTH_ENVELOPED_DATA,
    "compressed-data": known.COMPRESSED_DATA,
    "signed-data": known.SIGNED_DATA,
}
_BROKEN: dict[str, type[CmsError]] = {
    "enveloped-data": DecryptionFailed,
    "authenveloped-data": DecryptionFailed,
    "compressed-data": DecompressionFailed,
}
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")


class Trust(NamedTuple):
    """What a connection opens messages with: our keys, their certificates, weak algorithms taken by exception, a size."""

    ours: Sequence[KeyPair]
    theirs: Sequence[x509.Certificate]
    weak: Collection[str] = ()
    largest: int = 256 << 20


class ReceivedPart(NamedTuple):
    """One payload of a message, and the file name it was sent under."""

    content: Region
    content_type: str
    file_name: str


class Opened(NamedTuple):
    """A message without its wrapping, and how it had been wrapped. ``covered`` is what its MIC is over."""

    entity: Entity
    covered: Region
    signature: Signature | None = None
    cipher: ContentCipher | None = None
    oaep: bool = False
    compressed: bool = False

    def mic(self, digest: Digest) -> Mic:
        """The MIC: of a signed message by the signature's algorithm, else by the one its sender asks for."""
        if self.signature is not None:
            return Mic(self.signature.digest_value, self.signature.digest)
        return Mic.over([self.covered.view()], digest)

    def parts(self) -> list[ReceivedPart]:
        """The payloads, in order. Raises Refused for a multipart that is broken."""
        with refusing():
            return _parts(self.entity)


_Layer: TypeAlias = Callable[[Opened, Trust], Opened]


def open_message(entity: Entity, trust: Trust) -> Opened:
    """Opens every layer. Raises Refused saying what is wrong, with the disposition for it; never anything else."""
    opened = Opened(entity, entity.body)
    with refusing():
        while (layer := _layer_of(opened.entity)) is not None:
            opened = layer(opened, trust)
    return opened


def _layer_of(entity: Entity) -> _Layer | None:
    kind = entity.content_type
    if kind.value == "multipart/signed":
        return _verify_detached
    if kind.value in _PKCS7:
        return _Pkcs7.read(entity).open
    return None


class _Pkcs7(NamedTuple):
    """An application/pkcs7-mime entity: which kind of message it holds, whatever it says it is."""

    data: Region
    kind: str

    @classmethod
    def read(cls, entity: Entity) -> _Pkcs7:
        data = entity.body if entity.body.starts_with(b"\x30", entity.body.start) else entity.content()
        said = entity.content_type.parameters.get("smime-type", "").lower()
        try:
            kind = kind_of(data.view())
        except Unreadable as error:
            raise _BROKEN.get(said, Unreadable)(error.what) from error
        if said in _TYPES and _TYPES[said] != kind and known.ENVELOPED_DATA not in (kind, _TYPES[said]):
            raise Unreadable("it is not the kind of cryptographic message it says it is")
        return cls(data, kind)

    def open(self, opened: Opened, trust: Trust) -> Opened:
        match self.kind:
            case known.ENVELOPED_DATA | known.AUTH_ENVELOPED_DATA:
                return self._decrypt(opened, trust)
            case known.COMPRESSED_DATA:
                return self._decompress(opened, trust)
            case known.SIGNED_DATA:
                return self._verify(opened, trust)
        raise Refused(Failure.FORMAT, f"cryptographic messages of kind {self.kind} are not supported")

    def _decrypt(self, opened: Opened, trust: Trust) -> Opened:
        if opened.cipher or opened.compressed or opened.signature:
            raise _misplaced("encrypted")
        try:
            found = decrypt(self.data.view(), trust.ours, trust.weak)
            entity = Entity.read(Region.of(found.content))
        except (Unreadable, MimeError) as error:  # as for a wrong key: how far an altered message came is not told
            raise DecryptionFailed(CANNOT_DECRYPT) from error
        return opened._replace(entity=entity, covered=entity.whole, cipher=found.cipher, oaep=found.oaep)

    def _decompress(self, opened: Opened, trust: Trust) -> Opened:
        if opened.compressed:
            raise Refused(Failure.DECOMPRESSION, "it is compressed twice")
        entity = Entity.read(Region.of(decompress(self.data.view(), trust.largest)))
        return opened._replace(entity=entity, covered=entity.whole, compressed=True)

    def _verify(self, opened: Opened, trust: Trust) -> Opened:
        signed = SignedData.read(self.data.view())
        if signed.content is None:
            raise Unreadable("a signature without what it signs")
        content = Region.of(b"".join(signed.content))
        return _take_signed(opened, content, verify(signed, [content.view()], trust.theirs, trust.weak))


def _verify_detached(opened: Opened, trust: Trust) -> Opened:
    parts = opened.entity.parts()
    if len(parts) != 2:
        raise Unreadable("a signed message is two parts: the content and its signature")
    content, signature = parts[0], Entity.read(parts[1])
    if signature.content_type.value not in _SIGNATURE:
        raise Refused(Failure.FORMAT, "the second part of a signed message is no signature we know")
    signed = SignedData.read(_signature_bytes(signature))
    if signed.content is not None:
        raise Unreadable("the signature holds content of its own beside the one it stands with")
    try:
        return _take_signed(opened, content, verify(signed, [content.view()], trust.theirs, trust.weak))
    except CmsError as error:
        canonical = _with_canonical_line_ends(content)
        if canonical is None:
            raise
        try:
            return _take_signed(opened, canonical, verify(signed, [canonical.view()], trust.theirs, trust.weak))
        except CmsError:
            raise error from None


def _take_signed(opened: Opened, content: Region, signature: Signature) -> Opened:
    if opened.signature:
        raise _misplaced("signed")
    return opened._replace(entity=Entity.read(content), covered=content, signature=signature)


def _signature_bytes(signature: Entity) -> memoryview:
    raw = signature.body
    return raw.view() if raw.starts_with(b"\x30", raw.start) else signature.content().view()


def _with_canonical_line_ends(content: Region) -> Region | None:
    """The content as it was signed, where something on the way has taken carriage returns out; None where nothing is lost."""
    text = content.copied()
    canonical = _BARE_LINE_FEED.sub(b"\r\n", text)
    return Region.of(canonical) if len(canonical) != len(text) else None


def _parts(entity: Entity) -> list[ReceivedPart]:
    kind = entity.content_type.value
    if kind.startswith("multipart/") and kind != "multipart/report":
        parts = [Entity.read(each) for each in entity.parts()]
        if not parts:
            raise Unreadable("a multipart without parts")
        return [_part(each) for each in parts]
    return [_part(entity)]


def _part(entity: Entity) -> ReceivedPart:
    return ReceivedPart(entity.content(), entity.content_type.value, entity.file_name)


def _misplaced(layer: str) -> Refused:
    return Refused(Failure.FORMAT, f"it is {layer} where it must not be: twice, or inside another layer")
