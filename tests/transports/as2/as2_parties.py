"""Two parties with keys and memories of their own, and a server on a real socket for each: what AS2 tests and benchmarks use."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, BinaryIO

import msgspec
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fastapi import FastAPI

from edi_gateway.api.as2 import router
from edi_gateway.errors import NeedsPerson, Uncertain
from edi_gateway.transports.as2.client import Client, HttpTerms
from edi_gateway.transports.as2.cms.der import Piece
from edi_gateway.transports.as2.cms.keys import KeyPair, PrivateKey
from edi_gateway.transports.as2.journal import Arrival, Evidence, Sent
from edi_gateway.transports.as2.relation import Relation
from edi_gateway.transports.as2.sink import As2Sink
from edi_gateway.transports.as2.station import Station
from edi_gateway.transports.as2.wire import Answer

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


class Clock:
    """Stands still unless it is moved."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


@cache
def key_pair(name: str, *, until: datetime = NOW + timedelta(days=365), bits: int = 2048) -> KeyPair:
    """A self-signed pair; made once for each name."""
    key = rsa.generate_private_key(65537, bits)
    return KeyPair(key, _self_signed(name, key, until))


def _self_signed(name: str, key: PrivateKey, until: datetime) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64])])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = (
        builder.serial_number(x509.random_serial_number()).not_valid_before(NOW - timedelta(days=3650)).not_valid_after(until)
    )
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return builder.sign(key, hashes.SHA256())


@cache
def curve_pair(name: str) -> KeyPair:
    """A self-signed pair on a curve: it can sign, and nothing can be encrypted for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    return KeyPair(key, _self_signed(name, key, NOW + timedelta(days=365)))


class MemoryKeys:
    """The keys of one relation, in memory."""

    def __init__(self, ours: list[KeyPair], theirs: list[x509.Certificate], clock: Clock) -> None:
        self._ours, self._theirs, self._clock = ours, theirs, clock

    def ours(self) -> list[KeyPair]:
        return self._ours

    def signer(self) -> KeyPair:
        if not self._ours:
            raise NeedsPerson("there is no key of ours to sign with")
        return self._ours[0]

    def theirs(self) -> list[x509.Certificate]:
        return self._theirs

    def recipient(self) -> x509.Certificate:
        if not self._theirs:
            raise NeedsPerson("there is no certificate of theirs")
        return self._theirs[0]

    def expired(self) -> list[x509.Certificate]:
        return [each for each in self._theirs if each.not_valid_after_utc <= self._clock.now()]


class MemoryJournal:
    """Keeps in memory what the gateway keeps in its store."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.payloads: list[bytes] = []
        self.file_names: list[str] = []
        self.answers: dict[str, Answer] = {}
        self.owed: list[tuple[str, Answer]] = []
        self.names: dict[tuple[str, str], str] = {}
        self.messages: dict[str, Sent] = {}
        self.wires: dict[str, bytes] = {}
        self.evidence: list[Evidence] = []
        self.orphans: list[Evidence] = []
        self.told: list[tuple[str, str]] = []
        self._receipts: dict[str, tuple[str, Answer]] = {}
        self._lock = threading.Lock()

    def answered(self, relation: Relation, message_id: str) -> Answer | None:
        if message_id in self._receipts:
            self.owed.append(self._receipts[message_id])
        return self.answers.get(message_id)

    def record(self, arrival: Arrival) -> Answer:
        with self._lock:
            if arrival.message_id in self.answers:
                return self.answers[arrival.message_id]
            self.arrivals.append(arrival)
            self.payloads += [part.content.copied() for part in arrival.parts]
            self.file_names += [part.file_name for part in arrival.parts]
            self.told += [("as2.exception", alert) for alert in arrival.alerts]
            if arrival.refused:
                self.told.append(("as2.refused", arrival.refused))
            else:
                self.answers[arrival.message_id] = arrival.answer
            if arrival.receipt:
                self.owed.append((arrival.receipt_to, arrival.receipt))
                if not arrival.refused:
                    self._receipts[arrival.message_id] = (arrival.receipt_to, arrival.receipt)
            return arrival.answer

    def sent(self, connection: str, name: str) -> Sent | None:
        return self.messages.get(self.names.get((connection, name), ""))

    def sent_as(self, relation: Relation, message_id: str) -> Sent | None:
        return self.messages.get(message_id)

    def keep(self, relation: Relation, name: str, sent: Sent, wire: Iterable[Piece]) -> None:
        self.names[relation.connection, name] = sent.message_id
        self.messages[sent.message_id] = sent
        self.wires[sent.message_id] = b"".join(wire)

    def wire(self, message_id: str) -> BinaryIO:
        return io.BytesIO(self.wires[message_id])

    def change(self, message_id: str, **changes: object) -> None:
        self.messages[message_id] = self.messages[message_id]._replace(**changes)  # type: ignore[arg-type]

    def posted(self, message_id: str, due: datetime) -> Sent:
        if self.messages[message_id].state in ("to send", "awaiting"):
            self.change(message_id, state="awaiting", due=due)
        return self.messages[message_id]

    def settle(self, relation: Relation, evidence: Evidence) -> None:
        self.evidence.append(evidence)
        self.change(evidence.original, state=evidence.state, said=evidence.said)

    def orphan(self, relation: Relation, evidence: Evidence) -> None:
        self.orphans.append(evidence)
        self.told.append(("as2.orphan_receipt", evidence.original))

    def tell(self, relation: Relation, kind: str, text: str) -> None:
        self.told.append((kind, text))


