"""The console: codes that something waits for, however much else waits, and letting go on exactly what one code had stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desk import NORTHWIND, Desk

from edi_gateway.store.unit import Unit

SignedIn = Callable[[str], Any]


def misses(*codes: str, kind: str = "item") -> str:
    """Why an order is held whose buyer's code is in no table; it may name the thing by several."""
    values = " or ".join(f"'{each}'" for each in codes)
    command = f"edi-gateway xref add {NORTHWIND} {kind} {codes[0]} OUR-CODE --resume"
    return f"PO1*UP of line 1: {kind} {values} is in no cross-reference of {NORTHWIND} — {command}"


def hold(unit: Unit, because: str) -> int:
    lane = f"business:{NORTHWIND}"
    subject = "transaction:1"
    unit.flows.start(lane_id=lane, stage="translate", subject=subject, partner=NORTHWIND, state="held", because=because)
    return unit.flows.of(subject)[-1].id


def test_what_waits_for_a_code_is_counted_however_much_was_held_since(desk: Desk, signed_in: SignedIn) -> None:
    with desk.store.write() as unit:
        for because in (misses("UP:1"), misses("UP:1"), misses("UP:2"), *["a rule held it"] * 500):
            hold(unit, because)
    page = " ".join(signed_in("admin").get("/cross-references").text.split())
    assert ("UP:1" in page, "2 flows wait" in page, "UP:2" in page, "1 flow waits" in page) == (True,) * 4


def test_a_code_lets_go_on_what_names_it_and_nothing_else(desk: Desk, signed_in: SignedIn) -> None:
    with desk.store.write() as unit:
        named = [hold(unit, misses("UP:1")), hold(unit, misses("IN:7", "UP:1"))]
        others = [hold(unit, misses("UP:11")), hold(unit, misses("UP:1", kind="location")), hold(unit, "it says UP:1")]
    entry = {"partner": NORTHWIND, "kind": "item", "theirs": "UP:1", "ours": "PB-1", "resume": "yes"}
    told = signed_in("admin").post("/cross-references", **entry).headers["set-cookie"]
    assert "2%20flows%20waited%20for%20it" in told
    assert [flow.id for flow in desk.flows("ready")] == named
    assert [flow.id for flow in desk.flows("held")] == others


def test_a_code_of_any_qualifier_lets_go_on_what_names_it_under_one(desk: Desk, signed_in: SignedIn) -> None:
    with desk.store.write() as unit:
        named = hold(unit, misses("UP:1"))
        hold(unit, misses("UP:21"))
    entry = {"partner": NORTHWIND, "kind": "item", "theirs": ":1", "ours": "PB-1", "resume": "yes"}
    signed_in("admin").post("/cross-references", **entry)
    assert [flow.id for flow in desk.flows("ready")] == [named]
