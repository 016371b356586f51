"""Documents given in over the API: whatever is wrong with one is a problem with its code, or a hold that says why."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest
from calling import Calls
from desk import NORTHWIND
from partner_says import northwind, order

KEY = {"Idempotency-Key": "ack-7"}
INVOICE = {"number": "INV-1", "invoiced_on": "2026-11-17", "order_number": "PO-404", "lines": [], "total": "0"}


@pytest.fixture
def ordered(calls: Calls) -> Calls:
    """One order has come and is confirmed."""
    calls.desk.drop(northwind(1, order("PO-1")))
    calls.desk.later(minutes=10)
    return calls


def given(calls: Calls, document: object, headers: dict[str, str] | None = None, **more: object) -> httpx.Response:
    body = {"partner": NORTHWIND, "kind": "order acknowledgment", "document": document, **more}
    return calls.admin.post("/documents", json=body, headers=headers)


def acknowledgment(calls: Calls) -> dict[str, Any]:
    """The 855 that left, as it could be given in once more."""
    id = calls.get("/documents", type="855")["items"][0]["id"]
    return calls.get(f"/documents/{id}/model")["document"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"partner": "nobody", "kind": "invoice", "document": INVOICE}, "nobody"),
        ({"kind": "invoice", "document": INVOICE}, "PO-404"),
        ({"kind": "remittance"}, "body.kind"),
        ({"document": "a text"}, "body.document"),
        ({"document": {"number": 7}}, "number"),
        ({"document": {}}, "number"),
        ({"partner": ""}, "body.partner"),
        ({"order": 7}, "body.order"),
    ],
)
def test_what_is_wrong_with_a_document_is_wrong_input_that_names_it(ordered: Calls, wrong: dict[str, object], says: str) -> None:
    answer = given(ordered, wrong.pop("document", {}), **wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_input")
    assert says in answer.text
    assert ordered.desk.events("document.given") == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"partner": "northwind"}', b'{"partner": "\\ud800"}'])
def test_a_body_that_is_no_form_of_ours_is_wrong_input(calls: Calls, body: bytes) -> None:
    answer = calls.admin.post("/documents", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_input")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_document_given_in_twice_under_one_key_is_sent_once_and_another_is_refused(ordered: Calls) -> None:
    document = acknowledgment(ordered)
    first, second = given(ordered, document, KEY), given(ordered, document, KEY)
    assert (first.status_code, first.json()) == (202, second.json())
    assert second.headers["idempotent-replayed"] == "true"
    other = given(ordered, {**document, "number": "PO-2"}, KEY)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert len(ordered.desk.events("document.given")) == 1


def test_the_same_document_while_the_first_is_in_flight_is_told_to_wait(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go = threading.Event(), threading.Event()

    def slowly(*_: object, **__: object) -> str:
        begun.set()
        assert go.wait(10)
        return "1"

    monkeypatch.setattr("edi_gateway.api.routes.again.send_document", slowly)
    first = threading.Thread(target=lambda: given(calls, {}, KEY))
    first.start()
    assert begun.wait(10)
    answer = given(calls, {}, KEY)
    go.set()
    first.join()
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (409, "in_flight", "1")


def test_an_invoice_they_had_is_refused(ordered: Calls) -> None:
    ordered.desk.later(hours=8)  # the ERP ships and bills
    id = ordered.get("/documents", type="810")["items"][0]["id"]
    again = given(ordered, ordered.get(f"/documents/{id}/model")["document"], kind="invoice")
    assert (again.status_code, again.json()["code"]) == (422, "wrong_input")
    assert "was sent to northwind before" in again.text


def test_a_document_that_makes_no_valid_set_is_taken_and_held_with_what_is_wrong(ordered: Calls) -> None:
    document = acknowledgment(ordered)
    sent = len(ordered.desk.sent("855"))
    document["lines"][0]["decisions"][0]["unit"] = "a heap"
    assert given(ordered, document).status_code == 202
    ordered.desk.later(minutes=10)
    [hold] = ordered.get("/holds", partner=NORTHWIND)["items"]
    assert hold["stage"] == "check"  # our rules see it first; somebody lets it go all the same
    ordered.admin.post(f"/holds/{hold['id']}/resume")
    ordered.desk.later(minutes=10)
    [hold] = ordered.get("/holds", partner=NORTHWIND)["items"]
    assert (hold["state"], hold["stage"]) == ("held", "compose")
    assert "ACK03: 'a heap' is too long" in hold["because"]
    assert len(ordered.desk.sent("855")) == sent
