"""What a buyer can do for a certification: order like a sample, change an order, and hold what it gets against its guide."""

from __future__ import annotations

from pathlib import Path

import pytest
from square import MAPS, SUPPLIER, Square, confirmation, order

from edi_gateway.documents.order_change import OrderChange
from edi_gateway.simulated_partner import ODD_DELIMITERS, Buyer, Habits
from edi_gateway.transports.folder import FolderConfig, FolderTransport
from edi_gateway.x12 import guide

GUIDE = """
guide: "855"
set: "855"
releases: ["004010"]
segments:
  REF*IA: {02: {length: 9}}
"""


@pytest.fixture
def square(tmp_path: Path) -> Square:
    return Square(tmp_path)


def guided(square: Square) -> Buyer:
    """The square's buyer again, with a guide for the 855s it gets."""
    agreements = [each.model_copy(update={"guide": "855"}) if each.set == "855" else each for each in square.profile.agreements]
    profile = square.profile.model_copy(update={"agreements": tuple(agreements)})
    mailbox = FolderTransport(FolderConfig(inbox=square.outbox, outbox=square.inbox, stable_for=0), square.clock)
    return Buyer(profile, SUPPLIER, MAPS, mailbox, square.clock, guides={"855": guide.loads(GUIDE, "855")})


def test_an_order_like_a_sample_differs_in_its_number_alone(square: Square) -> None:
    square.buyer.order(order("PO-0007"))
    (sample,) = square.received("850")
    placed = square.buyer.order_like(sample, "TEST-1")
    first, second = ([segment for segment in each.segments if segment[0] != "ST"] for each in square.received("850"))
    assert placed.number == "TEST-1"
    assert [(one, other) for one, other in zip(first, second, strict=True) if one != other] == [
        (["BEG", "00", "SA", "PO-0007", "", "20260105"], ["BEG", "00", "SA", "TEST-1", "", "20260105"])
    ]
    assert list(square.buyer.ledger.orders) == ["PO-0007", "TEST-1"]


def test_it_is_written_with_the_delimiters_of_the_habit(square: Square) -> None:
    square.buyer.order(order("PO-0007"))
    (sample,) = square.received("850")
    square.buyer.habits = Habits(odd_delimiters=ODD_DELIMITERS)
    square.buyer.order_like(sample, "TEST-1")
    odd = square.received("850")[-1]
    assert odd.delimiters.element == ODD_DELIMITERS.element
    assert ["BEG", "00", "SA", "TEST-1", "", "20260105"] in odd.segments


def test_a_change_nobody_agreed_on_is_written_like_the_order(square: Square) -> None:
    placed = order()
    square.buyer.change_order(OrderChange(number=placed.number, purpose="cancellation", ordered_on=placed.ordered_on))
    (change,) = square.received("860")
    assert change.release == "004010"
    assert change.segments[1][:4] == ["BCH", "01", "SA", "PO-0007"]


def test_what_comes_is_held_against_the_guide_its_agreement_names(square: Square) -> None:
    buyer = guided(square)
    placed = order()
    buyer.order(placed)
    square.acknowledge()
    square.write(confirmation(placed))
    buyer.look()
    (complaint,) = buyer.complaints()
    assert complaint.kind == "set.guide"
    assert "REF02" in complaint.text
    assert buyer.ledger.orders[placed.number].confirmation is not None  # it was taken all the same


def test_without_a_guide_the_standard_alone_decides(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    square.write(confirmation(placed))
    square.buyer.look()
    assert square.buyer.complaints() == []
