"""What every ERP connector does, whatever stands behind it. A connector's test class derives from ``ErpContract``.

It gives three things: ``erp``, an empty ERP that knows the partner and the item of ``an_order``; ``until_told``, which lets time
pass (or work happen) until the ERP has told everything about what was posted; and ``losing_answers``, within which it takes what
is posted and its answer gets lost. A connector of an ERP that makes credit notes derives from ``CreditContract``, which is all of
that and more, and gives ``until_credited`` beside it. A connector that reads what its ERP writes derives from ``ReaderContract``
too, and gives ``decides`` and ``delivers``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from edi_gateway.documents.base import ItemId
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.remittance import Remittance, RemittanceItem
from edi_gateway.erp.base import (
    Erp,
    ErpEvent,
    OrderBilled,
    OrderCredited,
    OrderDecided,
    OrderShipped,
    Unreadable,
    event_from_json,
    event_to_json,
    in_one_go,
)
from edi_gateway.erp.told import as_told
from edi_gateway.errors import NeedsPerson, Uncertain

PARTNER = "northwind"
OFF = {"returned": Decimal("18.50"), "overbilled": Decimal("18.50"), "price": Decimal("0.50")}
"""At which price ``until_credited`` takes back four of line 001, by why it does."""


def an_order(quantity: int = 10, *, number: str = "0004711", item: str = "PB-1001", unit: str = "EA") -> Order:
    """One line of an item the default catalog has; 480 lanterns are in stock."""
    line = OrderLine(
        number="001",
        quantity=Decimal(quantity),
        unit=unit,
        unit_price=Decimal("18.50"),
        item_ids=(ItemId(qualifier="VN", id=item),),
    )
    return Order(number=number, purpose="original", ordered_on=date(2026, 1, 5), lines=(line,))


def a_remittance() -> Remittance:
    return Remittance(
        amount=Decimal("185.00"), trace="T1", items=(RemittanceItem(qualifier="IV", reference="1", paid=Decimal("185.00")),)
    )


class ErpContract:
    """Derive, and give the fixtures ``erp``, ``until_told`` and ``losing_answers``."""

    @pytest.fixture
    def erp(self) -> Erp:
        raise AssertionError("the connector's test class gives its own")

    @pytest.fixture
    def until_told(self) -> Callable[[], None]:
        raise AssertionError("the connector's test class gives its own")

    @pytest.fixture
    def losing_answers(self) -> Callable[[], AbstractContextManager[object]]:
        raise AssertionError("the connector's test class gives its own")

    def test_an_order_is_created_once_by_key(self, erp: Erp) -> None:
        first = erp.post_order("k1", PARTNER, an_order())
        assert erp.post_order("k1", PARTNER, an_order()) == first
        assert erp.post_order("k2", PARTNER, an_order(number="0004712")) != first

    def test_an_order_posted_twice_is_worked_on_once(self, erp: Erp, until_told: Callable[[], None]) -> None:
        erp.post_order("k1", PARTNER, an_order())
        erp.post_order("k1", PARTNER, an_order())
        until_told()
        decided = [event for event in erp.pending() if isinstance(event, OrderDecided)]
        assert len(decided) == 1

    def test_a_change_is_made_once_by_key(self, erp: Erp) -> None:
        erp.post_order("k1", PARTNER, an_order())
        first = erp.post_change("c1", PARTNER, "k1", an_order(8))
        assert (first.refused, erp.post_change("c1", PARTNER, "k1", an_order(8))) == ("", first)
        assert erp.find("c1") is not None

    def test_a_change_of_an_order_it_does_not_know_is_for_a_person(self, erp: Erp) -> None:
        with pytest.raises(NeedsPerson, match=r"does not know order \S+ by our id \(k1\) — change it there by hand"):
            erp.post_change("c1", PARTNER, "k1", an_order(8))
        assert erp.find("c1") is None

    def test_what_it_tells_after_a_change_is_of_the_order_as_changed(self, erp: Erp, until_told: Callable[[], None]) -> None:
        erp.post_order("k1", PARTNER, an_order(10))
        erp.post_change("c1", PARTNER, "k1", an_order(8))
        until_told()
        *_, decided, shipped, billed = erp.pending()
        assert isinstance(decided, OrderDecided)
        assert isinstance(shipped, OrderShipped)
        assert isinstance(billed, OrderBilled)
        assert {event.order for event in (decided, shipped, billed)} == {"k1"}
        assert sum(line.quantity for line in decided.lines) == 8
        assert sum(content.quantity for carton in shipped.cartons for content in carton.contents) == 8

    def test_a_remittance_is_taken_once_by_key(self, erp: Erp) -> None:
        first = erp.post_remittance("r1", PARTNER, a_remittance())
        assert erp.post_remittance("r1", PARTNER, a_remittance()) == first

    def test_what_was_posted_is_found_and_nothing_else(self, erp: Erp) -> None:
        assert erp.find("k1") is None
        order = erp.post_order("k1", PARTNER, an_order())
        remittance = erp.post_remittance("r1", PARTNER, a_remittance())
        assert (erp.find("k1"), erp.find("r1"), erp.find("k2")) == (order, remittance, None)

    def test_what_is_posted_in_one_go_is_there_when_that_has_ended(self, erp: Erp) -> None:
        with in_one_go(erp):
            posted = [erp.post_order(key, PARTNER, an_order(number=key)) for key in ("k1", "k2", "k1")]
        assert [erp.find(key) for key in ("k1", "k2", "k1")] == posted

    def test_it_says_in_a_sentence_that_it_can_be_worked_with(self, erp: Erp) -> None:
        assert erp.check()
        assert erp.pending() == []

    def test_advice_says_price_stock_and_credit_as_of_when(self, erp: Erp) -> None:
        advice = erp.consult(PARTNER, an_order())
        (item,) = advice.items
        assert (item.list_price, item.available, item.blocked) == (Decimal("18.50"), Decimal(480), False)
        assert advice.customer_known
        assert advice.credit_limit is not None
        assert advice.as_of.tzinfo is not None

    def test_it_tells_of_orders_by_the_key_they_were_posted_under(self, erp: Erp, until_told: Callable[[], None]) -> None:
        erp.post_order("k1", PARTNER, an_order())
        until_told()
        assert {event.order for event in erp.pending() if not isinstance(event, Unreadable)} == {"k1"}

    def test_it_decides_before_it_ships_and_ships_before_it_bills(self, erp: Erp, until_told: Callable[[], None]) -> None:
        erp.post_order("k1", PARTNER, an_order())
        until_told()
        assert [type(event) for event in erp.pending()] == [OrderDecided, OrderShipped, OrderBilled]

    def test_what_it_tells_of_one_order_agrees(self, erp: Erp, until_told: Callable[[], None]) -> None:
        erp.post_order("k1", PARTNER, an_order(10))
        until_told()
        decided, shipped, billed = erp.pending()
        assert isinstance(decided, OrderDecided)
        assert isinstance(shipped, OrderShipped)
        assert isinstance(billed, OrderBilled)
        assert sum(line.quantity for line in decided.lines) == 10
        assert sum(content.quantity for carton in shipped.cartons for content in carton.contents) == 10
        assert [(line.line_number, line.quantity, line.unit_price) for line in billed.lines] == [
            ("001", Decimal(10), Decimal("18.50"))
        ]
        assert billed.shipment == shipped.shipment

    def test_an_event_is_told_until_it_is_confirmed(self, erp: Erp, until_told: Callable[[], None]) -> None:
        erp.post_order("k1", PARTNER, an_order())
        until_told()
        told = erp.pending()
        assert erp.pending() == told
        erp.confirm([told[0].id])
        assert erp.pending() == told[1:]

    def test_confirming_twice_or_something_unknown_is_harmless(self, erp: Erp, until_told: Callable[[], None]) -> None:
        erp.post_order("k1", PARTNER, an_order())
        until_told()
        told = erp.pending()
        erp.confirm([told[0].id, told[0].id, "nothing of the kind"])
        erp.confirm([told[0].id])
        assert erp.pending() == told[1:]

    def test_no_more_events_are_told_than_asked_for(self, erp: Erp, until_told: Callable[[], None]) -> None:
        erp.post_order("k1", PARTNER, an_order())
        until_told()
        assert erp.pending(limit=2) == erp.pending()[:2]

    def test_every_event_goes_to_json_and_back(self, erp: Erp, until_told: Callable[[], None]) -> None:
        erp.post_order("k1", PARTNER, an_order())
        until_told()
        told: list[ErpEvent] = erp.pending()
        assert [event_from_json(event_to_json(event)) for event in told] == told

    def test_every_event_has_an_id_of_its_own_a_zone_and_numbers_that_can_be_meant(
        self, erp: Erp, until_told: Callable[[], None]
    ) -> None:
        for key, number in (("k1", "0004711"), ("k2", "0004712")):
            erp.post_order(key, PARTNER, an_order(number=number))
        until_told()
        told = erp.pending()
        assert len({event.id for event in told}) == len(told) == 6
        assert all(event.at.tzinfo is not None and as_told(event) == event for event in told)

    def test_consulting_answers_for_each_line_and_changes_nothing(self, erp: Erp, until_told: Callable[[], None]) -> None:
        advice = erp.consult(PARTNER, an_order())
        assert [(item.line_number, item.known) for item in advice.items] == [("001", True)]
        assert erp.consult(PARTNER, an_order()) == advice
        until_told()
        assert erp.pending() == []

    def test_an_item_it_does_not_have_is_not_known(self, erp: Erp) -> None:
        (item,) = erp.consult(PARTNER, an_order(item="PB-0000")).items
        assert not item.known

    def test_an_answer_lost_after_the_erp_took_it_never_posts_twice(
        self, erp: Erp, until_told: Callable[[], None], losing_answers: Callable[[], AbstractContextManager[object]]
    ) -> None:
        with losing_answers(), pytest.raises(Uncertain):
            erp.post_order("k1", PARTNER, an_order())
        posted = erp.find("k1")  # what the gateway asks before it posts again, which it does not where this says yes
        assert posted is not None
        until_told()
        decided = [event for event in erp.pending() if isinstance(event, OrderDecided)]
        assert [event.order for event in decided] == ["k1"]


class ReaderContract:
    """For a connector that reads what its ERP writes. Beside ``erp``, give the fixtures ``decides`` and ``delivers``."""

    @pytest.fixture
    def decides(self) -> Callable[..., None]:
        """Lets the ERP tell that it accepts a quantity of line 001 of an order: ``decides("k1", "10")``.

        Called again it tells it again. ``at="2026-01-05T09:00:00"`` is when, in forms that have a place for a moment.
        """
        raise AssertionError("the connector's test class gives its own")

    @pytest.fixture
    def delivers(self) -> Callable[[Mapping[str, str]], None]:
        """Lets the ERP tell of one shipment, DELIVERY, of several orders: a carton for each with that quantity of line 001."""
        raise AssertionError("the connector's test class gives its own")

    def test_the_same_told_again_later_is_a_fact_of_its_own(self, erp: Erp, decides: Callable[..., None]) -> None:
        seen: list[tuple[str, Decimal]] = []
        for quantity in ("10", "8", "10"):
            decides("k1", quantity)
            (event,) = erp.pending()
            assert isinstance(event, OrderDecided)
            seen.append((event.id, event.lines[0].quantity))
            erp.confirm([event.id])
        assert [quantity for _, quantity in seen] == [10, 8, 10]
        assert len(dict(seen)) == 3

    def test_a_time_that_names_no_zone_is_in_utc(self, erp: Erp, decides: Callable[..., None]) -> None:
        decides("k1", "10", at="2026-01-05T09:00:00")
        (event,) = erp.pending()
        assert isinstance(event, OrderDecided)
        assert event.at == datetime(2026, 1, 5, 9, tzinfo=UTC)

    @pytest.mark.parametrize("quantity", ["NaN", "Infinity", "-4", "1e40", "ten"])
    def test_a_quantity_nobody_can_mean_is_told_as_such(self, erp: Erp, decides: Callable[..., None], quantity: str) -> None:
        decides("k1", quantity)
        (event,) = erp.pending()
        assert isinstance(event, Unreadable)
        assert "quantity" in event.what.lower() or "WMENG" in event.what or "MENGE" in event.what
        erp.confirm([event.id])
        assert erp.pending() == []

    def test_a_shipment_of_two_orders_is_one_fact_whose_cartons_say_their_order(
        self, erp: Erp, delivers: Callable[[Mapping[str, str]], None]
    ) -> None:
        delivers({"k1": "4", "k2": "6"})
        (event,) = erp.pending()
        assert isinstance(event, OrderShipped)
        assert (event.order, event.shipment) == ("k1", "DELIVERY")
        packed = [(carton.order or event.order, carton.contents[0].quantity) for carton in event.cartons]
        assert packed == [("k1", Decimal(4)), ("k2", Decimal(6))]


class CreditContract(ErpContract):
    """For an ERP that makes credit notes too. Give the fixture ``until_credited`` beside those of ``ErpContract``."""

    @pytest.fixture
    def until_credited(self) -> Callable[[str], None]:
        """Lets the ERP take back four of line 001 of the invoice it made, for a reason (``OFF``), each by a credit note."""
        raise AssertionError("the connector's test class gives its own")

    @pytest.mark.parametrize("why", OFF)
    def test_a_credit_note_says_of_which_invoice_it_is_and_what_it_takes_back_and_why(
        self, erp: Erp, until_told: Callable[[], None], until_credited: Callable[[str], None], why: str
    ) -> None:
        erp.post_order("k1", PARTNER, an_order(10))
        until_told()
        until_credited(why)
        *_, billed, credited = erp.pending()
        assert isinstance(billed, OrderBilled)
        assert isinstance(credited, OrderCredited)
        assert (credited.order, credited.invoice, credited.why) == ("k1", billed.invoice, why)
        assert credited.credit not in ("", billed.invoice)
        assert [(line.line_number, line.quantity, line.unit_price) for line in credited.lines] == [("001", Decimal(4), OFF[why])]
        assert event_from_json(event_to_json(credited)) == credited

    def test_a_credit_note_is_told_until_it_is_confirmed(
        self, erp: Erp, until_told: Callable[[], None], until_credited: Callable[[str], None]
    ) -> None:
        erp.post_order("k1", PARTNER, an_order(10))
        until_told()
        erp.confirm([event.id for event in erp.pending()])
        until_credited("returned")
        (credited,) = erp.pending()
        assert erp.pending() == [credited]
        erp.confirm([credited.id])
        assert erp.pending() == []
