"""Documents and holds over the API: from a key to a resumed hold, with its line in the audit log."""

from __future__ import annotations

import pytest
from calling import Calls
from desk import CASCADE, NORTHWIND
from fastapi import FastAPI
from fastapi.testclient import TestClient
from partner_says import northwind, order, rejects

from edi_gateway.api.app import PATH, mount


@pytest.fixture
def held(calls: Calls) -> Calls:
    """Two orders have come; the second is held for its price."""
    calls.desk.drop(northwind(1, order("PO-1"), order("PO-2", price="1")))
    return calls


def test_documents_are_listed_newest_first_with_three_statuses(held: Calls) -> None:
    rows = held.get("/documents", type="850")["items"]
    assert [row["business_number"] for row in rows] == ["PO-2", "PO-1"]
    assert {"validation", "delivery", "acknowledgment"} <= rows[0].keys()


def test_every_filter_leaves_out_what_does_not_match(held: Calls) -> None:
    def numbers(**query: str) -> list[str]:
        return [row["business_number"] for row in held.get("/documents", type="850", **query)["items"]]

    assert numbers(number="PO-1") == ["PO-1"]
    assert numbers(text="PO-") == ["PO-2", "PO-1"]
    assert numbers(text="O-1") == []
    assert numbers(state="held") == ["PO-2"]
    assert numbers(partner=CASCADE) == []
    assert numbers(direction="out") == []
    assert numbers(validation="invalid") == []
    assert numbers(since="2026-11-18T00:00:00Z") == []
    assert numbers(until="2026-11-18") == ["PO-2", "PO-1"]
    assert numbers(text="PO-", since="2026-11-17T00:00:00Z", partner=NORTHWIND, direction="in") == ["PO-2", "PO-1"]


def test_a_moment_that_utc_has_not_is_wrong_input(held: Calls) -> None:
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        told = held.admin.get("/documents", params={"since": moment})
        assert (told.status_code, told.json()["code"]) == (422, "wrong_input")


def test_each_status_and_the_findings_are_filters_of_their_own(held: Calls) -> None:
    held.desk.drop("northwind-850-syntax-errors.edi")
    [wrong] = held.get("/documents", type="850", validation="invalid")["items"]
    kind = held.get(f"/documents/{wrong['id']}/findings")[0]["kind"]
    for narrowed in (
        {"acknowledgment": wrong["acknowledgment"]},
        {"validation": "invalid", "delivery": wrong["delivery"]},
        {"finding": kind},
        {"finding": kind.partition(".")[0] + "."},
        {"finding": held.get(f"/documents/{wrong['id']}/findings")[0]["code"]},
    ):
        assert [row["id"] for row in held.get("/documents", type="850", **narrowed)["items"]] == [wrong["id"]], narrowed


def test_pages_meet_without_a_gap(held: Calls) -> None:
    ids, cursor = [], ""
    while True:
        page = held.get("/documents", limit=1, cursor=cursor)
        ids += [row["id"] for row in page["items"]]
        if not page["next"]:
            break
        cursor = page["next"]
    assert ids == [row["id"] for row in held.get("/documents")["items"]]
    assert len(ids) == 3


def test_a_document_is_shown_whole(held: Calls) -> None:
    held.keep_maps()
    held.desk.later(minutes=10)
    id = held.get("/documents", number="PO-1", type="850")["items"][0]["id"]
    assert held.get(f"/documents/{id}")["answers"][0]["code"] == "997"
    assert held.admin.get(f"/documents/{id}/raw").content.startswith(b"ST*850*")
    assert held.get(f"/documents/{id}/annotated")["segments"][1]["name"]
    assert held.get(f"/documents/{id}/model")["document"]["number"] == "PO-1"
    assert [each["source"] for each in held.get(f"/documents/{id}/trace", of="number")] == ["BEG03"]
    assert {each["code"] for each in held.get(f"/documents/{id}/related")} >= {"855"}
    assert held.get(f"/documents/{id}/timeline")
    assert held.get(f"/documents/{id}/findings") == []


def test_what_we_sent_has_bytes_and_a_trace_as_well(held: Calls) -> None:
    held.keep_maps()
    held.desk.later(minutes=10)
    id = held.get("/documents", type="855", number="PO-1")["items"][0]["id"]
    assert held.admin.get(f"/documents/{id}/raw").content.startswith(b"ST*855*")
    assert "number" in {each["source"] for each in held.get(f"/documents/{id}/trace")}


def test_a_hold_is_resumed_and_who_did_it_is_in_the_audit_log(held: Calls) -> None:
    [hold] = held.get("/holds")["items"]
    answer = held.client("operate").post(f"/holds/{hold['id']}/resume")
    assert answer.status_code == 200
    held.desk.run()
    assert held.desk.posted() == ["PO-1", "PO-2"]
    [told] = held.desk.events("flow.resumed")
    assert told.actor.endswith("(a operate key)")


def test_a_hold_that_changed_since_it_was_read_is_left_as_it_is(held: Calls) -> None:
    [hold] = held.get("/holds")["items"]
    held.desk.later(minutes=1)
    held.admin.post(f"/holds/{hold['id']}/correct", json={"because": "x", "changes": ["lines.0.unit_price=2"]})
    held.desk.run()
    read, fields = {"seen": hold["changed_at"]}, {"changes": ["lines.0.unit_price=3"]}
    for verb, more in (("resume", {}), ("reject", {}), ("dismiss", {}), ("delivered", {}), ("correct", fields)):
        answer = held.admin.post(f"/holds/{hold['id']}/{verb}", json={"because": "x", **read, **more})
        assert (answer.status_code, answer.json()["code"]) == (412, "version_changed"), verb
    [now] = held.get("/holds")["items"]
    assert held.admin.post(f"/holds/{now['id']}/resume", json={"seen": now["changed_at"]}).status_code == 200


