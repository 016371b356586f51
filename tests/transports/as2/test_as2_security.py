"""What must not get in: each attack is refused with the right answer, told to somebody, and leaves nothing to process behind."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from as2_parties import NOW, Party, Wire, key_pair, lowered

from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.transports.as2.cms import algorithms as known
from edi_gateway.transports.as2.cms import der
from edi_gateway.transports.as2.cms.algorithms import CIPHERS, DIGESTS, digest_of
from edi_gateway.transports.as2.cms.compressing import compress
from edi_gateway.transports.as2.cms.encrypting import encrypt
from edi_gateway.transports.as2.cms.signing import sign
from edi_gateway.transports.as2.disposition import Disposition
from edi_gateway.transports.as2.mdn import Mdn
from edi_gateway.transports.as2.mic import Mic
from edi_gateway.transports.as2.mime.errors import MimeError
from edi_gateway.transports.as2.mime.writing import Draft, draft
from edi_gateway.transports.as2.names import new_message_id
from edi_gateway.transports.as2.packing import Packing, Part, pack, signed
from edi_gateway.transports.as2.receipt_request import asking
from edi_gateway.transports.as2.relation import Allowance
from edi_gateway.transports.as2.station import Station
from edi_gateway.transports.as2.wire import Answer, envelope

ORDER = b"ISA*00*~\r\nST*850*0001~\r\n"
Change = Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]]


def refused(acme: Party, northwind: Party, change: Change | None = None) -> str:
    """Sends an order that is changed on its way; returns what northwind says of it, having checked that it kept nothing."""
    with pytest.raises(NeedsPerson) as error:
        acme.send(ORDER, client=Wire(northwind, change))
    assert northwind.journal.payloads == []
    assert any(kind in ("as2.refused", "as2.receipt_refused") for kind, _ in northwind.journal.told)
    return str(error.value)


def post(entity: Draft, northwind: Party, *more: tuple[str, str]) -> Answer:
    """Posts an entity of our own making to northwind, asking for a signed receipt."""
    ask = asking("ACME", "", DIGESTS["sha256"], signed=True)
    fields = envelope("ACME", "Northwind", new_message_id("ACME"), NOW, entity, *ask, *more)
    return northwind.station.answer(lowered(fields), b"".join(entity.body))


def plain(content: bytes = ORDER) -> Draft:
    return draft("application/edi-x12", [content], ("Content-Transfer-Encoding", "binary"))


def sealed(entity: Draft) -> Draft:
    """The entity, encrypted for northwind."""
    body = encrypt(entity.pieces(), [key_pair("Northwind").certificate], CIPHERS["aes128-cbc"])
    return draft("application/pkcs7-mime; smime-type=enveloped-data", body)


def squeezed(entity: Draft) -> Draft:
    return draft("application/pkcs7-mime; smime-type=compressed-data", compress(entity.pieces()))


def disposition(answer: Answer) -> str:
    found = re.search(rb"^Disposition: .*; (.*?)\r?$", answer.body, re.MULTILINE)
    assert found, answer.body
    return found[1].decode()


def test_an_unsigned_message_where_signatures_are_agreed(acme: Party, northwind: Party) -> None:
    acme.agree(packing=Packing(sign=None))

    assert "insufficient-message-security" in refused(acme, northwind)


def test_an_unencrypted_message_where_encryption_is_agreed(acme: Party, northwind: Party) -> None:
    acme.agree(packing=Packing(encrypt=None))

    assert "insufficient-message-security" in refused(acme, northwind)


def test_a_compressed_message_is_no_way_around_encryption(acme: Party, northwind: Party) -> None:
    acme.agree(packing=Packing(encrypt=None, compress="after signing"))

    assert "insufficient-message-security" in refused(acme, northwind)


def test_a_message_signed_by_somebody_else_whom_we_also_know(acme: Party, northwind: Party) -> None:
    acme.our_pairs = [key_pair("Another partner")]

    assert "authentication-failed" in refused(acme, northwind)


def test_signed_data_that_nobody_signed(northwind: Party) -> None:
    nobody = der.wrap(
        0x30,
        [der.sequence(der.integer(1), der.set_of(), der.sequence(der.oid(known.DATA)), der.set_of())[2:]],
    )
    empty = b"".join(der.wrap(0x30, der.wrap(0xA0, nobody), der.oid(known.SIGNED_DATA)))
    entity = signed(plain(), None, DIGESTS["sha256"], NOW, key_pair("ACME"))
    forged = _with_signature(entity, empty)

    answer = post(sealed(forged), northwind)

    assert disposition(answer) == "processed/Error: authentication-failed"
    assert northwind.journal.payloads == []


def test_no_flipped_bit_of_an_encrypted_message_changes_what_is_taken(acme: Party, northwind: Party) -> None:
    acme.agree(packing=Packing(encrypt="aes256-gcm"))
    honest = Wire(northwind)
    acme.send(ORDER, "first.edi", client=honest)
    headers, body = honest.posts[0]
    northwind.journal.__init__()  # type: ignore[misc]  # forgets the honest one
    northwind.station = Station(northwind, northwind.journal, northwind.clock)

    for bit in range(0, len(body) * 8, 97):
        changed = bytearray(body)
        changed[bit // 8] ^= 1 << bit % 8
        northwind.station.answer({**headers, "message-id": f"<{bit}@x>"}, bytes(changed))

    assert [each for each in northwind.journal.payloads if each != ORDER] == []
    assert len(northwind.journal.told) > len(body) // 20  # all but some of the wrapping that say nothing


def test_flipped_bits_of_the_content_of_a_signed_message(acme: Party, northwind: Party) -> None:
    acme.agree(packing=Packing(encrypt=None))
    northwind.agree(must_be_encrypted=False)

    def flip(headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
        return headers, body.replace(b"ST*850", b"ST*851")

    assert "integrity-check-failed" in refused(acme, northwind, flip)


def test_content_that_stands_beside_what_was_signed(northwind: Party) -> None:
    """Signature wrapping: a third part, or a signature that holds content of its own."""
    northwind.agree(must_be_encrypted=False)
    entity = signed(plain(), None, DIGESTS["sha256"], NOW, key_pair("ACME"))
    body = b"".join(entity.body)
    boundary = body.split(b"\r\n", 1)[0]
    evil = boundary + b"\r\nContent-Type: application/edi-x12\r\n\r\nISA*evil~\r\n" + body

    answer = post(Draft(entity.fields, [evil]), northwind)

    assert disposition(answer) == "processed/Error: unexpected-processing-error"
    assert northwind.journal.payloads == []


def test_an_encrypted_part_inside_a_signed_one_is_not_opened(northwind: Party) -> None:
    inside_out = signed(sealed(plain()), None, DIGESTS["sha256"], NOW, key_pair("ACME"))

    assert disposition(post(inside_out, northwind)) == "failed/Failure: unsupported format"
    assert northwind.journal.payloads == []


def test_a_zip_bomb_stops_at_the_limit(acme: Party, northwind: Party) -> None:
    northwind.agree(largest=1 << 20)
    acme.agree(packing=Packing(compress="before signing"))

    with pytest.raises(NeedsPerson, match="decompression-failed"):
        acme.send(bytes(50 << 20), client=Wire(northwind))
    assert northwind.journal.payloads == []


def test_a_bomb_inside_a_bomb(northwind: Party) -> None:
    nested = squeezed(squeezed(signed(plain(bytes(1 << 20)), None, DIGESTS["sha256"], NOW, key_pair("ACME"))))

    assert disposition(post(sealed(nested), northwind)) == "processed/Error: decompression-failed"
    assert northwind.journal.payloads == []


def test_compressed_data_that_ends_early(northwind: Party) -> None:
    body = compress([b"x" * 5000])
    cut = draft("application/pkcs7-mime; smime-type=compressed-data", [b"".join(body)[:-9]])

    assert disposition(post(sealed(cut), northwind)) == "processed/Error: decompression-failed"


@pytest.mark.parametrize("value", ["850.edi\r\nAS2-From: Somebody", "a\nb", "a\x00b"])
def test_no_name_of_ours_can_begin_another_header(acme: Party, wire: Wire, value: str) -> None:
    acme.agree(theirs=f"Northwind{value}")

    with pytest.raises(MimeError):
        acme.send(ORDER, client=wire)
    assert wire.posts == []


def test_a_file_name_with_line_ends_is_not_sent_under_and_would_be_written_harmlessly(acme: Party, wire: Wire) -> None:
    evil = "850.edi\r\nX-Evil: yes"
    with pytest.raises(WrongInput):
        acme.send(ORDER, evil, client=wire)

    packed = pack([Part([ORDER], "application/edi-x12", evil)], Packing(sign=None, encrypt=None), NOW, None, [])

    assert not any(mark in text for field in packed.fields for text in field for mark in "\r\n")
    assert wire.posts == []


def test_headers_larger_than_any_partner_writes(acme: Party, northwind: Party) -> None:
    answer = northwind.station.answer({"as2-from": "ACME", "as2-to": "Northwind", "x": "y" * 20_000}, ORDER)

    assert (answer.status, northwind.journal.arrivals) == (400, [])


def test_a_header_of_the_content_larger_than_any_partner_writes(northwind: Party) -> None:
    big = Draft((("Content-Type", "application/edi-x12"), ("X-Long", "y" * 40_000)), [ORDER])

    answer = post(signed(big, None, DIGESTS["sha256"], NOW, key_pair("ACME")), northwind)

    assert disposition(answer) == "processed/Error: unexpected-processing-error"
    assert northwind.journal.payloads == []


@pytest.mark.parametrize(("sender", "receiver"), [("Somebody", "Northwind"), ("ACME", "Southwind"), ("acme", "Northwind")])
def test_names_between_which_nothing_is_agreed(acme: Party, northwind: Party, wire: Wire, sender: str, receiver: str) -> None:
    def rename(headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
        return {**headers, "as2-from": sender, "as2-to": receiver}, body

    with pytest.raises(NeedsPerson, match="unknown-trading-relationship"):
        acme.send(ORDER, client=Wire(northwind, rename))
    assert northwind.journal.arrivals == []


def test_nobody_writes_to_himself(northwind: Party) -> None:
    answer = northwind.station.answer({"as2-from": "Northwind", "as2-to": "Northwind", "message-id": "<1@x>"}, ORDER)

    assert (answer.status, b"sender-equals-receiver" in answer.body) == (400, True)


def test_a_certificate_of_theirs_that_has_expired(acme: Party, northwind: Party) -> None:
    old = key_pair("ACME old", until=NOW - timedelta(days=1))
    acme.our_pairs, northwind.their_certificates = [old], [old.certificate]
    acme.their_certificates = [key_pair("Northwind").certificate]

    assert "authentication-failed" in refused(acme, northwind)
    assert "expired" in northwind.journal.told[0][1]


def test_an_expired_certificate_by_exception_is_taken_and_told(acme: Party, northwind: Party, wire: Wire) -> None:
    old = key_pair("ACME old", until=NOW - timedelta(days=1))
    acme.our_pairs, northwind.their_certificates = [old], [old.certificate]
    northwind.agree(allowances=(Allowance("expired certificate", NOW.date()),))

    acme.send(ORDER, client=wire)

    assert northwind.journal.payloads == [ORDER]
    assert northwind.journal.told == [("as2.exception", "the certificate it is signed with has expired")]


def test_an_exception_ends_on_its_last_day(acme: Party, northwind: Party) -> None:
    old = key_pair("ACME old", until=NOW - timedelta(days=5))
    acme.our_pairs, northwind.their_certificates = [old], [old.certificate]
    northwind.agree(allowances=(Allowance("expired certificate", NOW.date() - timedelta(days=1)),))

    assert "authentication-failed" in refused(acme, northwind)


@pytest.mark.parametrize("weak", ["sha1", "3des"])
def test_weak_algorithms_are_refused_unless_they_are_named(acme: Party, northwind: Party, weak: str) -> None:
    packing = Packing(sign="sha1") if weak == "sha1" else Packing(encrypt="3des")
    acme.agree(packing=packing, allowances=(Allowance(weak, NOW.date()),))  # type: ignore[arg-type]

    assert "insufficient-message-security" in refused(acme, northwind)

    northwind.agree(allowances=(Allowance(weak, NOW.date()),))  # type: ignore[arg-type]
    acme.send(ORDER, "again.edi", client=Wire(northwind))
    assert northwind.journal.payloads == [ORDER]
    assert ("as2.exception", f"it is {'signed' if weak == 'sha1' else 'encrypted'} with {weak}") in northwind.journal.told


def test_a_weakly_signed_receipt_is_taken_by_exception_only_and_told(acme: Party) -> None:
    def weakly(message_id: str, mic: Mic) -> Draft:
        return mdn(message_id, mic).signed(DIGESTS["sha1"], NOW, key_pair("Northwind"))

    assert_not_proved(acme, weakly)

    acme.agree(allowances=(Allowance("sha1", NOW.date()),))
    assert acme.send(ORDER, "second.edi", client=Forger(weakly, acme)).confirmed
    assert acme.journal.told[-1] == ("as2.exception", "of a receipt of Northwind: it is signed with sha1")


def test_we_use_nothing_weak_ourselves_unless_it_is_named(acme: Party, wire: Wire) -> None:
    acme.agree(packing=Packing(encrypt="3des"))

    with pytest.raises(NeedsPerson, match="3des is too weak"):
        acme.send(ORDER, client=wire)
    assert wire.posts == []


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/as2",
        "https://as2.acme.example.evil.example/as2",
        "https://as2.acme.example@evil.example/as2",
        "https://as2.acme.example:444/as2",
        "http://as2.acme.example/as2",
        "https://as2.acme.example/as2/../admin",
        "file:///etc/passwd",
    ],
)
def test_no_address_is_called_but_one_the_profile_allows(acme: Party, northwind: Party, url: str) -> None:
    northwind.agree(receipt_addresses=("https://as2.acme.example/as2",))
    acme.agree(receipt="asynchronous", receipt_url=url)

    with pytest.raises(NeedsPerson, match="403"):
        acme.send(ORDER, client=Wire(northwind))
    assert (northwind.journal.payloads, northwind.journal.owed) == ([], [])
    assert northwind.journal.told[0][0] == "as2.refused"


class Forger:
    """Answers a post with a receipt of somebody's own making."""

    def __init__(self, make: Callable[[str, Mic], Draft], acme: Party) -> None:
        self._make, self._acme = make, acme

    def post(self, url: str, fields: Any, body: io.BytesIO, size: int) -> Any:
        from edi_gateway.transports.as2.client import Reply

        sent = self._acme.journal.messages[dict(fields)["Message-ID"]]
        entity = self._make(sent.message_id, sent.mic)
        return Reply(200, lowered(entity.fields), b"".join(entity.body))

    def close(self) -> None: ...


