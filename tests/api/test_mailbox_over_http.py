"""A partner at its mailbox over HTTP: what it gives in is on record, what it takes is told, and it meets nothing else."""

from __future__ import annotations

import base64
from dataclasses import replace
from hashlib import sha256

import pytest
from calling import Calls
from desk import NORTHWIND
from fastapi.testclient import TestClient
from partner_says import northwind, order

from edi_gateway.errors import WrongInput
from edi_gateway.operations import keys

MAILBOX = f"{NORTHWIND}-mailbox"
ORDER = northwind(1, order("PO-1001", price="1"))


@pytest.fixture
def partner(calls: Calls) -> TestClient:
    return calls.client("mailbox", connection=MAILBOX)


def push(partner: TestClient, body: bytes = ORDER, name: str = "po.edi") -> int:
    answer = partner.post("/mailbox/inbox", params={"name": name}, content=body, headers={"Content-Type": "application/edi-x12"})
    return answer.status_code


def waiting(partner: TestClient) -> list[str]:
    return [file["name"] for file in partner.get("/mailbox/outbox").json()["items"]]


def test_an_order_goes_in_and_its_acknowledgment_comes_out_without_sftp(calls: Calls, partner: TestClient) -> None:
    assert push(partner) == 202
    calls.desk.run()

    names = waiting(partner)
    bodies = [partner.get(f"/mailbox/outbox/{name}") for name in names]
    taken = [partner.delete(f"/mailbox/outbox/{name}").status_code for name in names]

    assert any(b"AK1*PO*" in body.content for body in bodies)
    assert {body.headers["repr-digest"] for body in bodies} == {
        f"sha-256=:{base64.b64encode(sha256(body.content).digest()).decode()}:" for body in bodies
    }
    assert set(taken) == {200}
    assert waiting(partner) == []
    assert {row.state for row in calls.desk.transmissions("out")} == {"fetched"}


def test_a_push_that_is_repeated_counts_once_and_other_bytes_of_that_name_do_not(calls: Calls, partner: TestClient) -> None:
    assert [push(partner), push(partner), push(partner, ORDER + b"\n")] == [202, 202, 202]
    assert len(calls.desk.transmissions("in")) == 2


def test_a_push_is_on_record_before_it_is_answered_though_nothing_has_run(calls: Calls, partner: TestClient) -> None:
    push(partner)
    (row,) = calls.desk.transmissions("in")
    assert (row.connection, row.name, row.state) == (MAILBOX, "po.edi", "received")


def test_a_file_stays_until_it_is_taken_and_taking_it_twice_is_harmless(calls: Calls, partner: TestClient) -> None:
    push(partner)
    calls.desk.run()
    name = waiting(partner)[0]
    partner.get(f"/mailbox/outbox/{name}")
    assert name in waiting(partner)

    assert [partner.delete(f"/mailbox/outbox/{name}").status_code for _ in range(2)] == [200, 200]


def test_a_file_goes_only_when_it_is_on_record_that_it_was_taken(
    calls: Calls, partner: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise RuntimeError("the gateway stops here")

    push(partner)
    calls.desk.run()
    names = waiting(partner)
    with monkeypatch.context() as stopping:
        stopping.setattr("edi_gateway.api.routes.mailbox.note_fetched", stop)
        assert partner.delete(f"/mailbox/outbox/{names[0]}").status_code == 500
    assert waiting(partner) == names

    assert partner.delete(f"/mailbox/outbox/{names[0]}").status_code == 200
    assert waiting(partner) == names[1:]
    assert {row.name for row in calls.desk.transmissions("out") if row.state == "fetched"} == {names[0]}


@pytest.mark.parametrize("name", ["never.edi", "..", ".claimed", "%2e%2e%2finbox%2fpo.edi", "a%00b", "x.part"])
def test_what_is_not_in_the_outbox_is_not_there(calls: Calls, partner: TestClient, name: str) -> None:
    calls.desk.put(b"ISA", "po.edi")
    assert partner.get(f"/mailbox/outbox/{name}").status_code == 404
    assert partner.delete(f"/mailbox/outbox/{name}").status_code in (404, 405)
    assert (calls.desk.folder / "mailboxes" / NORTHWIND / "inbox" / "po.edi").exists()


@pytest.mark.parametrize("name", ["../po.edi", ".po.edi", "po.edi.part", "a\nb"])
def test_a_name_that_could_do_harm_is_not_taken(calls: Calls, partner: TestClient, name: str) -> None:
    assert push(partner, name=name) == 422
    assert calls.desk.transmissions("in") == []


def test_a_mailbox_is_reached_only_from_the_addresses_of_its_connection(calls: Calls, partner: TestClient) -> None:
    directory = calls.desk.directory
    narrowed = [each.model_copy(update={"addresses": ("203.0.113.0/24",)}) for each in directory.connections]
    calls.desk.use(directory=replace(directory, connections=tuple(narrowed)))
    there = TestClient(calls.app, client=("203.0.113.7", 4711), headers=partner.headers)

    assert (push(partner), push(there)) == (403, 202)


def test_what_is_done_over_http_is_in_the_audit_trail_like_what_is_done_over_sftp(calls: Calls, partner: TestClient) -> None:
    push(partner)
    calls.desk.run()
    name = waiting(partner)[0]
    partner.get(f"/mailbox/outbox/{name}")
    partner.delete(f"/mailbox/outbox/{name}")

    told = [(event.kind, event.partner, event.subject) for event in calls.desk.events() if event.kind.startswith("mailbox.")]
    assert told == [(f"mailbox.{kind}", NORTHWIND, f"connection:{MAILBOX}") for kind in ("upload", "download", "remove")]


@pytest.mark.parametrize(
    "wrong",
    [{"scope": "mailbox"}, {"scope": "mailbox", "partner": NORTHWIND}, {"scope": "read", "connection": MAILBOX}],
    ids=["of none", "of a partner", "of another scope"],
)
def test_only_a_mailbox_key_is_for_a_connection_and_it_is_for_nothing_else(calls: Calls, wrong: dict[str, str]) -> None:
    with pytest.raises(WrongInput, match="mailbox key"):
        keys.make(calls.desk.store, "shop", **wrong, by="ann")
    assert calls.admin.post("/keys", json={"name": "shop", **wrong}).status_code == 422


def test_a_key_is_made_for_a_mailbox_and_no_other_kind_of_connection(calls: Calls) -> None:
    made = calls.admin.post("/keys", json={"name": "their shop", "scope": "mailbox", "connection": MAILBOX}).json()
    assert made["key"]["connection"] == MAILBOX
    assert calls.admin.post("/keys", json={"name": "x", "scope": "mailbox", "connection": "nowhere"}).status_code == 422
