"""Every kind of document by its word, and how one becomes JSON and comes back."""

from __future__ import annotations

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order
from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.documents.remittance import Remittance
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.errors import WrongInput

KINDS: dict[str, type[Value]] = {
    "order": Order,
    "order acknowledgment": OrderAcknowledgment,
    "ship notice": ShipNotice,
    "invoice": Invoice,
    "remittance": Remittance,
}
_WORDS = {type_: word for word, type_ in KINDS.items()}


def kind_of(document: Value) -> str:
    """The word for a document's kind: ``order``, ``ship notice``, …"""
    return _WORDS[type(document)]


def to_json(document: Value) -> bytes:
    """The document as JSON; numbers are strings, so that they stay exact."""
    return msgspec.json.encode(document)


def from_json(kind: str, body: bytes) -> Value:
    """The document of ``kind`` written in ``body``. Raises WrongInput saying which field is wrong."""
    try:
        return msgspec.json.decode(body, type=KINDS[kind])
    except KeyError:
        raise WrongInput(f"there is no document kind '{kind}'", do="one of: " + ", ".join(KINDS)) from None
    except msgspec.ValidationError as error:
        raise WrongInput(f"is no {kind}: {error}") from error
