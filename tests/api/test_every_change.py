"""Whatever changes something is in the audit log under its caller's name, and no answer holds a secret: shown route by route."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial

import httpx
import pytest
from calling import Calls
from desk import NOON, NORTHWIND, Desk
from full_desk import FullDesk, full_desk
from partner_says import northwind, remittance
from test_every_route import TABLE

from edi_gateway.operations import people
from edi_gateway.trading.certificate_files import exported
from edi_gateway.trading.certificate_making import make_certificate

# What posts and changes nothing: there is nothing to tell.
ASKS = (
    """POST /partners/{name}/validate|POST /maps/check|POST /maps/test|POST /maps/run|POST /guides/check|POST /compliance/try"""
)
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
    """The full desk's API, and what is made on the way."""

    def __init__(self, full: FullDesk) -> None:
        self.full, self.calls = full, Calls(full.desk)
        self.admin, self.partner = self.calls.admin, self.calls.client("mailbox", connection=f"{NORTHWIND}-mailbox")
        people.accept(
            full.desk.store, people.invite(full.desk.store, "bob", "operator", by="scene"), "", "a long password", "here"
        )
        self.secrets: list[str] = []

    def hold(self, verb: str, **body: object) -> httpx.Response:
        return self.admin.post(f"/holds/{next(self.full.held)}/{verb}", json={**WHY, **body})

    def document(self, verb: str, id: int = 0, **body: object) -> httpx.Response:
        return self.admin.post(f"/documents/{id or next(self.full.unanswered)}/{verb}", json={**WHY, **body})

    def approval(self, verb: str) -> httpx.Response:
        return self.admin.post(f"/approvals/{next(self.full.approvals)}/{verb}", json=WHY)

    def deposited(self) -> dict[str, str]:
        """What they remitted came to the bank."""
        self.full.desk.drop(northwind(4, remittance("T-9", ("90001", "804"))))
        came = {"trace": "T-9", "amount": "804.00", "on": "2026-11-18"}
        self.admin.post("/deposits", json=came)
        return came

    def given_in(self) -> httpx.Response:
        """An 855 like the one that left."""
        [id] = [row["id"] for row in self.calls.get("/documents", type="855", number="PO-2")["items"]]
        document = self.calls.get(f"/documents/{id}/model")["document"]
        return self.admin.post("/documents", json={"partner": NORTHWIND, "kind": "order acknowledgment", "document": document})

    def secret(self, answer: httpx.Response, name: str = "secret") -> httpx.Response:
        self.made = answer.json()
        self.secrets.append(self.made[name])
        return answer

    def certificate(self) -> str:
        bundle = make_certificate("NORTHWIND", "Northwind Stores", NOON, days=90, bits=2048)
        return base64.b64encode(exported(bundle, "der")).decode()


