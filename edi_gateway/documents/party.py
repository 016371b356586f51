"""A party to a document: who it is, by what id, and where."""

from __future__ import annotations

from edi_gateway.documents.base import Contact, Reference, Value


class Party(Value, frozen=True, kw_only=True):
    """One N1 loop. ``role`` is N101 (ST ship-to, BT bill-to, BY buyer, SF ship-from, SU supplier, RE remit-to …)."""

    role: str
    name: str = ""
    id_qualifier: str = ""
    id: str = ""
    street: str = ""
    street_2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    name_2: str = ""
    references: tuple[Reference, ...] = ()
    contact: Contact | None = None
