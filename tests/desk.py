"""A gateway without threads, for scenes: files are dropped, what is due runs, and what was sent and recorded is looked at."""

from __future__ import annotations

import re
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from edi_gateway.bootstrap.connections import Connections
from edi_gateway.clock import MovableClock
from edi_gateway.erp.base import Erp
from edi_gateway.erp.simulator import Catalog, SimulatedErp, default_catalog
from edi_gateway.errors import TryAgain
from edi_gateway.mapping.library import Library
from edi_gateway.operations.apply import apply
from edi_gateway.operations.fetched import note_fetched
from edi_gateway.pipeline.inbound.collect import collect
from edi_gateway.pipeline.outbound.collect import collect_events
from edi_gateway.pipeline.stages import STAGES, WORLD_STAGES
from edi_gateway.pipeline.tools import Stage, Tools, WorldStage
from edi_gateway.store import tables
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate
from edi_gateway.store.owed import OwedRow
from edi_gateway.store.rows import EventRow, FlowRow, InterchangeRow, TransactionRow, TransmissionRow, as_row
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.loader import load
from edi_gateway.trading.profile import As2Connection
from edi_gateway.worker.runner import Runner
from edi_gateway.x12.reader import read

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_docs"
NOON = datetime(2026, 11, 17, 15, tzinfo=UTC)  # the samples are dated mid-November 2026
NORTHWIND, CASCADE = "northwind", "cascade"
CHANGES_AGREED = """
  - set: "860"
    direction: in
    release: 004010VICS
    map: 860-order-change
    acknowledgment: {form: "997", release: 004010VICS, within: 24h, detail: sets}
"""


class Sent(NamedTuple):
    """An interchange in a partner's outbox."""

    partner: str
    name: str
    body: bytes

    @property
    def segments(self) -> list[list[str]]:
        interchange = read(self.body)[0]
        marks = interchange.delimiters  # type: ignore[union-attr]  # what we send begins with an interchange
        pieces = [piece.strip("\r\n") for piece in self.body.decode("latin-1").split(marks.segment)]
        return [piece.split(marks.element) for piece in pieces if piece]

    def all(self, tag: str) -> list[list[str]]:
        """The segments of a tag."""
        return [segment for segment in self.segments if segment[0] == tag]

    def one(self, tag: str) -> list[str]:
        """The only segment of a tag."""
        (only,) = self.all(tag)
        return only