def mdn(message_id: str, mic: Mic | None) -> Mdn:
    return Mdn(message_id, "Northwind", Disposition("processed"), mic, "fine")


def test_a_receipt_that_nobody_signed_though_it_is_called_signed(acme: Party) -> None:
    nobody = [der.sequence(der.integer(1), der.set_of(), der.sequence(der.oid(known.DATA)), der.set_of())]
    empty = b"".join(der.wrap(0x30, der.wrap(0xA0, nobody), der.oid(known.SIGNED_DATA)))

    def forge(message_id: str, mic: Mic) -> Draft:
        return _with_signature(mdn(message_id, mic).signed(DIGESTS["sha256"], NOW, key_pair("Northwind")), empty)

    assert_not_proved(acme, forge)


def test_a_receipt_signed_by_somebody_else(acme: Party) -> None:
    assert_not_proved(acme, lambda id, mic: mdn(id, mic).signed(DIGESTS["sha256"], NOW, key_pair("Another partner")))


def test_an_unsigned_receipt_proves_nothing(acme: Party) -> None:
    assert_not_proved(acme, lambda id, mic: mdn(id, mic).draft())


def test_a_receipt_with_another_mic_proves_nothing(acme: Party) -> None:
    other = Mic.over([b"something else"], DIGESTS["sha256"])
    assert_not_proved(acme, lambda id, _: mdn(id, other).signed(DIGESTS["sha256"], NOW, key_pair("Northwind")))


