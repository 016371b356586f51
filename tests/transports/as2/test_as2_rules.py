"""Rules that AS2 products have agreed on in interoperability tests, each as it shows on the wire."""

from __future__ import annotations

import base64
import re

import pytest
from as2_parties import NOW, Party, Wire, key_pair, lowered

from edi_gateway.errors import NeedsPerson
from edi_gateway.transports.as2.cms.algorithms import CIPHERS, DIGESTS
from edi_gateway.transports.as2.cms.der import Piece
from edi_gateway.transports.as2.cms.encrypting import encrypt
from edi_gateway.transports.as2.cms.signing import sign_around
from edi_gateway.transports.as2.disposition import Disposition
from edi_gateway.transports.as2.mdn import Mdn
from edi_gateway.transports.as2.mic import Mic
from edi_gateway.transports.as2.mime.writing import Draft, draft
from edi_gateway.transports.as2.names import new_message_id
from edi_gateway.transports.as2.packing import Packing, Part, pack, signed
from edi_gateway.transports.as2.relation import Allowance
from edi_gateway.transports.as2.wire import Answer, envelope

ORDER = b"ISA*00*~\r\n"
SHA256 = DIGESTS["sha256"]


@pytest.fixture
def lax(northwind: Party) -> Party:
    """Takes messages that are neither signed nor encrypted: for rules that show best on those."""
    return northwind.agree(must_be_signed=False, must_be_encrypted=False)


def post(party: Party, entity: Draft, **more: str) -> Answer:
    """Posts an entity as ACME; header fields by name, with underscores for dashes."""
    fields = lowered(envelope("ACME", "Northwind", new_message_id("ACME"), NOW, entity))
    fields |= {name.replace("_", "-"): value for name, value in more.items()}
    return party.station.answer(fields, b"".join(entity.body))


def ask(micalg: str = "sha-256", importance: str = "optional") -> dict[str, str]:
    """Asks for a signed receipt."""
    options = f"signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg={importance}, {micalg}"
    return {"disposition_notification_to": "x@acme.example", "disposition_notification_options": options}


def content(body: bytes = ORDER, *more: tuple[str, str]) -> Draft:
    return draft("application/edi-x12", [body], *more)


def by_acme(entity: Draft, digest: str = "sha256") -> Draft:
    return signed(entity, None, DIGESTS[digest], NOW, key_pair("ACME"))


class Raw(Draft):
    """An entity whose header is in its body already."""

    def pieces(self) -> list[Piece]:
        return self.body


def mic_of(answer: Answer) -> str:
    found = re.search(rb"Received-Content-MIC: ([^\r\n]+)", answer.body)
    assert found, answer.body
    return found[1].decode()


def disposition(answer: Answer) -> str:
    found = re.search(rb"Disposition: [^;]*; ([^\r\n]+)", answer.body)
    assert found, answer.body
    return found[1].decode()


# -- content transfer encoding ---------------------------------------------------------------------


def test_no_transfer_encoding_means_binary(lax: Party) -> None:
    post(lax, by_acme(content(bytes(range(256)))))

    assert lax.journal.payloads == [bytes(range(256))]


def test_base64_in_lines_of_any_length_and_line_end(lax: Party) -> None:
    encoded = base64.b64encode(ORDER * 40)
    for cut, end in ((76, b"\r\n"), (64, b"\n"), (10_000, b"")):
        lines = end.join(encoded[at : at + cut] for at in range(0, len(encoded), cut))
        post(lax, by_acme(content(lines, ("Content-Transfer-Encoding", "base64"))))

    assert lax.journal.payloads == [ORDER * 40] * 3


def test_an_encrypted_body_may_be_base64(lax: Party) -> None:
    body = b"".join(encrypt(content().pieces(), [key_pair("Northwind").certificate], CIPHERS["aes128-cbc"]))
    entity = draft("application/pkcs7-mime", [base64.encodebytes(body)], ("Content-Transfer-Encoding", "base64"))
    post(lax, entity)

    assert lax.journal.payloads == [ORDER]


