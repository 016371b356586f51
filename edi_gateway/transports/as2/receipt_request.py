"""What receipt a sender asks for: none, unsigned or signed; at once or later, to which address (RFC 4130 §7.3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from edi_gateway.transports.as2.cms.algorithms import WEAK_DIGESTS, Digest
from edi_gateway.transports.as2.disposition import Failure
from edi_gateway.transports.as2.mic import USUAL, digest_named
from edi_gateway.transports.as2.mime.writing import Fields
from edi_gateway.transports.as2.refusal import Refused

NOTIFY_TO = "Disposition-Notification-To"
OPTIONS = "Disposition-Notification-Options"
DELIVER_TO = "Receipt-Delivery-Option"


class ReceiptRequest(NamedTuple):
    """``url``: where a receipt is to be delivered later; empty: in the answer itself. ``micalgs``: in the sender's order."""

    wanted: bool = False
    signed: bool = False
    micalgs: tuple[str, ...] = ()
    must: bool = False  # whether the sender will have one of the algorithms it names, and no other
    url: str = ""
    foreign: str = ""  # a kind of signature that is required, and that we do not make

    @classmethod
    def read(cls, headers: Mapping[str, str]) -> ReceiptRequest:
        """From the fields of a request."""
        if NOTIFY_TO.lower() not in headers:
            return cls()
        options = _options(headers.get(OPTIONS.lower(), ""))
        importance, *protocols = options.get("signed-receipt-protocol", [""])
        signed = any(each.lower() in ("pkcs7-signature", "pkcs7") for each in protocols)
        foreign = protocols[0] if protocols and not signed and importance.lower() == "required" else ""
        must, *micalgs = options.get("signed-receipt-micalg", [""])
        url = headers.get(DELIVER_TO.lower(), "").strip()
        return cls(True, signed, tuple(micalgs), must.lower() == "required", url, foreign)

    def digest(self, of_message: Digest | None, weak: Collection[str]) -> Digest:
        """The algorithm of a receipt: the first of the sender's that we take, else the one its message was signed with.

        Raises Refused where the sender will only have algorithms we do not take, or another kind of signature.
        """
        if self.foreign:
            raise Refused(Failure.FORMAT, f"receipts signed by {self.foreign[:40]} are not supported")
        for name in self.micalgs:
            digest = digest_named(name)
            if digest is not None and (digest.name not in WEAK_DIGESTS or digest.name in weak):
                return digest
        if self.micalgs and self.must:
            raise Refused(Failure.MIC_ALGORITHMS, f"none of these digest algorithms is taken: {', '.join(self.micalgs)[:80]}")
        return of_message or USUAL


def asking(ours: str, url: str, digest: Digest, *, signed: bool) -> Fields:
    """The fields that ask for a receipt; ``url`` is where to, empty for the answer itself."""
    fields = [(NOTIFY_TO, ours)]
    if signed:
        wanted = f"signed-receipt-protocol=required, pkcs7-signature; signed-receipt-micalg=required, {digest.micalg}"
        fields.append((OPTIONS, wanted))
    else:
        fields.append((OPTIONS, f"signed-receipt-micalg=optional, {digest.micalg}"))
    return (*fields, *([(DELIVER_TO, url)] if url else []))


def _options(field: str) -> dict[str, list[str]]:
    """``name=importance, value, …`` by name; the importance is the first of each list."""
    found: dict[str, list[str]] = {}
    for option in field.split(";"):
        name, equals, values = option.partition("=")
        if equals:
            words = [each.strip().strip('"') for each in values.split(",")]
            if words[0].lower() not in ("required", "optional"):
                words.insert(0, "optional")
            found.setdefault(name.strip().lower(), [each for each in words if each])
    return found
