"""Partner guides on the way: an order that breaks its partner's guide is warned of, an answer that would is held."""

from __future__ import annotations

from collections.abc import Callable

from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.operations.resume import resume


def to_a_place_with_a_long_number() -> list[list[str]]:
    """An order to N1*ST 00610; Northwind's guides have numbers of four digits."""
    return [[*segment[:4], "00610"] if segment[0] == "N1" else segment for segment in order("PO-1")]


def test_an_order_that_breaks_the_guide_is_accepted_and_goes_on_with_a_warning(desk: Desk) -> None:
    desk.drop(northwind(1, to_a_place_with_a_long_number()))
    assert desk.sent("997")[0].one("AK5") == ["AK5", "A"]
    assert desk.set("850").validation == "warnings"
    assert len(desk.posted()) == 1


def test_an_answer_that_would_break_the_guide_is_held_until_a_person_lets_it_go(desk: Desk) -> None:
    desk.drop(northwind(1, to_a_place_with_a_long_number()))
    desk.later(minutes=10)
    held = desk.flow("held")
    assert held.stage == "compose"
    assert "855 we would send breaks the partner's guide: segment" in held.because
    assert "N104: '00610' is not 4 characters long" in held.because
    resume(desk.store, held.id, by="dana")
    desk.run()
    assert desk.codes() == ["997", "855"]


def test_an_answer_held_over_the_day_its_agreement_changes_is_awaited_as_the_new_one_says(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    map_, old = "    map: order-acknowledgment-855\n", "    valid_until: 2026-11-17\n"
    new = f"""
  - set: "855"
    direction: out
    release: "005010"
{map_}    valid_from: 2026-11-18
    awaits: {{within: 2h}}
"""
    profiles.replace(NORTHWIND, map_, map_ + old)
    profiles.replace(NORTHWIND, "agreements:\n", f"agreements:\n{new}")
    desk = make_desk()
    desk.drop(northwind(1, to_a_place_with_a_long_number()))
    desk.later(hours=20)
    resume(desk.store, desk.flow("held").id, by="dana")
    desk.run()
    assert desk.sent("855")[0].one("GS")[8] == "005010"
    desk.later(hours=3)
    assert desk.set("855").acknowledgment == "overdue"
