"""A unit of work: one transaction, and the repositories that read and write in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from edi_gateway.clock import Clock
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


class Unit:
    """The repositories of one transaction; ``Database.write`` commits it, stages never do.

    One that ``writes`` locks what it reads to write it anew, until its end.
    """

    def __init__(self, connection: sa.Connection, clock: Clock, files: Path, *, writes: bool = False) -> None:
        self._connection = connection
        self.clock = clock
        self.payloads = Payloads(connection, clock, files)
        self.transmissions = Transmissions(connection, clock)
        self.interchanges = Interchanges(connection, clock)
        self.arrivals = Arrivals(connection, clock)
        self.transactions = Transactions(connection, clock)
        self.set_counts = SetCounts(connection)
        self.documents = Documents(connection, clock)
        self.compliance_checks = ComplianceChecks(connection, clock)
        self.departures = Departures(connection)
        self.label_uses = LabelUses(connection, clock)
        self.threads = Threads(connection, clock, locks=writes)
        self.lanes = Lanes(connection)
        self.flows = Flows(connection, clock, self.lanes)
        self.attempts = Attempts(connection, clock)
        self.runs = Runs(connection, clock)
        self.breakers = Breakers(connection)
        self.control_numbers = ControlNumbers(connection)
        self.events = Events(connection, clock)
        self.descent = Descent(connection, clock)
        self.approvals = Approvals(connection, clock)
        self.replays = Replays(connection, clock)
        self.expired = ExpiredPayloads(connection)
        self.expired_documents = ExpiredDocuments(connection, clock)
        self.expired_events = ExpiredEvents(connection)
        self.owed = Owed(connection, clock)
        self.cases = Cases(connection, clock)
        self.cross_references = CrossReferences(connection, clock)
        self.versions = Versions(connection, clock)
        self.secrets = Secrets(connection, clock)
        self.certificates = Certificates(connection, clock)
        self.certifications = Certifications(connection, clock)
        self.as2_messages = As2Messages(connection, clock)
        self.schedule = Schedule(connection)
        self.quiet = Quiet(connection)
        self.alerts = Alerts(connection, clock)
        self.notices = Notices(connection, clock)
        self.rejections = Rejections(connection)
        self.unpaid = Unpaid(connection)
        self.lasting = Lasting(connection)
        self.people = People(connection, clock)
        self.saved_searches = SavedSearches(connection, clock)
        self.api_keys = ApiKeys(connection, clock)
        self.webhooks = Webhooks(connection, clock)
        self.idempotency_keys = IdempotencyKeys(connection, clock)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that can fail by itself: rolled back alone, the rest of the transaction goes on."""
        told, woken = self.events.told, set(self.lanes.woken)
        try:
            with self._connection.begin_nested():
                yield
        except BaseException:
            self.events.forget_after(told)
            self.lanes.forget_after(woken)
            raise