def test_a_transfer_encoding_that_says_base64_over_bytes_that_are_none(lax: Party) -> None:
    body = encrypt(content().pieces(), [key_pair("Northwind").certificate], CIPHERS["aes128-cbc"])
    post(lax, draft("application/pkcs7-mime; smime-type=enveloped-data", body, ("Content-Transfer-Encoding", "base64")))

    assert lax.journal.payloads == [ORDER]


def test_quoted_printable_is_read(lax: Party) -> None:
    post(lax, by_acme(content(b"ISA=2A00=\r\n*~", ("Content-Transfer-Encoding", "quoted-printable"))))

    assert lax.journal.payloads == [b"ISA*00*~"]


# -- headers ---------------------------------------------------------------------------------------


def test_no_header_we_send_is_folded(acme: Party, wire: Wire) -> None:
    acme.send(ORDER, "a" * 196 + ".edi", client=wire)

    headers = wire.posts[0][0]
    assert not any("\n" in value or "\r" in value for value in headers.values())
    assert b"\r\n\t" not in acme.journal.evidence[0].wire
    assert b"\r\n " not in acme.journal.evidence[0].wire


def test_folded_headers_are_read_with_any_line_end(lax: Party) -> None:
    body = (
        b'Content-Type: application/edi-x12;\r\n\tname=a.edi\r\nContent-Disposition: attachment;\n filename="b.edi"\r\n\r\nISA~'
    )
    post(lax, by_acme(Raw((), [body])))

    assert (lax.journal.file_names, lax.journal.payloads) == (["b.edi"], [b"ISA~"])


def test_header_names_and_values_of_the_standard_are_read_in_any_case(lax: Party) -> None:
    entity = by_acme(content())
    fields = tuple((name, value.replace("multipart/signed", "Multipart/Signed")) for name, value in entity.fields)
    options = "Signed-Receipt-Protocol=Optional,PKCS7-Signature;SIGNED-RECEIPT-MICALG=optional,SHA256"
    asked = {"disposition_notification_to": "x", "disposition_notification_options": options}
    answer = post(lax, Draft(fields, entity.body), **asked)

    assert disposition(answer) == "processed"
    assert dict(answer.fields)["Content-Type"].startswith("multipart/signed")


def test_parameters_of_a_content_type_come_in_any_order(lax: Party) -> None:
    entity = by_acme(content())
    boundary = re.search(r'boundary="([^"]+)"', entity.fields[0][1])
    assert boundary
    shuffled = f"multipart/signed; boundary={boundary[1]}; micalg=SHA256; protocol=application/pkcs7-signature"
    post(lax, Draft((("Content-Type", shuffled),), entity.body))

    assert lax.journal.payloads == [ORDER]


def test_a_header_that_decides_how_a_message_is_read_stands_there_once(lax: Party) -> None:
    twice = Draft((("Content-Type", "application/edi-x12"), ("content-type", "text/plain")), [ORDER])

    assert disposition(post(lax, by_acme(twice), **ask())) == "processed/Error: unexpected-processing-error"


# -- names and ids ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ACME Supply", 'A "quoted" name', "back\\slash", "<>#!,;[]", "ZZ:12345", "a", "x" * 128])
def test_as2_names_of_any_printable_characters(name: str) -> None:
    one, other = Party(name, "Northwind"), Party("Northwind", name)

    assert one.send(ORDER, client=Wire(other)).confirmed


def test_names_with_blanks_are_written_in_quotes() -> None:
    wire = Wire(Party("Northwind", "ACME Supply"))
    Party("ACME Supply", "Northwind").send(ORDER, client=wire)

    assert wire.posts[0][0]["as2-from"] == '"ACME Supply"'


