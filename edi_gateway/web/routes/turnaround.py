"""Turnaround forms: a person tells how an order was decided, what left in which cartons, what was billed; the answer goes."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.documents.base import Carrier
from edi_gateway.documents.order import Order
from edi_gateway.erp.base import (
    BilledLine,
    DecidedQuantity,
    OrderBilled,
    OrderDecided,
    OrderEvent,
    OrderShipped,
    PackContent,
    PackedCarton,
)
from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.operations.key_in import key_in, new_event, order_of
from edi_gateway.plaincsv import a_number
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.forms import Form
from edi_gateway.web.moments import day
from edi_gateway.web.turnaround_page import FORMS, STATUSES, cartons_of, page_of

_SAYS = "It is on its way: the {} is drafted, checked and sent."
_SAYS_NEW = " One that says what they were told already is not sent again."
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")


def routes(console: Console) -> APIRouter:
    """A form for each answer to an order."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store
    document_send = Depends(console.act("document.send"))

    @router.get("/orders/{id:int}/answer/{code}")
    def ask(request: Request, id: int, code: str) -> Response:
        context = page_of(store, id, _known(code), Form(()), request.query_params.get("shipment", ""))
        return console.page(request, f"answer_{code}.html", mistakes=(), **context)

    @router.post("/orders/{id:int}/answer/{code}")
    def answer(request: Request, id: int, code: str, act: Act = document_send) -> Response:
        _known(code)
        try:
            document, order = order_of(store, id)
            event = event_of(code, act.form, document, order, store.clock.now())
            key_in(store, event, by=act.by, directory=console.directory())
        except GatewayError as error:
            return console.again(request, error, f"answer_{code}.html", **page_of(store, id, code, act.form))
        return console.go(request, f"/orders/{id}", _SAYS.format(code) + _SAYS_NEW * (code == "855"))

    return router


def event_of(code: str, form: Form, document: str, order: Order, now: datetime) -> OrderEvent:
    """What a form tells of an order. Raises WrongInput for quantities that are none."""
    id = form.get("token") or new_event()
    match code:
        case "855":
            return OrderDecided(id=id, order=document, at=now, lines=_decided(form, order))
        case "856":
            return shipped_of(form, id, document, now)
    invoice, shipment = _needed(form, "invoice"), _needed(form, "shipment")
    return OrderBilled(id=id, order=document, at=now, invoice=invoice, shipment=shipment, lines=_billed(form, order))


def _known(code: str) -> str:
    if code not in FORMS:
        raise WrongInput(f"an order is not answered by a {code}", do="855, 856 or 810")
    return code


def _decided(form: Form, order: Order) -> tuple[DecidedQuantity, ...]:
    found = []
    for line in order.lines:
        for status in STATUSES:
            quantity = _quantity(form.get(f"{status}-{line.number}"), f"line {line.number}, {status}")
            if quantity is not None:
                ship_on = day(form.get(f"ship-on-{line.number}")) if status != "rejected" else None
                found.append(DecidedQuantity(line_number=line.number, status=status, quantity=quantity, ship_on=ship_on))
    return tuple(found)


def shipped_of(form: Form, id: str, document: str, now: datetime) -> OrderShipped:
    """Rows of the form are quantities of a line in a carton; rows of one carton's name are one carton."""
    contents: dict[str, list[PackContent]] = {}
    weights: dict[str, Decimal | None] = {}
    labels: dict[str, str] = {}
    for carton, line, quantity, weight, sscc in cartons_of(form):
        amount = _quantity(quantity, f"carton {carton}, line {line}")
        if amount is None:
            continue
        if not line:
            raise WrongInput(f"carton {carton}: {quantity} of no line", do="say which line of the order it is")
        contents.setdefault(carton, []).append(PackContent(line_number=line, quantity=amount))
        weights[carton] = weights.get(carton) or _quantity(weight, f"carton {carton}, weight")
        labels[carton] = labels.get(carton) or sscc
    cartons = tuple(
        PackedCarton(contents=tuple(held), weight=weights[name], sscc=labels[name]) for name, held in contents.items()
    )
    scac = form.get("carrier")
    return OrderShipped(
        id=id,
        order=document,
        at=now,
        shipment=_needed(form, "shipment"),
        cartons=cartons,
        carrier=Carrier(scac=scac) if scac else None,
        bill_of_lading=form.get("bill_of_lading"),
        carrier_reference=form.get("carrier_reference"),
        delivery_on=day(form.get("delivery_on")),
    )


def _billed(form: Form, order: Order) -> tuple[BilledLine, ...]:
    found = []
    for line in order.lines:
        quantity = _quantity(form.get(f"quantity-{line.number}"), f"line {line.number}")
        keyed = _number(form.get(f"price-{line.number}"), f"line {line.number}, price")
        if quantity is None:
            continue
        price = line.unit_price if keyed is None else keyed
        if price is None:
            raise WrongInput(f"line {line.number} has no price", do="the order states none: key in what is billed, 0 for nothing")
        found.append(BilledLine(line_number=line.number, quantity=quantity, unit_price=price))
    return tuple(found)


def _needed(form: Form, name: str) -> str:
    value = form.get(name)
    if not value:
        raise WrongInput(f"a number is needed: {name}", do="partners know it by that")
    return value


def _quantity(text: str, where: str) -> Decimal | None:
    """A quantity; None where the field is empty or says nothing of the line, 0."""
    return _number(text, where) or None


def _number(text: str, where: str) -> Decimal | None:
    """What a field says; ``where`` it stands. A comma groups thousands and nothing else: who writes 1,5 must not get fifteen."""
    if not text:
        return None
    if "," in text and not _GROUPED.fullmatch(text):
        raise WrongInput(f"'{text}': a comma groups thousands, as in 1,500", where=where, do="write decimals with a point: 1.5")
    try:
        return a_number(text.replace(",", ""))
    except WrongInput as error:
        raise WrongInput(error.what, where=where, do="write it like 12 or 12.5") from None
