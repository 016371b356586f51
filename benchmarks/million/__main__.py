"""How fast things are found among a million documents, over HTTP, on SQLite and on PostgreSQL.

    python -m benchmarks.million [--documents 1000000] [--rounds 30] [--only sqlite|postgres] [--keep FOLDER]

A store is made in bulk, on both databases at once. Then, one after the other, pages and API are asked over the real web server in
a process of its own: every question in turn, so that whatever else the machine does meets all alike; then 200 API reads a second
for some seconds; then both again while an engine takes documents in. ``--postgres`` (or EDI_GATEWAY_TEST_POSTGRES) names a server
in which a database is made for it and dropped. With ``--keep`` both stores stay, and are taken again the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import sqlalchemy as sa

from benchmarks.million.life import PARTS, Names
from benchmarks.million.partners import OURS, partners
from benchmarks.million.questions import API, Question, known, questions
from benchmarks.million.rows import header_of
from benchmarks.million.server import Client, Server, engine, person, program, serving
from benchmarks.million.store import make
from edi_gateway import log
from edi_gateway.clock import SystemClock
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate
from edi_gateway.store.tables import transmission

GOAL_MS, GOAL_READS = 200.0, 200
ASKERS = 8  # threads that read at once
OUT = Path("build/bench-million.json")
KEPT = "edi_gateway_million"


class Figures(NamedTuple):
    """Milliseconds, of how many answers."""

    count: int
    p50: float
    p95: float
    p99: float
    most: float


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=10, help="how long reads are sustained")
    parser.add_argument("--postgres", default=os.environ.get("EDI_GATEWAY_TEST_POSTGRES", ""))
    parser.add_argument("--only", choices=("sqlite", "postgres"), help="one of the two databases")
    parser.add_argument("--keep", type=Path, help="a folder in which the stores are kept, and taken again")
    given = parser.parse_args()
    log.configure("error")
    began, told = time.perf_counter(), {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as lasting:
        places = dict(_places(given, (given.keep or Path(folder)).resolve(), lasting))
        with ProcessPoolExecutor() as makers:
            for each in [makers.submit(_make, name, *place, given.documents) for name, place in places.items()]:
                print(each.result(), flush=True)
        for name, (url, data) in places.items():
            told[name] = _measure(name, url, data, given)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(told, indent=1))
    print(f"all figures are in {OUT}; it took {(time.perf_counter() - began) / 60:.0f} minutes")


def _places(given: argparse.Namespace, folder: Path, lasting: ExitStack) -> Iterator[tuple[str, tuple[str, Path]]]:
    """By the database's name, its URL and the data folder beside it."""
    if given.only != "postgres":
        data = folder / "sqlite"
        yield "SQLite", (f"sqlite:///{data}/gateway.sqlite3", data)
    if given.only != "sqlite" and given.postgres:
        name = KEPT if given.keep else f"{KEPT}_{uuid4().hex[:8]}"
        url = lasting.enter_context(_database(given.postgres, name, is_kept=bool(given.keep)))
        yield "PostgreSQL", (url, folder / "postgres")


def _make(name: str, url: str, data: Path, documents: int) -> str:
    """A store, unless it is there, whole; what was done."""
    log.configure("error")
    data.mkdir(parents=True, exist_ok=True)
    is_whole, began = data / "made", time.perf_counter()
    store = Database(url, SystemClock(), data / "payloads")
    try:
        if is_whole.exists():
            migrate(store)
            return f"{name}: the store of {is_whole.read_text()} documents is taken again"
        made = make(store, data, documents, datetime.now(UTC))
    finally:
        store.close()
    is_whole.write_text(f"{made:,}")
    return f"{name}: a store of {made:,} documents made in {time.perf_counter() - began:.0f} s"


def _measure(name: str, url: str, data: Path, given: argparse.Namespace) -> dict[str, object]:
    store = Database(url, SystemClock(), data / "payloads")
    asked = questions(known(store, datetime.now(UTC)))
    with serving(url, data) as server:
        quiet = _ask_all(store, server.port, asked, given.rounds)
        _table(f"{name}, at rest", quiet)
        reads = _sustain(store, server, asked, given.seconds)
        _say(f"{name}, {GOAL_READS} reads a second", reads)
        with engine(store, url, data) as settled, _inbound(store, server.port) as came:
            print(f"\n{name}: an engine began, and did within {settled:.0f} s what was due at its beginning", flush=True)
            busy = _ask_all(store, server.port, asked, given.rounds)
            _table(f"{name}, while documents come in", busy)
            busy_reads = _sustain(store, server, asked, given.seconds)
            _say(f"{name}, {GOAL_READS} reads a second while documents come in", busy_reads)
            given, read = came()
        print(f"{name}: of {given} interchanges that were given in meanwhile {read} were read", flush=True)
    store.close()
    return {
        "at rest": {key: one._asdict() for key, one in quiet.items()},
        "reads": reads,
        "while documents come in": {key: one._asdict() for key, one in busy.items()},
        "reads while documents come in": busy_reads,
    }