@pytest.mark.parametrize("message_id", ["<no-at-sign>", "bare@id", f"<{'x' * 250}@y>", "<with blank@x>", "<a@b>"])
def test_message_ids_of_any_form_are_repeated_as_they_came(lax: Party, message_id: str) -> None:
    answer = post(lax, by_acme(content()), message_id=message_id, **ask())

    assert f"Original-Message-ID: {message_id}\r\n".encode() in answer.body


def test_a_message_without_an_id_is_refused(lax: Party) -> None:
    answer = post(lax, by_acme(content()), message_id="", **ask())

    assert (answer.status, b"invalid-message-id" in answer.body, lax.journal.payloads) == (400, True, [])


# -- receipts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sha256", "sha-256", "SHA-256", "Sha256", "rsa-sha256", '"sha-256"'])
def test_a_digest_is_known_by_each_of_its_names(lax: Party, name: str) -> None:
    assert mic_of(post(lax, content(), **ask(name))).endswith(", sha-256")


@pytest.mark.parametrize("name", ["sha1", "sha-1", "SHA1", "rsa-sha1"])
def test_sha1_by_each_of_its_names_where_it_is_excepted(lax: Party, name: str) -> None:
    lax.agree(allowances=(Allowance("sha1", NOW.date()),))

    assert mic_of(post(lax, content(), **ask(name))).endswith(", sha1")


def test_the_first_algorithm_we_take_of_those_they_name(lax: Party) -> None:
    assert mic_of(post(lax, content(), **ask("md5, rot13, sha-384, sha-256"))).endswith(", sha-384")


def test_the_mic_of_a_signed_message_is_by_the_algorithm_of_its_signature(lax: Party) -> None:
    assert mic_of(post(lax, by_acme(content(), "sha512"), **ask("sha-256"))).endswith(", sha-512")


def test_algorithms_we_do_not_take_are_refused_only_where_they_are_required(lax: Party) -> None:
    optional = post(lax, content(), **ask("md5"))
    required = post(lax, content(b"second"), **ask("md5", "required"))

    assert disposition(optional) == "processed"
    assert disposition(required) == "failed/Failure: unsupported MIC-algorithms"
    assert lax.journal.payloads == [ORDER]


def test_a_signature_protocol_we_do_not_speak_is_refused_where_it_is_required(lax: Party) -> None:
    options = {"disposition_notification_options": "signed-receipt-protocol=required, pgp-signature"}
    answer = post(lax, content(), **{**ask(), **options})

    assert disposition(answer) == "failed/Failure: unsupported format"


@pytest.mark.parametrize("text", ["{}, sha-256", "{},sha-256", "{} , SHA256"])
def test_a_mic_is_read_with_and_without_blanks(text: str) -> None:
    mic = Mic.over([ORDER], SHA256)

    assert Mic.read(text.format(base64.b64encode(mic.value).decode())) == mic


def test_a_receipt_without_a_message_id_of_its_own_is_taken(acme: Party, northwind: Party) -> None:
    acme.agree(receipt="asynchronous", receipt_url="https://as2.acme.example/as2")
    northwind.agree(receipt_addresses=("https://as2.acme.example",))
    reference = acme.send(ORDER, client=Wire(northwind)).reference
    receipt = northwind.journal.owed[0][1]
    fields = {name: value for name, value in lowered(receipt.fields).items() if name != "message-id"}

    assert acme.station.answer(fields, receipt.body).status == 200
    assert acme.journal.messages[reference].state == "confirmed"


def test_a_receipt_that_names_another_final_recipient_is_taken(acme: Party, northwind: Party) -> None:
    acme.agree(receipt="asynchronous", receipt_url="https://as2.acme.example/as2")
    northwind.agree(receipt_addresses=("https://as2.acme.example",))
    reference = acme.send(ORDER, client=Wire(northwind)).reference
    sent = acme.journal.messages[reference]
    receipt = Mdn(reference, "SOMEBODY ELSE", Disposition("processed"), sent.mic).signed(SHA256, NOW, key_pair("Northwind"))

    acme.station.answer(lowered(envelope("Northwind", "ACME", "<r@x>", NOW, receipt)), b"".join(receipt.body))

    assert acme.journal.messages[reference].state == "confirmed"


