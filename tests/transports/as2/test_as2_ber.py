"""Structures as partners write them, and as somebody hostile would: read right, or refused in a moment."""

from __future__ import annotations

import base64
import time
from collections.abc import Sequence

import pytest
from as2_parties import NOW, curve_pair, key_pair
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.transports.as2.cms import algorithms as known
from edi_gateway.transports.as2.cms import ber, der
from edi_gateway.transports.as2.cms.algorithms import CIPHERS, DIGESTS, digest_of
from edi_gateway.transports.as2.cms.compressing import compress, decompress
from edi_gateway.transports.as2.cms.decrypting import decrypt
from edi_gateway.transports.as2.cms.encrypting import encrypt
from edi_gateway.transports.as2.cms.errors import AuthenticationFailed, CmsError, IntegrityFailed, Unreadable, Unsupported
from edi_gateway.transports.as2.cms.keys import subject_key_identifier
from edi_gateway.transports.as2.cms.signing import sign, sign_around
from edi_gateway.transports.as2.cms.verifying import SignedData, verify
from edi_gateway.transports.as2.mime.entity import Entity
from edi_gateway.transports.as2.mime.errors import MimeError
from edi_gateway.transports.as2.mime.headers import Headers
from edi_gateway.transports.as2.mime.region import Region
from edi_gateway.transports.as2.packing import Packing, Part, pack
from edi_gateway.transports.as2.refusal import Refused
from edi_gateway.transports.as2.unpacking import Trust, open_message

CONTENT = b"ISA*00*~\r\n" * 30
SHA256 = DIGESTS["sha256"]


def indefinite(value: ber.Value) -> bytes:
    """A value written anew with every constructed part of indefinite length, and octet strings in pieces of seven."""
    if value.tag in (ber.OCTET_STRING, 0x80) and len(value.content) > 7:
        pieces = [bytes(value.content[at : at + 7]) for at in range(0, len(value.content), 7)]
        return bytes((value.tag | ber.CONSTRUCTED, 0x80)) + b"".join(map(der.octets, pieces)) + b"\0\0"
    if not value.is_constructed:
        return bytes(value.whole)
    return bytes((value.tag, 0x80)) + b"".join(map(indefinite, value.children())) + b"\0\0"


def partly(value: ber.Value, keep: Sequence[int]) -> bytes:
    """The same, but values of the tags in ``keep`` stay as they are: attributes that are signed, certificates."""
    if value.tag in keep or not value.is_constructed:
        return bytes(value.whole)
    return bytes((value.tag, 0x80)) + b"".join(partly(child, keep) for child in value.children()) + b"\0\0"


@pytest.mark.parametrize("cipher", CIPHERS)
def test_encrypted_content_in_pieces_of_indefinite_length(cipher: str) -> None:
    written = b"".join(encrypt([CONTENT], [key_pair("one").certificate], CIPHERS[cipher]))

    assert decrypt(indefinite(ber.read(written)), [key_pair("one")], ["3des"]).content == CONTENT


def test_compressed_content_in_pieces_of_indefinite_length() -> None:
    assert decompress(indefinite(ber.read(b"".join(compress([CONTENT])))), 10_000) == CONTENT


def test_signed_content_in_pieces_of_indefinite_length() -> None:
    written = b"".join(sign_around([CONTENT], SHA256, key_pair("one"), NOW))
    signed = SignedData.read(partly(ber.read(written), keep=(0x31,)))
    assert signed.content is not None

    found = verify(signed, signed.content, [key_pair("one").certificate])

    assert (b"".join(signed.content), found.certificate) == (CONTENT, key_pair("one").certificate)


def test_signed_attributes_of_indefinite_length_are_signed_as_der_writes_them() -> None:
    written = sign(digest_of(SHA256, [CONTENT]), SHA256, key_pair("one"), NOW)
    signed = SignedData.read(indefinite(ber.read(written)))

    assert verify(signed, [CONTENT], [key_pair("one").certificate]).digest is SHA256


