"""Every kind of document by its word, and how one becomes JSON and comes back."""

from __future__ import annotations

from typing import Any, Literal, get_args

import msgspec

from edi_gateway.documents.adjustment import Adjustment
from edi_gateway.documents.application_advice import ApplicationAdvice
from edi_gateway.documents.base import Value
from edi_gateway.documents.inventory_advice import InventoryAdvice
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order
from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.documents.order_change import OrderChange
from edi_gateway.documents.order_change_acknowledgment import OrderChangeAcknowledgment
from edi_gateway.documents.remittance import Remittance
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.documents.text_message import TextMessage
from edi_gateway.errors import WrongInput

KINDS: dict[str, type[Value]] = {
    "order": Order,
    "order acknowledgment": OrderAcknowledgment,
    "ship notice": ShipNotice,
    "invoice": Invoice,
    "remittance": Remittance,
    "order change": OrderChange,
    "order change acknowledgment": OrderChangeAcknowledgment,
    "inventory advice": InventoryAdvice,
    "application advice": ApplicationAdvice,
    "adjustment": Adjustment,
    "text message": TextMessage,
}
VERSIONS: dict[str, str] = {**dict.fromkeys(KINDS, "1.0")}
"""The version of each kind: the first number changes when a reader of the old kind could not read the new, else the second."""

SET_OF = {"order acknowledgment": "855", "order change acknowledgment": "865", "ship notice": "856", "invoice": "810"}
"""The X12 set each kind that we send becomes."""
Answer = Literal["order acknowledgment", "ship notice", "invoice"]
ORDER_ANSWERS: tuple[Answer, ...] = get_args(Answer)
"""What answers an order: given in by a program, corrected after it left, and held against the partner's compliance rules."""

_NUMBERS = {
    **dict.fromkeys(("order", "order change", "order acknowledgment", "order change acknowledgment", "invoice"), "number"),
    "ship notice": "shipment",
    "remittance": "trace",
}
_WORDS = {type_: word for word, type_ in KINDS.items()}


def kind_of(document: Value) -> str:
    """The word for a document's kind: ``order``, ``ship notice``, …"""
    return _WORDS[type(document)]


def number_of(document: Value) -> str:
    """The number partners know a document by: BEG03, BSN02, BIG02, TRN02, …; nothing for a kind that shows none of its own."""
    number: str = getattr(document, _NUMBERS.get(kind_of(document), ""), "")
    return number


def to_json(document: Value) -> bytes:
    """The document as JSON; numbers are strings, so that they stay exact."""
    return msgspec.json.encode(document)


def from_json(kind: str, body: bytes) -> Value:
    """The document of ``kind`` written in ``body``. Raises WrongInput saying which field is wrong."""
    try:
        return msgspec.json.decode(body, type=KINDS[kind])
    except KeyError:
        raise WrongInput(f"there is no document kind '{kind}'", do="one of: " + ", ".join(KINDS)) from None
    except msgspec.DecodeError as error:
        raise WrongInput(f"is no {kind}: {error}") from error
    except RecursionError:
        raise WrongInput(f"is no {kind}: it is nested too deep") from None


def json_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a kind, with its version. Raises WrongInput for a kind that is not there."""
    if kind not in KINDS:
        raise WrongInput(f"there is no document kind '{kind}'", do="one of: " + ", ".join(KINDS))
    (top,), parts = msgspec.json.schema_components([KINDS[kind]], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:edi-gateway:document:{kind.replace(' ', '-')}:{VERSIONS[kind]}",
        "title": kind,
        "x-version": VERSIONS[kind],
        **top,
        "$defs": parts,
    }