def _ask_all(store: Database, port: int, asked: list[Question], rounds: int) -> dict[str, Figures]:
    """Every question in turn, ``rounds`` times, after one that does not count."""
    clients = {"program": program(store, port), "person": person(store, port)}
    took: dict[str, list[float]] = {one.name: [] for one in asked}
    for each in range(rounds + 1):
        for one in asked:
            milliseconds = clients[one.who].get(one.path())
            if each:
                took[one.name].append(milliseconds)
    return {name: _figures(all_) for name, all_ in took.items()}


def _sustain(store: Database, server: Server, asked: list[Question], seconds: float) -> dict[str, float]:
    """Reads of the API at a fixed rate from several programs; a late answer makes no later question late."""
    reads = [one for one in asked if one.who == "program"]
    took: list[float] = []
    failed: list[SystemExit] = []
    lock, count = threading.Lock(), int(seconds * GOAL_READS)
    turns = iter(range(count))
    clients = [program(store, server.port, f"reader {each}") for each in range(ASKERS)]
    spent, begin = server.processor_seconds(), time.perf_counter() + 0.2

    def ask(client: Client) -> None:
        while not failed:
            with lock:
                turn = next(turns, None)
                path = reads[turn % len(reads)].path() if turn is not None else ""
            if turn is None:
                return
            due = begin + turn / GOAL_READS
            if (wait := due - time.perf_counter()) > 0:
                time.sleep(wait)
            try:
                client.get(path)
            except SystemExit as error:
                failed.append(error)
                return
            with lock:
                took.append((time.perf_counter() - due) * 1000)  # from when it should have been asked

    threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if failed:
        raise failed[0]
    lasted, spent = time.perf_counter() - begin, server.processor_seconds() - spent
    told = {"reads a second": len(took) / lasted, "processor ms a read": spent / len(took) * 1000}
    return told | {"load": os.getloadavg()[0]} | _figures(took)._asdict()


@contextmanager
def _inbound(store: Database, port: int) -> Iterator[Callable[[], tuple[int, int]]]:
    """Ten interchanges a second are given in while it lasts; yields how many were so far, and how many were read."""
    client, over = program(store, port, "inbound"), threading.Event()
    with store.reading() as connection:
        before = int(connection.execute(sa.select(sa.func.max(transmission.c.id))).scalar_one())
    base = int(time.time() * 10) % 900_000_000  # ten a second: no later run gives a number again

    def give() -> None:
        for each in range(10**6):
            if over.wait(0.1):
                return
            client.post(f"{API}/payloads?partner=northwind&name=load-{base + each}.edi", _interchange(base + each))

    def came() -> tuple[int, int]:
        given = sa.select(sa.func.count()).where(transmission.c.id > before, transmission.c.direction == "in")
        with store.reading() as connection:
            count = [connection.execute(query).scalar_one() for query in (given, given.where(transmission.c.state == "read"))]
        return int(count[0]), int(count[1])

    thread = threading.Thread(target=give)
    thread.start()
    try:
        yield came
    finally:
        over.set()
        thread.join()


def _interchange(number: int) -> bytes:
    """An order nobody has sent yet."""
    them = partners(1)[0]
    text = Names(f"77{number % 10**8:08d}", them.name).fill(PARTS["850"].text)
    _, header = header_of(datetime.now(UTC), them.identity, OURS, number, "PO", str(number))
    return f"{header}{text}GE*1*{number}~IEA*1*{number:09d}~".encode()


def _figures(took: list[float]) -> Figures:
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    return Figures(len(took), cuts[49], cuts[94], cuts[98], max(took))


def _table(title: str, told: dict[str, Figures]) -> None:
    print(f"\n{title:<44} {'p50':>7} {'p95':>7} {'p99':>7} {'most':>7}  ms   (load {os.getloadavg()[0]:.1f})", flush=True)
    for name, one in told.items():
        mark = " " if one.p95 < GOAL_MS else "!"
        print(f"{mark} {name:<42} {one.p50:7.1f} {one.p95:7.1f} {one.p99:7.1f} {one.most:7.1f}", flush=True)


def _say(title: str, told: dict[str, float]) -> None:
    print(f"\n{title}: {told['reads a second']:.0f} reads/s, p50 {told['p50']:.0f} ms, p95 {told['p95']:.0f} ms", flush=True)
    print(f"  {told['processor ms a read']:.1f} ms of the server's processor time a read; load {told['load']:.1f}", flush=True)


@contextmanager
def _database(server: str, name: str, *, is_kept: bool) -> Iterator[str]:
    """The URL of a database of that name, new unless it was kept."""
    there = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with there.connect() as connection:
        if not connection.scalar(sa.text("SELECT true FROM pg_database WHERE datname = :name"), {"name": name}):
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        try:
            yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            if not is_kept:
                connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    there.dispose()


if __name__ == "__main__":
    main()