def test_a_recipient_may_be_named_by_the_identifier_of_its_key() -> None:
    pair = key_pair("one")
    identifier = subject_key_identifier(pair.certificate)
    assert identifier is not None
    written = b"".join(encrypt([CONTENT], [pair.certificate], CIPHERS["aes128-cbc"]))
    name = der.sequence(pair.certificate.issuer.public_bytes(), der.integer(pair.certificate.serial_number))
    info = ber.read(written)
    body = info.children()[1].children()[0]
    recipient = body.children()[1].children()[0]
    assert name in bytes(recipient.whole)
    parts = [der.value(0x80, identifier) if bytes(part.whole) == name else bytes(part.whole) for part in recipient.children()]
    rest = [bytes(part.whole) for part in body.children()]
    changed = der.sequence(rest[0], der.value(0x31, der.sequence(*parts)), rest[2])

    whole = der.sequence(der.oid(known.ENVELOPED_DATA), der.value(0xA0, changed))

    assert decrypt(whole, [pair]).content == CONTENT


def test_gcm_in_plain_enveloped_data_with_the_tag_behind_the_content() -> None:
    written = ber.read(b"".join(encrypt([CONTENT], [key_pair("one").certificate], CIPHERS["aes256-gcm"])))
    version, recipients, inside, tag = written.children()[1].children()[0].children()
    kind, algorithm, encrypted = inside.children()
    appended = der.value(0x80, bytes(encrypted.content) + tag.octets())
    body = der.sequence(
        bytes(version.whole), bytes(recipients.whole), der.sequence(bytes(kind.whole), bytes(algorithm.whole), appended)
    )

    assert decrypt(der.sequence(der.oid(known.ENVELOPED_DATA), der.value(0xA0, body)), [key_pair("one")]).content == CONTENT


def test_md5_and_rc2_are_not_supported_by_any_exception() -> None:
    with pytest.raises(Unsupported, match=r"1\.2\.840\.113549\.2\.5"):
        known.digest_of_oid("1.2.840.113549.2.5")
    with pytest.raises(Unsupported, match=r"1\.2\.840\.113549\.3\.2"):
        known.cipher_of_oid("1.2.840.113549.3.2")


def test_ecdsa_signatures_are_read() -> None:
    pair = curve_pair("curve")

    written = sign(digest_of(SHA256, [CONTENT]), SHA256, pair, NOW)

    assert verify(SignedData.read(written), [CONTENT], [pair.certificate]).certificate == pair.certificate


def test_other_content_and_other_signers_are_told_apart() -> None:
    signed = SignedData.read(sign(digest_of(SHA256, [CONTENT]), SHA256, key_pair("one"), NOW))

    with pytest.raises(IntegrityFailed):
        verify(signed, [CONTENT + b" "], [key_pair("one").certificate])
    with pytest.raises(AuthenticationFailed):
        verify(signed, [CONTENT], [key_pair("two").certificate])
    with pytest.raises(AuthenticationFailed):
        verify(signed, [CONTENT], [])


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\x30",
        b"\x30\x80",
        b"\x30\x85\xff\xff\xff\xff\xff",
        b"\x30\x89" + b"\xff" * 9,
        b"\x04\x80\x00\x00",
        b"\x1f\x81\x00",
        b"\x30\x80" * 5000,
        (b"\x30\x80" * 20 + b"\x04\x00" * 300_000),
        der.sequence(der.oid(known.SIGNED_DATA), der.value(0xA0, der.sequence())),
    ],
    ids=range(10),
)
def test_broken_and_hostile_structures_are_refused_at_once(hostile: bytes) -> None:
    start = time.perf_counter()
    for read in (SignedData.read, lambda data: decrypt(data, [key_pair("one")]), lambda data: decompress(data, 1000)):
        with pytest.raises(CmsError):
            read(hostile)  # type: ignore[operator]
    assert time.perf_counter() - start < 5


def test_more_values_than_a_message_of_its_size_can_need_are_refused() -> None:
    with pytest.raises(Unreadable, match="many parts"):
        ber.read(b"\x30\x80" + b"\x04\x00" * 20_000 + b"\0\0")


