"""Bodies of requests: a payload goes to a file while it comes, and what is too large is told as 413."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pytest
from calling import Calls
from desk import NORTHWIND

from edi_gateway.api.body import HELD, IN_MEMORY, STREAMED
from edi_gateway.files import CHUNK

PAYLOADS = f"/payloads?partner={NORTHWIND}&name=large.edi"
INBOX = "/mailbox/inbox?name=large.edi"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["code"])


def post(calls: Calls, address: str, pieces: Iterable[bytes], key: str = "", **headers: str) -> Answer:
    """Posts a body piece by piece, as a web server hands it on."""
    path, _, query = address.partition("?")
    given = {"content-type": "application/edi-x12", "authorization": key, **headers}
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items() if value],
        "client": ("192.0.2.1", 4711),
        "server": ("gateway.test", 80),
        "scheme": "http",
        "http_version": "1.1",
    }
    left, said = iter(pieces), []

    async def receive() -> dict[str, Any]:
        piece = next(left, b"")
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    asyncio.run(calls.app(scope, receive, send))  # type: ignore[arg-type]  # plain dicts, as servers give them
    told = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return Answer(said[0]["status"], told, b"".join(each.get("body", b"") for each in said[1:]))


def many(size: int) -> Iterator[bytes]:
    for _ in range(size // CHUNK):
        yield b"x" * CHUNK


def nothing_is_read() -> Iterator[bytes]:
    raise AssertionError("the body is read")
    yield b""


@pytest.fixture
def admin(calls: Calls) -> str:
    return str(calls.admin.headers["Authorization"])


@pytest.fixture
def partner(calls: Calls) -> str:
    return str(calls.client("mailbox", connection=f"{NORTHWIND}-mailbox").headers["Authorization"])


@pytest.mark.parametrize(("address", "who", "once"), [(PAYLOADS, "admin", ""), (PAYLOADS, "admin", "k"), (INBOX, "partner", "")])
def test_a_payload_is_on_record_and_was_never_whole_in_memory(
    calls: Calls, request: pytest.FixtureRequest, address: str, who: str, once: str
) -> None:
    key, size = request.getfixturevalue(who), 12 * IN_MEMORY
    post(calls, address, [b"ISA"], key)  # what is loaded once is
    tracemalloc.start()
    answer = post(calls, address, many(size), key, idempotency_key=once)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status == 202, answer.body
    assert most < 5 * IN_MEMORY
    assert calls.get(f"/transmissions/{json.loads(answer.body)['transmission_id']}")["size"] == size


@pytest.mark.parametrize(("address", "most"), [(PAYLOADS, STREAMED), ("/documents", HELD), ("/holds/1/resume", HELD)])
def test_what_says_that_it_is_too_large_is_refused_before_it_comes(calls: Calls, admin: str, address: str, most: int) -> None:
    answer = post(calls, address, nothing_is_read(), admin, content_length=str(most + 1))
    assert (answer.status, answer.code) == (413, "too_large")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == json.loads(answer.body)["instance"]
    assert f"{most:,} bytes" in json.loads(answer.body)["detail"]


@pytest.mark.parametrize("once", ["", "k"])
def test_what_turns_out_too_large_is_refused_and_not_on_record(
    calls: Calls, admin: str, once: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"STREAMED": 3 * CHUNK, "HELD": CHUNK}
    for name, most in limits.items():
        monkeypatch.setattr(f"edi_gateway.api.body.{name}", most)
    for address, most in ((PAYLOADS, limits["STREAMED"]), ("/documents", limits["HELD"])):
        answer = post(calls, address, many(most + CHUNK), admin, idempotency_key=once)
        assert (answer.status, answer.code) == (413, "too_large")
    assert calls.desk.transmissions("in") == []


def test_nothing_is_read_from_who_may_not_send(calls: Calls, partner: str) -> None:
    assert post(calls, PAYLOADS, nothing_is_read()).code == "not_signed_in"
    assert post(calls, PAYLOADS, nothing_is_read(), idempotency_key="k").code == "not_signed_in"
    assert post(calls, PAYLOADS, nothing_is_read(), partner).code == "not_allowed"


def test_an_empty_payload_is_refused(calls: Calls, admin: str, partner: str) -> None:
    assert [post(calls, *each).code for each in ((PAYLOADS, [], admin), (INBOX, [], partner))] == ["wrong_input"] * 2
    assert calls.desk.transmissions("in") == []