def test_a_receipt_without_a_mic_proves_nothing(acme: Party) -> None:
    assert_not_proved(acme, lambda id, _: mdn(id, None).signed(DIGESTS["sha256"], NOW, key_pair("Northwind")))


def test_a_receipt_for_another_message_is_an_orphan(acme: Party) -> None:
    def other(_: str, mic: Mic) -> Draft:
        return mdn("<other@x>", mic).signed(DIGESTS["sha256"], NOW, key_pair("Northwind"))

    with pytest.raises(Exception, match="is a receipt for <other@x>"):
        acme.send(ORDER, client=Forger(other, acme))
    assert [each.original for each in acme.journal.orphans] == ["<other@x>"]


def test_a_forged_receipt_that_comes_later_changes_nothing(acme: Party, northwind: Party) -> None:
    acme.agree(receipt="asynchronous", receipt_url="https://as2.acme.example/as2")
    northwind.agree(receipt_addresses=("https://as2.acme.example/as2",))
    receipt = acme.send(ORDER, client=Wire(northwind))
    sent = acme.journal.messages[receipt.reference]

    for entity in (
        mdn(sent.message_id, sent.mic).draft(),
        mdn(sent.message_id, sent.mic).signed(DIGESTS["sha256"], NOW, key_pair("Another partner")),
    ):
        fields = envelope("Northwind", "ACME", "<r@x>", NOW, entity)
        answer = acme.station.answer(lowered(fields), b"".join(entity.body))
        assert answer.status == 400

    assert acme.journal.messages[receipt.reference].state == "awaiting"
    assert acme.journal.told


