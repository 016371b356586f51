"""What a partner's pack makes of rules: their parameters, and whether breaking one holds, warns or does nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trade import NOON, PREFIX, d, labels, line, notice_of, opened, order, shipped

from edi_gateway.documents.base import Carrier, ItemId
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.order_to_cash.compliance import Around, Breach, check_ship_notice, judge
from edi_gateway.order_to_cash.compliance.carriage import is_vics
from edi_gateway.order_to_cash.facts import PackContent, PackedCarton
from edi_gateway.order_to_cash.labels import labels_of
from edi_gateway.order_to_cash.sscc import check_digit, is_sscc
from edi_gateway.order_to_cash.turnaround import ShipTerms, draft_ship_notice
from edi_gateway.trading.compliance.catalog import CATALOG, CHECKED
from edi_gateway.trading.compliance.pack import (
    Carriage,
    CompliancePack,
    Freshness,
    ItemIds,
    Labels,
    Levels,
    Packs,
    Quantities,
    Rules,
    RuleTerms,
)

replace = msgspec.structs.replace
IDS = (ItemId(qualifier="IN", id="000044104"),)
ORDER = order(line("001", 10, item_ids=IDS, pack=6))
FACT = replace(shipped({"001": 6}, {"001": 4}), carrier=Carrier(scac="PBCX", trailer="T77"), delivery_on=date(2026, 1, 7))
NOTICE = notice_of(ORDER, FACT)


def broken(notice: ShipNotice, around: Around | None = None, **rules: Any) -> list[str]:
    breaches = check_ship_notice(ORDER, opened(ORDER), notice, rules=Rules(**rules), around=around or Around())
    return [f"{breach.rule} {breach.message}" for breach in breaches]


def items(notice: ShipNotice, **changes: Any) -> ShipNotice:
    """The same with every item changed."""
    packs = tuple(replace(p, items=tuple(replace(i, **changes) for i in p.items)) for p in notice.orders[0].packs)
    return replace(notice, orders=(replace(notice.orders[0], packs=packs),))


def test_a_notice_after_its_day_of_arrival_breaks_r09() -> None:
    assert broken(NOTICE, Around(today=date(2026, 1, 7))) == []
    assert broken(NOTICE, Around(today=date(2026, 1, 8))) == ["R09 it was to arrive on 2026-01-07, and it is 2026-01-08"]


def test_a_shipment_number_another_order_s_notice_has_breaks_r10() -> None:
    assert broken(NOTICE, Around(number_used=True))[0].startswith("R10 shipment S1 was told before")
    assert broken(replace(NOTICE, purpose="replacement"), Around(number_used=True)) == []


def test_a_structure_they_do_not_take_breaks_r11() -> None:
    assert broken(NOTICE, R11=Levels(structures=("shipment, order, pack, item",))) == []
    assert broken(NOTICE, R11=Levels(structures=("shipment, order, item",))) == [
        "R11 'shipment, order, pack, item' is no structure they take"
    ]


def test_a_case_of_another_size_than_ordered_breaks_r12_where_sizes_are_compared() -> None:
    assert broken(items(NOTICE, pack=6)) == []
    assert broken(items(NOTICE, pack=12))[0] == "R12 a EA of 12 ships, one of 6 was ordered"
    assert broken(items(NOTICE, pack=12), R12=Quantities(pack_size=False)) == []


@given(st.integers(min_value=0, max_value=2000))
def test_a_weight_is_judged_to_the_hundredth_of_a_pound(hundredths: int) -> None:
    """The packs weigh ten pounds; five percent of that are fifty hundredths."""
    weighed = replace(NOTICE, weight=NOTICE.weight.__class__(hundredths) / 100)
    is_broken = any(each.startswith("R13") for each in broken(weighed, R13=Packs(weight_tolerance_percent=5)))
    assert is_broken == (abs(hundredths - 1000) > 50)


def test_labels_carry_our_prefix_or_one_the_partner_takes() -> None:
    theirs = Around(company_prefix="0999999")
    assert len(broken(NOTICE, theirs)) == 2
    assert broken(NOTICE, theirs, R14=Labels(prefixes=(PREFIX,))) == []


def test_a_label_that_went_with_another_shipment_breaks_r14() -> None:
    first = NOTICE.orders[0].packs[0].sscc
    assert broken(NOTICE, Around(labels_used={first: "S0"})) == [f"R14 {first} was used in shipment S0"]


def test_a_pallet_has_a_label_as_right_as_a_carton_s() -> None:
    packs = tuple(replace(p, pallet="123") for p in NOTICE.orders[0].packs)
    assert broken(replace(NOTICE, orders=(replace(NOTICE.orders[0], packs=packs),))) == ["R14 '123' is no SSCC-18"]


VICS = "0614141000000001" + check_digit("0614141000000001")


@pytest.mark.parametrize(
    ("number", "terms", "says"),
    [
        ("", Carriage(), "no bill of lading"),
        ("", Carriage(bill_of_lading="optional"), None),
        ("B-17", Carriage(), None),
        ("B-17", Carriage(pattern=r"\d{17}"), r"B-17 does not look like \d{17}"),
        ("B-17", Carriage(vics_check_digit=True), "is no VICS number"),
        (VICS, Carriage(pattern=r"\d{17}", vics_check_digit=True), None),
        (VICS[:-1] + str((int(VICS[-1]) + 1) % 10), Carriage(vics_check_digit=True), "is no VICS number"),
    ],
)
def test_a_bill_of_lading_looks_as_they_ask(number: str, terms: Carriage, says: str | None) -> None:
    said = broken(replace(NOTICE, bill_of_lading=number), R16=terms)
    assert (says is None and said == []) or (says is not None and len(said) == 1 and says in said[0])


@given(st.text("0123456789", min_size=16, max_size=16), st.integers(0, 16), st.integers(1, 9))
def test_no_single_wrong_digit_of_a_vics_number_passes(body: str, place: int, by: int) -> None:
    right = body + check_digit(body)
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert is_vics(right)
    assert not is_vics(wrong)


def test_a_carrier_is_one_they_take() -> None:
    assert broken(NOTICE, R16=Carriage(carriers=("PBCX",))) == []
    assert broken(NOTICE, R16=Carriage(carriers=("FDEG", "UPSN"))) == ["R16 PBCX is no carrier they take (FDEG, UPSN)"]
    assert broken(replace(NOTICE, carrier=Carrier(scac="pbcx"))) == ["R16 'pbcx' is no SCAC"]


def test_a_second_notice_for_one_trailer_breaks_r17() -> None:
    assert broken(NOTICE, Around(other_notices=("S0",))) == ["R17 trailer T77 was told of in shipment S0 already"]


def test_flagged_items_have_a_lot_and_a_date_far_enough_ahead() -> None:
    terms = Freshness(items=("000044104",), least_days=60)
    assert set(broken(NOTICE, R19=terms)) == {"R19 no lot number", "R19 no expiry date"}
    enough = items(NOTICE, lot="L1", expires_on=date(2026, 3, 6))  # sixty days after the fifth of January
    assert broken(enough, R19=terms) == []
    short = items(NOTICE, lot="L1", expires_on=date(2026, 3, 5))
    assert broken(short, R19=terms)[0] == "R19 lot L1 expires on 2026-03-05, less than 60 days after it left"
    assert broken(NOTICE, R19=Freshness(items=("4711",), least_days=60)) == []
    assert "R19 no lot number" in broken(NOTICE, R19=Freshness(items=("*",)))


def test_lot_and_date_of_the_cartons_stand_in_the_notice() -> None:
    content = PackContent(line_number="001", quantity=FACT.cartons[0].contents[0].quantity, lot="L7", expires_on=date(2027, 1, 1))
    told = notice_of(ORDER, replace(FACT, cartons=(replace(FACT.cartons[0], contents=(content,)),)))
    (item,) = told.orders[0].packs[0].items
    assert (item.lot, item.expires_on) == ("L7", date(2027, 1, 1))


def test_without_a_pack_level_lots_and_their_dates_stand_in_it_all_the_same() -> None:
    lots = [("L1", 6, date(2027, 1, 1)), ("L2", 3, date(2027, 2, 1)), ("L1", 1, date(2027, 1, 1))]
    contents = (PackContent(line_number="001", quantity=d(quantity), lot=lot, expires_on=day) for lot, quantity, day in lots)
    fact = replace(shipped(), cartons=(PackedCarton(contents=tuple(contents)),))
    notice = draft_ship_notice(ORDER, fact, ShipTerms(structure="shipment, order, item"), now=NOON)
    told = [(item.lot, item.quantity, item.expires_on) for item in notice.orders[0].packs[0].items]
    assert told == [("L1", 7, date(2027, 1, 1)), ("L2", 3, date(2027, 2, 1))]


@pytest.mark.parametrize(
    ("leaves_in", "is_trial", "severity"),
    [(1, False, "stop"), (0, False, "warn"), (-1, False, "warn"), (-1, True, "stop")],
)
def test_a_change_that_waits_holds_the_856_of_goods_that_have_not_left_and_is_told_with_that_of_others(
    leaves_in: int, is_trial: bool, severity: str
) -> None:
    around = Around(now=NOON, leaves_at=NOON + timedelta(hours=leaves_in), change_waits="a change waits", is_trial=is_trial)
    found = [breach for breach in check_ship_notice(ORDER, opened(ORDER), NOTICE, around=around) if breach.rule == "R25"]
    assert [(breach.message, breach.severity) for breach in found] == [("a change waits", severity)]


def test_labels_are_those_of_the_pack_record_that_the_856_tells() -> None:
    made = labels_of(NOTICE)
    assert [label.sscc for label in made] == [pack.sscc for pack in NOTICE.orders[0].packs] == labels(2)
    assert all(is_sscc(label.sscc) for label in made)


# -- what becomes of a breach ---------------------------------------------------------------------------------------------------


def pack(**rules: RuleTerms) -> CompliancePack:
    return CompliancePack(pack="P", source="Manual §1", dated=date(2026, 2, 1), rules=Rules(**rules))


STOP, WARN = Breach(rule="R13", message="it weighs 12", place="weight"), Breach(rule="R13", severity="warn", message="odd")


def test_what_a_breach_leads_to_is_what_the_pack_says() -> None:
    results = {
        does: [v.result for v in judge(["R13"], [STOP, WARN], pack(R13=Packs(does=does)))] for does in ("block", "warn", "off")
    }
    assert results == {"block": ["stopped", "warned"], "warn": ["warned", "warned"], "off": ["off"]}


def test_a_rule_that_is_kept_says_so_with_its_source() -> None:
    (verdict,) = judge(["R13"], [], pack())
    assert (verdict.result, verdict.source) == ("kept", "Manual §1, 2026-02-01")


def test_a_verdict_names_rule_place_source_stake_and_what_to_do() -> None:
    (verdict,) = judge(["R13"], [STOP], pack(R13=Packs(fee=5, per="carton", source="Manual §5", dated=date(2026, 3, 1))))
    assert str(verdict) == f"R13 weight: it weighs 12 (Manual §5, 2026-03-01; 5 per carton) — {CATALOG['R13'].do}"


def test_a_breach_of_a_rule_nobody_listed_is_not_lost() -> None:
    assert [v.rule for v in judge(["R10"], [STOP], pack())] == ["R10", "R13"]


def test_a_wrong_gtin_of_theirs_is_what_the_pack_says() -> None:
    asked = order(line("001", 10, item_ids=(ItemId(qualifier="UP", id="614141001370"),)))
    notice = notice_of(asked, replace(FACT, cartons=FACT.cartons[:1]))
    said = {
        gtin: [b.severity for b in check_ship_notice(asked, opened(asked), notice, rules=Rules(R18=ItemIds(gtin=gtin)))]
        for gtin in ("block", "warn", "off")
    }
    assert said == {"block": ["stop"], "warn": ["warn"], "off": []}


def test_every_rule_looked_at_tells_a_person_what_to_do() -> None:
    assert all(CATALOG[rule].do for rules in CHECKED.values() for rule in rules)