@given(st.integers(min_value=-(2**70), max_value=2**70))
def test_an_integer_comes_back(number: int) -> None:
    assert ber.read(der.integer(number)).integer() == number


@given(st.lists(st.integers(0, 2**40), min_size=1, max_size=8).map(lambda arcs: ".".join(map(str, (2, *arcs)))))
def test_an_object_identifier_comes_back(dotted: str) -> None:
    assert ber.read(der.oid(dotted)).oid() == dotted


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (SignedData.read, lambda data: decrypt(data, [key_pair("one")]), lambda data: decompress(data, 1000)):
        with pytest.raises(CmsError):
            read(data)  # type: ignore[operator]


SPOILT = {
    "signed": b"".join(sign_around([CONTENT], SHA256, key_pair("one"), NOW)),
    "pss": b"".join(sign_around([CONTENT], SHA256, key_pair("one"), NOW, pss=True)),
    "cbc": b"".join(encrypt([CONTENT], [key_pair("one").certificate], CIPHERS["aes128-cbc"], oaep=SHA256)),
    "gcm": b"".join(encrypt([CONTENT], [key_pair("one").certificate], CIPHERS["aes128-gcm"])),
    "compressed": b"".join(compress([CONTENT])),
}
CHANGE = st.tuples(st.integers(0, 10_000), st.binary(max_size=4), st.integers(0, 4))  # where, what is put there, for how much
CHANGES = st.lists(CHANGE, min_size=1, max_size=4)


@given(st.sampled_from(sorted(SPOILT)), CHANGES)
def test_spoilt_messages_are_read_or_refused_and_signed_ones_never_say_something_else(
    kind: str, changes: list[tuple[int, bytes, int]]
) -> None:
    data = bytearray(SPOILT[kind])
    for at, put, take in changes:
        at %= len(data) + 1
        data[at : at + take] = put
    try:
        if kind in ("signed", "pss"):
            signed = SignedData.read(bytes(data))
            content = signed.content or ()
            verify(signed, content, [key_pair("one").certificate])
            assert b"".join(content) == CONTENT
        elif kind == "compressed":
            assert len(decompress(bytes(data), 1000)) <= 1000
        else:
            opened = decrypt(bytes(data), [key_pair("one")])
            assert kind != "gcm" or opened.content == CONTENT
    except CmsError:
        pass


HEADERS = st.text(st.sampled_from("Content-Type:mlpart/signed;bo\"u=\\ \t\r\nabc*'%"), max_size=300)


@given(HEADERS, st.binary(max_size=200))
def test_any_header_and_body_are_read_or_refused(head: str, body: bytes) -> None:
    whole = head.encode() + b"\r\n\r\n" + body
    try:
        entity = Entity.read(Region.of(whole))
        assert entity.file_name is not None
        entity.content()
        entity.parts()
    except MimeError:
        pass


MESSAGE = pack([Part([CONTENT], "application/edi-x12", "a.edi")], Packing(encrypt=None), NOW, key_pair("one"), [])
WHOLE = (dict(MESSAGE.fields), b"".join(MESSAGE.body))


@given(CHANGES)
def test_a_spoilt_message_is_opened_as_it_was_or_refused(changes: list[tuple[int, bytes, int]]) -> None:
    fields, body = WHOLE[0], bytearray(WHOLE[1])
    for at, put, take in changes:
        at %= len(body) + 1
        body[at : at + take] = put
    region = Region.of(bytes(body))
    trust = Trust([], [key_pair("one").certificate])
    try:
        opened = open_message(Entity(Headers(fields.items()), region, region), trust)
    except Refused:
        return
    assert [part.content.copied() for part in opened.parts()] == [CONTENT]


@given(st.binary(max_size=300), st.sampled_from([b"7bit", b"base64", b"quoted-printable", b"binary", b"x-uuencode"]))
def test_transfer_encodings_are_undone_or_refused(body: bytes, encoding: bytes) -> None:
    entity = Entity.read(Region.of(b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body))
    try:
        found = entity.content().copied()
    except MimeError:
        return
    if encoding == b"base64":
        assert found == base64.b64decode(body.translate(None, b" \t\r\n"), validate=True)
