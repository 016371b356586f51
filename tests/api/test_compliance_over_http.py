"""Compliance over HTTP: verdicts by partner, rule and result; rules with what they may cost; cartons tried; a dispute pack."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from calling import Calls
from desk import CASCADE, NORTHWIND, Desk, Profiles
from partner_says import northwind, order

PACK = """\
pack: Northwind manual
source: Vendor Manual §7
dated: 2026-05-01
rules:
  R16: {does: warn, pattern: "B-.*", fee: "12.5", per: document}
"""
LEAST = {"cartons": [{"contents": [{"line_number": "001", "quantity": 60}]}]}


@pytest.fixture
def shipped(profiles: Profiles, make_desk: Callable[[], Desk]) -> Calls:
    """One order has its 856, which breaks R16; another has its 855."""
    (profiles.folder / NORTHWIND / "compliance.yaml").write_text(PACK)
    desk: Desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=6)
    desk.drop(northwind(2, order("PO-2")))
    desk.later(minutes=10)
    return Calls(desk)


def test_what_was_broken_is_listed_with_what_it_may_cost(shipped: Calls) -> None:
    (row,) = shipped.get("/compliance/verdicts")["items"]
    assert (row["rule"], row["result"], row["kind"], row["partner"]) == ("R16", "warned", "ship notice", NORTHWIND)
    assert (row["exposure"], row["reckoning"]) == ("12.5", "1 document × 12.5 = 12.5")
    assert shipped.get(f"/documents/{row['set']}")["code"] == "856"


def test_verdicts_are_found_by_rule_result_number_and_partner(shipped: Calls) -> None:
    kept = shipped.get("/compliance/verdicts", result="kept", rule="R05")["items"]
    assert {row["number"] for row in kept} == {"PO-1", "PO-2"}
    assert [row["number"] for row in shipped.get("/compliance/verdicts", result="kept", rule="R05", number="PO-2")["items"]] == [
        "PO-2"
    ]
    assert shipped.get("/compliance/verdicts", partner=CASCADE)["items"] == []
    assert shipped.get("/compliance/verdicts", rule="R09")["items"] == []


def test_pages_of_verdicts_miss_none_and_repeat_none(shipped: Calls) -> None:
    whole = shipped.get("/compliance/verdicts", result="kept", limit=500)["items"]
    found, cursor = [], ""
    while cursor is not None:
        page = shipped.get("/compliance/verdicts", result="kept", limit=1, cursor=cursor)
        found, cursor = found + page["items"], page["next"]
    assert found == whole


def test_a_partner_s_key_sees_its_own_verdicts_alone(shipped: Calls) -> None:
    theirs, others = shipped.client("read", NORTHWIND), shipped.client("read", CASCADE)
    assert len(theirs.get("/compliance/verdicts").json()["items"]) == 1
    assert others.get("/compliance/verdicts").json()["items"] == []
    assert others.get("/compliance/verdicts", params={"partner": NORTHWIND}).status_code == 404
    assert others.get(f"/partners/{NORTHWIND}/compliance").status_code == 404
    assert others.post("/compliance/try", json={"order": "PO-2", "shipment": LEAST}).status_code == 422


def test_the_rules_in_force_say_what_they_may_cost(shipped: Calls) -> None:
    rules = {row["rule"]: row for row in shipped.get(f"/partners/{NORTHWIND}/compliance")}
    assert rules["R16"]["stake"] == "12.5 per document"
    assert rules["R16"]["exposure"] == {
        "documents": 1,
        "amount": "12.5",
        "unknown": 0,
        "currency": "USD",
        "last": "1 document × 12.5 = 12.5",
    }
    assert rules["R13"]["exposure"] is None


def test_cartons_are_tried_and_nothing_is_recorded(shipped: Calls) -> None:
    before = len(shipped.desk.events())
    answer = shipped.admin.post("/compliance/try", json={"order": "PO-2", "shipment": LEAST})
    results = {each["rule"]: each for each in answer.json()["verdicts"]}
    assert (results["R12"]["result"], results["R12"]["message"]) == ("stopped", "60 EA shipped of 48 ordered")
    assert [each["rule"] for each in answer.json()["exposures"]] == ["R16"]
    assert len(shipped.desk.events()) == before


def test_a_wrong_shipment_is_a_problem_that_names_the_place_and_what_to_do(shipped: Calls) -> None:
    wrong = {"cartons": [{"contents": [{"line_number": "001", "qty": 1}]}]}
    answer = shipped.admin.post("/compliance/try", json={"order": "PO-2", "shipment": wrong})
    assert answer.status_code == 422
    places = {each["where"]: each["do"] for each in answer.json()["mistakes"]}
    assert places["shipment: cartons[0].contents[0].quantity"] == "say how many are in it"
    assert "quantity" in places["shipment: cartons[0].contents[0].qty"]


def test_a_dispute_pack_comes_as_a_zip_file(shipped: Calls) -> None:
    id = next(row["id"] for row in shipped.get("/orders")["items"] if row["number"] == "PO-1")
    answer = shipped.admin.get(f"/orders/{id}/dispute")
    page = ZipFile(BytesIO(answer.content)).read("index.html").decode()
    assert (answer.headers["content-type"], "1 document × 12.5 = 12.5" in page) == ("application/zip", True)
    assert shipped.admin.get("/orders/999/dispute").json()["code"] == "not_found"