def test_a_signature_is_only_good_for_the_content_it_was_made_for(northwind: Party) -> None:
    """One honest signature moved onto other content."""
    northwind.agree(must_be_encrypted=False)
    other = plain(b"ISA*other~")
    stolen = sign(digest_of(DIGESTS["sha256"], plain().pieces()), DIGESTS["sha256"], key_pair("ACME"), NOW)

    answer = post(_with_signature(signed(other, None, DIGESTS["sha256"], NOW, key_pair("ACME")), stolen), northwind)

    assert disposition(answer) == "processed/Error: integrity-check-failed"


def test_zlib_itself_agrees_that_the_bombs_above_are_bombs() -> None:
    assert len(zlib.compress(bytes(50 << 20))) < 100_000


def assert_not_proved(acme: Party, forge: Callable[[str, Mic], Draft]) -> None:
    with pytest.raises(NeedsPerson):
        acme.send(ORDER, client=Forger(forge, acme))
    assert all(sent.state != "confirmed" for sent in acme.journal.messages.values())


def _with_signature(entity: Draft, signature: bytes) -> Draft:
    """A signed entity whose signature is replaced."""
    from edi_gateway.transports.as2.mime.writing import base64_lines

    body = b"".join(entity.body)
    start = body.index(b'filename="smime.p7s"\r\n\r\n') + len(b'filename="smime.p7s"\r\n\r\n')
    end = body.index(b"\r\n--", start)
    return Draft(entity.fields, [body[:start], base64_lines(signature), body[end:]])
