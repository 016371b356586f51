"""What the forms that answer an order show: a draft of what is still to be told of it, or what somebody keyed in."""

from __future__ import annotations

from typing import Any, NamedTuple

from edi_gateway.documents.order import OrderLine
from edi_gateway.errors import WrongInput
from edi_gateway.operations.key_in import new_event, order_of
from edi_gateway.order_to_cash.thread import LineBalance, ThreadShipment
from edi_gateway.store.database import Database
from edi_gateway.views.thread_page import thread_page
from edi_gateway.views.unbilled import unbilled_shipments
from edi_gateway.web.forms import Form
from edi_gateway.web.words import number

FORMS = ("855", "856", "810")
STATUSES = ("accepted", "backordered", "rejected")


class CartonRow(NamedTuple):
    """A row of the form that ships: a quantity of a line in a carton, each field as it is keyed in."""

    carton: str
    line: str
    quantity: str
    weight: str = ""
    sscc: str = ""


def page_of(store: Database, id: int, code: str, form: Form, shipment: str = "") -> dict[str, Any]:
    """What the form of an answer, one of ``FORMS``, shows of order thread ``id``; ``shipment`` is the one to bill.

    What ``form`` says stands in the fields, where it came back for a mistake; what it does not say is drafted. What is told of
    a line is at hand by the line's number: an order may have thousands. Raises WrongInput where there is no such thread.
    """
    _, order = order_of(store, id)
    thread = thread_page(store, id).thread
    shown: dict[str, Any] = {"id": id, "order": order, "thread": thread, "form": form, "token": form.get("token") or new_event()}
    described = {line.number: _said(line) for line in reversed(order.lines)}
    match code:
        case "855":
            return shown | {"statuses": STATUSES, "balances": {line.number: line for line in thread.lines}}
        case "856":
            left = {line.number: line for line in thread.lines}
            rows = cartons_of(form) or [_draft(place, line) for place, line in enumerate(thread.lines, 1)]
            return shown | {"rows": rows, "left": left, "described": described}
    return shown | {"described": described} | _to_bill(unbilled_shipments(store, id), form.get("shipment", shipment))


def _said(line: OrderLine) -> str:
    return line.description or (line.item_ids[0].id if line.item_ids else "")


def cartons_of(form: Form) -> list[CartonRow]:
    """The rows of the form that ships. Raises WrongInput for a form whose rows are not whole."""
    fields = [form.all(name) for name in CartonRow._fields]
    if len({len(each) for each in fields}) > 1:
        raise WrongInput("the rows of the cartons are not whole", do="load the page again and repeat it")
    return [CartonRow(*row) for row in zip(*fields, strict=True)]


def _draft(place: int, line: LineBalance) -> CartonRow:
    """A carton with what is left to ship of a line."""
    return CartonRow(str(place), line.number, number(line.to_ship).replace(",", "") if line.to_ship else "")


def _to_bill(unbilled: tuple[ThreadShipment, ...], named: str) -> dict[str, Any]:
    """What the form that bills proposes: the shipment that was named, or the only one there is to bill; of several, none."""
    chosen = next((one for one in unbilled if one.number == named or len(unbilled) == 1), None)
    quantities = {line.number: line.quantity for line in chosen.lines} if chosen else {}
    return {"unbilled": unbilled, "chosen": chosen.number if chosen else "", "quantities": quantities}
