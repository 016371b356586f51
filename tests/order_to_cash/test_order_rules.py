from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from trade import MONDAY, NOON, d, dated, line, order

from edi_gateway.documents.base import Extra, Terms
from edi_gateway.documents.order import Order
from edi_gateway.documents.party import Party
from edi_gateway.order_to_cash.advice import Advice, ItemAdvice
from edi_gateway.order_to_cash.rules import Ruling, decide, order_for_erp
from edi_gateway.trading.profile import OrderTerms


def item(number: str = "001", price: str | None = "2.50", available: int | None = 100, **more: bool) -> ItemAdvice:
    return ItemAdvice(
        line_number=number,
        known=more.get("known", True),
        item="PB-1",
        list_price=None if price is None else d(price),
        available=None if available is None else d(available),
        blocked=more.get("blocked", False),
    )


def advice(*items: ItemAdvice, **more: object) -> Advice:
    return Advice(as_of=NOON, items=items or (item(),), **more)  # type: ignore[arg-type]


def ruled(asked: Order, said: Advice, **terms: object) -> Ruling:
    return decide(asked, said, OrderTerms(**terms), today=MONDAY)  # type: ignore[arg-type]


def parts(ruling: Ruling) -> list[tuple[str, str, int]]:
    return [(x.line_number, x.status, int(x.quantity)) for x in ruling.lines]


def reasons(ruling: Ruling) -> list[str]:
    return [reason.rule for reason in ruling.needs_approval]


def test_an_order_that_breaks_no_rule_goes_through() -> None:
    outcome = ruled(order(), advice())
    assert parts(outcome) == [("001", "accepted", 10)]
    assert reasons(outcome) == []


def test_an_unknown_item_is_rejected_or_held_as_the_partner_wants() -> None:
    rejected = ruled(order(), advice(item(known=False)), unknown_item="reject")
    assert parts(rejected) == [("001", "rejected", 10)]
    assert rejected.rejected[0].reason == "unknown item"
    held = ruled(order(), advice(item(known=False)), unknown_item="hold")
    assert reasons(held) == ["unknown item"]
    assert "IN 000044104" in held.needs_approval[0].message


def test_the_price_of_an_unknown_item_is_not_judged_too() -> None:
    assert reasons(ruled(order(), advice(item(known=False, price=None)), unknown_item="hold")) == ["unknown item"]
    assert reasons(ruled(order(), advice(item(known=False, price="9.99")), unknown_item="hold")) == ["unknown item"]


def test_a_line_the_erp_said_nothing_of_is_held_whatever_the_terms() -> None:
    assert reasons(ruled(order(line("9")), advice(), unknown_item="reject")) == ["unknown item"]


def test_a_blocked_item_is_held_or_rejected() -> None:
    assert reasons(ruled(order(), advice(item(blocked=True)))) == ["blocked item"]
    assert parts(ruled(order(), advice(item(blocked=True)), blocked_item="reject")) == [("001", "rejected", 10)]


@pytest.mark.parametrize(("price", "held"), [("9.80", False), ("9.79", True), ("10.20", False), ("10.21", True)])
def test_a_price_exactly_at_the_tolerance_passes_and_one_cent_more_does_not(price: str, held: bool) -> None:
    outcome = ruled(order(line(price=price)), advice(item(price="10.00")), price_tolerance_percent="2")
    assert reasons(outcome) == (["price"] if held else [])


def test_without_a_tolerance_the_price_is_the_list_price() -> None:
    assert reasons(ruled(order(line(price="2.51")), advice())) == ["price"]
    assert reasons(ruled(order(line(price="2.500")), advice())) == []


def test_a_price_per_hundred_is_compared_per_each() -> None:
    assert reasons(ruled(order(line(price="250.00", price_basis="HP")), advice())) == []
    assert reasons(ruled(order(line(price="250.01", price_basis="HP")), advice())) == ["price"]


def test_a_price_difference_may_be_rejected_or_accepted() -> None:
    assert parts(ruled(order(line(price="9")), advice(), price_difference="reject")) == [("001", "rejected", 10)]
    assert reasons(ruled(order(line(price="9")), advice(), price_difference="accept")) == []


def test_a_price_the_erp_has_nothing_to_compare_with_is_the_buyers() -> None:
    assert reasons(ruled(order(), advice(item(price=None)))) == []


def test_a_price_nobody_names_is_held() -> None:
    assert reasons(ruled(order(line(price=None)), advice(item(price=None)))) == ["price"]
    assert reasons(ruled(order(line(price=None)), advice())) == []


