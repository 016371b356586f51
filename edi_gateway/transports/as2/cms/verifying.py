"""Holds signed data against its content and the certificates we trust; nothing inside the message decides who is trusted."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from edi_gateway.transports.as2.cms import algorithms as known
from edi_gateway.transports.as2.cms import ber, der
from edi_gateway.transports.as2.cms.algorithms import Digest, digest_of, digest_of_oid, refuse_weak
from edi_gateway.transports.as2.cms.ber import Value
from edi_gateway.transports.as2.cms.der import Piece
from edi_gateway.transports.as2.cms.errors import AuthenticationFailed, CmsError, IntegrityFailed, Unreadable
from edi_gateway.transports.as2.cms.structure import content_of, read_algorithm

MOST_SIGNERS = 8


class Signature(NamedTuple):
    """A signature that holds: by whom, over what digest."""

    certificate: x509.Certificate
    digest: Digest
    digest_value: bytes


class SignedData(NamedTuple):
    """The parts of signed data; ``content`` is None where it stands outside (detached)."""

    content_type: str
    content: tuple[memoryview, ...] | None
    signers: tuple[Value, ...]

    @classmethod
    def read(cls, data: bytes | memoryview) -> SignedData:
        """Takes the structure apart. Raises Unreadable."""
        body = content_of(ber.read(data), known.SIGNED_DATA)
        if len(body) < 4:
            raise Unreadable("signed data lacks parts")
        kind, *held = body[2].expect(ber.SEQUENCE).children()
        content = tuple(held[0].expect(0xA0).children()[0].pieces()) if held and held[0].children() else None
        return cls(kind.oid(), content, tuple(body[-1].expect(ber.SET).children()))


def verify(
    signed: SignedData, content: Sequence[Piece], trusted: Sequence[x509.Certificate], weak: Collection[str] = ()
) -> Signature:
    """The first signature by one of ``trusted`` that holds over ``content``; ``weak`` names weak digests taken all the same.

    Raises AuthenticationFailed where there is none (also where nobody signed at all), IntegrityFailed where the content is not
    what was signed, TooWeak and Unsupported where only that is in the way.
    """
    if not signed.signers:
        raise AuthenticationFailed("it is called signed, and nobody has signed it")
    failures: list[CmsError] = []
    for each in signed.signers[:MOST_SIGNERS]:
        try:
            return _Signer(each).verify(signed.content_type, content, trusted, weak)
        except CmsError as error:
            failures.append(error)
    raise failures[0]


class _Signer:
    """One SignerInfo (RFC 5652 §5.3)."""

    def __init__(self, info: Value) -> None:
        parts = info.expect(ber.SEQUENCE).children()
        if len(parts) < 5:
            raise Unreadable("a signer's part is incomplete")
        self.attributes = parts[3] if parts[3].tag == 0xA0 else None
        algorithm, signature = parts[4:6] if self.attributes else parts[3:5]
        self.digest = digest_of_oid(read_algorithm(parts[2])[0])
        self.algorithm, self.parameters = read_algorithm(algorithm)
        self.signature = signature.octets()

    def verify(
        self, content_type: str, content: Sequence[Piece], trusted: Sequence[x509.Certificate], weak: Collection[str]
    ) -> Signature:
        refuse_weak(self.digest.name, weak)
        value = digest_of(self.digest, content)
        certificate = self._who(self._what_was_signed(content_type, value), trusted)
        if self.attributes is not None and not hmac.compare_digest(self._attribute(known.MESSAGE_DIGEST).octets(), value):
            raise IntegrityFailed("the content is not what was signed")
        return Signature(certificate, self.digest, value)

    def _what_was_signed(self, content_type: str, value: bytes) -> list[bytes]:
        """The digests a signature may be over: of the attributes as they were sent, or as DER would write them."""
        if self.attributes is None:
            if content_type != known.DATA:
                raise Unreadable("a signature without attributes is only for plain data")
            return [value]
        if self._attribute(known.CONTENT_TYPE).oid() != content_type:
            raise AuthenticationFailed("the signature is for another type of content")
        forms = [der.rewritten(self.attributes, ber.SET)]
        if not self.attributes.is_indefinite:
            forms.insert(0, b"\x31" + bytes(self.attributes.whole[1:]))
        return [digest_of(self.digest, [form]) for form in dict.fromkeys(forms)]

    def _attribute(self, kind: str) -> Value:
        """The one value of a signed attribute that must stand there exactly once."""
        found = [
            parts[1].expect(ber.SET).children()
            for each in (self.attributes.children() if self.attributes else ())
            if len(parts := each.expect(ber.SEQUENCE).children()) == 2 and parts[0].oid() == kind
        ]
        if len(found) != 1 or len(found[0]) != 1:
            raise AuthenticationFailed("a signed attribute is missing or repeated")
        return found[0][0]

    def _who(self, digests: list[bytes], trusted: Sequence[x509.Certificate]) -> x509.Certificate:
        for certificate in trusted:
            for value in digests:
                try:
                    self._check(certificate, value)
                    return certificate
                except (InvalidSignature, ValueError):  # the latter: parameters that cannot be, such as too long a salt
                    continue
        raise AuthenticationFailed("it is not signed with any certificate known for this connection")

    def _check(self, certificate: x509.Certificate, value: bytes) -> None:
        """Raises InvalidSignature unless it is by this certificate over that digest."""
        key, hashed = certificate.public_key(), Prehashed(self.digest.hash)
        if isinstance(key, RSAPublicKey):
            key.verify(self.signature, value, self._padding(), hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            if self.algorithm not in (self.digest.with_ecdsa, known.EC_PUBLIC_KEY):
                raise InvalidSignature
            key.verify(self.signature, value, ec.ECDSA(hashed))
        else:
            raise InvalidSignature

    def _padding(self) -> padding.AsymmetricPadding:
        if self.algorithm in (known.RSA, self.digest.with_rsa):
            return padding.PKCS1v15()
        if self.algorithm == known.RSA_PSS:
            return _pss(self.parameters, self.digest)
        raise InvalidSignature


def _pss(parameters: Value | None, digest: Digest) -> padding.PSS:
    """The padding RSASSA-PSS-params describe (RFC 4055 §3.1); what is left out means SHA-1 and a salt of 20."""
    given = {each.tag: each.children()[0] for each in parameters.children() if each.children()} if parameters else {}
    of_message = _digest_in(given.get(0xA0))
    mask = read_algorithm(given[0xA1])[1] if 0xA1 in given else None
    salt = given[0xA2].integer() if 0xA2 in given else 20
    if of_message is not digest:
        raise InvalidSignature
    if not 0 <= salt <= 512:
        raise Unreadable("a salt of that length does not exist")
    return padding.PSS(padding.MGF1(_digest_in(mask).hash), salt)


def _digest_in(algorithm: Value | None) -> Digest:
    return known.DIGESTS["sha1"] if algorithm is None else digest_of_oid(read_algorithm(algorithm)[0])
