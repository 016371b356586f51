"""JSON: our documents as they are (their schemas are published), and events by the fields of ``erp.base``.

{"id": "…", "customer": "northwind", "document": {"number": "0004711", …}}
{"id": "…", "changes": "…", "customer": "northwind", "document": {"number": "0004711", …}}    an order that is changed
{"type": "shipped", "order": "…", "shipment": "S1", "cartons": [{"contents": [{"line_number": "001", "quantity": 10}]}]}
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order
from edi_gateway.documents.remittance import Remittance
from edi_gateway.erp.base import OrderEvent
from edi_gateway.errors import WrongInput

SUFFIX = "json"
_MEND = 'write one event, or a list of them: {"type": "shipped", "order": …}'


def write_order(key: str, customer: str, order: Order) -> bytes:
    """The order, its id and its customer."""
    return _write(key, customer, order)


def write_change(key: str, customer: str, of: str, order: Order) -> bytes:
    """The order as it is to be, the change's id, and the id of the order it changes."""
    return _write(key, customer, order, changes=of)


def write_remittance(key: str, customer: str, remittance: Remittance) -> bytes:
    """The remittance, its id and its customer."""
    return _write(key, customer, remittance)


def read_events(body: bytes, at: datetime) -> list[OrderEvent]:
    """One event, or a list of them. Raises WrongInput naming the field."""
    try:
        found = msgspec.json.decode(body)
        told: list[Any] = found if isinstance(found, list) else [found]
        defaults = {"id": "", "at": at.isoformat()}
        return [msgspec.convert({**defaults, **one} if isinstance(one, dict) else one, OrderEvent, strict=False) for one in told]
    except msgspec.ValidationError as error:
        raise WrongInput(f"is no event: {error}", do=_MEND) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WrongInput(f"is no JSON: {error}", do=_MEND) from None


def _write(key: str, customer: str, document: Value, **more: str) -> bytes:
    about = {"id": key, **more, "customer": customer, "document": document}
    return msgspec.json.format(msgspec.json.encode(about), indent=2) + b"\n"