Call = Callable[[Scene], httpx.Response]
CALLS: dict[str, Call] = {
    "POST /documents": lambda on: on.given_in(),
    "POST /documents/{id}/re-envelope": lambda on: on.document("re-envelope", next(on.full.rejected)),
    "POST /documents/{id}/correct": lambda on: on.document("correct", changes=["seller_order_number=SO-7"]),
    "POST /documents/{id}/retransmit": lambda on: on.document("retransmit", unfetched=True),
    "POST /documents/{id}/send-anew": lambda on: on.document("send-anew", next(on.full.rejected)),
    "POST /approvals/{id}/give": lambda on: on.approval("give"),
    "POST /approvals/{id}/refuse": lambda on: on.approval("refuse"),
    "POST /holds/{flow}/place": lambda on: on.admin.post(f"/holds/{on.full.retried}/place", json=WHY),
    "POST /holds/{flow}/resume": lambda on: on.hold("resume"),
    "POST /holds/{flow}/dismiss": lambda on: on.hold("dismiss"),
    "POST /holds/{flow}/ignore": lambda on: on.hold("ignore"),
    "POST /holds/{flow}/reject": lambda on: on.hold("reject"),
    "POST /holds/{flow}/correct": lambda on: on.hold("correct", changes=["lines.0.quantity=12"]),
    "POST /holds/{flow}/delivered": lambda on: on.admin.post(f"/holds/{on.full.unsent}/delivered", json=WHY),
    "POST /payloads": lambda on: on.admin.post(f"/payloads?partner={NORTHWIND}&name=a", content=b"ISA", headers=X12),
    "POST /mailbox/inbox": lambda on: on.partner.post("/mailbox/inbox?name=a.edi", content=b"ISA", headers=X12),
    "DELETE /mailbox/outbox/{name}": lambda on: on.partner.delete(
        f"/mailbox/outbox/{on.partner.get('/mailbox/outbox').json()['items'][0]['name']}"
    ),
    "POST /replays": lambda on: on.admin.post("/replays", json={"meant": {"type": "850"}, **WHY}),
    "POST /replays/{id}/go-on": lambda on: on.admin.post(f"/replays/{on.full.stopped_replay}/go-on"),
    "PUT /partners/{name}": lambda on: on.admin.put("/partners/eastwind", json=EASTWIND, headers={"If-None-Match": "*"}),
    "PUT /connections/{name}": lambda on: on.admin.put(
        "/connections/spare", json={"kind": "mailbox", "name": "spare", "account": "spare", "senders": ["cascade"]}, headers=ANY
    ),
    "DELETE /connections/{name}": lambda on: on.admin.delete("/connections/spare", headers=ANY),
    "DELETE /partners/{name}": lambda on: on.admin.delete("/partners/eastwind", headers=ANY),
    "POST /partners/{name}/test-connection": lambda on: on.admin.post(f"/partners/{NORTHWIND}/test-connection"),
    "POST /connections/{name}/test": lambda on: on.admin.post(f"/connections/{NORTHWIND}-mailbox/test"),
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
    "POST /deposits/return": lambda on: on.admin.post("/deposits/return", json=on.deposited() | WHY),
    "POST /deposits/import": lambda on: on.admin.post(
        "/deposits/import", content="trace,amount,on,method\nT-2,2.00,2026-11-17,ACH\n", headers={"content-type": "text/plain"}
    ),
    "POST /schedule/{name}/run": lambda on: on.admin.post(f"/schedule/{on.full.job}/run"),
    "POST /schedule/{name}/pause": lambda on: on.admin.post(f"/schedule/{on.full.job}/pause"),
    "POST /schedule/{name}/resume": lambda on: on.admin.post(f"/schedule/{on.full.job}/resume"),
    "POST /alerts/{id}/acknowledge": lambda on: on.admin.post(f"/alerts/{on.full.alert}/acknowledge", json={"note": "on it"}),
    "POST /people": lambda on: on.secret(on.admin.post("/people", json={"name": "ann", "role": "admin"}), "path"),
    "PATCH /people/{name}": lambda on: on.admin.patch("/people/bob", json={"role": "viewer"}),
    "POST /keys": lambda on: on.secret(on.admin.post("/keys", json={"name": "shop", "scope": "read"})),
    "DELETE /keys/{id}": lambda on: on.admin.delete(f"/keys/{on.made['key']['id']}"),
    "POST /webhooks": lambda on: on.secret(on.admin.post("/webhooks", json={"address": "https://shop.example/"})),
    "POST /webhooks/{id}/deliveries/{delivery}/again": lambda on: on.admin.post(
        f"/webhooks/1/deliveries/{on.full.telling(on.calls.office.vault)}/again"
    ),
    "PATCH /webhooks/{id}": lambda on: on.admin.patch("/webhooks/1", json={"paused": True}),
    "POST /webhooks/{id}/rotate": lambda on: on.secret(on.admin.post("/webhooks/1/rotate")),
    "DELETE /webhooks/{id}": lambda on: on.admin.delete("/webhooks/1"),
}


def test_every_changing_route_has_a_call_here_or_changes_nothing() -> None:
    told = {(one.split()[0], one.split()[1]) for one in CALLS}
    assert told | named(ASKS) == {route for route in TABLE if route[0] != "GET"}
    assert not told & named(ASKS)


@pytest.fixture
def scene(make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr("edi_gateway.operations.webhooks.checked", lambda address, *, internal: "192.0.2.7")
    return Scene(full_desk(make_desk))


def test_what_changes_something_is_in_the_audit_log_under_its_callers_name_and_no_secret_is_told_again(scene: Scene) -> None:
    wrong = []
    for route, call in CALLS.items():
        answer, actors = scene.full.told_by(partial(call, scene))
        if answer.status_code >= 300 or not any(actor.startswith("key ") for actor in actors):
            wrong.append(f"{route}: {answer.status_code} {answer.text[:200]}, told by {actors or 'nobody'}")
    assert wrong == [], "\n".join(wrong)

    for path in ("/people", "/keys", "/webhooks", "/events?limit=500", "/connections", "/certificates", "/partners"):
        said = scene.admin.get(path)
        assert said.status_code == 200
        assert [secret for secret in scene.secrets if secret in said.text] == [], path
