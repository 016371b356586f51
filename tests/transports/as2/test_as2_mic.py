"""The MIC of every combination is over exactly the bytes RFC 4130 §7.3.1 and RFC 5402 §4 name, told here by other means."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re

import pytest
from as2_parties import Party, Wire

from edi_gateway.transports.as2.packing import Compression, Packing

PAYLOADS = {
    "text": b"ISA*00*~\r\nGS*PO~\r\n",
    "bare line feeds": b"ISA*00*~\nGS*PO~\n",
    "binary": bytes(range(256)) * 3,
    "empty": b"",
    "no line end": b"x",
    "what looks like a boundary": b"--=_0\r\n\r\n--\r\n",
}
HEAD = (
    b"Content-Type: application/edi-x12\r\nContent-Transfer-Encoding: binary\r\n"
    b'Content-Disposition: attachment; filename="850.edi"\r\n\r\n'
)


def mic(covered: bytes) -> str:
    return base64.b64encode(hashlib.sha256(covered).digest()).decode() + ", sha-256"


def said(wire: Wire, acme: Party) -> tuple[str, str]:
    """The MIC we expect, and the one in the receipt."""
    sent = next(iter(acme.journal.messages.values()))
    found = re.search(rb"Received-Content-MIC: ([^\r]+)", acme.journal.evidence[0].wire)
    assert found
    return str(sent.mic), found[1].decode()


@pytest.fixture
def lax(northwind: Party) -> Party:
    return northwind.agree(must_be_signed=False, must_be_encrypted=False)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
@pytest.mark.parametrize("encrypt", [None, "aes128-cbc", "aes256-gcm"])
def test_signed_it_is_over_the_part_that_was_signed(acme: Party, lax: Party, payload: bytes, encrypt: str | None) -> None:
    wire = Wire(lax)
    acme.agree(packing=Packing(encrypt=encrypt)).send(payload, client=wire)

    assert said(wire, acme) == (mic(HEAD + payload), mic(HEAD + payload))


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_encrypted_alone_it_is_over_headers_and_content(acme: Party, lax: Party, payload: bytes) -> None:
    wire = Wire(lax)
    acme.agree(packing=Packing(sign=None)).send(payload, client=wire)

    assert said(wire, acme) == (mic(HEAD + payload), mic(HEAD + payload))


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_neither_signed_nor_encrypted_it_is_over_the_content_alone(acme: Party, lax: Party, payload: bytes) -> None:
    wire = Wire(lax)
    acme.agree(packing=Packing(sign=None, encrypt=None)).send(payload, client=wire)

    assert said(wire, acme) == (mic(payload), mic(payload))


@pytest.mark.parametrize("encrypt", [None, "aes128-cbc"])
def test_unsigned_and_compressed_it_is_over_what_was_compressed(acme: Party, lax: Party, encrypt: str | None) -> None:
    wire = Wire(lax)
    acme.agree(packing=Packing(sign=None, encrypt=encrypt, compress="before signing")).send(b"ISA~", client=wire)

    assert said(wire, acme) == (mic(HEAD + b"ISA~"), mic(HEAD + b"ISA~"))


def test_signed_and_then_compressed_it_is_over_the_part_that_was_signed(acme: Party, lax: Party) -> None:
    wire = Wire(lax)
    acme.agree(packing=Packing(compress="after signing")).send(b"ISA~", client=wire)

    assert said(wire, acme) == (mic(HEAD + b"ISA~"), mic(HEAD + b"ISA~"))


def test_compressed_and_then_signed_it_is_over_the_compressed_part(acme: Party, lax: Party) -> None:
    wire = Wire(lax)
    acme.agree(packing=Packing(encrypt=None, compress="before signing")).send(b"ISA~" * 100, client=wire)
    headers, body = wire.posts[0]
    boundary = re.search(r'boundary="([^"]+)"', headers["content-type"])
    assert boundary
    signed = body.split(b"--" + boundary[1].encode())[1][2:-2]

    assert signed.startswith(b"Content-Type: application/pkcs7-mime; smime-type=compressed-data")
    assert said(wire, acme) == (mic(signed), mic(signed))


SIGN = (None, "sha256", "sha384", "sha512")
ENCRYPT = (None, "aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-gcm", "aes192-gcm", "aes256-gcm")
COMPRESS: tuple[Compression, ...] = ("none", "before signing", "after signing")
MATRIX = list(itertools.product(SIGN, ENCRYPT, COMPRESS))


@pytest.mark.parametrize(("sign", "encrypt", "compress"), MATRIX)
def test_both_sides_reckon_the_same_mic_for_every_combination(
    acme: Party, lax: Party, sign: str | None, encrypt: str | None, compress: Compression
) -> None:
    payload = PAYLOADS["binary"]
    receipt = acme.agree(packing=Packing(sign=sign, encrypt=encrypt, compress=compress)).send(payload, client=Wire(lax))

    assert receipt.confirmed
    assert lax.journal.payloads == [payload]


@pytest.mark.parametrize(("pss", "oaep"), list(itertools.product((False, True), (None, "sha1", "sha256"))))
def test_both_paddings_of_rsa_for_signatures_and_for_keys(acme: Party, lax: Party, pss: bool, oaep: str | None) -> None:
    receipt = acme.agree(packing=Packing(pss=pss, oaep=oaep)).send(b"ISA~", client=Wire(lax))

    assert receipt.confirmed
