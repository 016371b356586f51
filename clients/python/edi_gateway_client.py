"""A thin client of the gateway's API: one file, on httpx alone; copy it or put its folder on the path.

    with Gateway("https://gateway.example", key) as gateway:
        for document in gateway.documents(type="850", state="held"):
            print(document["business_number"], gateway.get(f"/documents/{document['id']}")["flows"][0]["because"])

What is answered is JSON as the reference tells it (docs/reference/api.md); what goes wrong is a ``Problem`` with its code.
A partner at its own mailbox, with a key that opens nothing else, works with ``Mailbox``.
"""

from __future__ import annotations

import base64
import hashlib
import time
import uuid
from collections.abc import Iterator
from types import TracebackType
from typing import Any, TypedDict, TypeVar, cast
from urllib.parse import quote

import httpx

PATH = "/api/v1"
TRIES = 5
_PASSING = (429, 503)
_X12, _CSV = {"Content-Type": "application/edi-x12"}, {"Content-Type": "text/csv"}
C = TypeVar("C", bound="Caller")


class Document(TypedDict):
    """A transaction set in a list, with its three statuses."""

    id: int
    at: str
    direction: str
    partner: str | None
    code: str
    business_number: str
    interchange: str | None
    validation: str
    delivery: str
    acknowledgment: str


class Event(TypedDict):
    """Something that happened; ``id`` is its place in the feed, without gaps."""

    id: int
    at: str
    actor: str
    kind: str
    partner: str | None
    subject: str
    control_number: str
    text: str


class Hold(TypedDict):
    """A flow that waits for a person, and why."""

    id: int
    state: str
    stage: str
    subject: str
    partner: str | None
    because: str
    changed_at: str


class WaitingFile(TypedDict):
    """A file that waits in a mailbox's outbox."""

    name: str
    size: int
    modified: str


class Problem(Exception):
    """What the gateway refused; decide by ``code``, which stays the same over releases."""

    def __init__(self, status: int, told: dict[str, Any]) -> None:
        self.status, self.code = status, str(told.get("code", ""))
        self.detail, self.instance = str(told.get("detail", "")), str(told.get("instance", ""))
        self.mistakes: list[dict[str, str]] = told.get("mistakes", [])
        super().__init__(f"{self.code}: {self.detail}")


