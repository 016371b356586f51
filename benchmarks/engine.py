"""How many documents a second the engine moves: three small stages each, order kept, on SQLite and on PostgreSQL.

    python -m benchmarks.engine [--documents 3000] [--postgres postgresql+psycopg://…/postgres]

A backlog for fifty partners is laid down first; then one process, or three on one database, drain it. Each stage writes one event
and is recorded in a transaction with others of its lane. Then, with one process, a document arrives twenty times a second, and
the time from its arrival to its end is taken. Without ``--postgres`` (or EDI_GATEWAY_TEST_POSTGRES) only SQLite is measured.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import uuid4

import sqlalchemy as sa

from edi_gateway import log
from edi_gateway.clock import SystemClock
from edi_gateway.pipeline.outcome import Done, Outcome
from edi_gateway.pipeline.tools import Record, Tools, start
from edi_gateway.store import tables
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.worker.dispatcher import Dispatcher
from edi_gateway.worker.runner import Runner

PARTNERS = 50
NEXT = {"translate": "apply", "apply": "draft", "draft": None}
ARRIVALS, EVERY_SECONDS = 200, 0.05


class Latency(NamedTuple):
    """From arrival to end, in milliseconds."""

    p50: float
    p99: float


def stage(flow: FlowRow, _tools: Tools) -> Record:
    """Writes one event and goes on."""

    def record(unit: Unit) -> Outcome:
        unit.events.tell("bench", flow.subject, flow.stage, partner=flow.partner)
        return Done(NEXT[flow.stage])

    return record


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=3000)
    parser.add_argument("--postgres", default=os.environ.get("EDI_GATEWAY_TEST_POSTGRES", ""))
    parser.add_argument("--engine", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.engine:
        _run_engine(given.engine)
        return
    log.configure("error")
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", f"sqlite:///{folder}/gateway.sqlite3", 1, given.documents)
    for processes in (1, 3) if given.postgres else ():
        with new_database(given.postgres) as url:
            _measure("PostgreSQL", url, processes, given.documents)


def _measure(name: str, url: str, processes: int, documents: int) -> None:
    store = Database(url, SystemClock(), Path("nowhere"))
    migrate(store)
    for number in range(documents):
        _arrive(store, number)
    engines = [_spawn(url) for _ in range(processes)]
    began = time.perf_counter()
    for each in engines:
        _go(each)
    _wait(store, documents)
    seconds = time.perf_counter() - began
    said = f"{name:<11} {processes} process{'es' if processes > 1 else '  '}  {documents / seconds:6.0f} documents/s"
    if processes == 1:
        latency = _trickle(store, documents)
        said += f"   at {1 / EVERY_SECONDS:.0f}/s: p50 {latency.p50:.0f} ms, p99 {latency.p99:.0f} ms"
    print(said, flush=True)
    for each in engines:
        each.terminate()
        each.wait()
    store.close()


def _trickle(store: Database, from_: int) -> Latency:
    for number in range(from_, from_ + ARRIVALS):
        _arrive(store, number)
        time.sleep(EVERY_SECONDS)
    _wait(store, from_ + ARRIVALS)
    with store.engine.connect() as connection:
        query = sa.select(tables.flow.c.created_at, tables.flow.c.changed_at).order_by(tables.flow.c.id.desc()).limit(ARRIVALS)
        took = [(row.changed_at - row.created_at).total_seconds() * 1000 for row in connection.execute(query)]
    percentiles = statistics.quantiles(took, n=100)
    return Latency(percentiles[49], percentiles[98])


def _arrive(store: Database, number: int) -> None:
    with store.write() as unit:
        start(unit, "translate", f"document:{number}", partner=f"p{number % PARTNERS}")


def _wait(store: Database, documents: int) -> None:
    query = sa.select(sa.func.count()).select_from(tables.flow).where(tables.flow.c.state == "done")
    with store.engine.connect() as connection:
        while connection.execute(query).scalar_one() < documents:
            connection.rollback()
            time.sleep(0.02)


def _spawn(url: str) -> subprocess.Popen[str]:
    """An engine in another process, ready to begin."""
    words = [sys.executable, "-m", "benchmarks.engine", "--engine", url]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    process.stdout.readline()
    return process


def _go(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


def _run_engine(url: str) -> None:
    log.configure("error")
    store, nothing = Database(url, SystemClock(), Path("nowhere")), cast(Any, None)
    tools = Tools(store, store.clock, nothing, nothing, {}, nothing)
    engine = Dispatcher(Runner(tools, dict.fromkeys(NEXT, stage), {}), threads=4)
    print("ready", flush=True)
    sys.stdin.readline()
    engine.start()
    sys.stdin.read()  # until it is terminated


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """A database of that server, gone afterwards."""
    name = f"edi_gateway_bench_{uuid4().hex[:8]}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        try:
            yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    engine.dispose()


if __name__ == "__main__":
    main()