class Desk:
    """A gateway over a data folder and a clock that stands still; ``run`` runs whatever is due, on this thread."""

    def __init__(
        self,
        folder: Path,
        partners: Path,
        clock: MovableClock,
        *,
        database: str = "",
        stages: Mapping[str, Stage] = STAGES,
        world: Mapping[str, WorldStage] = WORLD_STAGES,
        catalog: Catalog | None = None,
    ) -> None:
        self.folder, self.partners, self.clock = folder, partners, clock
        self.store = Database(database or new_sqlite(folder), clock, folder / "payloads")
        self.directory = directory_of(partners)
        self.connections = Connections(self.directory, folder / "mailboxes", clock)
        catalog = catalog or usual_catalog()
        self.erp, self.test_erp = SimulatedErp(folder / "erp", clock, catalog), SimulatedErp(folder / "erp-test", clock, catalog)
        self.erps: dict[str, Erp] = {"simulator": self.erp, "simulator-test": self.test_erp}
        self.tools = Tools(self.store, clock, self.directory, library(ROOT / "maps"), self.erps, self.connections.sink)
        self.runner = Runner(self.tools, stages, world)
        self.runner.take_over()
        for name in self.polled():
            self.connections.source(name)  # makes the mailbox

    def polled(self) -> list[str]:
        """The connections that are looked into; an AS2 station tells by itself."""
        return [each.name for each in self.tools.directory.connections if not isinstance(each, As2Connection)]

    # -- what happens ----------------------------------------------------------------------------

    def drop(self, content: str | bytes, name: str = "", *, at: str = NORTHWIND) -> None:
        """Puts a sample (by its file name) or any bytes into a partner's inbox, and lets what is due happen."""
        self.put(content, name, at=at)
        self.run()

    def put(self, content: str | bytes, name: str = "", *, at: str = NORTHWIND) -> Path:
        """Puts a file into a partner's inbox."""
        body = sample(content) if isinstance(content, str) else content
        inbox = self.folder / "mailboxes" / at / "inbox"
        path = inbox / (name or (content if isinstance(content, str) else f"in{self._files}.edi"))
        path.write_bytes(body)
        self._files += 1
        return path

    _files = 0

    def run(self) -> None:
        """Runs what is due until nothing is."""
        for _ in range(1000):
            if not self.step():
                return
        raise AssertionError("the gateway does not come to rest")

    def step(self) -> int:
        """One look at everything; how much there was to do."""
        done = sum(collect(self.store, name, self.connections.source(name)) for name in self.polled())
        for name, erp in self.erps.items():
            with suppress(TryAgain):
                done += collect_events(self.store, self.directory, name, erp)
        return done + sum(self.runner.drain(lane) for lane in self.runner.sweep())

    def later(self, **by: float) -> None:
        """Lets time pass, and what becomes due in it happen: look after look, at most an hour apart."""
        until = self.clock.now() + timedelta(**by)
        while (left := until - self.clock.now()) > timedelta():
            self.clock.advance(min(left, timedelta(hours=1)))
            self.run()

    def again(self) -> None:
        """Lets what failed be tried again: a minute passes."""
        self.later(minutes=1)

    def use(self, **tools: Any) -> None:
        """Goes on with other tools: ``maps=…``, ``directory=…``."""
        self.tools = self.runner.tools = replace(self.tools, **tools)

    def fetch(self) -> None:
        """The partners fetch what lies in their mailboxes, as their SFTP clients do."""
        for row in self.transmissions("out"):
            if row.state == "sent":
                note_fetched(self.store, row.connection, row.name)

    # -- what can be seen ------------------------------------------------------------------------

    def sent(self, code: str = "", to: str = "") -> list[Sent]:
        """What lies in the outboxes, by interchange number; of one kind, to one partner."""
        paths = self.folder.glob(f"mailboxes/{to or '*'}/outbox/{code.lower()}*.edi")
        found = [Sent(path.parts[-3], path.name, path.read_bytes()) for path in paths]
        return sorted(found, key=lambda one: (one.partner, _number(one), one.name))

    def codes(self, to: str = "") -> list[str]:
        """Which sets were sent, in their order."""
        return [one.name.partition("_")[0] for one in self.sent(to=to)]

    def flows(self, *states: str) -> list[FlowRow]:
        """All flows, or those in some states, oldest first."""
        flows = self._rows(FlowRow, tables.flow)
        return [flow for flow in flows if not states or flow.state in states]

    def flow(self, *states: str) -> FlowRow:
        """The only flow in these states."""
        (only,) = self.flows(*states)
        return only

    def held(self) -> list[str]:
        """Why whatever is held is held."""
        return [flow.because for flow in self.flows("held")]

    def sets(self, code: str = "", direction: str = "") -> list[TransactionRow]:
        """The sets on record."""
        rows = self._rows(TransactionRow, tables.transaction)
        return [row for row in rows if code in ("", row.code) and direction in ("", row.direction)]

    def set(self, code: str, direction: str = "") -> TransactionRow:
        """The only set of that code."""
        (only,) = self.sets(code, direction)
        return only

    def interchanges(self, direction: str = "in") -> list[InterchangeRow]:
        return [row for row in self._rows(InterchangeRow, tables.interchange) if row.direction == direction]

    def transmissions(self, direction: str = "in") -> list[TransmissionRow]:
        return [row for row in self._rows(TransmissionRow, tables.transmission) if row.direction == direction]

    def owed(self) -> list[OwedRow]:
        """What we owe and has not left, the most urgent first."""
        rows = self._rows(OwedRow, tables.owed)
        return sorted((row for row in rows if row.given_at is None and not row.waived), key=lambda row: (row.due_at, row.id))

    def events(self, kind: str = "") -> list[EventRow]:
        return [row for row in self._rows(EventRow, tables.event) if kind in ("", row.kind)]

    def order(self, number: str) -> Any:
        """The figures of the one order thread of that number."""
        with self.store.engine.connect() as connection:
            return connection.execute(sa.select(tables.order_thread).where(tables.order_thread.c.number == number)).one()

    def posted(self, *, test: bool = False) -> list[str]:
        """Numbers of the orders the ERP has, in the order they came."""
        journal = (self.folder / ("erp-test" if test else "erp") / "journal.jsonl").read_text()
        return re.findall(r'"order":\{"number":"([^"]+)"', journal)

    def _rows(self, type_: type[Any], table: sa.Table) -> list[Any]:
        with self.store.engine.connect() as connection:
            return [as_row(type_, row) for row in connection.execute(sa.select(table).order_by(table.c.id))]

    def close(self) -> None:
        self.connections.close()
        self.store.close()
        self.erp.close()
        self.test_erp.close()