class Caller:
    """Somebody with a key. What may pass by itself (429, 503) is tried again, as long after as the answer says."""

    def __init__(self, address: str, key: str, *, http: httpx.Client | None = None) -> None:
        self._http = http or httpx.Client(base_url=address, timeout=30)
        self._headers = {"Authorization": f"Bearer {key}"}

    def __enter__(self: C) -> C:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        """What is there."""
        return self._ask("GET", path, params=query).json()

    def raw(self, path: str, **query: Any) -> bytes:
        """What is there and is no JSON: the bytes of a document or transmission, a zip file, ``/metrics``."""
        return self._ask("GET", path, params=query).content

    def pages(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every item of a list, page after page."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.get(path, **query, cursor=cursor)
            yield from page["items"]
            cursor = page["next"]

    def _ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        for tried in range(1, TRIES + 1):
            answer = self._http.request(method, PATH + path, headers=self._headers | (headers or {}), **more)
            if answer.status_code not in _PASSING or tried == TRIES:
                break
            time.sleep(float(answer.headers.get("Retry-After", tried)))
        if answer.is_error:
            is_told = answer.headers.get("content-type", "").startswith("application/problem+json")
            raise Problem(answer.status_code, answer.json() if is_told else {"detail": answer.text[:300]})
        return answer


class Gateway(Caller):
    """The API of one gateway.

    ``get``, ``raw``, ``post``, ``put``, ``patch`` and ``delete`` reach everything in the reference but ``/events/stream``, whose
    events ``changes`` gives; the rest is what is needed daily. What changes something is done once: it is tried again under one
    Idempotency-Key.
    """

    def post(self, path: str, body: Any = None, *, key: str | None = None, **query: Any) -> Any:
        """Has something done; ``key`` is its Idempotency-Key, where you have one. A table to import is text or bytes, as CSV."""
        return self._change("POST", path, body, key, query=query)

    def put(self, path: str, body: Any, *, version: str | None = None, key: str | None = None) -> Any:
        """Sets something; a profile in place of the ``version`` you read, so that no change since is lost; "" makes a new one."""
        return self._change("PUT", path, body, key, version)

    def patch(self, path: str, body: Any, *, key: str | None = None) -> Any:
        """Changes what ``body`` names of something."""
        return self._change("PATCH", path, body, key)

    def delete(self, path: str, *, version: str | None = None, key: str | None = None, **query: Any) -> Any:
        """Takes something away; a profile by the ``version`` you read."""
        return self._change("DELETE", path, None, key, version, query)

    def _change(
        self, method: str, path: str, body: Any, key: str | None, version: str | None = None, query: dict[str, Any] | None = None
    ) -> Any:
        headers = {"Idempotency-Key": key or uuid.uuid4().hex} | _if_it_is(version)
        if isinstance(body, str | bytes):
            answer = self._ask(method, path, content=body, params=query, headers=headers | _CSV)
        else:
            answer = self._ask(method, path, json=body, params=query, headers=headers)
        return answer.json() if answer.content else None

    def documents(self, **filters: Any) -> Iterator[Document]:
        """Documents, the newest first: ``type="850"``, ``number="PO-1001"``, ``partner=…``, ``state="held"``, ``text=…``."""
        return cast(Iterator[Document], self.pages("/documents", **filters))

    def holds(self, **filters: Any) -> Iterator[Hold]:
        """What waits for a person."""
        return cast(Iterator[Hold], self.pages("/holds", **filters))

    def resume(self, flow: int, *, seen: str | None = None) -> None:
        """Lets what was held go on; not where it changed since ``seen``, the hold's ``changed_at`` as you read it."""
        self.post(f"/holds/{flow}/resume", {"seen": seen})

    def upload(self, partner: str, name: str, body: bytes) -> int:
        """Gives a payload in as if it had come from the partner; returns its transmission. Under one name it counts once."""
        answer = self._ask("POST", "/payloads", params={"partner": partner, "name": name}, content=body, headers=_X12)
        return int(answer.json()["transmission_id"])

    def send(self, partner: str, kind: str, document: dict[str, Any], *, order: str = "", key: str) -> str:
        """Gives in a document to be sent; ``key`` is yours, the same at every try. Returns the id of its content."""
        body = {"partner": partner, "kind": kind, "order": order, "document": document}
        return str(self.post("/documents", body, key=key)["document_id"])

    def put_cross_reference(
        self, partner: str, kind: str, code: str, ours: str, *, qualifier: str = "", **more: Any
    ) -> list[int]:
        """Says what a code of the partner's is with us (``valid_from``, ``valid_until``, ``note``); the flows that go on.

        ``resume=True`` lets go on what was held because it was missing.
        """
        entry = {"kind": kind, "qualifier": qualifier, "code": code, "ours": ours, **more}
        answer = self.put(f"/partners/{partner}/cross-references", entry)
        return [int(flow) for flow in answer["resumed"]]

    def deposit(self, trace: str, amount: str, on: str, *, method: str = "ACH", partner: str = "") -> str:
        """Enters what came to the bank; what came of it, as a sentence. The same entry twice counts once.

        ``partner`` says whose it is, where two remitted that amount under one trace.
        """
        entry = {"trace": trace, "amount": amount, "on": on, "method": method, "partner": partner}
        return str(self.post("/deposits", entry)["text"])

    def take_back_deposit(self, trace: str, amount: str, on: str, because: str, *, partner: str = "") -> str:
        """Enters that the bank took a deposit back; what came of it, as a sentence.

        ``partner`` says whose it was, where two remitted that amount under one trace.
        """
        entry = {"trace": trace, "amount": amount, "on": on, "because": because, "partner": partner}
        return str(self.post("/deposits/return", entry)["text"])

    def evidence(self, document: int) -> bytes:
        """Everything on record about a document, as a zip file."""
        return self.raw(f"/documents/{document}/evidence")

    def changes(self, after: int) -> tuple[list[Event], int]:
        """What happened behind an event, oldest first, and where to go on next time."""
        page = self.get("/events", after=after, limit=500)
        return page["items"], int(page["next"])

    def make_key(
        self, name: str, scope: str, *, partner: str | None = None, connection: str | None = None, lasts_days: int | None = None
    ) -> str:
        """Makes a key (admin alone may): read, operate, admin, or mailbox with its ``connection``. It is told this once."""
        new = {"name": name, "scope": scope, "partner": partner, "connection": connection, "lasts_days": lasts_days}
        return str(self._ask("POST", "/keys", json=new).json()["secret"])


class Mailbox(Caller):
    """A partner's own mailbox over HTTP instead of SFTP, with a key of scope mailbox. Everything is harmless when repeated."""

    def push(self, name: str, body: bytes) -> int:
        """Gives a file in; it is on record when this returns its transmission. The same bytes under one name count once."""
        answer = self._ask("POST", "/mailbox/inbox", params={"name": name}, content=body, headers=_X12)
        return int(answer.json()["transmission_id"])

    def waiting(self) -> list[WaitingFile]:
        """What waits to be taken, the oldest first."""
        return cast(list[WaitingFile], list(self.pages("/mailbox/outbox")))

    def fetch(self, name: str) -> bytes:
        """A file's bytes, held against their SHA-256; it stays until it is taken. Raises ValueError for other bytes."""
        answer = self._ask("GET", f"/mailbox/outbox/{quote(name, safe='')}")
        digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
        if answer.headers.get("Repr-Digest") != f"sha-256=:{digest}:":
            raise ValueError(f"{name} was damaged on its way: fetch it again")
        return answer.content

    def take(self, name: str) -> None:
        """Says that the file is here and safe; it goes from the outbox."""
        self._ask("DELETE", f"/mailbox/outbox/{quote(name, safe='')}")


def _if_it_is(version: str | None) -> dict[str, str]:
    """The condition under which a profile is changed; "" is that there is none yet."""
    if version is None:
        return {}
    return {"If-Match": f'"{version}"'} if version else {"If-None-Match": "*"}
