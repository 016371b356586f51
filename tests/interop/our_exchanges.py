"""Our AS2 against itself, over real sockets: every way to sign, to encrypt, to compress and to receipt, with every other."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

from as2_parties import Party, serve
from exchange import Exchange

from edi_gateway.transports.as2.client import Client, HttpTerms
from edi_gateway.transports.as2.packing import Compression, Packing
from edi_gateway.transports.as2.relation import ReceiptMode

PAYLOAD = os.urandom(3000) + b"\r\n\n\r--"
SIGN = (None, "sha256", "sha384", "sha512")
ENCRYPT = (None, "aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-gcm", "aes192-gcm", "aes256-gcm")
COMPRESS: tuple[Compression, ...] = ("none", "before signing", "after signing")


class Mode(NamedTuple):
    """Which receipt is asked for."""

    receipt: ReceiptMode
    signed: bool


MODES = (Mode("none", False), *(Mode(when, signed) for when in ("synchronous", "asynchronous") for signed in (True, False)))  # type: ignore[arg-type]


class Pair:
    """Two parties, served."""

    def __init__(self, stack: ExitStack) -> None:
        self.acme, self.northwind = Party("ACME", "Northwind"), Party("Northwind", "ACME")
        ours, theirs = stack.enter_context(serve(self.acme)), stack.enter_context(serve(self.northwind))
        self.back = f"http://127.0.0.1:{ours.port}/as2"
        self.acme.agree(url=f"http://127.0.0.1:{theirs.port}/as2", receipt_url=self.back)
        self.northwind.agree(must_be_signed=False, must_be_encrypted=False, receipt_addresses=(self.back,))
        self.client = Client(HttpTerms(timeout=30))
        self._count = 0

    def exchange(self, packing: Packing, mode: Mode) -> None:
        """Sends one payload, and holds what arrived and what was receipted against it."""
        self._count += 1
        payload = PAYLOAD + str(self._count).encode()
        self.acme.agree(packing=packing, receipt=mode.receipt, receipt_signed=mode.signed)
        receipt = self.acme.sink(_Kept(self.client)).send(f"{self._count}.edi", _stream(payload))
        if mode.receipt == "asynchronous":
            assert self.northwind.deliver_owed() == [200]
        assert self.northwind.journal.payloads[-1] == payload
        state = self.acme.journal.messages[receipt.reference].state
        assert state == ("sent" if mode.receipt == "none" else "confirmed"), state


class _Kept:
    """A client that stays open when a sink lets go of it."""

    def __init__(self, client: Client) -> None:
        self.post = client.post

    def close(self) -> None: ...


def _stream(payload: bytes):  # type: ignore[no-untyped-def]
    from io import BytesIO

    return BytesIO(payload)


def exchanges(quick: bool) -> Iterator[Exchange]:
    """The full matrix, and both paddings of RSA; quick: without two thirds of the ciphers and digests."""
    sign, encrypt = (SIGN[:2], (None, "aes256-cbc", "aes256-gcm")) if quick else (SIGN, ENCRYPT)
    with ExitStack() as stack:
        pair = Pair(stack)
        for each in itertools.product(sign, encrypt, COMPRESS, MODES):
            packing = Packing(sign=each[0], encrypt=each[1], compress=each[2])
            text = f"{each[0]}, {each[1]}, compressed {each[2]}, receipt {each[3].receipt}{' signed' if each[3].signed else ''}"
            yield Exchange("our AS2 with itself", text, partial(pair.exchange, packing, each[3]))
        for pss, oaep in itertools.product((False, True), (None, "sha1", "sha256")):
            packing = Packing(pss=pss, oaep=oaep)
            run = partial(pair.exchange, packing, Mode("synchronous", True))
            yield Exchange("our AS2 with itself", f"signature {'pss' if pss else 'pkcs1'}, key {oaep or 'pkcs1'}", run)
        pair.client.close()
