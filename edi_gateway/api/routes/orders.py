"""Order threads with their balances, and the answers that are owed."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query

from edi_gateway.api import models
from edi_gateway.api.caller import Reader
from edi_gateway.api.office import Here
from edi_gateway.api.page import Cursor, Limit, Page, Place, after, page_of, part_of
from edi_gateway.api.plain import as_json, each, page_as_json
from edi_gateway.api.problem import not_found
from edi_gateway.api.words import Number
from edi_gateway.errors import WrongInput
from edi_gateway.views.deadlines import DeadlineRow, deadlines
from edi_gateway.views.orders import find_orders
from edi_gateway.views.thread_page import thread_page

routes = APIRouter()


class ThreadDocumentOut(models.Out):
    """One document of an order's life; ``set`` is its number under /documents."""

    id: str
    kind: str
    code: str
    number: str
    direction: str
    at: Any
    set: int | None
    delivery: str
    acknowledgment: str


class OrderPageOut(models.OrderOut):
    """An order, its documents from 850 to 820, and its balances line by line."""

    documents: list[ThreadDocumentOut]
    balances: dict[str, Any]


@routes.get("/orders", response_model=Page[models.OrderOut], tags=["orders"])
def orders(
    office: Here,
    caller: Reader,
    partner: Annotated[str, Query(max_length=80)] = "",
    number: Annotated[str, Query(max_length=80)] = "",
    state: Annotated[str, Query(max_length=40)] = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """The newest first: what was ordered, confirmed, shipped, billed, remitted, paid, and what is open."""
    caller.look(f"partner {partner}", partner or caller.partner)
    who = partner or caller.partner or ""
    found = find_orders(office.store, partner=who, number=number, state=state, before=after(cursor), limit=limit + 1)
    return page_as_json(models.OrderOut, page_of(found, limit))


@routes.get("/orders/{id}", response_model=OrderPageOut, tags=["orders"])
def order(office: Here, caller: Reader, id: Number) -> Any:
    """One order's whole life."""
    try:
        page = thread_page(office.store, id)
    except WrongInput:
        raise not_found(f"order {id}") from None
    caller.look(f"order {id}", page.row.partner)
    documents = [one for step in page.steps for one in step.documents] + list(page.others)
    listed = each(ThreadDocumentOut, documents)
    return as_json({**msgspec.structs.asdict(page.row), "documents": listed, "balances": page.thread})


@routes.get("/overdue", response_model=Page[models.DeadlineOut], tags=["deadlines"])
def overdue(
    office: Here,
    caller: Reader,
    partner: Annotated[str, Query(max_length=80)] = "",
    all: Annotated[bool, Query(description="Also what is due and not late yet.")] = False,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """Answers we owe and they owe us that are late, the most urgent first."""
    caller.look(f"partner {partner}", partner or caller.partner)
    now = office.store.clock.now()
    rows = deadlines(office.store, partner or caller.partner or "", before=None if all else now)
    page = part_of(rows, limit, cursor, _when_due)
    page["items"] = [msgspec.structs.asdict(row) | {"is_overdue": row.due_at < now} for row in page["items"]]
    return as_json(page)


def _when_due(row: DeadlineRow) -> Place:
    return (row.due_at.isoformat(), row.partner, row.who, row.answer, row.about, row.number)