def test_an_answer_to_a_message_whose_receipt_comes_later_is_200_whatever_is_wrong_with_it(acme: Party, northwind: Party) -> None:
    acme.agree(receipt="asynchronous", receipt_url="https://as2.acme.example/as2", packing=Packing(encrypt=None))
    northwind.agree(receipt_addresses=("https://as2.acme.example",))

    receipt = acme.send(ORDER, client=Wire(northwind))
    url, owed = northwind.journal.owed[0]

    assert (receipt.confirmed, receipt.confirm_by is not None) == (False, True)
    assert url == "https://as2.acme.example/as2"
    assert b"insufficient-message-security" in owed.body


def test_an_address_for_receipts_may_be_long_and_have_a_query(acme: Party, northwind: Party) -> None:
    url = f"https://as2.acme.example/as2/{'x' * 150}?from=a%20b&to=c"
    acme.agree(receipt="asynchronous", receipt_url=url)
    northwind.agree(receipt_addresses=("https://as2.acme.example/as2",))

    acme.send(ORDER, client=Wire(northwind))

    assert northwind.journal.owed[0][0] == url


def test_a_warning_is_no_refusal() -> None:
    assert Disposition.read("automatic-action/MDN-sent-automatically; processed/warning: duplicate-document").is_positive  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "automatic-action/MDN-sent-automatically; processed/error: decryption-failed",
        "automatic-action/MDN-sent-automatically;failed/Failure:unsupported format",
        "manual-action/MDN-sent-manually; processed/Error : authentication-failed",
    ],
)
def test_negative_dispositions_are_read_in_every_spelling(text: str) -> None:
    found = Disposition.read(text)

    assert found is not None
    assert not found.is_positive


@pytest.mark.parametrize(
    ("packing", "theirs", "why"),
    [
        (Packing(), "Another partner", "authentication-failed"),
        (Packing(encrypt="aes256-cbc"), "", "decryption-failed"),
    ],
)
def test_negative_receipts_say_what_failed(acme: Party, northwind: Party, packing: Packing, theirs: str, why: str) -> None:
    acme.agree(packing=packing)
    if theirs:
        northwind.their_certificates = [key_pair(theirs).certificate]
    else:
        acme.their_certificates = [key_pair("Another partner").certificate, key_pair("Northwind").certificate]

    with pytest.raises(NeedsPerson, match=why):
        acme.send(ORDER, client=Wire(northwind))


# -- multiparts ------------------------------------------------------------------------------------


def test_text_before_the_first_boundary_and_behind_the_last_one_is_nothing(lax: Party) -> None:
    entity = by_acme(content())
    body = b"".join(entity.body)
    post(lax, Draft(entity.fields, [b"This is a MIME message.\r\n\r\n", body, b"\r\nBye.\r\n"]))

    assert lax.journal.payloads == [ORDER]


def test_blanks_behind_a_boundary_are_nothing(lax: Party) -> None:
    entity = by_acme(content())
    boundary = b"".join(entity.body).split(b"\r\n", 1)[0]
    post(lax, Draft(entity.fields, [b"".join(entity.body).replace(boundary + b"\r\n", boundary + b" \t\r\n")]))

    assert lax.journal.payloads == [ORDER]


def test_a_longer_boundary_that_begins_like_ours_is_content(lax: Party) -> None:
    entity = draft("multipart/mixed; boundary=b", [b"--b\r\n\r\none\r\n--bb\r\ntwo\r\n--b\r\n\r\nthree\r\n--b--\r\n"])
    post(lax, entity)

    assert lax.journal.payloads == [b"one\r\n--bb\r\ntwo", b"three"]


