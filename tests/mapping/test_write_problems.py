"""A document that a set cannot carry is told with place, field and the map's line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from map_scenes import library, written

from edi_gateway.documents.base import Charge
from edi_gateway.documents.invoice import Invoice, InvoiceLine
from edi_gateway.mapping.errors import MapProblem

INVOICE = Invoice(
    number="INV-1",
    invoiced_on=date(2026, 1, 9),
    order_number="4501",
    lines=(
        InvoiceLine(number="1", quantity=Decimal(12), unit="EA", unit_price=Decimal("4.250"), amount=Decimal("51.00")),
        InvoiceLine(number="2", quantity=Decimal("2.5"), unit="LB", unit_price=Decimal("0.0350"), amount=Decimal("0.09")),
    ),
    total=Decimal("51.09"),
)


def test_an_invoice_as_it_goes_out() -> None:
    assert written(library().writing("invoice-810").write(INVOICE)) == [
        "BIG*20260109*INV-1**4501***DI",
        "IT1*1*12*EA*4.25",
        "IT1*2*2.5*LB*0.035",
        "TDS*5109",
        "CTT*2",
    ]


def test_a_total_with_a_fraction_of_a_cent_is_refused() -> None:
    with pytest.raises(MapProblem) as caught:
        library().writing("invoice-810").write(msgspec.structs.replace(INVOICE, total=Decimal("51.095")))

    problem = caught.value
    assert (problem.place, problem.field) == ("TDS01", "total")
    assert "has more than 2 decimals, which N2 cannot carry" in str(problem)
    assert "maps/invoice-810.yaml:" in problem.rule


def test_a_required_element_without_a_value_is_refused() -> None:
    with pytest.raises(MapProblem, match="BIG02, number: is required and has no value"):
        library().writing("invoice-810").write(msgspec.structs.replace(INVOICE, number=""))


def test_a_problem_in_a_line_says_which_line() -> None:
    charge = Charge(kind="charge", amount=Decimal("0.001"))
    line = msgspec.structs.replace(INVOICE.lines[1], charges=(charge,))

    with pytest.raises(MapProblem, match=r"SAC05, lines\[1\]\.charges\[0\]\.amount"):
        library().writing("invoice-810").write(msgspec.structs.replace(INVOICE, lines=(INVOICE.lines[0], line)))


def test_allowances_of_a_line_and_of_the_whole_invoice_stand_where_the_standard_has_them() -> None:
    off = Charge(kind="allowance", code="C310", amount=Decimal("1.00"))
    line = msgspec.structs.replace(INVOICE.lines[0], charges=(off,))
    segments = written(library().writing("invoice-810").write(msgspec.structs.replace(INVOICE, lines=(line,), charges=(off,))))

    assert [one[:3] for one in segments] == ["BIG", "IT1", "SAC", "TDS", "SAC", "CTT"]
    assert segments[2] == segments[4] == "SAC*A*C310***100"
