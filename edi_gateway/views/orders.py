"""Orders as a person sees them: one row an order, from ordered to open."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from edi_gateway.store.among import Among
from edi_gateway.store.database import Database
from edi_gateway.store.known import OF_ORDERS, check_partner, check_word
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import order_thread
from edi_gateway.views.newest import Newest, beginning, begins, chosen, equal, having


class OrderRow(msgspec.Struct, frozen=True):
    """An order's balances in money, at the ordered prices up to shipped, then as billed."""

    id: int
    partner: str
    number: str
    state: str
    currency: str
    usage: str
    ordered: Decimal
    confirmed: Decimal
    shipped: Decimal
    billed: Decimal
    remitted: Decimal
    paid: Decimal
    open: Decimal
    opened_at: datetime
    changed_at: datetime


_COLUMNS = [order_thread.c[name] for name in OrderRow.__struct_fields__]  # its body, which is large, is not among them


_BY_ID = Among(sa.select(*_COLUMNS), order_thread.c.id)


def orders(store: Database, *, limit: int | None = None) -> list[OrderRow]:
    """The newest orders first; all of them unless ``limit`` says how many."""
    query = sa.select(*_COLUMNS).order_by(order_thread.c.id.desc()).limit(limit)
    with store.reading() as connection:
        return [as_row(OrderRow, row) for row in connection.execute(query)]


def find_orders(
    store: Database,
    *,
    partner: str = "",
    number: str = "",
    state: str = "",
    text: str = "",
    before: int | None = None,
    limit: int = 100,
) -> list[OrderRow]:
    """The newest orders first, below the number ``before``: of a partner, of this number, in this state.

    ``text`` is how the number begins.
    """
    given = {"partner": partner, "number": number, "state": state}
    values: dict[str, str] = {name: value for name, value in given.items() if value}
    id = order_thread.c.id
    check_word("state of an order", state, OF_ORDERS)
    with store.asking() as connection:
        check_partner(connection, partner)
        asked = having(id, *values, is_rare=bool(number))
        if text:
            asked = Newest(
                id, [*equal(order_thread, values), begins(connection.dialect.name, order_thread.c.number)], is_rare=bool(number)
            )
        ids = asked.ids(connection, values | beginning(text), limit=limit, before=before)
        return [as_row(OrderRow, row) for row in chosen(connection, _BY_ID, ids)]
