"""Whatever a form of the console changes is in the audit log under the name of who sent it: shown form by form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial

import httpx
import pytest
from argon2 import PasswordHasher
from desk import NOON, NORTHWIND, Desk
from fastapi import FastAPI
from full_desk import FullDesk, full_desk
from visiting import PASSWORD, Visitor

from edi_gateway.bootstrap.certification import kept
from edi_gateway.operations import access
from edi_gateway.operations.correct import text_of
from edi_gateway.operations.correct_held import held_text
from edi_gateway.operations.put_profile import current
from edi_gateway.operations.put_profile import text_of as profile_text
from edi_gateway.trading.certificate_files import exported
from edi_gateway.trading.certificate_making import make_certificate

# Forms that change nothing: a map run on a sample, cartons tried, a profile looked at before it is put in force.
ASKS = {"/maps/{name}", "/orders/{id}/try", "/partners/{name}/edit"}
ADMIN, NEW = "admin", "nora"
WHY = {"because": "to see"}
CARTON = {"carton": "1", "line": "001", "quantity": "4", "weight": "2", "sscc": ""}


class Scene:
    """The full desk's console, and an admin in it."""

    def __init__(self, full: FullDesk, admin: Visitor, somebody: Callable[[], Visitor]) -> None:
        self.full, self.desk, self.admin, self.somebody = full, full.desk, admin, somebody
        self.post = admin.post

    def hold(self, verb: str) -> httpx.Response:
        return self.post(f"/holds/{next(self.full.held)}/{verb}", **WHY)

    def hold_corrected(self) -> httpx.Response:
        flow = next(self.full.held)
        return self.post(f"/holds/{flow}/correct", document=held_text(self.desk.tools, flow).replace("48", "12"), **WHY)

    def approval(self, answer: str) -> httpx.Response:
        return self.post(f"/approvals/{next(self.full.approvals)}", answer=answer, **WHY)

    def again(self, operation: str, id: int = 0, **more: str) -> httpx.Response:
        return self.post(f"/documents/{id or next(self.full.unanswered)}/again", operation=operation, **more, **WHY)

    def corrected(self) -> httpx.Response:
        id = next(self.full.unanswered)
        document = json.loads(text_of(self.desk.tools, id)) | {"seller_order_number": "SO-7"}
        return self.post(f"/documents/{id}/correct", document=json.dumps(document), **WHY)

    def answer(self, code: str, **fields: str) -> httpx.Response:
        return self.post(f"/orders/{self.full.ordered}/answer/{code}", **fields)

    def profile(self) -> dict[str, str]:
        """The profile in force, with another title."""
        now = current(self.desk.store, "partner", NORTHWIND)
        assert now
        return {"text": profile_text("partner", now[1]).replace("Northwind Stores", "Northwind"), "seen": now[0]}

    def certificate(self) -> httpx.Response:
        bundle = make_certificate("NORTHWIND", "Northwind Stores", NOON, days=90, bits=2048)
        files = {"file": ("theirs.der", exported(bundle, "der"))}
        return self.admin.upload("/certificates", files, owner="connection:northwind-mailbox", role="any")

    def key(self) -> str:
        with self.desk.store.read() as unit:
            return unit.api_keys.all()[0].id

    def welcomed(self) -> httpx.Response:
        """Somebody new opens the link they were sent."""
        page = self.post("/settings/people", name=NEW, role="viewer").text
        return self.somebody().post(re.findall(r"/welcome\?token=[\w-]+", page)[0], password=PASSWORD, again=PASSWORD)