class Profiles:
    """A copy of ``partners/`` that a scene may change before its gateway begins."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "partners", folder)

    def severities(self, partner: str, **kinds: str) -> None:
        """Says in a partner's profile what kinds of findings do; ``set_segment_count`` is ``set.segment_count``."""
        path = self.folder / partner / "partner.yaml"
        kept = re.sub(r"(?m)^severities:.*\n(  .*\n)*", "", path.read_text())
        given = "".join(f"\n  {kind.replace('_', '.', 1)}: {severity}" for kind, severity in kinds.items())
        path.write_text(f"{kept}\nseverities:{given}\n")

    def replace(self, partner: str, old: str, new: str) -> None:
        """Replaces words of a partner's profile."""
        path = self.folder / partner / "partner.yaml"
        text = path.read_text()
        assert old in text, f"{path} does not say {old!r}"
        path.write_text(text.replace(old, new))

    def add(self, partner: str, lines: str) -> None:
        """Adds lines to a partner's profile."""
        path = self.folder / partner / "partner.yaml"
        path.write_text(f"{path.read_text()}\n{lines}\n")


def directory_of(partners: Path) -> Directory:
    """The partners of a folder: loaded once for all scenes in which the files say the same."""
    files = sorted(path for path in partners.rglob("*") if path.is_file())
    said = tuple((str(path.relative_to(partners)), path.read_bytes()) for path in files)
    if said not in _directories:
        _directories[said] = load(partners)
    return _directories[said]


_directories: dict[tuple[tuple[str, bytes], ...], Directory] = {}

usual_catalog = cache(default_catalog)
"""What the ERP sells: read once for all scenes."""


@cache
def library(maps: Path) -> Library:
    """The maps: loaded once for all scenes."""
    return Library.load(maps)


def sample(name: str) -> bytes:
    """A sample document."""
    return (SAMPLES / name).read_bytes()


def new_sqlite(folder: Path) -> str:
    """A migrated SQLite database in ``folder``, unless one is there."""
    return _database_of(folder, _migrated)


def applied_sqlite(folder: Path) -> str:
    """The same, in which ann has put the partners and maps that come with the project in force."""
    return _database_of(folder, _applied)


def _database_of(folder: Path, content: Callable[[], bytes]) -> str:
    path = folder / "gateway.sqlite3"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content())
    return f"sqlite:///{path}"


@cache
def _migrated() -> bytes:
    """The bytes of a new database: migrated once for all scenes."""
    return _made_by(migrate)


@cache
def _applied() -> bytes:
    """The bytes of a database with everything applied: maps are checked and tried out once for all scenes."""
    return _made_by(migrate, lambda store: apply(store, ROOT / "partners", ROOT / "maps", by="ann"))


def _made_by(*steps: Callable[[Database], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.sqlite3"
        store = Database(f"sqlite:///{path}", MovableClock(NOON), Path(folder))
        for step in steps:
            step(store)
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        return path.read_bytes()


@contextmanager
def postgres_on(server: str) -> Iterator[str]:
    """A new, empty database on that server, as a SQLAlchemy URL; dropped at the end, and what ``new_postgres`` made beside it."""
    name = f"edi_gateway_test_{uuid.uuid4().hex[:12]}"
    _on_server(server, f'CREATE DATABASE "{name}"')
    try:
        yield _beside(server, name)
    finally:
        _on_server(server, *(f'DROP DATABASE IF EXISTS "{name}{each}" WITH (FORCE)' for each in ("", "_scene", "_migrated")))


def new_postgres(url: str) -> str:
    """A database beside the one at ``url``, migrated and empty; the one made there before is gone."""
    template, fresh = _migrated_postgres(url), f"{sa.make_url(url).database}_scene"
    _on_server(url, f'DROP DATABASE IF EXISTS "{fresh}" WITH (FORCE)', f'CREATE DATABASE "{fresh}" TEMPLATE "{template}"')
    return _beside(url, fresh)


@cache
def _migrated_postgres(url: str) -> str:
    """The name of a database that is migrated once for all scenes."""
    name = f"{sa.make_url(url).database}_migrated"
    _on_server(url, f'CREATE DATABASE "{name}"')
    store = Database(_beside(url, name), MovableClock(NOON), Path("nowhere"))
    migrate(store)
    store.close()
    return name


def _on_server(url: str, *commands: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for command in commands:
            connection.exec_driver_sql(command)
    engine.dispose()


def _beside(url: str, name: str) -> str:
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


def _number(one: Sent) -> str:
    found = re.search(r"_(\d{9})", one.name)
    return found[1] if found else ""
