"""How many purchase orders a second come in: from bytes on record to the 997 sent and the order in the ERP.

    python -m benchmarks.inbound [--files 1000] [--orders 1000] [--postgres postgresql+psycopg://…/postgres] [--quick]

Four retailers send 850s of one line: in files of one order, and all of them in files of a thousand. What came is put on record
first; then engines, each a process of its own as ``edi-gateway worker`` is, read, validate, acknowledge, map, ask the embedded
ERP about credit, price and stock, apply the rules, open the order thread and post the order. Beside it stands a bare loop in one
process that writes the very rows this left, one commit for a file of one order or fifty orders of a large one: what a database
allows that is asked nothing. At last, one file comes ten times a second into a process that has nothing else to do, as over its
SFTP server or API.

The clock starts when each engine has taken in some files: what is found out once in a process's life, statements put into words
and expressions learned, is behind it by then.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import SecretStr

from benchmarks.engine import new_database
from edi_gateway import log
from edi_gateway.bootstrap import Gateway
from edi_gateway.bootstrap.garbage import settle
from edi_gateway.clock import SystemClock
from edi_gateway.pipeline.inbound.receive import receive
from edi_gateway.settings import Settings
from edi_gateway.store import tables
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate
from edi_gateway.worker.dispatcher import Dispatcher
from edi_gateway.x12.envelope import Identity, Segment
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange

ROOT = Path(__file__).parents[1]
RETAILERS = 4
LARGE_FILES = 2 * RETAILERS
TOGETHER = 50  # orders of a large file that the bare loop commits at once
ARRIVALS, EVERY_SECONDS = 100, 0.1
LOOKS_SECONDS = 0.1  # how often it is asked whether all is done
WARM_FILES, WARM_ORDERS = 4 * RETAILERS, 300  # of one order, and then in a file of each retailer: what an engine begins with
_US = Identity("12", "6125550148")


class Latency(NamedTuple):
    """From bytes on record to the interchange of the 997 written, in milliseconds."""

    p50: float
    p99: float


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--orders", type=int, default=1000, help="in each of eight large files")
    parser.add_argument("--postgres", default=os.environ.get("EDI_GATEWAY_TEST_POSTGRES", ""))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--engine", nargs=2, default=(), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.engine:
        _run_engine(Path(given.engine[0]), given.engine[1])
        return
    log.configure("error")
    files, orders = (80, 50) if given.quick else (given.files, given.orders)
    print(f"{'':27}files of one order      files of {orders:,} orders    one file at a time, to its 997")
    _measure("SQLite", "", 1, files, orders)
    for engines in (1, 2) if given.postgres else ():
        _measure("PostgreSQL", given.postgres, engines, files, orders)


def _measure(name: str, server: str, engines: int, files: int, orders: int) -> None:
    said = f"{name:<11}{engines} engine{'s' if engines > 1 else ' '}  "
    for count, in_each in ((files, 1), (LARGE_FILES, orders)):
        with _Scene(server, engines) as scene:
            scene.warm()
            for _ in range(count):
                scene.arrive(in_each)
            seconds = scene.run()
            bare = scene.bare(count * in_each, count if in_each == 1 else count * in_each // TOGETHER)
            said += f"{count * in_each / seconds:7.0f}/s = {bare / seconds:5.0%} bare "
            if in_each > 1:
                latency = scene.trickle()
                said += f"  p50 {latency.p50:.0f} ms, p99 {latency.p99:.0f} ms" if engines == 1 else ""
    print(said, flush=True)


class _Scene:
    """A new gateway on a database of its own, and the engines that run it."""

    def __init__(self, server: str, engines: int) -> None:
        self._server, self._how_many = server, engines
        self._engines: list[subprocess.Popen[str]] = []
        self._files = self._orders = 0  # that came

    def __enter__(self) -> _Scene:
        self._folder = Path(tempfile.mkdtemp(prefix="edi-gateway-bench-"))
        _write_partners(self._folder / "partners")
        self._database = new_database(self._server) if self._server else nullcontext("")
        self.url = self._database.__enter__()
        gateway = Gateway(_settings(self._folder, self.url), serve_mailboxes=False)  # applies the profiles
        gateway.stop()
        self.store = Database(_settings(self._folder, self.url).database_url, SystemClock(), self._folder / "data" / "payloads")
        self._engines = [_spawn(self._folder, self.url) for _ in range(self._how_many)]
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._engines:
            each.terminate()
            each.wait()
        self.store.close()
        self._database.__exit__(None, None, None)
        shutil.rmtree(self._folder)

    def arrive(self, orders: int) -> None:
        """A file of the retailer whose turn it is, put on record."""
        _receive(self.store, self._files, orders)
        self._files, self._orders = self._files + 1, self._orders + orders

    def warm(self) -> None:
        """Each engine takes in some files alone."""
        for each in self._engines:
            for orders in (*[1] * WARM_FILES, *[WARM_ORDERS] * RETAILERS):
                self.arrive(orders)
            self.run([each])

    def run(self, engines: list[subprocess.Popen[str]] | None = None) -> float:
        """Seconds until every order is in the ERP and every 997 has left."""
        engines = engines or self._engines
        began = time.perf_counter()
        _tell("go", *engines)
        self._wait()
        seconds = time.perf_counter() - began
        _tell("stop", *engines)
        return seconds

    def trickle(self) -> Latency:
        """One file of one order after the other."""
        arrived: list[int] = []
        _tell("go", self._engines[0])
        for _ in range(ARRIVALS):
            arrived += map(int, _tell(str(self._files), self._engines[0]))
            self._files, self._orders = self._files + 1, self._orders + 1
            time.sleep(EVERY_SECONDS)
        self._wait()
        percentiles = statistics.quantiles(self._took(arrived), n=100)
        return Latency(percentiles[49], percentiles[98])

    def bare(self, orders: int, commits: int) -> float:
        """Seconds to write the rows of so many of the orders there are into an empty database, in this many transactions."""
        rows = {table: self._rows(table) for table in tables.metadata.sorted_tables}
        with new_database(self._server) if self._server else nullcontext(f"sqlite:///{self._folder}/bare.sqlite3") as url:
            store = Database(url, SystemClock(), self._folder)
            migrate(store)
            with store.engine.connect() as connection:
                _emptied(connection)
                began = time.perf_counter()
                _write(connection, rows, round(commits * self._orders / orders))
                seconds = time.perf_counter() - began
            store.close()
        return seconds * orders / self._orders

    def _rows(self, table: sa.Table) -> list[Any]:
        """As the driver gives and takes them."""
        with self.store.engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            names = [column.name for column in table.columns]
            columns = ", ".join(f'"{name}"' for name in names)
            found = raw.cursor().execute(f"SELECT {columns} FROM {table.name}").fetchall()
        return found if self.store.is_sqlite else [dict(zip(names, row, strict=True)) for row in found]

    def _took(self, transmissions: list[int]) -> list[float]:
        """Milliseconds from each file on record to the interchange of its 997."""
        came, read, group, ours, wrote = (
            tables.transmission.c,
            tables.interchange.alias("read").c,
            tables.functional_group.c,
            tables.transaction.c,
            tables.interchange.alias("wrote").c,
        )
        query = sa.select(came.at, wrote.at).where(
            came.id.in_(transmissions),
            read.transmission_id == came.id,
            group.interchange_id == read.id,
            ours.id == group.answered_by,
            wrote.id == ours.interchange_id,
        )
        with self.store.engine.connect() as connection:
            return [(ready - on_record).total_seconds() * 1000 for on_record, ready in connection.execute(query)]

    def _wait(self) -> None:
        """Until all orders that came are in the ERP and nothing else is under way."""
        while self._under_way() or self._delivered() < self._orders:
            time.sleep(LOOKS_SECONDS)

    def _delivered(self) -> int:
        return self._count(tables.transaction, tables.transaction.c.code == "850", tables.transaction.c.delivery == "delivered")

    def _under_way(self) -> int:
        return self._count(tables.flow, tables.flow.c.state.in_(("ready", "attempting")))

    def _count(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        with self.store.engine.connect() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one())


# -- the bare loop -------------------------------------------------------------------------------


def _emptied(connection: sa.Connection) -> None:
    """Nothing is in it, and nothing but columns and indexes is kept up."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        for (trigger,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
    else:
        connection.exec_driver_sql("SET session_replication_role = replica")
    for table in tables.metadata.tables.values():
        connection.execute(table.delete())
    connection.commit()


