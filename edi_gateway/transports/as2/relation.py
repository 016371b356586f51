"""What is agreed with one AS2 partner, as station and sink need it, and how its certificates and keys are asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple, Protocol, TypeAlias

import msgspec
from cryptography import x509

from edi_gateway.transports.as2.cms.keys import KeyPair
from edi_gateway.transports.as2.packing import Packing

ReceiptMode: TypeAlias = Literal["none", "synchronous", "asynchronous"]
Weakness: TypeAlias = Literal["sha1", "3des", "expired certificate"]
EXPIRED: Weakness = "expired certificate"


class Allowance(NamedTuple):
    """Something weak that is taken or used all the same, and the last day on which it is."""

    what: Weakness
    until: date


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """One AS2 partner: both names, how messages are made, what they have to be, and which receipts are asked for.

    ``url``: where we send to. ``receipt_url``: where their later receipts come to. ``receipt_addresses``: beginnings of the URLs
    to which we deliver receipts later; none: we do not. ``largest``: bytes of a message, before and after decompression.
    """

    connection: str
    ours: str
    theirs: str
    partner: str | None = None  # whose it is, where it is of one partner alone
    url: str = ""
    packing: Packing = Packing()
    content_type: str = "application/edi-x12"
    must_be_signed: bool = True
    must_be_encrypted: bool = True
    receipt: ReceiptMode = "synchronous"
    receipt_signed: bool = True
    receipt_url: str = ""
    receipt_within: timedelta = timedelta(hours=1)
    receipt_addresses: tuple[str, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    largest: int = 256 << 20

    @property
    def where(self) -> str:
        """How messages name it."""
        return f"connection {self.connection}"

    def allowed(self, today: date) -> frozenset[Weakness]:
        """What is allowed by exception today."""
        return frozenset(each.what for each in self.allowances if today <= each.until)


class Keys(Protocol):
    """The certificates and keys of one relation, as they are at a moment."""

    def ours(self) -> Sequence[KeyPair]:
        """Every key pair of ours that a message to us may be encrypted for."""
        ...

    def signer(self) -> KeyPair:
        """The one we sign with now. Raises NeedsPerson where there is none."""
        ...

    def theirs(self) -> Sequence[x509.Certificate]:
        """Every certificate a signature of theirs may be by now."""
        ...

    def recipient(self) -> x509.Certificate:
        """The one we encrypt for now. Raises NeedsPerson where there is none that holds."""
        ...

    def expired(self) -> Collection[x509.Certificate]:
        """Those of theirs that are past their end, and used only by exception."""
        ...


class Relations(Protocol):
    """Who may write to us, and with which keys."""

    def between(self, ours: str, theirs: str) -> Relation | None:
        """What is agreed between two AS2 names; None for strangers."""
        ...

    def keys(self, relation: Relation) -> Keys:
        """The certificates and keys of a relation as they are now."""
        ...


class Clocked(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime: ...
