"""A unit of work: one transaction, and the repositories that read and write in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from edi_gateway.clock import Clock
from edi_gateway.store.ahead import Ahead
from edi_gateway.store.alerts import Alerts
from edi_gateway.store.api_keys import ApiKeys
from edi_gateway.store.approvals import Approvals
from edi_gateway.store.arrivals import Arrivals
from edi_gateway.store.as2_messages import As2Messages
from edi_gateway.store.attempts import Attempts
from edi_gateway.store.breakers import Breakers
from edi_gateway.store.cases import Cases
from edi_gateway.store.certificates import Certificates
from edi_gateway.store.certifications import Certifications
from edi_gateway.store.compliance_checks import ComplianceChecks
from edi_gateway.store.connection import Connection
from edi_gateway.store.control_numbers import ControlNumbers
from edi_gateway.store.cross_references import CrossReferences
from edi_gateway.store.departures import Departures
from edi_gateway.store.descent import Descent
from edi_gateway.store.documents import Documents
from edi_gateway.store.events import Events
from edi_gateway.store.expired import ExpiredPayloads
from edi_gateway.store.expired_documents import ExpiredDocuments
from edi_gateway.store.expired_events import ExpiredEvents
from edi_gateway.store.flows import Flows
from edi_gateway.store.idempotency import IdempotencyKeys
from edi_gateway.store.interchanges import Interchanges
from edi_gateway.store.label_uses import LabelUses
from edi_gateway.store.lanes import Lanes
from edi_gateway.store.lasting import Lasting
from edi_gateway.store.notices import Notices
from edi_gateway.store.owed import Owed
from edi_gateway.store.payloads import Payloads
from edi_gateway.store.people import People
from edi_gateway.store.quiet import Quiet
from edi_gateway.store.rejections import Rejections
from edi_gateway.store.replays import Replays
from edi_gateway.store.runs import Runs
from edi_gateway.store.saved_searches import SavedSearches
from edi_gateway.store.schedule import Schedule
from edi_gateway.store.secrets import Secrets
from edi_gateway.store.set_counts import SetCounts
from edi_gateway.store.threads import Threads
from edi_gateway.store.transactions import Transactions
from edi_gateway.store.transmissions import Transmissions
from edi_gateway.store.unpaid import Unpaid
from edi_gateway.store.versions import Versions
from edi_gateway.store.webhooks import Webhooks

T = TypeVar("T")


class _Part(Generic[T]):
    """A repository of a unit, made when it is first asked for: a unit has forty of them and a stage needs five."""

    def __init__(self, make: Callable[[Unit], T]) -> None:
        self._make = make

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, unit: Unit, _owner: type) -> T:
        made = unit.__dict__[self._name] = self._make(unit)  # found there from now on
        return made


class Unit:
    """The repositories of one transaction; ``Database.write`` commits it, stages never do.

    One that ``writes`` locks what it reads to write it anew, until its end.
    """

    def __init__(self, connection: Connection, clock: Clock, files: Path, *, writes: bool = False) -> None:
        self.connection, self.clock, self.files, self.writes = connection, clock, files, writes
        self.lanes = Lanes(connection)
        self.events = Events(connection, clock)

    payloads = _Part(lambda unit: Payloads(unit.connection, unit.clock, unit.files))
    transmissions = _Part(lambda unit: Transmissions(unit.connection, unit.clock, locks=unit.writes))
    interchanges = _Part(lambda unit: Interchanges(unit.connection, unit.clock, locks=unit.writes))
    arrivals = _Part(lambda unit: Arrivals(unit.connection, unit.clock))
    transactions = _Part(lambda unit: Transactions(unit.connection, unit.clock, locks=unit.writes))
    set_counts = _Part(lambda unit: SetCounts(unit.connection))
    documents = _Part(lambda unit: Documents(unit.connection, unit.clock))
    compliance_checks = _Part(lambda unit: ComplianceChecks(unit.connection, unit.clock))
    departures = _Part(lambda unit: Departures(unit.connection))
    label_uses = _Part(lambda unit: LabelUses(unit.connection, unit.clock))
    threads = _Part(lambda unit: Threads(unit.connection, unit.clock, locks=unit.writes))
    flows = _Part(lambda unit: Flows(unit.connection, unit.clock, unit.lanes))
    attempts = _Part(lambda unit: Attempts(unit.connection, unit.clock))
    runs = _Part(lambda unit: Runs(unit.connection, unit.clock))
    breakers = _Part(lambda unit: Breakers(unit.connection))
    control_numbers = _Part(lambda unit: ControlNumbers(unit.connection))
    descent = _Part(lambda unit: Descent(unit.connection, unit.clock))
    approvals = _Part(lambda unit: Approvals(unit.connection, unit.clock, locks=unit.writes))
    replays = _Part(lambda unit: Replays(unit.connection, unit.clock))
    expired = _Part(lambda unit: ExpiredPayloads(unit.connection))
    expired_documents = _Part(lambda unit: ExpiredDocuments(unit.connection, unit.clock))
    expired_events = _Part(lambda unit: ExpiredEvents(unit.connection))
    owed = _Part(lambda unit: Owed(unit.connection, unit.clock, locks=unit.writes))
    cases = _Part(lambda unit: Cases(unit.connection, unit.clock))
    cross_references = _Part(lambda unit: CrossReferences(unit.connection, unit.clock))
    versions = _Part(lambda unit: Versions(unit.connection, unit.clock))
    secrets = _Part(lambda unit: Secrets(unit.connection, unit.clock))
    certificates = _Part(lambda unit: Certificates(unit.connection, unit.clock))
    certifications = _Part(lambda unit: Certifications(unit.connection, unit.clock))
    as2_messages = _Part(lambda unit: As2Messages(unit.connection, unit.clock))
    ahead = _Part(lambda unit: Ahead(unit.connection))
    schedule = _Part(lambda unit: Schedule(unit.connection))
    quiet = _Part(lambda unit: Quiet(unit.connection))
    alerts = _Part(lambda unit: Alerts(unit.connection, unit.clock))
    notices = _Part(lambda unit: Notices(unit.connection, unit.clock))
    rejections = _Part(lambda unit: Rejections(unit.connection))
    unpaid = _Part(lambda unit: Unpaid(unit.connection))
    lasting = _Part(lambda unit: Lasting(unit.connection))
    people = _Part(lambda unit: People(unit.connection, unit.clock))
    saved_searches = _Part(lambda unit: SavedSearches(unit.connection, unit.clock))
    api_keys = _Part(lambda unit: ApiKeys(unit.connection, unit.clock))
    webhooks = _Part(lambda unit: Webhooks(unit.connection, unit.clock))
    idempotency_keys = _Part(lambda unit: IdempotencyKeys(unit.connection, unit.clock))

    def close(self) -> None:
        """Lets go of what it opened."""
        if "payloads" in self.__dict__:
            self.payloads.close()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that can fail by itself: rolled back alone, the rest of the transaction goes on."""
        told, woken = self.events.told, set(self.lanes.woken)
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            self.events.forget_after(told)
            self.lanes.forget_after(woken)
            raise
