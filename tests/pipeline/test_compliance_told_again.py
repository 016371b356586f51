"""What takes the place of a rejected 856 or 810 is counted instead of it, in what broken rules may cost as in the order."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from billing_scenes import charge, ship
from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, rejects

from edi_gateway.operations.dismiss import dismiss
from edi_gateway.views.compliance import checked, exposure_by_rule
from edi_gateway.views.compliance_list import Sought, VerdictRow, find_verdicts

PACK = """\
pack: Northwind manual
source: Vendor Manual §7
dated: 2026-05-01
rules:
  R16: {does: warn, pattern: "B-.*", carriers: [ZZZZ], fee: "100"}
  R22: {does: warn, fee: "7"}
"""
GROUPS = {"856": "SH", "810": "IN"}


@pytest.fixture
def shipped(profiles: Profiles, billing: Callable[[str], Desk]) -> Desk:
    """48 of PO-1 left as S1; its bill of lading and its carrier are not as they want them."""
    (profiles.folder / NORTHWIND / "compliance.yaml").write_text(PACK)
    desk = billing("{}")
    ship(desk, "S1", 48)
    return desk


def rejected(desk: Desk, code: str) -> None:
    group = int(desk.sent(code)[-1].one("GS")[6])
    desk.drop(northwind(100 + len(desk.interchanges()), rejects(GROUPS[code], group, code)))


def costs(desk: Desk) -> dict[str, tuple[int, Decimal]]:
    return {rule: (found.documents, found.amount) for rule, found in exposure_by_rule(desk.store, NORTHWIND, "USD").items()}


def broken(desk: Desk, rule: str) -> list[VerdictRow]:
    return find_verdicts(desk.store, Sought(rule=rule), 10)


def test_an_856_told_again_counts_instead_of_the_one_they_rejected(shipped: Desk) -> None:
    assert costs(shipped) == {"R16": (1, 100)}
    for quantity in (40, 44):
        rejected(shipped, "856")
        ship(shipped, "S1", quantity)
    assert len(shipped.sent("856")) == 3
    assert costs(shipped) == {"R16": (1, 100)}
    (one,) = [each for each in checked(shipped.store, "S1") if each.kind == "ship notice"]
    assert one.check is not None
    assert [look.follows for look in (one.check, *one.earlier)] == [one.earlier[0].id, one.earlier[1].id, None]


def test_what_is_held_in_its_place_does_not_take_it_yet(shipped: Desk) -> None:
    rejected(shipped, "856")
    ship(shipped, "S1", 50)
    assert costs(shipped) == {"R16": (1, 100)}
    (held,) = (flow for flow in shipped.flows("held") if flow.stage == "check")
    dismiss(shipped.store, held.id, because="counted wrong", by="anna")
    ship(shipped, "S1", 40)
    assert costs(shipped) == {"R16": (1, 100)}


def test_so_does_an_810(shipped: Desk) -> None:
    charge(shipped, "N1", "S1", 48, price="19")
    rejected(shipped, "810")
    assert costs(shipped)["R22"] == (1, 7)
    charge(shipped, "N1", "S1", 40, price="19")
    assert (len(shipped.sent("810")), costs(shipped)["R22"]) == (2, (1, 7))


def test_the_fee_of_a_look_stands_once_though_a_rule_is_broken_at_two_places(shipped: Desk) -> None:
    rows = broken(shipped, "R16")
    assert len({row.place for row in rows}) == len(rows) == 2
    assert [(row.exposure, row.reckoning) for row in rows] == [(100, "1 document × 100 = 100"), (None, "")]
    assert sum(row.exposure or 0 for row in find_verdicts(shipped.store, Sought(), 50)) == 100
