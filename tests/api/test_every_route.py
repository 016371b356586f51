"""Every route, and what each kind of caller may do with it: a route that has no line in the table fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from calling import Calls
from desk import CASCADE
from fastapi import FastAPI
from fastapi.testclient import TestClient

from edi_gateway.api.caller import CSRF, SESSION
from edi_gateway.api.pace import Pace
from edi_gateway.api.routes import ALL
from edi_gateway.operations import access, people

# Who may: o: nobody needs to be known; r: who reads; R: who reads and sees all; u: who operates; U: operates and sees all;
# c: who configures; t: who configures or operates; a: who administers; m: the key of a mailbox, which opens nothing else.
RIGHTS = """
o GET    /health
o GET    /ready
r GET    /me
r GET    /documents
r GET    /documents/{id}
r GET    /documents/{id}/raw
r GET    /documents/{id}/annotated
r GET    /documents/{id}/findings
r GET    /documents/{id}/model
r GET    /documents/{id}/timeline
r GET    /documents/{id}/trace
r GET    /documents/{id}/related
R GET    /documents/{id}/evidence
u POST   /documents
u POST   /documents/{id}/retransmit
u POST   /documents/{id}/re-envelope
u POST   /documents/{id}/send-anew
u POST   /documents/{id}/correct
r GET    /approvals
u POST   /approvals/{id}/give
u POST   /approvals/{id}/refuse
r GET    /transmissions
r GET    /transmissions/{id}
r GET    /transmissions/{id}/raw
r GET    /interchanges
r GET    /interchanges/{id}
u POST   /payloads
m POST   /mailbox/inbox
m GET    /mailbox/outbox
m GET    /mailbox/outbox/{name}
m DELETE /mailbox/outbox/{name}
r GET    /orders
r GET    /orders/{id}
R GET    /orders/{id}/dispute
r GET    /compliance/verdicts
r POST   /compliance/try
r GET    /partners/{name}/compliance
r GET    /overdue
r GET    /holds
r GET    /holds/{flow}
u POST   /holds/{flow}/place
u POST   /holds/{flow}/resume
u POST   /holds/{flow}/dismiss
u POST   /holds/{flow}/ignore
u POST   /holds/{flow}/reject
u POST   /holds/{flow}/delivered
r GET    /holds/{flow}/model
u POST   /holds/{flow}/correct
r GET    /replays
u POST   /replays
r GET    /replays/{id}
r GET    /replays/{id}/items
u POST   /replays/{id}/go-on
r GET    /partners
r GET    /partners/{name}
c PUT    /partners/{name}
c DELETE /partners/{name}
c POST   /partners/{name}/validate
r GET    /partners/{name}/history
r GET    /partners/{name}/agreements
t POST   /partners/{name}/test-connection
r GET    /agreements
r GET    /connections
r GET    /connections/{name}
c PUT    /connections/{name}
c DELETE /connections/{name}
t POST   /connections/{name}/test
R GET    /certificates
c POST   /certificates
c DELETE /certificates/{id}
r GET    /maps
r GET    /maps/show
R POST   /maps/check
R POST   /maps/test
R POST   /maps/run
r GET    /guides
R POST   /guides/check
r GET    /partners/{name}/cross-references
c PUT    /partners/{name}/cross-references
c DELETE /partners/{name}/cross-references
c POST   /partners/{name}/cross-references/import
R GET    /deposits
U POST   /deposits
U POST   /deposits/return
U POST   /deposits/import
r GET    /events
r GET    /events/stream
R GET    /metrics
R GET    /engines
R GET    /control-numbers
R GET    /schedule
U POST   /schedule/{name}/run
U POST   /schedule/{name}/pause
U POST   /schedule/{name}/resume
r GET    /alerts
r GET    /alerts/{id}
u POST   /alerts/{id}/acknowledge
a GET    /people
a POST   /people
a PATCH  /people/{name}
a GET    /keys
a POST   /keys
a DELETE /keys/{id}
a GET    /webhooks
a POST   /webhooks
a GET    /webhooks/{id}
a PATCH  /webhooks/{id}
a DELETE /webhooks/{id}
a POST   /webhooks/{id}/rotate
a GET    /webhooks/{id}/deliveries
a POST   /webhooks/{id}/deliveries/{delivery}/again
"""
TABLE = {(line.split()[1], line.split()[2]): line[0] for line in RIGHTS.strip().splitlines()}

CALLERS = ("nobody", "mailbox's key", "partner's reader", "partner's operator", "viewer", "analyst", "operator", "admin")
MAY = {  # by right: who of these is let in
    "o": set(CALLERS),
    "m": {"mailbox's key"},
    "r": set(CALLERS) - {"nobody", "mailbox's key"},
    "R": {"viewer", "analyst", "operator", "admin"},
    "u": {"partner's operator", "operator", "admin"},
    "U": {"operator", "admin"},
    "c": {"analyst", "admin"},
    "t": {"partner's operator", "analyst", "operator", "admin"},
    "a": {"admin"},
}
PASSWORD = "correct horse battery"


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and address of every route, as OpenAPI tells them."""
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            yield method.upper(), path


