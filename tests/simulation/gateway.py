"""The gateway in play: its real pipeline, store and ERP connector over one folder, with the five presets as its partners.

It is looked at as a person looks at it, by its views and events; and it dies now and then, and is started again on what is there.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from desk import ROOT, Desk
from msgspec.structs import replace

from edi_gateway.clock import MovableClock
from edi_gateway.erp.simulator import Catalog, Mishap, SimulatedErp, default_catalog
from edi_gateway.erp.simulator.catalog import Customer
from edi_gateway.operations.alert_watch import watch_alerts
from edi_gateway.operations.watch import watch_owed
from edi_gateway.store import tables
from edi_gateway.store.cases import CaseRow
from edi_gateway.views.orders import OrderRow, orders

BEGIN = datetime(2026, 11, 16, 6, tzinfo=UTC)  # a Monday
MAILBOXES = {
    "bellhaven": "bellhaven",
    "corliss": "larkspur-van",
    "hearthline": "larkspur-van",
    "greenlea": "greenlea-sftp",
    "bulwark": "larkspur-van",
}
ERP_CLOCK_IS_OFF = timedelta(minutes=7)


class Died(BaseException):
    """The engine's end, in the middle of something."""


class ClockThatIsOff:
    """The ERP's clock, some minutes ahead of ours."""

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now() + ERP_CLOCK_IS_OFF


class Flag(NamedTuple):
    """Something the gateway told of a document, by its business number, or of an interchange, by its own."""

    number: str
    kind: str
    text: str
    code: str


class Stopped(NamedTuple):
    """A flow that waits for a person, what it is about, and why."""

    id: int
    stage: str
    number: str
    code: str
    because: str


