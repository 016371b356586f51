"""What our rules held is approved or refused over the API and by command; an approval of what changed since is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from calling import Calls
from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order
from typer.testing import CliRunner

from edi_gateway.cli.main import app
from edi_gateway.x12.envelope import Segment

CHANGES = """\
agreements:
  - set: "860"
    direction: in
    release: 004010VICS
    map: 860-order-change
    acknowledgment: {form: "997", release: 004010VICS, within: 24h}
"""


@pytest.fixture
def held(profiles: Profiles, make_desk: Callable[[], Desk]) -> Calls:
    """An order is held for its price; Northwind may change it."""
    profiles.replace(NORTHWIND, "agreements:\n", CHANGES)
    calls = Calls(make_desk())
    calls.desk.drop(northwind(1, order("PO-1", price="1")))
    return calls


def more(number: str) -> list[Segment]:
    head = ["BCH", "04", "SA", number, "", "", "20261116", "", "", "", "", "20261117"]
    return [["ST", "860", ""], head, ["POC", "001", "QI", "60", "12", "EA", "1", "PE", "IN", "000044013"], ["CTT", "1"]]


def asked(calls: Calls) -> int:
    (row,) = calls.get("/approvals")["items"]
    return int(row["id"])


def test_an_order_is_approved_with_a_reason_and_goes_on(held: Calls) -> None:
    path = f"/approvals/{asked(held)}/give"
    assert held.admin.post(path).status_code == 422
    assert held.admin.post(path, json={"because": "agreed by telephone"}).status_code == 200
    held.desk.run()
    assert held.desk.posted() == ["PO-1"]
    assert any("agreed by telephone" in event.text for event in held.desk.events("approval.given"))


def test_an_order_is_refused_by_an_855(held: Calls) -> None:
    answer = held.admin.post(f"/approvals/{asked(held)}/refuse", json={"because": "not at this price"})
    assert answer.status_code == 200
    held.desk.run()
    assert held.desk.posted() == []
    assert held.desk.sent("855")[0].one("BAK")[2] == "RD"


def test_an_approval_of_an_order_that_changed_since_is_refused_by_api_and_command(held: Calls) -> None:
    stale = asked(held)
    held.desk.drop(northwind(2, more("PO-1")))
    answer = held.admin.post(f"/approvals/{stale}/give", json={"because": "fine"})
    assert answer.status_code == 422
    assert f"the order changed since approval {stale}" in answer.text
    words = ["approval", "give", str(stale), "--because", "fine", "--data", str(held.desk.folder)]
    result = CliRunner().invoke(app, words)
    assert f"the order changed since approval {stale}" in str(result.exception)
    assert held.desk.posted() == []


@pytest.mark.parametrize("verb", ["dismiss", "resume"])
def test_what_waits_for_somebody_named_is_ended_by_an_admins_key_and_by_no_other(
    profiles: Profiles, make_desk: Callable[[], Desk], verb: str
) -> None:
    profiles.replace(NORTHWIND, "orders:\n", "orders:\n  approvers: {price: [anna]}\n")
    calls = Calls(make_desk())
    calls.desk.drop(northwind(1, order("PO-1", price="1")))
    path, why = f"/holds/{calls.desk.flow('held').id}/{verb}", {"because": "not wanted"}
    refused = calls.client("operate").post(path, json=why)
    assert (refused.status_code, "ask anna" in refused.text) == (422, True)
    assert calls.admin.post(path, json=why).status_code == 200
