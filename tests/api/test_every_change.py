"""Whatever changes something is in the audit log under its caller's name, and no answer holds a secret: shown route by route."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from calling import Calls
from desk import NOON, NORTHWIND
from partner_says import northwind, order
from test_every_route import TABLE

from edi_gateway.trading.certificate_files import exported
from edi_gateway.trading.certificate_making import make_certificate

# What posts and changes nothing: there is nothing to tell.
ASKS = """POST /partners/{name}/validate|POST /maps/check|POST /maps/test|POST /maps/run|POST /guides/check
          |POST /partners/{name}/test-connection|POST /connections/{name}/test|POST /compliance/try"""
# What another partner's answer has to come before, or a second person: told in tests/operations.
ELSEWHERE = """POST /documents/{id}/re-envelope|POST /documents/{id}/retransmit|POST /documents/{id}/correct
               |POST /holds/{flow}/correct|POST /documents/{id}/send-anew|POST /holds/{flow}/delivered|POST /replays/{id}/go-on
               |POST /webhooks/{id}/deliveries/{delivery}/again|POST /approvals/{id}/refuse"""
X12 = {"content-type": "application/edi-x12"}
ANY = {"If-Match": "*"}
EASTWIND = {
    "name": "eastwind",
    "title": "Eastwind",
    "interchange": ["ZZ:EASTWIND"],
    "group": ["EASTWIND"],
    "ours": "main",
    "connection": f"{NORTHWIND}-mailbox",
    "currency": "USD",
    "agreements": [],
}
WHY = {"because": "to see"}


def named(text: str) -> set[tuple[str, str]]:
    return {(one.split()[0], one.split()[1]) for one in text.replace("\n", " ").split("|")}


class Scene:
    """A gateway with orders that wait, and what is made on the way."""

    def __init__(self, calls: Calls) -> None:
        self.calls, self.admin = calls, calls.admin
        calls.desk.drop(northwind(1, *(order(f"PO-{number}", price="1") for number in range(5))))
        self.partner = calls.client("mailbox", connection=f"{NORTHWIND}-mailbox")
        self.holds = [each["id"] for each in calls.get("/holds")["items"]]
        self.secrets: list[str] = []
        now = calls.desk.clock.now()
        with calls.desk.store.write() as unit:
            unit.alerts.add(
                rule="held", key="a", level="urgent", state="open", text="x", count=1, began_at=now, last_at=now, escalation=""
            )
            unit.schedule.put("collect northwind", "every 1m", now + timedelta(minutes=1))

    def secret(self, answer: httpx.Response, name: str = "secret") -> httpx.Response:
        self.made = answer.json()
        self.secrets.append(self.made[name])
        return answer

    def certificate(self) -> str:
        bundle = make_certificate("NORTHWIND", "Northwind Stores", NOON, days=90, bits=2048)
        return base64.b64encode(exported(bundle, "der")).decode()


Call = Callable[[Scene], httpx.Response]
CALLS: dict[str, Call] = {
    "POST /approvals/{id}/give": lambda on: on.admin.post("/approvals/1/give", json=WHY),
    "POST /holds/{flow}/resume": lambda on: on.admin.post(f"/holds/{on.holds[1]}/resume"),
    "POST /holds/{flow}/ignore": lambda on: on.admin.post(f"/holds/{on.holds[2]}/ignore", json=WHY),
    "POST /holds/{flow}/reject": lambda on: on.admin.post(f"/holds/{on.holds[3]}/reject", json=WHY),
    "POST /payloads": lambda on: on.admin.post(f"/payloads?partner={NORTHWIND}&name=a", content=b"ISA", headers=X12),
    "POST /mailbox/inbox": lambda on: on.partner.post("/mailbox/inbox?name=a.edi", content=b"ISA", headers=X12),
    "DELETE /mailbox/outbox/{name}": lambda on: on.partner.delete(
        f"/mailbox/outbox/{on.partner.get('/mailbox/outbox').json()['items'][0]['name']}"
    ),
    "POST /replays": lambda on: on.admin.post("/replays", json={"meant": {"type": "850"}, **WHY}),
    "PUT /partners/{name}": lambda on: on.admin.put("/partners/eastwind", json=EASTWIND, headers={"If-None-Match": "*"}),
    "PUT /connections/{name}": lambda on: on.admin.put(
        "/connections/spare", json={"kind": "mailbox", "name": "spare", "account": "spare", "senders": ["cascade"]}, headers=ANY
    ),
    "DELETE /connections/{name}": lambda on: on.admin.delete("/connections/spare", headers=ANY),
    "DELETE /partners/{name}": lambda on: on.admin.delete("/partners/eastwind", headers=ANY),
    "POST /certificates": lambda on: on.admin.post(
        "/certificates", json={"connection": f"{NORTHWIND}-mailbox", "file": on.certificate()}
    ),
    "DELETE /certificates/{id}": lambda on: on.admin.delete("/certificates/1"),
    "PUT /partners/{name}/cross-references": lambda on: on.admin.put(
        f"/partners/{NORTHWIND}/cross-references", json={"kind": "item", "qualifier": "UP", "code": "1", "ours": "A"}
    ),
    "POST /partners/{name}/cross-references/import": lambda on: on.admin.post(
        f"/partners/{NORTHWIND}/cross-references/import",
        content="kind,qualifier,code,ours\nitem,UP,2,B\n",
        headers={"content-type": "text/csv"},
    ),
    "DELETE /partners/{name}/cross-references": lambda on: on.admin.delete(
        f"/partners/{NORTHWIND}/cross-references?kind=item&qualifier=UP&code=1"
    ),
    "POST /deposits": lambda on: on.admin.post("/deposits", json={"trace": "T-1", "amount": "1.00", "on": "2026-11-17"}),
    "POST /deposits/import": lambda on: on.admin.post(
        "/deposits/import", content="trace,amount,on,method\nT-2,2.00,2026-11-17,ACH\n", headers={"content-type": "text/plain"}
    ),
    "POST /schedule/{name}/run": lambda on: on.admin.post("/schedule/collect northwind/run"),
    "POST /schedule/{name}/pause": lambda on: on.admin.post("/schedule/collect northwind/pause"),
    "POST /schedule/{name}/resume": lambda on: on.admin.post("/schedule/collect northwind/resume"),
    "POST /alerts/{id}/acknowledge": lambda on: on.admin.post("/alerts/1/acknowledge", json={"note": "on it"}),
    "POST /people": lambda on: on.secret(on.admin.post("/people", json={"name": "ann", "role": "admin"}), "path"),
    "POST /keys": lambda on: on.secret(on.admin.post("/keys", json={"name": "shop", "scope": "read"})),
    "DELETE /keys/{id}": lambda on: on.admin.delete(f"/keys/{on.made['key']['id']}"),
    "POST /webhooks": lambda on: on.secret(on.admin.post("/webhooks", json={"address": "https://shop.example/"})),
    "PATCH /webhooks/{id}": lambda on: on.admin.patch("/webhooks/1", json={"paused": True}),
    "POST /webhooks/{id}/rotate": lambda on: on.secret(on.admin.post("/webhooks/1/rotate")),
    "DELETE /webhooks/{id}": lambda on: on.admin.delete("/webhooks/1"),
}


def changing() -> set[tuple[str, str]]:
    return {route for route in TABLE if route[0] != "GET"}


def test_every_changing_route_has_a_call_here_or_a_reason() -> None:
    told = {(one.split()[0], one.split()[1]) for one in CALLS} | {("POST", "/documents")}
    assert told | named(ASKS) | named(ELSEWHERE) | {("PATCH", "/people/{name}")} == changing()


@pytest.fixture
def scene(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr("edi_gateway.operations.webhooks.checked", lambda address, *, internal: "192.0.2.7")
    return Scene(calls)


def test_what_changes_something_is_in_the_audit_log_under_its_callers_name_and_no_secret_is_told_again(scene: Scene) -> None:
    store, wrong = scene.calls.desk.store, []
    for route, call in CALLS.items():
        with store.read() as unit:
            before = unit.events.head().events
        answer = call(scene)
        with store.read() as unit:
            actors = {event.actor for event in unit.events.after(before, 1000)}
        if answer.status_code >= 300 or not any(actor.startswith("key ") for actor in actors):
            wrong.append(f"{route}: {answer.status_code} {answer.text[:200]}, told by {actors or 'nobody'}")
    assert wrong == [], "\n".join(wrong)

    for path in ("/people", "/keys", "/webhooks", "/events?limit=500", "/connections", "/certificates", "/partners"):
        said = scene.admin.get(path)
        assert said.status_code == 200
        assert [secret for secret in scene.secrets if secret in said.text] == [], path
