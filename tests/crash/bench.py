"""A gateway on a bench: a ``Desk`` whose operations are points, that goes on after errors as the engine does; a person helps."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import desk as desks
import sqlalchemy as sa
from crash.files_erp import FilesErp, taken
from crash.hooks import PointedErp, on_database, on_files
from crash.points import Plan, Points
from crash.remote import in_place_of_servers
from crash.verdicts import ASKS, without_questions
from desk import ROOT, Desk, new_sqlite
from play import End, clock_of, end_state, play, prepare, without_ids, without_times

from edi_gateway.errors import GatewayError
from edi_gateway.operations.resume import resume
from edi_gateway.pipeline.inbound.collect import collect
from edi_gateway.pipeline.outbound.collect import collect_events
from edi_gateway.store import payloads
from edi_gateway.store.database import Database
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.tables import payload
from edi_gateway.trading.loader import load

LAYOUTS = ("mailbox", "sftp", "files")
"""How Northwind is reached: its mailbox on our own server, or a server of its own; the mailbox, and an ERP behind files."""
_IN_A_ROW = 600  # bytes; so that orders and shipments are payloads in files, and answers are rows
_MOST_FAILURES = 400

_SERVER = """\
name: northwind-server
kind: sftp
senders: [northwind]
host: sftp.northwind.example
login: meridian
host_keys: ["SHA256:n9Zc8q0p9XGmC2v1Qn0o4s9mJ8b3v7fJ0w5y2k1a6Hs"]
inbox: /inbox
outbox: /outbox
"""


class Bench(Desk):
    """Runs what is due on this thread; what fails is tried again, as the dispatcher would."""

    failures = 0
    points: Points

    def flows(self, *states: str) -> list[FlowRow]:
        """What the play looks at is not the gateway's doing."""
        with self.points.quietly():
            return super().flows(*states)

    def run(self) -> None:
        """Runs what is due; a person looks after what only the partner can know."""
        super().run()
        while asked := [flow for flow in self.flows("held") if flow.stage == "send" and ASKS in flow.because]:
            for flow in asked:  # nobody takes files from the partner's folders in this play: what is not there did not arrive
                resume(self.store, flow.id, by="desk")
            super().run()

    def step(self) -> int:
        """One look at everything; how much there was to do, counting what failed."""
        done = sum(self._try(collect, self.store, name, self.connections.source(name)) for name in self.polled())
        done += sum(self._try(collect_events, self.store, self.directory, name, erp) for name, erp in self.erps.items())
        lanes: list[str] = []
        done += self._try(lambda: lanes.extend(self.runner.sweep()) or 0)
        return done + sum(self._try(self.runner.drain, lane) for lane in lanes)

    def _try(self, job: Callable[..., int], *args: Any) -> int:
        try:
            return job(*args)
        except Exception:
            self.failures += 1
            if self.failures > _MOST_FAILURES:
                raise
            return 1


class Place:
    """A data folder with its partners beside it, in one of the layouts; benches come and go on it."""

    def __init__(self, folder: Path, layout: str) -> None:
        self.folder, self.layout = folder, layout
        self.data = folder / "data"

    def lay_out(self) -> None:
        """Everything as it is before the play."""
        prepare(self.data)
        for name in ("inbox", "outbox"):
            (self.data / "mailboxes/northwind" / name).mkdir(parents=True)

    @contextmanager
    def bench(self, plan: Plan, database: str = "") -> Iterator[tuple[Bench, Points]]:
        """A gateway that starts on what is there; gone at the end of the block, without a word."""
        points = Points(plan)

        def pointed(*args: Any) -> Database:
            store = Database(*args)
            on_database(points, store)
            return store

        with (
            mock.patch.object(payloads, "IN_ROW", _IN_A_ROW),
            mock.patch.object(desks, "load", _directory),
            mock.patch.object(desks, "Database", pointed),
            in_place_of_servers(points, self.data / "mailboxes/northwind"),
            on_files(points, f"{self.data}/"),
        ):
            if not database:
                with points.quietly():
                    database = new_sqlite(self.data)
            bench = self._start(database)
            try:
                bench.points = points
                is_files = self.layout == "files"
                bench.erps["simulator"] = FilesErp(points, self.data, bench.erp) if is_files else PointedErp(points, bench.erp)
                yield bench, points
            finally:
                with points.quietly():
                    bench.close()

    def _start(self, database: str, tries: int = 30) -> Bench:
        """Starts the gateway, and again where it could not be started just then."""
        try:
            return Bench(self.data, partners(self.layout), clock_of(self.data), database=database)
        except (OSError, GatewayError, sa.exc.DBAPIError):
            if tries == 0:
                raise
            return self._start(database, tries - 1)

    def play(self, plan: Plan, database: str = "") -> tuple[End, Points]:
        """Plays to the end, or on to it; how it ended."""
        with self.bench(plan, database) as (bench, points):
            play(bench, self.data, points.aside)
            with points.quietly():
                return ending(bench), points


@cache
def partners(layout: str) -> Path:
    """The partners as they come with the project; Northwind over a server of its own, where the layout says so."""
    if layout != "sftp":
        return ROOT / "partners"
    folder = Path(tempfile.mkdtemp(prefix="partners-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(ROOT / "partners", folder, dirs_exist_ok=True)
    (folder / "connections/northwind-mailbox.yaml").unlink()
    (folder / "connections/northwind-server.yaml").write_text(_SERVER)
    profile = folder / "northwind/partner.yaml"
    profile.write_text(profile.read_text().replace("connection: northwind-mailbox", "connection: northwind-server"))
    return folder


_directory = cache(load)


def ending(bench: Bench) -> End:
    """How it ended: all that may not differ, and every byte."""
    end = end_state(bench)
    with bench.store.read() as unit, bench.store.reading() as connection:
        hashes = connection.execute(sa.select(payload.c.sha256)).scalars().all()
        bodies = {sha256: unit.payloads.read(sha256) for sha256 in hashes}
    spoilt = [sha256 for sha256, body in bodies.items() if hashlib.sha256(body).hexdigest() != sha256]
    kept = Counter(without_times(body) for body in bodies.values())
    files = Counter(without_ids(name) for name in taken(bench.folder).elements())
    return without_questions(end) | {
        "payload": kept,
        "spoilt payload": Counter(spoilt),
        "file the ERP took": files,
    }
