"""A private gateway for a certification: its own data folder, one partner, an ERP that sells what is ordered, no threads.

It is put together as ``bootstrap`` does it, with a clock that stands still until it is moved, and a mailbox instead of the
partner's connection: what is tested is what is agreed, not the wire (``connection ping`` is for that).
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from edi_gateway.bootstrap.connections import Connections
from edi_gateway.clock import MovableClock, SystemClock
from edi_gateway.documents.order import Order
from edi_gateway.erp.base import Erp, Posted
from edi_gateway.erp.simulator import Catalog, SimulatedErp
from edi_gateway.errors import Defect, TryAgain
from edi_gateway.mapping.library import Library
from edi_gateway.operations.deposit import record_deposit
from edi_gateway.operations.fetched import note_fetched
from edi_gateway.operations.watch import watch_owed
from edi_gateway.pipeline.inbound.collect import collect
from edi_gateway.pipeline.outbound.collect import collect_events
from edi_gateway.pipeline.stages import STAGES, WORLD_STAGES
from edi_gateway.pipeline.tools import Tools
from edi_gateway.simulated_partner.certification import HeldFlow, SeenOrder, SeenSet
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import MailboxConnection, Usage
from edi_gateway.transports.base import RemoteFile
from edi_gateway.transports.folder import FolderConfig, FolderTransport
from edi_gateway.views import orders, traffic
from edi_gateway.worker.runner import Runner

MAILBOX = "certification"
_ERP, _TEST_ERP = "simulator", "simulator-test"
_ENOUGH_LOOKS = 2000


def alone(directory: Directory, name: str, usage: Usage) -> Directory:
    """The directory of a private gateway: only this partner, over a mailbox, its documents for a simulated ERP.

    Under ``usage`` test its ids and our identity are those for test. Codes are not exchanged: the ERP there knows theirs.
    """
    partner = directory.partner(name)
    identified = partner.under(usage)
    changed = {
        "interchange": identified.interchange,
        "group": identified.group,
        "ours": identified.ours,
        "connection": MAILBOX,
        "fallback": None,
        "test": type(partner.test)(),
        "erp": _ERP,
        "test_erp": _TEST_ERP,
        "cross_references": type(partner.cross_references)(),
    }
    mailbox = MailboxConnection(name=MAILBOX, kind="mailbox", senders=(name,), account=MAILBOX)
    guides = {key: guide for key, guide in directory.guides.items() if key[0] == name}
    return Directory(directory.ourselves, (partner.model_copy(update=changed),), (mailbox,), guides)


class PrivateGateway:
    """One gateway for one scenario; see ``GatewayInPlay``. Close it when the scenario is over."""

    def __init__(self, folder: Path, directory: Directory, maps: Library, catalog: Catalog, begin: datetime) -> None:
        self._clock, self._directory = MovableClock(begin), directory
        self._store = Database(_new_database(folder), self._clock, folder / "payloads")
        self._connections = Connections(directory, folder / "mailboxes", self._clock)
        self._erp = _RecordingErp(folder / "erp", self._clock, catalog)
        test_erp = _RecordingErp(folder / "erp-test", self._clock, catalog)
        self._erps: dict[str, Erp] = {_ERP: self._erp, _TEST_ERP: test_erp}
        self._recorded = (self._erp, test_erp)
        tools = Tools(self._store, self._clock, directory, maps, self._erps, self._connections.sink)
        self._runner = Runner(tools, STAGES, WORLD_STAGES)
        self._runner.take_over()
        self._connections.source(MAILBOX)  # makes the mailbox
        home = folder / "mailboxes" / MAILBOX
        seen_from_outside = FolderConfig(inbox=home / "outbox", outbox=home / "inbox", stable_for=0.0)
        self.mailbox = _SeenFromOutside(seen_from_outside, self._clock, self._store)

    @property
    def clock(self) -> MovableClock:
        """The clock of the play; the buyer goes by it too."""
        return self._clock

    def now(self) -> datetime:
        return self._clock.now()

    def settle(self) -> None:
        for _ in range(_ENOUGH_LOOKS):
            if not self._look():
                return
        raise Defect("the private gateway does not come to rest")

    def advance(self, by: timedelta) -> None:
        self._clock.advance(by)

    def sets(self) -> Sequence[SeenSet]:
        rows = reversed(traffic.sets(self._store, limit=10_000))
        return [_seen(row) for row in rows]

    def orders(self) -> Sequence[SeenOrder]:
        return [SeenOrder(one.number, one.state) for one in orders.orders(self._store)]

    def held(self) -> Sequence[HeldFlow]:
        found = traffic.stopped(self._store, "held", "dead")
        return [HeldFlow(one.stage, one.because) for one in reversed(found)]

    def in_erp(self) -> Sequence[str]:
        return [number for erp in self._recorded for number in erp.orders.values()]

    def told(self, kind: str) -> Sequence[str]:
        return [event.text for event in traffic.events(self._store, limit=100_000) if event.kind == kind]

    def deposit(self, trace: str, amount: Decimal, on: date) -> str:
        return record_deposit(self._store, trace=trace, amount=amount, on=on, method="ACH", by="certification")

    def close(self) -> None:
        """Lets its files go."""
        self._connections.close()
        self._store.close()
        for erp in self._recorded:
            erp.close()

    def _look(self) -> int:
        """One look at everything; how much there was to do."""
        done = collect(self._store, MAILBOX, self._connections.source(MAILBOX))
        for name, erp in self._erps.items():
            with suppress(TryAgain):
                done += collect_events(self._store, self._directory, name, erp)
        watch_owed(self._store)
        return done + sum(self._runner.drain(lane) for lane in self._runner.sweep())


class _SeenFromOutside(FolderTransport):
    """The mailbox as the partner has it before them: what they take out is on record as fetched, as it is over SFTP."""

    def __init__(self, config: FolderConfig, clock: MovableClock, store: Database) -> None:
        super().__init__(config, clock)
        self._store = store

    def finish(self, file: RemoteFile) -> None:
        super().finish(file)
        note_fetched(self._store, MAILBOX, file.name)


class _RecordingErp(SimulatedErp):
    """Remembers what it was given: document id → order number."""

    def __init__(self, folder: Path, clock: MovableClock, catalog: Catalog) -> None:
        super().__init__(folder, clock, catalog)
        self.orders: dict[str, str] = {}

    def post_order(self, key: str, partner: str, order: Order) -> Posted:
        posted = super().post_order(key, partner, order)
        self.orders[key] = order.number
        return posted


def _seen(row: traffic.SetRow) -> SeenSet:
    statuses = (row.validation, row.delivery, row.acknowledgment)
    return SeenSet(row.direction, row.code, row.business_number, row.interchange or "", *statuses)


def _new_database(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "gateway.sqlite3"
    path.write_bytes(_migrated())
    return f"sqlite:///{path}"


@cache
def _migrated() -> bytes:
    """The bytes of a new database: every scenario begins with a copy."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.sqlite3"
        store = Database(f"sqlite:///{path}", SystemClock(), Path(folder))
        migrate(store)
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        return path.read_bytes()
