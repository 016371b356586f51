"""Where each pair of ids counts its own control numbers, an answer is about what went the other way between its own two."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order, ta1

INVOICES = "    map: invoice-810\n"


@pytest.fixture
def two_numbered_alike(profiles: Profiles, make_desk: Callable[[], Desk]) -> Desk:
    """Northwind takes invoices under an id of their own: interchange 1 went to each of its ids, the invoices last."""
    profiles.add(NORTHWIND, "control_numbers: {scope: pair}")
    profiles.replace(NORTHWIND, INVOICES, f"{INVOICES}    envelope: {{receiver: '08:7005551999'}}\n")
    profiles.replace(NORTHWIND, "interchange: [08:7005551200]", "interchange: [08:7005551200, 08:7005551999]")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=8)
    sent = {one.name[:3]: (one.one("ISA")[8].strip(), one.one("ISA")[13]) for one in desk.sent()}
    assert sent["997"] == ("7005551200", "000000001")
    assert sent["810"] == ("7005551999", "000000001")
    return desk


def by(id: bytes, answer: bytes) -> bytes:
    """The same as that id of theirs says it."""
    return answer.replace(b"*08*7005551200", b"*08*" + id)


def standing(desk: Desk) -> dict[str, str]:
    return {row.code: row.acknowledgment for row in desk.sets(direction="out")}


def test_a_ta1_is_about_the_interchange_to_its_sender(two_numbered_alike: Desk) -> None:
    before = standing(two_numbered_alike)
    two_numbered_alike.drop(ta1(2, about=1, verdict="R", note="009"))
    assert standing(two_numbered_alike) == {**before, "997": "rejected"}
    two_numbered_alike.drop(by(b"7005551999", ta1(3, about=1, verdict="R", note="009")))
    assert standing(two_numbered_alike) == {**before, "997": "rejected", "810": "rejected"}


def test_a_ta1_that_comes_from_another_id_of_theirs_finds_the_only_one_of_its_number(two_numbered_alike: Desk) -> None:
    two_numbered_alike.drop(by(b"7005551999", ta1(3, about=2, verdict="R", note="009")))
    assert standing(two_numbered_alike)["855"] == "rejected"
