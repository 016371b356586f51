"""Invoices as drafts: windows, release by hand, what they wait for, one of several, and credit notes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from billing_scenes import AGREED, charge, credit, ship
from desk import Desk, Profiles, directory_of
from partner_says import accepts, northwind, order, rejects

from edi_gateway.errors import WrongInput
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.invoices import Taken, credit_invoice, release_invoice, withhold_invoice
from edi_gateway.operations.request import Request
from edi_gateway.operations.resume import resume
from edi_gateway.operations.second_pair import ask
from edi_gateway.order_to_cash.credit import Why
from edi_gateway.views.invoices import InvoiceRow, invoice, invoices
from edi_gateway.views.order_trace import order_trace


def states(desk: Desk) -> dict[str, str]:
    return {row.number: row.state for row in invoices(desk.store)}


def row(desk: Desk, number: str) -> InvoiceRow:
    return invoice(desk.store, number)[0]


def test_what_is_billed_of_an_order_in_a_day_leaves_as_one_invoice_at_the_cut_off(billing: Callable[[str], Desk]) -> None:
    desk = billing('{window: daily, cut_off: "17:00"}')
    for shipment, number, quantity in (("S1", "N1", 20), ("S2", "N2", 28)):
        ship(desk, shipment, quantity)
        charge(desk, number, shipment, quantity)
    assert states(desk) == {"N1": "draft", "N2": "draft"}
    assert order_trace(desk.store, "PO-1").disagreements == ()  # a draft is behind no number yet
    assert desk.sent("810") == []
    desk.later(hours=9)
    (sent,) = desk.sent("810")
    assert (sent.one("BIG")[2], sent.one("IT1")[2], sent.one("TDS")[1]) == ("N1", "48", "88800")
    assert [each[2] for each in sent.all("REF") if each[1] == "SI"] == ["S1", "S2"]
    assert list(states(desk)) == ["N1"]
    assert (desk.order("PO-1").billed, desk.order("PO-1").state) == (Decimal("888.00"), "billed")
    found = order_trace(desk.store, "N2")  # its number still finds the order
    assert (found.thread.order_number, found.disagreements) == ("PO-1", ())


def test_a_discount_in_money_is_granted_once_over_the_invoices_of_an_order(desk: Desk) -> None:
    segments = order("PO-1")
    segments.insert(4, ["ITD", "01", "3", "", "", "10", "", "30", "2001"])
    desk.drop(northwind(1, segments))
    desk.later(minutes=10)
    desk.erps.clear()
    for shipment, number in (("S1", "N1"), ("S2", "N2")):
        ship(desk, shipment, 24)
        charge(desk, number, shipment, 24)
    assert desk.held() == []
    assert [one.one("ITD")[8] for one in desk.sent("810")] == ["1001", "1000"]


def test_an_order_with_terms_until_a_day_of_the_next_month_is_billed_by_them(desk: Desk) -> None:
    segments = order("PO-1")
    segments.insert(4, ["ITD", "09", "3", "2", *[""] * 8, "2% 10TH PROX", "10"])
    desk.drop(northwind(1, segments))
    desk.later(hours=12)
    assert desk.held() == []
    assert desk.sent("810")[0].one("ITD")[13] == "10"


def test_a_tax_whose_rate_is_in_percents_is_billed_once_their_agreement_says_so(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    taxed = "billing: {taxes: in proportion}"
    profiles.replace("northwind", AGREED, AGREED.replace("awaits", f"{taxed}\n    awaits"))
    desk, segments = make_desk(), order("PO-1")
    segments.insert([each[0] for each in segments].index("N1"), ["TXI", "ST", "", "8.25"])
    desk.drop(northwind(1, segments))
    desk.later(hours=12)
    assert desk.held()[0].startswith("the order's tax ST has the rate (TXI03) 8.25, by X12 825 percent")
    profiles.replace("northwind", taxed, "billing: {taxes: in proportion, tax_rates: percents}")
    desk.use(directory=directory_of(profiles.folder))
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.later(hours=1)
    (sent,) = desk.sent("810")
    assert (sent.one("TXI")[2:4], sent.one("TDS")[1]) == (["73.26", "8.25"], "96126")


def test_a_charge_that_does_not_say_how_much_it_is_keeps_the_invoice_back_until_charges_are_not_billed(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.replace("northwind", "\nanswers:\n", "\nanswers:\n  invoice_charges: in proportion\n")
    desk, segments = make_desk(), order("PO-1")
    segments.insert([each[0] for each in segments].index("DTM"), ["SAC", "C", "D240", "", "", "", "", "", "0.5"])
    desk.drop(northwind(1, segments))
    desk.later(hours=12)
    assert desk.held()[0].startswith("the order has the charge D240 (SAC) at 0.5, and does not say for how many (SAC10)")
    assert "no change (860) says it anew" in desk.held()[0]
    profiles.replace("northwind", "invoice_charges: in proportion", "invoice_charges: none")
    desk.use(directory=directory_of(profiles.folder))
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.later(hours=1)
    assert (desk.held(), len(desk.sent("810")[0].all("SAC"))) == ([], 0)


def test_the_number_of_a_draft_that_went_into_another_is_used_up(billing: Callable[[str], Desk]) -> None:
    desk = billing('{window: daily, cut_off: "17:00"}')
    ship(desk, "S1", 20)
    charge(desk, "N1", "S1", 10)
    charge(desk, "N2", "S1", 5)
    desk.later(hours=9)
    charge(desk, "N2", "S1", 5)
    desk.later(hours=24)
    assert any("R21" in why for why in desk.held()), desk.held()
    assert len(desk.sent("810")) == 1


def test_a_draft_is_released_before_its_window_closes(billing: Callable[[str], Desk]) -> None:
    desk = billing("{window: monthly}")
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 48)
    assert row(desk, "N1").leaves_at is not None
    release_invoice(desk.store, "N1", by="anna")
    desk.run()
    assert [one.one("BIG")[2] for one in desk.sent("810")] == ["N1"]
    with pytest.raises(WrongInput, match="no draft any more"):
        release_invoice(desk.store, "N1", by="anna")


def test_a_withheld_draft_stays_and_holds_up_nothing_else(billing: Callable[[str], Desk]) -> None:
    desk = billing('{window: daily, cut_off: "17:00"}')
    ship(desk, "S1", 20)
    charge(desk, "N1", "S1", 20)
    withhold_invoice(desk.store, "N1", because="the price is in dispute", by="anna")
    ship(desk, "S2", 28)
    charge(desk, "N2", "S2", 28)
    desk.later(hours=9)
    assert [one.one("BIG")[2] for one in desk.sent("810")] == ["N2"]
    assert (row(desk, "N1").state, "price is in dispute" in row(desk, "N1").because) == ("withheld", True)
    release_invoice(desk.store, "N1", by="anna")
    desk.run()
    assert [one.one("BIG")[2] for one in desk.sent("810")] == ["N2", "N1"]


def test_invoices_wait_for_a_person_where_that_is_agreed(billing: Callable[[str], Desk]) -> None:
    desk = billing("{release: by hand}")
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 48)
    assert (states(desk), desk.sent("810")) == ({"N1": "draft"}, [])
    release_invoice(desk.store, "N1", by="anna")
    desk.run()
    assert len(desk.sent("810")) == 1


def test_what_a_person_released_is_still_held_against_the_rules(billing: Callable[[str], Desk]) -> None:
    desk = billing("{release: by hand}")
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 48, price="99")
    release_invoice(desk.store, "N1", by="anna")
    desk.run()
    assert desk.sent("810") == []
    assert "R22" in row(desk, "N1").because


def test_no_810_goes_while_its_856_stands_rejected_and_it_goes_by_itself_when_that_went_again(
    billing: Callable[[str], Desk],
) -> None:
    desk = billing("{}")
    ship(desk, "S1", 48)
    group = int(desk.sent("856")[0].one("GS")[6])
    desk.drop(northwind(2, rejects("SH", group, "856")))
    charge(desk, "N1", "S1", 48)
    desk.later(hours=1)
    assert desk.sent("810") == []
    again(desk)
    desk.later(hours=1)
    assert len(desk.sent("856")) == 2
    assert [one.one("BIG")[2] for one in desk.sent("810")] == ["N1"]


def test_an_invoice_waits_though_somebody_dismissed_the_rejected_856(billing: Callable[[str], Desk]) -> None:
    desk = billing("{}")
    ship(desk, "S1", 48)
    desk.drop(northwind(2, rejects("SH", int(desk.sent("856")[0].one("GS")[6]), "856")))
    dismiss(desk.store, desk.flow("held").id, because="they will mend it", by="anna")
    charge(desk, "N1", "S1", 48)
    assert desk.sent("810") == []
    assert "the 856 of shipment S1 was rejected" in row(desk, "N1").because
    again(desk)
    desk.later(hours=1)
    assert [one.one("BIG")[2] for one in desk.sent("810")] == ["N1"]


def test_an_810_waits_until_its_856_is_accepted_where_that_is_agreed(billing: Callable[[str], Desk]) -> None:
    desk = billing("{ship_notice: accepted}")
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 48)
    desk.later(hours=1)
    assert "not accepted yet" in row(desk, "N1").because
    desk.drop(northwind(2, accepts("SH", int(desk.sent("856")[0].one("GS")[6]), "856")))
    desk.later(hours=1)
    assert len(desk.sent("810")) == 1


def again(desk: Desk) -> None:
    """The rejected 856 goes again as an original."""
    rejected = next(one for one in desk.sets("856", "out") if one.acknowledgment == "rejected")
    ask(desk.tools, Request(operation="re-envelope", transaction=rejected.id, because="their map is mended", by="anna"))
    desk.run()


@pytest.fixture
def billed(billing: Callable[[str], Desk]) -> Desk:
    """All of PO-1 shipped and billed as N1, 888.00."""
    desk = billing("{}")
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 48)
    assert len(desk.sent("810")) == 1
    return desk


def test_a_credit_note_goes_as_an_810_and_so_much_less_is_open(billed: Desk) -> None:
    number = credit_invoice(billed.store, "N1", {"001": Taken(Decimal(8))}, why="returned", by="anna")
    billed.run()
    sent = billed.sent("810")[-1]
    assert (sent.one("BIG")[2], sent.one("BIG")[7], sent.one("TDS")[1]) == (number, "CR", "14800")
    assert ["REF", "OI", "N1", "returned"] in sent.all("REF")
    assert billed.order("PO-1").open == Decimal("740.00")
    assert (row(billed, number).total, row(billed, number).kind) == (Decimal("-148.00"), "credit note")
    assert row(billed, "N1").open == Decimal("740.00")
    (line,) = order_trace(billed.store, number).thread.lines
    assert (line.billed, line.credited, line.returned) == (48, 8, 8)
    assert order_trace(billed.store, "PO-1").disagreements == ()


def test_a_credit_of_all_that_is_left_closes_the_order(billed: Desk) -> None:
    credit_invoice(billed.store, "N1", {"001": Taken(Decimal(8))}, why="returned", by="anna")
    billed.run()
    credit_invoice(billed.store, "N1", {}, why="overbilled", by="anna")
    billed.run()
    assert (billed.order("PO-1").open, billed.order("PO-1").state) == (0, "paid")
    with pytest.raises(WrongInput, match="all of invoice N1 is credited already"):
        credit_invoice(billed.store, "N1", {}, why="returned", by="anna")


@pytest.mark.parametrize(
    ("number", "taken", "said"),
    [
        ("N9", {}, "there is no invoice 'N9'"),
        ("N1", {"002": Taken(Decimal(1))}, "has no line 002"),
        ("N1", {"001": Taken(Decimal(49))}, "more than the 48 that stand billed"),
    ],
)
def test_a_credit_that_cannot_be_is_refused_at_once(billed: Desk, number: str, taken: dict[str, Taken], said: str) -> None:
    with pytest.raises(WrongInput, match=said):
        credit_invoice(billed.store, number, taken, why="returned", by="anna")


@pytest.mark.parametrize("taken", [{}, {"001": Taken(Decimal(48))}])
def test_what_is_left_after_a_price_was_taken_back_is_credited_at_the_price_that_stands(
    billed: Desk, taken: dict[str, Taken]
) -> None:
    credit_invoice(billed.store, "N1", {"001": Taken(Decimal(48), Decimal("0.50"))}, why="price", by="anna")
    billed.run()
    credit_invoice(billed.store, "N1", taken, why="returned", by="anna")
    billed.run()
    assert (billed_lines(billed), billed.order("PO-1").open, billed.held()) == ([("48", "18")], 0, [])


@pytest.mark.parametrize("why", ["price", "returned"])
def test_more_than_the_price_that_stands_is_not_taken_back(billed: Desk, why: Why) -> None:
    credit_invoice(billed.store, "N1", {"001": Taken(Decimal(48), Decimal("0.50"))}, why="price", by="anna")
    with pytest.raises(WrongInput, match=r"18\.01 a unit of line 001 is more than the 18\.0+ that it stands billed at"):
        credit_invoice(billed.store, "N1", {"001": Taken(Decimal(8), Decimal("18.01"))}, why=why, by="anna")


def test_credit_notes_asked_for_one_after_the_other_have_numbers_and_quantities_of_their_own(billed: Desk) -> None:
    """Before either is drafted: two people at the same desk."""
    numbers = [
        credit_invoice(billed.store, "N1", {"001": Taken(Decimal(taken))}, why="returned", by=by)
        for taken, by in ((8, "anna"), (32, "ben"))
    ]
    assert numbers == ["N1-C1", "N1-C2"]
    with pytest.raises(WrongInput, match="9 of line 001 are more than the 8 that stand billed"):
        credit_invoice(billed.store, "N1", {"001": Taken(Decimal(9))}, why="returned", by="anna")
    with pytest.raises(WrongInput, match="credit note N1-C2 of invoice N1 is there already"):
        credit_invoice(billed.store, "N1", {"001": Taken(Decimal(1))}, why="returned", by="anna", credit="N1-C2")
    billed.run()
    assert (billed.order("PO-1").open, billed.held()) == (Decimal("148.00"), [])


@pytest.fixture
def at_two_prices(billing: Callable[[str], Desk]) -> Desk:
    """20 of PO-1 billed as N1 at 18.50 and 10 as N2 at 15.00, which left as one invoice of 520.00."""
    desk = billing('{window: daily, cut_off: "17:00"}')
    ship(desk, "S1", 30)
    charge(desk, "N1", "S1", 20)
    charge(desk, "N2", "S1", 10, price="15")
    desk.later(hours=9)
    resume(desk.store, desk.flow("held").id, by="anna")
    desk.run()
    assert (row(desk, "N1").total, len(desk.sent("810"))) == (Decimal("520.00"), 1)
    return desk


def billed_lines(desk: Desk) -> list[tuple[str, str]]:
    """Quantity and price of the lines of the last 810."""
    return [(each[2], each[4]) for each in desk.sent("810")[-1].all("IT1")]


def test_a_line_billed_at_two_prices_is_credited_at_both(at_two_prices: Desk) -> None:
    credit_invoice(at_two_prices.store, "N1", {"001": Taken(Decimal(24))}, why="returned", by="anna")
    at_two_prices.run()
    assert billed_lines(at_two_prices) == [("20", "18.5"), ("4", "15")]
    credit_invoice(at_two_prices.store, "N1", {}, why="returned", by="anna")
    at_two_prices.run()
    assert billed_lines(at_two_prices) == [("6", "15")]
    assert (row(at_two_prices, "N1").open, at_two_prices.order("PO-1").open) == (0, 0)


def test_what_was_credited_at_another_price_counts_as_quantity_of_the_line(at_two_prices: Desk) -> None:
    credit_invoice(at_two_prices.store, "N1", {"001": Taken(Decimal(25), Decimal(10))}, why="returned", by="anna")
    at_two_prices.run()
    assert billed_lines(at_two_prices) == [("25", "10")]
    with pytest.raises(WrongInput, match="more than the 5 that stand billed"):
        credit_invoice(at_two_prices.store, "N1", {"001": Taken(Decimal(6))}, why="returned", by="anna")


def test_the_erp_credits_an_invoice_that_went_into_another(at_two_prices: Desk) -> None:
    credit(at_two_prices, "C-1", "N2", 10, price="15")
    assert at_two_prices.held() == []
    assert ["REF", "OI", "N1", "returned"] in at_two_prices.sent("810")[-1].all("REF")
    assert row(at_two_prices, "N1").open == Decimal("370.00")


def sent_810s(desk: Desk) -> list[str]:
    return [one.one("BIG")[2] for one in desk.sent("810")]


def test_a_credit_note_of_a_draft_waits_until_its_invoice_is_made(billing: Callable[[str], Desk]) -> None:
    desk = billing('{window: daily, cut_off: "17:00"}')
    ship(desk, "S1", 20)
    charge(desk, "N1", "S1", 20)
    credit(desk, "C1", "N1", 5)
    assert (states(desk), desk.held(), desk.sent("810")) == ({"C1": "draft", "N1": "draft"}, [], [])
    assert row(desk, "C1").because == "invoice N1 is not made yet"
    desk.later(hours=9)
    desk.later(minutes=16)
    assert (sent_810s(desk), desk.held(), row(desk, "N1").open) == (["N1", "C1"], [], Decimal("277.50"))


def test_a_credit_note_of_a_draft_is_of_the_invoice_that_became_of_it(billing: Callable[[str], Desk]) -> None:
    desk = billing('{window: daily, cut_off: "17:00"}')
    ship(desk, "S1", 30)
    charge(desk, "N1", "S1", 20)
    charge(desk, "N2", "S1", 10)
    credit(desk, "C1", "N2", 10)
    desk.later(hours=9)
    desk.later(minutes=16)
    assert (sent_810s(desk), desk.held()) == (["N1", "C1"], [])
    assert ["REF", "OI", "N1", "returned"] in desk.sent("810")[-1].all("REF")
    assert row(desk, "N1").open == Decimal("370.00")


def test_nobody_lets_a_credit_note_go_before_its_invoice(billing: Callable[[str], Desk]) -> None:
    desk = billing("{release: by hand}")
    ship(desk, "S1", 20)
    charge(desk, "N1", "S1", 20)
    credit(desk, "C1", "N1", 5)
    release_invoice(desk.store, "C1", by="anna")
    desk.run()
    assert desk.sent("810") == []
    release_invoice(desk.store, "N1", by="anna")
    desk.run()
    desk.later(minutes=16)
    assert sent_810s(desk) == ["N1", "C1"]


def test_a_credit_note_of_a_draft_that_was_dismissed_is_held_and_says_so(billing: Callable[[str], Desk]) -> None:
    desk = billing("{release: by hand}")
    ship(desk, "S1", 20)
    charge(desk, "N1", "S1", 20)
    credit(desk, "C1", "N1", 5)
    dismiss(desk.store, desk.flow("held").id, because="billed by mistake", by="anna")
    desk.later(minutes=16)
    assert desk.held() == ["invoice N1, of which it takes something back, is no invoice of its order any more"]


def test_the_number_of_a_draft_that_went_into_another_says_what_it_became(at_two_prices: Desk) -> None:
    said = "invoice N2 left together with others as invoice N1"
    with pytest.raises(WrongInput, match=said):
        credit_invoice(at_two_prices.store, "N2", {}, why="returned", by="anna")
    with pytest.raises(WrongInput, match=said):
        invoice(at_two_prices.store, "N2")


def test_one_number_stands_on_one_unrejected_810(billed: Desk) -> None:
    with pytest.raises(WrongInput, match="all of invoice"):
        credit_invoice(billed.store, "N1", {"001": Taken(Decimal(48))}, why="returned", by="a")
        billed.run()
        credit_invoice(billed.store, "N1", {}, why="returned", by="anna")
    charge(billed, "N1-C1", "S1", 1)
    assert len([one for one in billed.sent("810") if one.one("BIG")[2] == "N1-C1"]) == 1


def test_drafts_credits_and_what_is_behind_them_are_found_on_both_databases(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1")))
    any_desk.later(hours=6)
    credit_invoice(any_desk.store, "00090001", {"001": Taken(Decimal(8))}, why="returned", by="anna")
    any_desk.run()
    assert [(each.number, each.open) for each in invoices(any_desk.store)] == [
        ("00090001-C1", None),
        ("00090001", Decimal("740.00")),
    ]
    assert invoices(any_desk.store, state="draft") == []
    assert order_trace(any_desk.store, "00090001-C1").disagreements == ()