def _write(connection: sa.Connection, rows: dict[sa.Table, list[Any]], commits: int) -> None:
    """A part of every table's rows in each transaction."""
    raw: Any = connection.connection.dbapi_connection
    words = {table: str(table.insert().inline().compile(dialect=connection.dialect)) for table in rows}
    is_sqlite = connection.dialect.name == "sqlite"
    for part in range(commits):
        cursor = raw.cursor()
        if is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        for table, all_of_it in rows.items():
            begins, ends = (len(all_of_it) * each // commits for each in (part, part + 1))
            if begins < ends:
                cursor.executemany(words[table], all_of_it[begins:ends])
        raw.commit()


# -- retailers -----------------------------------------------------------------------------------


def _write_partners(folder: Path) -> None:
    """Northwind of the samples, under other names and ids, once for each retailer."""
    shutil.copytree(ROOT / "partners", folder, ignore=shutil.ignore_patterns("cascade*", "fairmont*", "northwind*"))
    sample, mailbox = ROOT / "partners" / "northwind", ROOT / "partners" / "connections" / "northwind-mailbox.yaml"
    for number in range(1, RETAILERS + 1):
        name = f"retailer{number}"
        shutil.copytree(sample, folder / name)
        said = (sample / "partner.yaml").read_text(encoding="utf-8").replace("NWDSTORES", f"NWD{number}")
        said = said.replace("name: northwind", f"name: {name}\ncustomer: northwind").replace(
            "northwind-mailbox", f"{name}-mailbox"
        )
        (folder / name / "partner.yaml").write_text(said.replace("7005551200", _id(number)), encoding="utf-8")
        said = mailbox.read_text(encoding="utf-8").replace("northwind", name)
        (folder / "connections" / f"{name}-mailbox.yaml").write_text(said, encoding="utf-8")


def _id(retailer: int) -> str:
    return f"70055513{retailer:02d}"


def _file(retailer: int, control: int, sets: list[list[Segment]]) -> bytes:
    at = datetime.now(UTC)
    header = InterchangeHeader(sender=Identity("08", _id(retailer)), receiver=_US, control_number=control, at=at, usage="P")
    group = GroupHeader(code="PO", sender=_id(retailer), receiver=_US.id, control_number=control, release="004010VICS", at=at)
    return write_interchange(header, [(group, sets)])


def _order(number: str) -> list[Segment]:
    """An 850 of one line as the retailer's guide asks for it, which the embedded ERP sells at that price and has plenty of."""
    today, soon, late = (datetime.now(UTC) + timedelta(days=days) for days in (0, 7, 14))
    return [
        ["ST", "850", ""],
        ["BEG", "00", "SA", number, "", f"{today:%Y%m%d}"],
        ["REF", "DP", "042"],
        ["REF", "IA", "700418826"],
        ["DTM", "010", f"{soon:%Y%m%d}"],
        ["DTM", "001", f"{late:%Y%m%d}"],
        ["N1", "ST", "DISTRIBUTION CENTER 0610", "92", "0610"],
        ["N3", "2100 CLEARWATER RD"],
        ["N4", "SAINT CLOUD", "MN", "56301", "US"],
        ["PO1", "001", "1", "EA", "18.5", "PE", "IN", "000044013", "UP", "614141001378"],
        ["CTT", "1", "1"],
    ]


def _receive(store: Database, number: int, orders: int) -> int:
    """Puts a file of the retailer whose turn it is on record; the transmission's id."""
    whose = number % RETAILERS + 1
    body = _file(whose, number + 1, [_order(f"{number}-{each}") for each in range(orders)])
    name, connection = f"in{number}.edi", f"retailer{whose}-mailbox"
    return receive(store, connection=connection, name=name, identity=name, source=io.BytesIO(body))


# -- engines -------------------------------------------------------------------------------------


def _settings(folder: Path, url: str) -> Settings:
    database = SecretStr(url) if url else None
    return Settings(data=folder / "data", partners=folder / "partners", maps=ROOT / "maps", database=database)


def _spawn(folder: Path, url: str) -> subprocess.Popen[str]:
    """An engine in another process, ready to begin."""
    words = [sys.executable, "-m", "benchmarks.inbound", "--engine", str(folder), url]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    process.stdout.readline()
    return process


def _tell(word: str, *engines: subprocess.Popen[str]) -> list[str]:
    """Says a word to engines, and waits for their answers."""
    for each in engines:
        assert each.stdin
        each.stdin.write(word + "\n")
        each.stdin.flush()
    return [each.stdout.readline() for each in engines if each.stdout]


def _run_engine(folder: Path, url: str) -> None:
    log.configure("error")
    gateway = Gateway(_settings(folder, url), serve_mailboxes=False)
    settle()
    print("ready", flush=True)
    dispatcher = gateway.dispatcher
    for line in sys.stdin:  # until it is terminated
        match line.strip():
            case "go":  # the engine alone: what recurs would let the embedded ERP confirm, ship and bill meanwhile
                dispatcher = Dispatcher(gateway.runner, threads=gateway.settings.threads)
                dispatcher.start()
                print("it runs", flush=True)
            case "stop":
                dispatcher.stop()
                print("it stands", flush=True)
            case number:
                print(_receive(gateway.store, int(number), 1), flush=True)


if __name__ == "__main__":
    main()