def test_a_price_basis_we_do_not_know_is_held() -> None:
    assert reasons(ruled(order(line(price="9.99", price_basis="PF")), advice())) == ["price basis"]


def test_what_is_not_in_stock_is_backordered_rejected_or_shown_to_a_person() -> None:
    short = advice(item(available=7))
    assert parts(ruled(order(), short)) == [("001", "accepted", 7), ("001", "backordered", 3)]
    assert parts(ruled(order(), short, short_stock="reject")) == [("001", "accepted", 7), ("001", "rejected", 3)]
    assert reasons(ruled(order(), short, short_stock="hold")) == ["stock"]


def test_an_erp_that_counts_no_stock_has_it_all() -> None:
    assert parts(ruled(order(), advice(item(available=None)))) == [("001", "accepted", 10)]


def test_lines_of_one_item_share_what_is_there_in_their_order() -> None:
    asked = order(line("1", 40), line("2", 40), line("3", 40))
    said = advice(*(item(number, available=50) for number in "123"))
    shared = [("1", "accepted", 40), ("2", "accepted", 10), ("2", "rejected", 30), ("3", "rejected", 40)]
    assert parts(ruled(asked, said, short_stock="reject")) == shared


def test_what_an_erp_shared_out_between_lines_itself_is_not_shared_out_again() -> None:
    asked = order(line("1", 40), line("2", 40))
    assert parts(ruled(asked, advice(item("1", available=50), item("2", available=10)), short_stock="reject"))[1:] == [
        ("2", "accepted", 10),
        ("2", "rejected", 30),
    ]


def test_a_rejected_line_takes_no_stock() -> None:
    asked = order(line("1", 40, "9.99"), line("2", 40))
    said = advice(item("1", available=50), item("2", available=50))
    assert parts(ruled(asked, said, price_difference="reject")) == [("1", "rejected", 40), ("2", "accepted", 40)]


def test_lines_the_erp_has_no_number_for_are_of_one_item_by_the_buyers_ids() -> None:
    asked = order(line("1", 40), line("2", 40))
    said = advice(*(replace(item(number, available=50), item="") for number in "12"))
    assert parts(ruled(asked, said, short_stock="reject"))[1:] == [("2", "accepted", 10), ("2", "rejected", 30)]


@pytest.mark.parametrize(("used", "held"), [("75.00", False), ("75.01", True)])
def test_credit_in_use_and_this_order_may_reach_the_limit_and_not_pass_it(used: str, held: bool) -> None:
    outcome = ruled(order(), advice(credit_limit=d("100"), credit_used=d(used)))
    assert reasons(outcome) == (["credit"] if held else [])


def test_what_is_rejected_uses_no_credit() -> None:
    asked = order(line("1", 10), line("2", 1000))
    said = advice(item("1"), item("2", known=False), credit_limit=d("25"), credit_used=d("0"))
    assert reasons(ruled(asked, said)) == []


def test_a_customer_the_erp_does_not_know_is_held() -> None:
    assert reasons(ruled(order(), advice(customer_known=False))) == ["customer"]


@pytest.mark.parametrize(("least", "held"), [("25.00", False), ("25.01", True)])
def test_the_minimum_order_is_enough(least: str, held: bool) -> None:
    assert reasons(ruled(order(), advice(), minimum_order=least)) == (["minimum order"] if held else [])


def test_an_order_whose_last_day_to_ship_has_passed_is_held() -> None:
    late = order(dates=dated(q001=date(2026, 1, 4)))
    today = order(dates=dated(q001=MONDAY))
    assert reasons(ruled(late, advice())) == ["ship window"]
    assert reasons(ruled(late, advice(), ship_window_missed="accept")) == []
    assert reasons(ruled(today, advice())) == []


def test_a_window_that_closes_before_it_opens_is_held() -> None:
    assert reasons(ruled(order(dates=dated(q037=date(2026, 2, 2), q001=date(2026, 2, 1))), advice())) == ["ship window"]


def test_a_line_whose_own_last_day_to_ship_has_passed_is_held_and_named() -> None:
    late, today = line("2", dates=dated(q001=date(2026, 1, 4))), line("1")
    (reason,) = ruled(order(today, late, dates=dated(q001=MONDAY)), advice(item("1"), item("2"))).needs_approval
    assert (reason.rule, reason.message) == ("ship window", "line 2: the last day to ship was 2026-01-04")
    deleted = order(today, replace(late, quantity=d(0)), dates=dated(q001=MONDAY))
    assert reasons(ruled(deleted, advice(item("1"), item("2")))) == []


