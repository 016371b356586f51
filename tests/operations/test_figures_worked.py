"""Every figure on one small world, worked out by hand; docs/reference/figures.md tells the same world.

Three orders of lanterns at 18.50; 480 are on the shelf. The desk is looked at every hour.

PO-1   48 at 18.50   comes at 15:00, leaves by 20:00, billed 888.00; 880.00 is remitted and in the bank
PO-2   10 at 20.00   comes at 15:00, is held for its price until 16:00, leaves by 21:00, billed 200.00
PO-3  500 at 18.50   comes at 17:00, 422 of it leave by 22:00, billed 7,807.00; the rest is backordered
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from desk import ROOT, Desk
from partner_says import northwind, order, remittance

from edi_gateway.operations.deposit import record_deposit
from edi_gateway.operations.resume import resume
from edi_gateway.views.figures import Figure, figures

PAGE = ROOT / "docs" / "reference" / "figures.md"

WORKED = {
    "order cycle time": ("5.0", 3),  # the median of 5, 6 and 5 hours
    "order acknowledgments on time": ("1.0000", 3),  # 3 of 3
    "ship notices on time": (None, 0),  # Northwind sets no deadline for them
    "invoices on time": (None, 0),
    "fill rate": ("0.8604", 3),  # 888 + 200 + 7,807 = 8,895 of 888 + 200 + 9,250 = 10,338
    "invoice accuracy": ("0.6667", 3),  # 2 of 3: PO-1 was paid 8.00 short
    "touchless share": ("0.6667", 3),  # 2 of 3: PO-2 was held
    "days sales outstanding": ("81.1", 3),  # 8 + 200 + 7,807 = 8,015 open of 8,895 billed, times 90
}


@pytest.fixture
def world(desk: Desk) -> Desk:
    """The three orders, a day later."""
    desk.drop(northwind(1, order("PO-1", 48)))
    desk.drop(northwind(2, order("PO-2", 10, "20")))
    desk.later(hours=1)
    resume(desk.store, desk.flow("held").id, by="anna")
    desk.later(hours=1)
    desk.drop(northwind(3, order("PO-3", 500)))
    desk.later(hours=7)
    (invoice,) = [sent.one("BIG")[2] for sent in desk.sent("810") if sent.one("BIG")[4] == "PO-1"]
    desk.drop(northwind(4, remittance("T-1", (invoice, "880"))))
    record_deposit(desk.store, trace="T-1", amount=Decimal(880), on=date(2026, 12, 22), method="ACH", by="finance")
    desk.later(hours=18)
    return desk


def told(desk: Desk) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures(desk.store)}


def test_each_figure_is_what_it_comes_to_by_hand(world: Desk) -> None:
    found = told(world)
    assert {name: (str(each.value) if each.value is not None else None, each.of) for name, each in found.items()} == WORKED


def test_each_figure_has_its_definition_and_its_example_in_the_reference(world: Desk) -> None:
    page = Path(PAGE).read_text(encoding="utf-8")
    for name, figure in told(world).items():
        value = "nothing to count" if figure.value is None else str(figure.value)
        assert f"| {name} | {figure.unit} | {figure.means} | {value} |" in page
