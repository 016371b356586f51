"""An order that was closed when retention removed its content is in the state it ended in, once the schema goes on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest
import sqlalchemy as sa
from migrating import downgraded

from edi_gateway.erp.contract import an_order
from edi_gateway.order_to_cash.receivable import Payment, Receivable
from edi_gateway.order_to_cash.thread import OrderThread, State
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate
from edi_gateway.store.tables import order_thread

DAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("column", "billed", "open_", "state", "ended"),
    [
        ("closed", "740", "0", "paid", "paid"),
        ("closed", "0", "0", "rejected", "rejected"),
        ("closed", "740", "40", "remitted", "paid"),  # money was taken back since
        ("cancelled", "0", "0", "cancelled", "cancelled"),  # it was closed, and not saved again
    ],
)
def test_a_closed_order_ends_by_its_figures(
    store: Database, column: str, billed: str, open_: str, state: State, ended: State
) -> None:
    before = closed(store, column, Decimal(billed), Decimal(open_))
    migrate(store)
    with store.read() as unit:
        assert unit.threads.look(1).thread == msgspec.structs.replace(before, ended=ended)
        assert unit.threads.look(1).thread.state == state
        assert stored_state(store) == state
        assert (unit.threads.in_use("northwind") == 0) == (open_ == "0")


def test_an_order_that_is_open_stays_as_it_is(store: Database) -> None:
    closed(store, "received", Decimal(0), Decimal(0), said="")
    migrate(store)
    with store.read() as unit:
        assert unit.threads.look(1).thread.ended is None
    assert stored_state(store) == "received"


def closed(store: Database, state: str, billed: Decimal, open_: Decimal, said: str = ',"is_closed":true') -> OrderThread:
    """Retention of a schema before took its lines away, and said so in its body; 888.00 had been ordered and confirmed."""
    came = Payment(remittance="R-1", item=1, net=billed - open_, settled=True)
    taken_back = Payment(remittance="R-2", item=1, net=open_)
    invoice = Receivable(invoice="I-1", order_number="PO-1", invoiced_on=DAY, amount=billed, payments=(came, taken_back))
    with store.write() as unit:
        document = unit.documents.add(an_order(), number="PO-1", partner="northwind", direction="in")
        thread = OrderThread(
            partner="northwind",
            order_number='PO-1"is_closed":true',  # a text that looks so is no closed order
            document_id=document,
            ordered_on=DAY,
            lines=(),
            receivables=(invoice,) if billed else (),
        )
        unit.threads.add(thread, currency="USD", usage="P")
    with downgraded(store, "0029") as connection:
        body = msgspec.json.encode(thread).decode()[:-1] + said + "}"
        figures = {"ordered": Decimal(888), "confirmed": Decimal(888), "billed": billed, "open": open_}
        connection.execute(order_thread.update().values(state=state, body=body, **figures))
    return thread


def stored_state(store: Database) -> str:
    with store.engine.connect() as connection:
        return str(connection.execute(sa.select(order_thread.c.state)).scalar_one())
