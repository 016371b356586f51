"""An engine in a process of its own, over stages that a scene can check: run as a program, or used as a module.

Every document takes a number, goes to a *world* that is a file, and may not overtake the one before it. What the world has can be
asked, as an ERP can.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).parents[1]))

from edi_gateway import log
from edi_gateway.clock import SystemClock
from edi_gateway.pipeline.outcome import Done, Outcome, Retry
from edi_gateway.pipeline.tools import TOGETHER, Deed, Record, Stage, Tools, start
from edi_gateway.store.database import Database
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.worker.dispatcher import Dispatcher
from edi_gateway.worker.runner import Runner
from edi_gateway.worker.schedule import Job, Schedule
from edi_gateway.worker.trigger import Every


class World:
    """What deliver touches: one file a partner, a line for each document, on disk before it answers."""

    def __init__(self, folder: Path, dies_at: int = 0) -> None:
        self.folder, self._left = folder, dies_at

    def key(self, flow: FlowRow, _unit: Unit) -> str:
        return flow.subject

    def most_together(self, _flow: FlowRow, _tools: Tools) -> int:
        return TOGETHER

    def waits(self, _flow: FlowRow, _unit: Unit, _tools: Tools) -> None:
        return None

    def prepare(self, flow: FlowRow, _tools: Tools) -> Deed:
        return lambda: self._write(flow)

    def is_instant(self, _flow: FlowRow, _tools: Tools) -> bool:
        return False

    def in_one_go(self, _flow: FlowRow, _tools: Tools) -> AbstractContextManager[None]:
        return nullcontext()

    def _write(self, flow: FlowRow) -> Record:
        with (self.folder / str(flow.partner)).open("a") as file:
            file.write(f"{flow.subject}\n")
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return _done

    def ask(self, flow: FlowRow, _tools: Tools) -> Record:
        file = self.folder / str(flow.partner)
        if file.exists() and flow.subject in file.read_text().splitlines():
            return _done
        return lambda _unit: Retry("it did not arrive", after=timedelta())

    def around(self, _flow: FlowRow, _tools: Tools) -> Record | None:
        return None


def _done(_unit: Unit) -> Outcome:
    return Done()


def translate(flow: FlowRow, _tools: Tools) -> Record:
    return lambda _unit: Done("apply")


def apply(flow: FlowRow, _tools: Tools) -> Record:
    def record(unit: Unit) -> Outcome:
        number = unit.control_numbers.next("documents")
        unit.events.tell("numbered", flow.subject, str(number))
        return Done("deliver", connector="sap")

    return record


STAGES: dict[str, Stage] = {"translate": translate, "apply": apply}


def tools_of(store: Database) -> Tools:
    nothing = cast(Any, None)
    return Tools(store, store.clock, nothing, nothing, {}, nothing)


def receive(store: Database, partner: str, number: int, stage: str = "translate") -> None:
    """One document arrives, in a transaction of its own."""
    with store.write() as unit:
        start(unit, stage, f"document:{partner}-{number:05}", partner=partner)


def runner_of(store: Database, folder: Path, dies_at: int = 0) -> Runner:
    return Runner(tools_of(store), STAGES, {"deliver": World(folder, dies_at)})


def tick_on(store: Database, folder: Path, stopping: threading.Event) -> None:
    """Looks at a schedule again and again; its one job leaves a line each time."""
    runner_of(store, folder).begin()
    job = Job(Every("every 1s", timedelta(seconds=1)), lambda: _line(folder))
    schedule = Schedule(store, store.clock, {"tick": job}, lambda name: schedule.run(name))
    schedule.prepare()
    while not stopping.wait(0.02):
        schedule.tick()


def _line(folder: Path) -> None:
    began = time.time()
    time.sleep(0.05)
    with (folder / "ticks").open("a") as file:
        file.write(f"{began} {time.time()}\n")


def main() -> None:
    url, folder, dies_at, ticks = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "ticks"
    log.configure("warning")
    store, stopping = Database(url, SystemClock(), folder / "payloads"), threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stopping.set())
    print("runs", flush=True)
    if ticks:
        tick_on(store, folder, stopping)
    else:
        engine = Dispatcher(runner_of(store, folder, dies_at), threads=2)
        engine.start()
        stopping.wait()
        engine.stop()
    store.close()


if __name__ == "__main__":
    main()