def test_days_told_as_a_period_are_for_a_person_unless_nobody_minds_the_window() -> None:
    asked = order(extras=(Extra(position=5, segment="DTM*002****RD8*20260101-20260104"),))
    assert reasons(ruled(asked, advice())) == ["ship window"]
    assert reasons(ruled(asked, advice(), ship_window_missed="accept")) == []
    read_as_well = order(extras=(Extra(position=5, segment="DTM*002*20260120***D8*20260120"),))
    assert reasons(ruled(read_as_well, advice())) == []
    begun = order(extras=(Extra(position=5, segment="DTM*002*20260120***RD8*20260120-20260122"),))
    assert reasons(ruled(begun, advice())) == ["ship window"]
    of_something_else = order(extras=(Extra(position=5, segment="DTM*582****RD8*20260101-20260104"),))
    assert reasons(ruled(of_something_else, advice())) == []


def test_days_to_pay_count_from_the_last_day_any_line_may_leave() -> None:
    asked = order(line(dates=dated(q001=date(2026, 1, 20))), terms=Terms(net_due_on=date(2026, 2, 19)))
    assert reasons(ruled(asked, advice(), payment={"net_days": 30})) == []
    assert reasons(ruled(asked, advice(), payment={"net_days": 29})) == ["payment terms"]


def test_a_line_that_goes_to_another_place_than_its_order_is_held() -> None:
    here, there = Party(role="ST", id_qualifier="92", id="0423"), Party(role="ST", id_qualifier="92", id="0424")
    asked = order(line("1", parties=(here,)), line("2", parties=(there,)), line("3", parties=(there, replace(there, role="MF"))))
    said = advice(item("1"), item("2"), item("3"))
    (reason,) = ruled(asked, said).needs_approval
    assert (reason.rule, reason.message[:46]) == ("places", "line 2, 3 goes to 0424, the order to 0423: our")
    assert reasons(ruled(order(line("1", parties=(here,)), line("2", parties=(replace(there, role="BY"),))), said)) == []
    assert reasons(ruled(order(line("1", parties=(there,)), ship_to=None), said)) == ["places"]


def test_an_order_that_names_two_places_to_ship_to_is_held() -> None:
    (reason,) = ruled(order(parties=(Party(role="ST", id_qualifier="92", id="0424"),)), advice()).needs_approval
    assert (reason.rule, reason.message[:48]) == ("places", "it goes to 0424 as well, the order to 0423: our ")
    assert reasons(ruled(order(parties=(Party(role="ST", id_qualifier="92", id="0423"),)), advice())) == []


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ({"name": "Store 423"}, []),
        ({"name": "Store 423", "street": "1 ELM"}, []),
        ({"name": "Store 424"}, ["places"]),
        ({"name": "Store 423", "street": "2 OAK"}, ["places"]),
        ({}, ["places"]),
    ],
)
def test_ids_of_two_lists_are_one_place_where_its_name_is_the_same(beside: dict[str, str], told: list[str]) -> None:
    known = Party(role="ST", name="Store 423", id_qualifier="92", id="0423", street="1 ELM")
    by_gln = Party(role="ST", id_qualifier="UL", id="0614141000012", **beside)
    assert reasons(ruled(order(ship_to=known, parties=(by_gln,)), advice())) == told


def test_a_name_that_two_ids_of_one_list_share_says_nothing_of_the_place() -> None:
    of_the_order = Party(role="ST", name="STORES", id_qualifier="92", id="0423")
    first, second = (Party(role="ST", name="STORES", id_qualifier="UL", id=id) for id in ("0614141000012", "0614141000029"))
    asked = order(line("1", parties=(first,)), line("2", parties=(second,)), ship_to=of_the_order)
    assert reasons(ruled(asked, advice(item("1"), item("2")))) == ["places"]
    by_one = order(line("1", parties=(first,)), line("2", parties=(first,)), ship_to=of_the_order)
    assert reasons(ruled(by_one, advice(item("1"), item("2")))) == []


def test_the_erp_gets_the_order_without_what_the_rules_rejected() -> None:
    asked = order(line("1", 10), line("2", 5), line("3", 5))
    outcome = ruled(asked, advice(item("1", available=7), item("2", known=False), item("3")), short_stock="reject")
    posted = order_for_erp(asked, outcome)
    assert posted
    assert [(x.number, x.quantity) for x in posted.lines] == [("1", 7), ("3", 5)]


def test_an_order_of_which_nothing_is_left_is_not_posted() -> None:
    asked = order()
    assert order_for_erp(asked, ruled(asked, advice(item(known=False)))) is None