Form = Callable[[Scene], httpx.Response]
FORMS: list[tuple[str, Form]] = [
    ("/sign-in", lambda on: on.somebody().sign_in(ADMIN)),
    ("/holds/{flow}/place", lambda on: on.post(f"/holds/{on.full.retried}/place", **WHY)),
    ("/holds/{flow}/resume", lambda on: on.hold("resume")),
    ("/holds/{flow}/dismiss", lambda on: on.hold("dismiss")),
    ("/holds/{flow}/reject", lambda on: on.hold("reject")),
    ("/holds/{flow}/correct", lambda on: on.hold_corrected()),
    ("/holds/{flow}/delivered", lambda on: on.post(f"/holds/{on.full.unsent}/delivered", **WHY)),
    ("/approvals/{id}", lambda on: on.approval("give")),
    ("/approvals/{id}", lambda on: on.approval("refuse")),
    ("/alerts/{id}/acknowledge", lambda on: on.post(f"/alerts/{on.full.alert}/acknowledge", note="on it")),
    ("/documents/{id}/again", lambda on: on.again("re-envelope", next(on.full.rejected))),
    ("/documents/{id}/correct", lambda on: on.corrected()),
    ("/documents/{id}/again", lambda on: on.again("retransmit", unfetched="yes")),
    ("/documents/{id}/again", lambda on: on.again("send anew", next(on.full.rejected))),
    ("/documents/saved", lambda on: on.post("/documents/saved", name="mine", query="code=850")),
    ("/documents/saved/forget", lambda on: on.post("/documents/saved/forget", name="mine")),
    ("/orders/{id}/answer/{code}", lambda on: on.answer("855", **{"accepted-001": "48"})),
    ("/orders/{id}/answer/{code}", lambda on: on.answer("856", shipment="S-1", **CARTON)),
    ("/orders/{id}/answer/{code}", lambda on: on.answer("810", invoice="I-1", shipment="S-1", **{"quantity-001": "4"})),
    ("/replays/new", lambda on: on.post("/replays/new", code="850", **WHY)),
    ("/replays/{id}/confirm", lambda on: on.post("/replays/2/confirm")),
    ("/replays/{id}/go-on", lambda on: on.post(f"/replays/{on.full.stopped_replay}/go-on")),
    ("/schedule", lambda on: on.post("/schedule", name=on.full.job, do="run")),
    ("/schedule", lambda on: on.post("/schedule", name=on.full.job, do="pause")),
    ("/schedule", lambda on: on.post("/schedule", name=on.full.job, do="resume")),
    ("/partners/{name}/apply", lambda on: on.post(f"/partners/{NORTHWIND}/apply", **on.profile())),
    ("/partners/{name}/ping", lambda on: on.post(f"/partners/{NORTHWIND}/ping")),
    ("/partners/{name}/certifications", lambda on: on.post(f"/partners/{NORTHWIND}/certifications", habit="wrong-counts")),
    ("/connections/{name}/ping", lambda on: on.post("/connections/northwind-mailbox/ping")),
    ("/cross-references", lambda on: on.post("/cross-references", partner=NORTHWIND, kind="item", theirs="UP:1", ours="A")),
    ("/certificates", lambda on: on.certificate()),
    ("/certificates/{id}/retire", lambda on: on.post("/certificates/1/retire")),
    ("/settings/people", lambda on: on.post("/settings/people", name="ann", role="analyst")),
    ("/settings/people/{name}", lambda on: on.post("/settings/people/operator", role="viewer", let="out")),
    ("/settings/keys", lambda on: on.post("/settings/keys", name="shop", scope="read")),
    ("/settings/keys/{id}/revoke", lambda on: on.post(f"/settings/keys/{on.key()}/revoke")),
    ("/settings/webhooks", lambda on: on.post("/settings/webhooks", address="https://shop.example/")),
    ("/settings/webhooks/{id}", lambda on: on.post("/settings/webhooks/1", do="pause")),
    ("/settings/webhooks/{id}", lambda on: on.post("/settings/webhooks/1", do="rotate")),
    ("/settings/webhooks/{id}", lambda on: on.post("/settings/webhooks/1", do="remove")),
    ("/welcome", lambda on: on.welcomed()),
    ("/sign-out", lambda on: on.post("/sign-out")),
]


@pytest.fixture
def full(make_desk_with_people: Callable[..., Desk]) -> FullDesk:
    return full_desk(make_desk_with_people)


@pytest.fixture
def desk(full: FullDesk) -> Desk:
    """The one the console is over."""
    return full.desk


def test_what_any_form_changes_is_in_the_audit_log_under_the_name_of_who_sent_it(
    full: FullDesk, app: FastAPI, signed_in: Callable[[str], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    posting = {path for path, ways in app.openapi()["paths"].items() if "post" in ways}
    assert ({path for path, _ in FORMS} | ASKS) == posting, "a form without a scene here"
    monkeypatch.setattr(kept, "play", lambda *_: None)  # that it was begun is told
    monkeypatch.setattr(access, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr("edi_gateway.operations.webhooks.checked", lambda address, *, internal: "192.0.2.7")
    scene, wrong = Scene(full, signed_in(ADMIN), lambda: Visitor(app)), []
    for path, form in FORMS:
        answer, actors = full.told_by(partial(form, scene))
        if answer.status_code >= 400 or (NEW if path == "/welcome" else ADMIN) not in actors:
            wrong.append(f"{path}: {answer.status_code} {_trouble(answer)}, told by {actors or 'nobody'}")
    assert wrong == [], "\n".join(wrong)


def _trouble(answer: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text.partition("<main")[2]).split())[:300]