def test_a_misspelt_field_is_refused_and_what_is_held_stays_as_it_is(held: Calls) -> None:
    [hold] = held.get("/holds")["items"]
    before = held.get(f"/holds/{hold['id']}/model")
    wrong = held.get(f"/holds/{hold['id']}/model") | {"departmnt": "77"}
    for wish in ({"changes": ["lines.0.unit_price=2", "lines.0.quantitty=3"]}, {"document": wrong}):
        answer = held.admin.post(f"/holds/{hold['id']}/correct", json={"because": "x", **wish})
        assert (answer.status_code, "names no field of the document" in answer.text) == (422, True), wish
    assert held.get(f"/holds/{hold['id']}/model") == before


def test_what_waits_behind_a_held_one_of_its_order_says_behind_which(calls: Calls) -> None:
    calls.desk.drop(northwind(1, order("PO-1")))
    calls.desk.later(minutes=10)
    calls.desk.drop(northwind(2, rejects("PR", 1, "855")))
    calls.desk.later(hours=8)
    [hold] = calls.get("/holds")["items"]
    waiting = calls.get("/holds", state="behind")["items"]
    says = f"waits behind flow {hold['id']} of its order, held at 'await'"
    assert {one["because"].startswith(says) for one in waiting} == {True}
    assert calls.get(f"/holds/{waiting[0]['id']}")["because"].startswith(says)
    assert calls.get(f"/holds/{hold['id']}")["because"] == hold["because"]


def test_what_the_partner_rejected_is_not_resumed_and_the_problem_says_what_helps(calls: Calls) -> None:
    calls.desk.drop(northwind(1, order("PO-1")))
    calls.desk.later(minutes=10)
    calls.desk.drop(northwind(2, rejects("PR", 1, "855")))
    [hold] = calls.get("/holds")["items"]
    refused = calls.admin.post(f"/holds/{hold['id']}/resume")
    assert refused.status_code == 422
    assert f"'edi-gateway document correct {calls.desk.set('855').id}'" in refused.text
    assert f"'edi-gateway hold dismiss {hold['id']}'" in refused.text
    assert calls.get("/holds")["items"] == [hold]


def test_what_is_not_held_is_not_resumed_and_says_so_as_a_problem(held: Calls) -> None:
    done = held.desk.flows("done")[0].id
    answer = held.admin.post(f"/holds/{done}/resume")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "wrong_input"
    assert answer.json()["instance"] == answer.headers["x-request-id"]
    assert "only held and dead ones wait" in answer.json()["detail"]


def test_a_key_of_one_partner_sees_nothing_of_another(held: Calls) -> None:
    theirs, others = held.client("operate", NORTHWIND), held.client("operate", CASCADE)
    [hold] = held.get("/holds")["items"]
    id = held.get("/documents", number="PO-1")["items"][0]["id"]
    assert theirs.get(f"/documents/{id}").status_code == 200
    assert others.get("/documents").json()["items"] == []
    assert others.get("/holds").json()["items"] == []
    for answer in (
        others.get(f"/documents/{id}"),
        others.get("/documents", params={"partner": NORTHWIND}),
        others.post(f"/holds/{hold['id']}/resume"),
    ):
        assert answer.status_code == 404


def test_what_is_not_there_is_not_found(calls: Calls) -> None:
    for path in ("/documents/99", "/documents/99/raw", "/holds/99", "/nothing"):
        answer = calls.admin.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_address_with_an_end_of_a_line_in_it_is_not_found_as_a_problem(calls: Calls) -> None:
    outer = FastAPI(openapi_url=None)
    mount(outer, calls.app)
    there = TestClient(outer, base_url="http://gateway.test", headers=calls.admin.headers)
    for path in ("/partners/a%0Ab", "/mailbox/outbox/a%0Ab", "/noth%0Aing"):
        assert there.get(PATH + path).json()["code"] in ("not_found", "not_allowed"), path


@pytest.mark.parametrize(
    "query", [{"limit": "501"}, {"cursor": "***"}, {"cursor": "LTE"}, {"direction": "up"}, {"since": "soon"}]
)
def test_a_wrong_parameter_is_wrong_input(calls: Calls, query: dict[str, str]) -> None:
    assert calls.admin.get("/documents", params=query).json()["code"] == "wrong_input"


def test_a_ta1_of_ours_is_read_as_it_left(calls: Calls) -> None:
    calls.desk.drop(northwind(77, order("PO-1"), asks=True))
    [row] = calls.get("/documents", type="TA1")["items"]
    raw = calls.admin.get(f"/documents/{row['id']}/raw").text
    assert raw.startswith("TA1*000000077*")
    carried_by = calls.get(f"/documents/{row['id']}")["transmission_id"]
    assert raw in calls.admin.get(f"/transmissions/{carried_by}/raw").text
    [segment] = calls.get(f"/documents/{row['id']}/annotated")["segments"]
    assert segment["text"].startswith("TA1*000000077*")


def test_a_key_of_one_partner_reads_nothing_of_what_else_came_in_its_file(calls: Calls) -> None:
    stranger = northwind(2, order("PO-2")).replace(b"7005551200", b"7005559999")
    calls.desk.drop(northwind(1, order("PO-1")) + stranger)
    [row] = calls.get("/documents", type="850")["items"]
    everything, theirs = (
        client.get(f"/documents/{row['id']}").json()["flows"] for client in (calls.admin, calls.client("read", NORTHWIND))
    )
    assert {flow["partner"] for flow in everything} == {NORTHWIND, None}
    assert {flow["partner"] for flow in theirs} == {NORTHWIND}