@pytest.mark.parametrize(("net_days", "held"), [(30, []), (31, ["payment terms"])])
def test_terms_of_payment_are_held_from_the_first_day_beyond_the_contract(net_days: int, held: list[str]) -> None:
    asked = order(terms=Terms(net_days=net_days))
    assert reasons(ruled(asked, advice(), payment={"net_days": 30})) == held


@pytest.mark.parametrize(("percent", "held"), [("2", []), ("2.01", ["payment terms"])])
def test_a_discount_is_held_from_the_first_hundredth_beyond_the_contract(percent: str, held: list[str]) -> None:
    asked = order(terms=Terms(discount_percent=d(percent), discount_days=10, net_days=30))
    contract = {"discount_percent": "2", "discount_days": 10, "net_days": 30}
    assert reasons(ruled(asked, advice(), payment=contract)) == held


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        (Terms(type="02", net_days=30), ""),
        (Terms(type="09", discount_percent=d(2), discount_days=10, net_days=30), ""),
        (Terms(net_days=56), ""),
        (Terms(net_days=57), "the order wants to pay on 2026-03-03, by the contract it is due on 2026-03-02"),
        (Terms(type="02", net_days=31), "the order wants to pay on 2026-03-03, by the contract it is due on 2026-03-02"),
    ],
)
def test_days_of_a_contract_may_count_from_the_end_of_the_month(asked: Terms, held: str) -> None:
    contract = {"discount_percent": "2", "discount_days": 10, "net_days": 30, "days_from": "end of month"}
    told = ruled(order(terms=asked), advice(), payment=contract).needs_approval
    assert "; ".join(each.message for each in told) == held


CONTRACT = {"discount_percent": "2", "discount_days": 10, "net_days": 30}
FAR = date(2026, 11, 1)


def said_of(terms: Terms, amount: str = "2.50", **more: object) -> str:
    """What is said of terms against 2% 10 days net 30, for an order over ten times so much; nothing where nothing is."""
    asked = order(line(price=amount), terms=terms, **more)
    return "; ".join(each.message for each in ruled(asked, advice(item(price=amount)), payment=CONTRACT).needs_approval)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Terms(discount_percent=d(2), net_days=30), "a discount without a last day, the contract says 10 days"),
        (Terms(discount_percent=d(2), discount_days=10, discount_due_on=FAR), "a discount until 2026-11-01, by the contract it"),
        (Terms(discount_amount=d("0.51"), discount_days=10), "a discount of 0.51, by the contract it is 0.50"),
        (Terms(discount_amount=d("0.50")), "a discount without a last day"),
        (Terms(net_due_on=FAR), "to pay on 2026-11-01, by the contract it is due on 2026-02-04"),
        (Terms(net_days=30, net_due_on=FAR), "to pay on 2026-11-01"),
        (
            Terms(type="09", discount_percent=d(2), day_of_month=10),
            "a discount until 2026-02-10, by the contract it",
        ),
        (Terms(type="02", net_days=10), "to pay on 2026-02-10, by the contract it is due on 2026-02-04"),
    ],
)
def test_terms_better_than_the_contract_in_another_way_are_held_too(asked: Terms, said: str) -> None:
    assert said in said_of(asked)


@pytest.mark.parametrize(
    "asked",
    [
        Terms(discount_amount=d("0.50"), discount_days=10, net_days=30),
        Terms(discount_percent=d(2), discount_due_on=date(2026, 1, 15), net_due_on=date(2026, 2, 4)),
        Terms(discount_percent=d(0), net_days=30),
        Terms(type="05"),
        Terms(type="09", day_of_month=4),
        Terms(),
    ],
)
def test_terms_that_come_to_the_contract_are_taken(asked: Terms) -> None:
    assert said_of(asked) == ""


def test_days_of_the_contract_count_from_the_last_day_to_ship() -> None:
    asked = Terms(net_due_on=date(2026, 3, 3))
    assert "due on 2026-02-04" in said_of(asked)
    assert said_of(asked, dates=dated(q001=date(2026, 2, 1))) == ""


def test_a_case_of_another_size_is_held() -> None:
    asked = order(line(unit="CA", pack=12))
    assert reasons(ruled(asked, advice(replace(item(), pack=24)))) == ["pack"]
    assert reasons(ruled(asked, advice(replace(item(), pack=12)))) == []


@pytest.mark.parametrize(("minutes", "held"), [(60, []), (61, ["stock age"])])
def test_stock_of_a_snapshot_is_held_when_it_is_older_than_agreed(minutes: int, held: list[str]) -> None:
    terms = OrderTerms(stock_no_older_than=timedelta(hours=1))
    outcome = decide(order(), advice(), terms, today=MONDAY, now=NOON + timedelta(minutes=minutes))
    assert reasons(outcome) == held