class Party:
    """One side of an AS2 relation: what it agreed, its keys, its memory, and a way to change the first two."""

    def __init__(self, name: str, other: str, clock: Clock | None = None, **agreed: Any) -> None:
        self.clock = clock or Clock()
        self.pair = key_pair(name)
        self.relation = Relation(connection=f"{other}-as2", ours=name, theirs=other, **agreed)
        self.journal = MemoryJournal()
        self.our_pairs, self.their_certificates = [self.pair], [key_pair(other).certificate]
        self.station = Station(self, self.journal, self.clock)

    def agree(self, **changes: Any) -> Party:
        self.relation = msgspec.structs.replace(self.relation, **changes)
        return self

    def between(self, ours: str, theirs: str) -> Relation | None:
        return self.relation if (ours, theirs) == (self.relation.ours, self.relation.theirs) else None

    def keys(self, relation: Relation) -> MemoryKeys:
        return MemoryKeys(self.our_pairs, self.their_certificates, self.clock)

    def sink(self, client: Any = None) -> As2Sink:
        return As2Sink(self.relation, self, self.journal, client or Client(HttpTerms(timeout=10)), self.clock)

    def send(self, payload: bytes, name: str = "850.edi", client: Any = None) -> Any:
        """Sends one payload, and lets go of the connection."""
        sink = self.sink(client)
        try:
            return sink.send(name, io.BytesIO(payload))
        finally:
            sink.close()

    def deliver_owed(self) -> list[int]:
        """Delivers the receipts that were asked for later."""
        client = Client(HttpTerms(timeout=10))
        try:
            return [
                client.post(url, receipt.fields, io.BytesIO(receipt.body), len(receipt.body)).status
                for url, receipt in [self.journal.owed.pop() for _ in range(len(self.journal.owed))]
            ]
        finally:
            client.close()


class Wire:
    """Stands for HTTP between two parties in one process: what one posts, the other's station answers at once."""

    def __init__(self, to: Party, change: Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]] | None = None) -> None:
        self._to, self._change = to, change
        self.posts: list[tuple[dict[str, str], bytes]] = []

    def post(self, url: str, fields: Any, body: BinaryIO, size: int) -> Any:
        from edi_gateway.transports.as2.client import Reply

        request = ({name.lower(): value for name, value in fields}, body.read())
        if self._change:
            request = self._change(*request)
        self.posts.append(request)
        answer = self._to.station.answer(*request)
        if answer.status >= 300:
            raise NeedsPerson(f"{answer.status} {answer.body.decode()}")
        return Reply(answer.status, {name.lower(): value for name, value in answer.fields}, answer.body)

    def close(self) -> None: ...


class Dead:
    """A server that takes what is posted, and whose answer never comes back."""

    def __init__(self, to: Wire) -> None:
        self._to = to

    def post(self, *request: Any) -> Any:
        self._to.post(*request)
        raise Uncertain("no answer in time")

    def close(self) -> None: ...


class Server:
    """An HTTP server on a free port of this machine, on a thread."""

    def __init__(self, app: Any, **options: Any) -> None:
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False, **options)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)
            if not self._thread.is_alive():
                raise RuntimeError("the server did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        with suppress(RuntimeError):
            self._thread.join(5)

    @property
    def port(self) -> int:
        return int(self._server.servers[0].sockets[0].getsockname()[1])


class PartyServer(Server):
    """A party's station at ``/as2``; another party may be put in its place."""

    def __init__(self, party: Party) -> None:
        self._party = party
        app = FastAPI(openapi_url=None)
        app.include_router(router(lambda: self._party.station))
        super().__init__(app)

    def put(self, party: Party) -> Party:
        self._party = party
        return party


def serve(party: Party) -> PartyServer:
    """The party's station at ``/as2``."""
    return PartyServer(party)


def lowered(fields: Mapping[str, str] | Iterable[tuple[str, str]]) -> dict[str, str]:
    """Header fields by their names in lower case."""
    return {name.lower(): value for name, value in (fields.items() if isinstance(fields, Mapping) else fields)}