class Gateway:
    """One data folder, and the engines that live and die on it. ``crashes`` are commits, counted over all lives, to die at."""

    def __init__(self, folder: Path, mishaps: Mapping[str, Mishap], crashes: Iterable[int] = ()) -> None:
        self.folder, self.clock = folder, MovableClock(BEGIN)
        self._mishaps, self._crashes = mishaps, sorted(crashes)
        self._partners = _presets(folder / "partners")
        self.commits = self.deaths = 0
        self._runs = False
        self.desk = self._started()

    def _started(self) -> Desk:
        desk = Desk(self.folder / "data", self._partners, self.clock, catalog=_catalog())
        off: Any = ClockThatIsOff(self.clock)
        desk.erp.close()
        desk.erp = SimulatedErp(desk.folder / "erp", off, _catalog(), mishaps=self._mishaps)
        desk.erps["simulator"] = desk.erp
        desk.store.engine.dispose()
        sa.event.listen(desk.store.engine, "connect", _no_disk)
        dialect: Any = desk.store.engine.dialect
        commit = dialect.do_commit
        dialect.do_commit = lambda connection: self._commit(commit, connection)
        return desk

    def _commit(self, commit: Any, connection: Any) -> None:
        """Commits, and dies before or after it where that is planned."""
        if not self._runs:
            commit(connection)
            return
        self.commits += 1
        is_last = bool(self._crashes) and self.commits >= self._crashes[0]
        if is_last and self._crashes.pop(0) % 2:
            raise Died
        commit(connection)
        if is_last:
            raise Died

    def run(self) -> None:
        """Runs whatever is due; after a death, once more from what is on record."""
        self._runs = True
        try:
            self.desk.run()
        except Died:
            self._runs = False
            self.deaths += 1
            self.desk.close()
            self.desk = self._started()
            self.run()
        self._runs = False

    def is_idle(self) -> bool:
        """Whether nothing is due: no flow, nothing in the ERP, no file in an inbox."""
        with self.desk.store.read() as unit:
            is_due = bool(unit.flows.due_lanes() or unit.flows.waiting_due())
        erp = self.desk.erp.next_due()
        is_due = is_due or (erp is not None and erp <= self.clock.now() + ERP_CLOCK_IS_OFF)
        return not is_due and not any(self.desk.folder.glob("mailboxes/*/inbox/*.edi"))

    def look_at_deadlines(self) -> None:
        """What the schedule does."""
        watch_owed(self.desk.store)
        watch_alerts(self.desk.store, self.desk.directory.alerts)

    def mailbox(self, retailer: str) -> Path:
        """Its account's folder."""
        return self.desk.folder / "mailboxes" / MAILBOXES[retailer]

    # -- what a person sees ----------------------------------------------------------------------

    def orders(self) -> dict[tuple[str, str], list[OrderRow]]:
        """Every order, by partner and number."""
        found = defaultdict(list)
        for row in orders(self.desk.store):
            found[row.partner, row.number].append(row)
        return found

    def stopped(self) -> list[Stopped]:
        """What is held or dead."""
        document, transaction, flow = tables.document, tables.transaction, tables.flow
        of_document = flow.c.subject == sa.literal("document:") + document.c.id
        of_set = flow.c.subject == sa.literal("transaction:") + sa.cast(transaction.c.id, sa.String)
        number = sa.func.coalesce(document.c.number, transaction.c.business_number, "")
        code = sa.func.coalesce(transaction.c.code, document.c.kind, "")
        query = (
            sa.select(flow.c.id, flow.c.stage, number, code, flow.c.because)
            .select_from(flow.outerjoin(document, of_document).outerjoin(transaction, of_set))
            .where(flow.c.state.in_(("held", "dead")))
            .order_by(flow.c.id)
        )
        return [Stopped(*row) for row in self._rows(query)]

    def sets(self, acknowledgment: str) -> list[tuple[int, int | None, str]]:
        """Number, interchange and business number of our sets that are acknowledged so."""
        transaction = tables.transaction
        columns = (transaction.c.id, transaction.c.interchange_id, transaction.c.business_number)
        query = sa.select(*columns).where(transaction.c.direction == "out", transaction.c.acknowledgment == acknowledgment)
        return [tuple(row) for row in self._rows(query.order_by(transaction.c.id))]  # type: ignore[misc]  # three columns

    def cases(self, state: str = "") -> list[CaseRow]:
        """What cash application asked."""
        with self.desk.store.read() as unit:
            return [row for row in unit.cases.rows() if state in ("", row.state)]

    def flags(self) -> list[Flag]:
        """Everything told of a document, a set, or an interchange of ours."""
        document, transaction, event, interchange = tables.document, tables.transaction, tables.event, tables.interchange
        about = {
            f"document:{row[0]}": row[1:] for row in self._rows(sa.select(document.c.id, document.c.number, document.c.kind))
        }
        sets = sa.select(transaction.c.id, transaction.c.business_number, transaction.c.code)
        about |= {f"transaction:{row[0]}": row[1:] for row in self._rows(sets)}
        ours = sa.select(interchange.c.id, interchange.c.control_number, interchange.c.partner).where(
            interchange.c.direction == "out"
        )
        about |= {f"interchange:{id}": (f"{number} to {partner}", "ISA") for id, number, partner in self._rows(ours)}
        told = self._rows(sa.select(event.c.subject, event.c.kind, event.c.text))
        return [Flag(about[row[0]][0], row[1], row[2], about[row[0]][1]) for row in told if row[0] in about]

    def repeated_interchanges(self) -> set[tuple[str, str]]:
        """Partner and number of the interchanges that were told to have come twice."""
        event = tables.event
        kinds = ("interchange.duplicate", "interchange.answered_again", "payload.duplicate")
        rows = self._rows(sa.select(event.c.partner, event.c.control_number).where(event.c.kind.in_(kinds)))
        return {(row[0] or "", row[1] or "") for row in rows}

    def posted(self) -> list[str]:
        """Numbers of the orders the ERP was given, as often as it was, by its own journal."""
        journal = (self.desk.folder / "erp" / "journal.jsonl").read_text()
        return re.findall(r'"type":"order posted".*?"order":\{"number":"([^"]+)"', journal)

    def _rows(self, query: Any) -> list[Any]:
        with self.desk.store.engine.connect() as connection:
            return list(connection.execute(query))


def _no_disk(connection: Any, _record: Any) -> None:
    """Nothing has to outlive this machine: only the engine dies here, and ``make crash`` sees to the rest."""
    connection.execute("PRAGMA synchronous=OFF")


def _catalog() -> Catalog:
    """The usual items, more of them than anybody orders, and retailers with all the credit they want."""
    usual = default_catalog()
    items = tuple(replace(item, stock=Decimal(10_000_000), blocked=False) for item in usual.items)
    customers = {name: Customer(per_pallet=usual.customers[name].per_pallet) for name in MAILBOXES}
    return replace(usual, items=items, customers=customers)


def _presets(folder: Path) -> Path:
    """The presets' files; servers of other people are mailboxes of ours here."""
    shutil.copytree(ROOT / "presets", folder)
    for path in (folder / "connections").glob("*.yaml"):
        text = path.read_text()
        if "kind: sftp" in text:
            senders = re.search(r"^senders: .*$", text, re.MULTILINE)
            path.write_text(f"name: {path.stem}\nkind: mailbox\n{senders[0] if senders else ''}\naccount: {path.stem}\n")
    return folder
