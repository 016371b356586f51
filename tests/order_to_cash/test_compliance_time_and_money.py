"""When a document goes, against its clock; and what the rules it breaks may cost, to the last decimal or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trade import billed, billed_thread, d, line, notice_of, opened, order, shipped, shipped_thread

from edi_gateway.order_to_cash.compliance import Around, Breach, before, exposures, judge, measures_of
from edi_gateway.order_to_cash.compliance.exposure import Measures
from edi_gateway.order_to_cash.compliance.timing import by_the_deadline, r09_not_too_early
from edi_gateway.order_to_cash.turnaround import draft_invoice
from edi_gateway.trading.compliance.pack import CompliancePack, Packs, Rules, RuleTerms, ShipNoticeClock
from edi_gateway.trading.compliance.reading import base_pack

SIX = datetime(2026, 1, 5, 18, tzinfo=UTC)  # the goods leave, or the document is due
SECOND = timedelta(seconds=1)


def pack_of(**rules: RuleTerms) -> CompliancePack:
    return CompliancePack(pack="P", source="S", dated=date(2026, 1, 1), rules=Rules(**rules))  # type: ignore[arg-type]


# -- the clock ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before_it", "is_early"), [(timedelta(minutes=30), False), (timedelta(minutes=30) + SECOND, True)])
def test_an_856_is_too_early_more_than_so_long_before_the_goods(before_it: timedelta, is_early: bool) -> None:
    pack = pack_of(R09=ShipNoticeClock(not_earlier_than=timedelta(minutes=30)))
    assert bool(list(r09_not_too_early(pack, Around(now=SIX - before_it, leaves_at=SIX)))) == is_early


def test_what_is_too_early_waits_only_before_it_left_and_only_where_the_pack_blocks_it() -> None:
    told = ShipNoticeClock(not_earlier_than=timedelta(minutes=30))
    early, again = (
        Around(now=SIX - timedelta(hours=1), leaves_at=SIX),
        Around(now=SIX, left_at=SIX - timedelta(hours=1), leaves_at=SIX),
    )

    def result(terms: ShipNoticeClock, around: Around) -> str:
        pack = pack_of(R09=terms)
        (verdict,) = judge(["R09"], r09_not_too_early(pack, around), pack)
        return verdict.result

    blocks = told.model_copy(update={"does": "block"})
    assert [result(told, early), result(blocks, early), result(blocks, again)] == ["warned", "stopped", "warned"]


def test_half_an_hour_is_the_usual_and_a_pack_that_names_none_takes_it_any_time_before() -> None:
    assert base_pack().rules.R09.not_earlier_than == timedelta(minutes=30)
    assert list(r09_not_too_early(pack_of(), Around(now=SIX - timedelta(days=9), leaves_at=SIX))) == []


def test_a_document_past_its_deadline_is_late_and_one_at_the_deadline_is_not() -> None:
    assert list(by_the_deadline("R04", Around(now=SIX, due_at=SIX))) == []
    (late,) = by_the_deadline("R04", Around(now=SIX + SECOND, due_at=SIX))
    assert (late.rule, late.severity, late.place) == ("R04", "warn", "deadline")


# -- the order before what left -------------------------------------------------------------------------------------------------


def test_a_thread_before_a_shipment_or_an_invoice_is_the_thread_without_it() -> None:
    asked = order(line("001", 10), line("002", 5))
    notice = notice_of(asked, shipped({"001": 6}, {"001": 4, "002": 5}))
    sent = shipped_thread(asked, {"001": 6}, {"001": 4, "002": 5})
    assert before(sent, notice) == opened(asked)
    assert before(opened(asked), notice) == opened(asked)


def test_a_thread_before_an_invoice_has_it_neither_as_money_nor_as_quantities() -> None:
    asked = order(line("001", 10))
    thread = billed_thread(asked, {"001": 10})
    (receivable,) = thread.receivables
    invoice = draft_invoice(asked, billed({"001": 10}, invoice=receivable.invoice), None, today=date(2026, 1, 5))
    earlier = before(thread, invoice)
    assert (earlier.receivables, earlier.lines[0].billed, earlier.lines[0].shipped) == ((), 0, 10)


# -- exposure -------------------------------------------------------------------------------------------------------------------

ALL = Measures(orders=2, lines=3, cartons=7, days_late=4, goods=d("1234.55"), invoice=d("1300.05"))


def reckoned(terms: dict[str, Any], measures: Measures = ALL, places: tuple[str, ...] = ("weight",)) -> tuple[str, str]:
    pack = pack_of(R13=Packs(**terms))
    verdicts = judge(["R13"], [Breach(rule="R13", message="wrong", place=place) for place in places], pack)
    (found,) = exposures(verdicts, pack, measures)
    return found.said, found.reckoning


@pytest.mark.parametrize(
    ("terms", "amount", "reckoning"),
    [
        ({"fee": "150"}, "150", "1 document × 150 = 150"),
        ({"fee": "2.5", "per": "carton"}, "17.5", "7 cartons × 2.5 = 17.5"),
        ({"fee": "0.335", "per": "line"}, "1.005", "3 lines × 0.335 = 1.005"),
        ({"fee": "50", "per": "order"}, "100", "2 orders × 50 = 100"),
        ({"fee": "25", "per": "day"}, "100", "4 days × 25 = 100"),
        ({"fee_percent": "3"}, "37.0365", "3% of 1234.55 = 37.0365"),
        ({"fee_percent": "3", "percent_of": "invoice"}, "39.0015", "3% of 1300.05 = 39.0015"),
        (
            {"fee": "10", "fee_percent": "1"},
            "22.3455",
            "1% of 1234.55 = 12.3455; 1 document × 10 = 10; together 22.3455",
        ),
    ],
)
def test_a_fee_is_multiplied_out_with_its_reckoning(terms: dict[str, Any], amount: str, reckoning: str) -> None:
    assert reckoned(terms) == (amount, reckoning)


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"fee": "5", "per": "carton"}, "5 per carton: how many cartons it is for is not known"),
        ({"fee": "5", "per": "day"}, "5 per day: how many days it is for is not known"),
        ({"fee_percent": "3"}, "3% of the goods: a price is not known"),
        ({"fee_percent": "3", "percent_of": "invoice"}, "3% of the invoice: nothing is billed of it yet"),
    ],
)
def test_what_cannot_be_reckoned_is_unknown_and_says_why(terms: dict[str, Any], why: str) -> None:
    assert reckoned(terms, Measures()) == ("unknown", why)


def test_half_a_reckoning_is_unknown() -> None:
    amount, reckoning = reckoned({"fee": "10", "fee_percent": "1"}, Measures())
    assert (amount, reckoning) == ("unknown", "1% of the goods: a price is not known; 1 document × 10 = 10")


def test_lines_and_cartons_are_those_it_is_broken_at_where_it_names_them() -> None:
    fee = {"fee": "2", "per": "line"}
    assert reckoned(fee, places=("line 001", "line 001", "line 002"))[0] == "4"
    assert reckoned(fee, places=("line 001", "weight"))[0] == "6"  # it is about more than that line: all three
    assert reckoned({"fee": "2", "per": "carton"}, places=("pack 1", "pack 2"))[0] == "4"


def test_a_rule_broken_at_five_places_of_one_document_is_charged_once_per_document() -> None:
    assert reckoned({"fee": "100"}, places=tuple(f"line {n}" for n in range(5)))[0] == "100"


def test_rules_that_are_kept_or_without_a_fee_have_no_exposure() -> None:
    pack = pack_of()
    assert exposures(judge(["R13"], [Breach(rule="R13", message="no")], pack), pack, ALL) == ()


@given(st.integers(1, 9999), st.integers(1, 500))
def test_cartons_times_cents_is_exact(cents: int, cartons: int) -> None:
    fee = Decimal(cents) / 100
    assert Decimal(reckoned({"fee": str(fee), "per": "carton"}, Measures(cartons=cartons))[0]) == fee * cartons


def test_what_a_notice_measures_is_its_orders_lines_cartons_and_goods_at_the_order_s_prices() -> None:
    asked = order(line("001", 10, price="2.55"), line("002", 5, price="100", price_basis="HP"))
    notice = notice_of(asked, shipped({"001": 6}, {"001": 4, "002": 5}))
    found = measures_of(notice, [(asked, opened(asked))], Around(now=SIX + timedelta(hours=25), due_at=SIX))
    assert found == Measures(orders=1, lines=2, cartons=2, days_late=2, goods=d("30.50"), invoice=None)
    free = msgspec.structs.replace(asked, lines=(line("001", 10, price=None), asked.lines[1]))
    assert measures_of(notice, [(free, opened(free))], Around()).goods is None