def signed_in(calls: Calls, role: str) -> TestClient:
    """A browser in which somebody of this role is signed in, whose pages say the token."""
    token = people.invite(calls.desk.store, role, role, by="scene")
    session = people.accept(calls.desk.store, token, "", PASSWORD, "192.0.2.1")
    client = calls.client()
    client.cookies.set(SESSION, session.token)
    client.headers[CSRF] = access.csrf_of(session.token)
    return client


@pytest.fixture
def callers(calls: Calls) -> dict[str, TestClient]:
    return {
        "nobody": calls.client(),
        "mailbox's key": calls.client("mailbox", connection=f"{CASCADE}-mailbox"),
        "partner's reader": calls.client("read", CASCADE),
        "partner's operator": calls.client("operate", CASCADE),
        **{role: signed_in(calls, role) for role in access.ROLES},
    }


def test_every_route_has_a_line_and_every_line_a_route(calls: Calls) -> None:
    assert set(routes_of(calls.app)) == TABLE.keys()


def test_each_caller_is_let_in_exactly_where_the_table_says(calls: Calls, callers: dict[str, TestClient]) -> None:
    """Whoever is let in meets things that are not there and bodies that are empty: anything but 401 and 403."""
    wrong = []
    for (method, path), right in TABLE.items():
        if path == "/events/stream":  # never ends for whoever may listen; see test_feed
            continue
        address = path.replace("{id}", "999").replace("{flow}", "999").replace("{delivery}", "999").replace("{name}", "nothing")
        for name, client in callers.items():
            status = client.request(method, address, json={} if method in ("POST", "PUT", "PATCH") else None).status_code
            expected = {401} if name == "nobody" else {403}
            if (status in expected) == (name in MAY[right]) or status >= 500:
                wrong.append(f"{method} {path} by {name}: {status}")
    assert wrong == []


def test_nobody_may_listen_to_the_stream(calls: Calls) -> None:
    assert calls.client().get("/events/stream").status_code == 401


def test_every_changing_route_needs_a_token_of_the_page_from_a_browser(calls: Calls) -> None:
    admin = signed_in(calls, "admin")
    del admin.headers[CSRF]
    let_in = []
    for method, path in TABLE:
        if method == "GET":
            continue
        address = path.replace("{id}", "999").replace("{flow}", "999").replace("{delivery}", "999").replace("{name}", "nothing")
        if admin.request(method, address, json={}).status_code != 403:
            let_in.append(f"{method} {path}")
    assert let_in == []


def test_every_answer_has_a_request_id_and_headers_that_keep_browsers_careful(calls: Calls) -> None:
    answer = calls.admin.get("/me", headers={"X-Request-Id": "my-own.id_7"})
    assert answer.headers["x-request-id"] == "my-own.id_7"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert int(answer.headers["ratelimit-remaining"]) < int(answer.headers["ratelimit-limit"])
    assert len(calls.client().get("/health", headers={"X-Request-Id": "bad id"}).headers["x-request-id"]) == 16


def test_no_route_hides_from_the_table() -> None:
    served = [route for router in ALL for route in router.routes]
    assert {(method, route.path) for route in served for method in route.methods} == TABLE.keys()  # type: ignore[attr-defined]


def test_who_asks_too_much_is_told_how_long_to_wait(calls: Calls) -> None:
    calls.office.pace = Pace(rate=0.5, burst=2, now=lambda: 0.0)
    first, _, third = (calls.admin.get("/me") for _ in range(3))
    assert (first.headers["ratelimit-limit"], first.headers["ratelimit-remaining"]) == ("2", "1")
    assert (third.status_code, third.json()["code"], third.headers["retry-after"]) == (429, "too_many_requests", "2")
    assert third.headers["ratelimit-remaining"] == "0"
    assert calls.client("read").get("/me").status_code == 200  # somebody else is not kept waiting


def test_every_route_has_a_sentence_and_no_two_one_name(calls: Calls) -> None:
    told = [one for methods in calls.app.openapi()["paths"].values() for one in methods.values()]
    assert [one["operationId"] for one in told if not one.get("description")] == []
    assert len({one["operationId"] for one in told}) == len(told)