def test_several_attachments_are_taken_each_with_its_name(lax: Party) -> None:
    parts = [Part([b"ISA~"], "application/edi-x12", "a.edi"), Part([b"%PDF"], "application/pdf", "größe b.pdf")]
    packed = pack(parts, Packing(), NOW, key_pair("ACME"), [key_pair("Northwind").certificate])
    post(lax, Draft(packed.fields, packed.body))

    assert lax.journal.payloads == [b"ISA~", b"%PDF"]
    assert lax.journal.file_names == ["a.edi", "größe b.pdf"]


@pytest.mark.parametrize(
    ("disposition_", "name"),
    [
        ('attachment; filename="a b.edi"', "a b.edi"),
        ("attachment; filename=a.edi", "a.edi"),
        ('attachment; filename="with \\"quotes\\".edi"', 'with "quotes".edi'),
        ("attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe.edi", "größe.edi"),
        ("inline", ""),
    ],
)
def test_file_names_as_products_write_them(lax: Party, disposition_: str, name: str) -> None:
    post(lax, by_acme(content(ORDER, ("Content-Disposition", disposition_))))

    assert lax.journal.file_names == [name]


@pytest.mark.parametrize(
    "kind", ["application/edifact", "application/xml", "text/plain; charset=utf-8", "application/octet-stream", "image/png"]
)
def test_content_of_any_type(acme: Party, northwind: Party, kind: str) -> None:
    acme.agree(content_type=kind).send(bytes(range(256)), client=Wire(northwind))

    assert northwind.journal.payloads == [bytes(range(256))]


# -- signatures ------------------------------------------------------------------------------------


def test_a_signature_around_its_content_is_taken(lax: Party) -> None:
    whole = sign_around(content().pieces(), SHA256, key_pair("ACME"), NOW)
    answer = post(lax, draft('application/pkcs7-mime; smime-type="signed-data"', whole), **ask())

    assert lax.journal.payloads == [ORDER]
    assert mic_of(answer) == str(Mic.over(content().pieces(), SHA256))


def test_line_ends_that_something_on_the_way_has_shortened_are_put_back(lax: Party) -> None:
    entity = by_acme(content(b"ISA~\r\nGS~\r\n"))
    post(lax, Draft(entity.fields, [b"".join(entity.body).replace(b"\r\n", b"\n")]))

    assert lax.journal.payloads == [b"ISA~\r\nGS~\r\n"]


def test_a_message_may_be_encrypted_for_several_of_which_we_are_one(lax: Party) -> None:
    people = [key_pair("ACME").certificate, key_pair("Another partner").certificate, key_pair("Northwind").certificate]
    post(
        lax,
        draft("application/pkcs7-mime; smime-type=enveloped-data", encrypt(content().pieces(), people, CIPHERS["aes256-cbc"])),
    )

    assert lax.journal.payloads == [ORDER]


def test_old_and_new_certificates_overlap_on_both_sides(acme: Party, northwind: Party) -> None:
    new = key_pair("ACME new")
    northwind.their_certificates = [key_pair("ACME").certificate, new.certificate]
    northwind.our_pairs = [key_pair("Northwind new"), key_pair("Northwind")]
    acme.their_certificates = [key_pair("Northwind").certificate, key_pair("Northwind new").certificate]

    acme.send(ORDER, "old.edi", client=Wire(northwind))
    acme.our_pairs = [new]
    acme.their_certificates.reverse()
    acme.send(ORDER, "new.edi", client=Wire(northwind))

    assert northwind.journal.file_names == ["old.edi", "new.edi"]


def test_our_version_and_features_are_told(acme: Party, wire: Wire) -> None:
    acme.send(ORDER, client=wire)

    headers = wire.posts[0][0]
    assert (headers["as2-version"], headers["mime-version"]) == ("1.2", "1.0")
    assert "multiple-attachments" in headers["ediint-features"]
