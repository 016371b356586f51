"""What is on record from before test and production were kept apart gets the usage of the documents it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import sqlalchemy as sa
from alembic import command

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.order_to_cash.cash import Application
from edi_gateway.order_to_cash.receivable import Receivable
from edi_gateway.order_to_cash.thread import open_thread
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import config, differences, migrate
from edi_gateway.store.tables import business_claim, departure, flow, owed, receivable, remittance
from edi_gateway.store.unit import Unit

_AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
_KEYS = {business_claim: "key", departure: "shipment", receivable: "invoice", remittance: "key", owed: "number"}


def put(unit: Unit, usage: str, number: str) -> None:
    """An order with a claim, a shipment that leaves, an invoice, a remittance and a debt, all under one number."""
    line = OrderLine(number="1", quantity=Decimal(1), unit="EA", unit_price=Decimal(5))
    order = Order(number=number, purpose="original", ordered_on=_AT.date(), lines=(line,))
    about = {"number": number, "partner": "northwind", "usage": usage}
    document = unit.documents.add(order, direction="in", **about)
    notice = unit.documents.add(order, direction="out", **about)
    unit.documents.change(notice, kind="ship notice")
    thread = open_thread(order, partner="northwind", document_id=document).thread
    bill = Receivable(invoice=number, order_number=number, invoiced_on=_AT.date(), amount=Decimal(5))
    row = unit.threads.add(thread, currency="USD", usage=usage)
    unit.threads.save(row, msgspec.structs.replace(thread, receivables=(bill,)))
    unit.documents.claim("northwind", "order", number, document, usage=usage)
    unit.departures.tell("northwind", number, _AT, usage=usage)
    application = Application(remittance=number, trace=number, amount=Decimal(5))
    unit.threads.save_remittance("northwind", document, application, usage=usage)
    about_it = f"document:{document}|{number}"
    for more in ({"follows": f"order:northwind:{number}"}, {"position": f"waits for order:northwind:{number}", "state": "held"}):
        unit.flows.start(lane_id="p", stage="consult", subject=f"document:{document}", **more)
    unit.owed.open("northwind", "856", about_it, usage=usage, number=number, since=_AT, due_at=_AT)


def on_record(store: Database) -> dict[str, set[tuple[str, str]]]:
    """Of each table, the numbers in it with their usage."""
    with store.reading() as connection:
        return {
            table.name: {(row[0], row[1]) for row in connection.execute(sa.select(table.c[key], table.c.usage))}
            for table, key in _KEYS.items()
        }


def queues(store: Database) -> set[tuple[str, str]]:
    """What each document's flows follow and wait for."""
    with store.reading() as connection:
        of = sa.select(sa.func.max(flow.c.follows), sa.func.max(flow.c.position)).group_by(flow.c.subject)
        return {(row[0], row[1]) for row in connection.execute(of)}


def test_each_row_gets_its_usage_back_and_of_a_number_both_had_productions_is_kept(store: Database) -> None:
    with store.write() as unit:
        for usage, number in (("P", "real"), ("T", "test"), ("P", "both"), ("T", "both")):
            put(unit, usage, number)
    with store.engine.connect() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0024")
        connection.commit()
    migrate(store)
    assert differences(store) == []
    assert queues(store) == {
        (f"{begins}:northwind:{number}", f"waits for {begins}:northwind:{number}")
        for begins, number in (("order", "real"), ("order in test", "test"), ("order", "both"), ("order in test", "both"))
    }
    found = on_record(store)
    debts = found.pop("owed")
    assert debts == {("real", "P"), ("test", "T"), ("both", "P"), ("both", "T")}
    for table, rows in found.items():
        assert rows == {("real", "P"), ("test", "T"), ("both", "P")}, table
