"""Runs stages of flows: one lane, one stage, one short transaction for a batch.

A stage computes in no writing transaction and hands back what to record. A batch of flows at the same stage reads in one look and
is recorded in one transaction, so that a file of a thousand orders costs few commits. Whatever a stage raises is turned into an
outcome: TryAgain is tried again, what needs a person or better input is held, and a defect is tried a few times and then held,
saying so. What is tried again is overtaken by nothing behind it in a lane that keeps its order.

On a database that several engines share a lane is taken for a batch, in its turn, and every move asks whether it is still ours.
An engine that kept its lanes until they were empty left another one idle.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial
from itertools import takewhile

import msgspec

from edi_gateway import log
from edi_gateway.errors import GatewayError, TryAgain
from edi_gateway.pipeline.foresight import foresee, foresee_recording
from edi_gateway.pipeline.outcome import Outcome, Retry
from edi_gateway.pipeline.tools import TOGETHER, Question, Record, Stage, Tools, WorldStage
from edi_gateway.pipeline.way import LaneKind, kind_of
from edi_gateway.store.breakers import BreakerRow
from edi_gateway.store.database import BrokenLook, is_passing
from edi_gateway.store.flows import Elsewhere
from edi_gateway.store.lanes import Lease, circuit_of
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.worker import breaker
from edi_gateway.worker.attempts import MOST_DEATHS, Attempts, always
from edi_gateway.worker.batches import Batches
from edi_gateway.worker.moves import move, outcome_of, park
from edi_gateway.worker.stage_times import StageTimes
from edi_gateway.worker.turn import Turn

_MOST_NAMED = 5  # lanes, where it is told what an engine left
URGENT = (LaneKind.ANSWER, LaneKind.INTAKE)  # acknowledgments, and what has to be read before there is one

_log = log.logger(__name__)


class Runner:
    """Runs what is ready in a lane until nothing is."""

    def __init__(self, tools: Tools, stages: Mapping[str, Stage], world: Mapping[str, WorldStage]) -> None:
        self.tools, self._stages, self._world = tools, stages, world
        self._turn = Turn()
        self._batches = Batches()
        self.times = StageTimes()
        self._attempts = Attempts(self._turn)
        self.run = 0

    def drain(self, lane: str, go_on: Callable[[], bool] = lambda: True) -> int:
        """Runs the lane's due flows, in order, until none is or ``go_on`` says no; returns how many batches that were.

        Ends where another engine has the lane: that one goes on with it, or looks once more before it leaves it.
        """
        batches, more = 0, True
        try:
            while more and go_on():
                ran, more = self._pass(lane, go_on)
                batches += ran
        except _LaneLost:
            _log.warning("another engine took this lane over", lane=lane)
        return batches

    def sweep(self) -> list[str]:
        """Sets going what waited for an answer until it was due; says which lanes have work, whoever announced it."""
        with self.tools.store.read() as unit:
            overdue, lanes = unit.flows.waiting_due(), unit.flows.due_lanes(self.run)
        if overdue:
            with self.tools.store.write() as unit:
                for flow in overdue:
                    unit.flows.move(flow, state="ready")
        return sorted({*lanes, *(flow.lane for flow in overdue)})

    def _look(self, unit: Unit, lane: str) -> _Look:
        return _Look(unit, lane, self.tools.clock.now(), self._batches.most(kind_of(lane)), self._most_together)

    def _most_together(self, flow: FlowRow) -> int:
        """How many flows like this one are done together: those that touch the world only where their stage says so."""
        most = self._batches.most(kind_of(flow.lane))
        if flow.stage not in self._world:
            return most
        try:
            return min(most, self._world[flow.stage].most_together(flow, self.tools))
        except GatewayError:  # its connection is not there: it says so when its turn comes
            return 1

    def _pass(self, lane: str, go_on: Callable[[], bool]) -> tuple[bool, bool]:
        """Runs the first batch of a lane, in its turn: whether any was due and the lane free, and whether there is more to do."""
        with self._turn.taken(urgent=kind_of(lane) in URGENT):
            lease = Lease(lane, self.run) if self.tools.store.is_shared else None  # of who we are by now
            taken = lease is None or self._take(lease)
            if taken:
                look, ran = self._run_first(lane, lease, go_on)
        if lease is None:
            return ran, ran
        if not taken:
            return False, self._is_free(lease)
        return ran, self._give_back(lease, look, ran=ran)

    def _take(self, lease: Lease) -> bool:
        with self.tools.store.write() as unit:
            return unit.lanes.take(lease)

    def _is_free(self, lease: Lease) -> bool:
        """Whether we could take it after all: somebody only woke it, or has just given it back."""
        with self.tools.store.write() as unit:
            return unit.lanes.is_free(lease)

    def _give_back(self, lease: Lease, was: _Look, *, ran: bool) -> bool:
        """Lets others have the lane, and says whether there is more to do.

        Where it is not plain from what was seen it is looked at once more, under its row's lock: whoever brought work meanwhile
        waited for this, or will find the lane free.
        """
        is_plain = ran and was.is_whole
        with self.tools.store.write() as unit:
            unit.lanes.give_back(lease, forget=not is_plain)
            return is_plain or self._look(unit, lease.lane).has_more_than(was)

    def _run_first(self, lane: str, lease: Lease | None, go_on: Callable[[], bool]) -> tuple[_Look, bool]:
        with self.tools.store.read() as unit:
            look = self._look(unit, lane)
        if look.is_open:
            return look, self._go_around(look.waiting, lease)
        if look.batch:
            began = time.monotonic() - self._turn.waited
            ran = self._run_batch(look, lease, go_on)
            seconds = time.monotonic() - self._turn.waited - began
            self._batches.took(kind_of(lane), len(look.batch), seconds)
            self.times.took(look.batch[0].stage, ran, seconds)
        return look, bool(look.batch)

    def _run_batch(self, look: _Look, lease: Lease | None, go_on: Callable[[], bool]) -> int:
        """Runs what goes together of a batch; returns how many flows that were."""
        first = look.batch[0]
        if first.state == "attempting":
            self._attempts.ask(self.tools, self._world[first.stage], first, lease)
            return 1
        if first.stage in self._world:
            self._attempts.touch(self.tools, self._world[first.stage], look.batch, lease, go_on)
            return len(look.batch)
        if first.suspect:
            self._run_suspect(first, lease)
            return 1
        batch = list(takewhile(lambda flow: not flow.suspect, look.batch))
        self._run(batch, lease, look.breaker)
        return len(batch)

    # -- stages that touch only our own store ----------------------------------------------------

    def _run(self, batch: list[FlowRow], lease: Lease | None, seen: BreakerRow | None = None) -> None:
        records, failure = self._compute_all(batch)
        with self.tools.store.write(at_commit=self._turn.end) as unit:
            unit.lanes.lease = lease
            not_before = None
            if failure:
                not_before = breaker.failed(unit, batch[0].lane, failure, self.tools.clock.now()).open_until
            elif seen:
                breaker.worked(unit, batch[0].lane)
            if not self._record_together(unit, records, not_before):
                for flow, record in records:
                    if _holds_the_rest(flow, self._record(unit, flow, record, not_before)):
                        break

    def _compute_all(self, batch: list[FlowRow]) -> tuple[list[tuple[FlowRow, Record]], str]:
        """What to record of each flow. Where the ERP does not answer, and why: then the others do not ask it."""
        computed = self.tools.store.in_one_look(batch, self._compute, partial(foresee, flows=batch))
        takes_time = any(isinstance(made, Question) and not made.is_instant for made in computed)
        with self._turn.given_up() if takes_time else nullcontext():
            return self._ask_all(batch, computed)

    def _ask_all(self, batch: list[FlowRow], computed: list[Record | Question]) -> tuple[list[tuple[FlowRow, Record]], str]:
        records: list[tuple[FlowRow, Record]] = []
        for flow, made in zip(batch, computed, strict=True):
            if not isinstance(made, Question):
                records.append((flow, made))
                continue
            record, error = self._ask(flow, made)
            records.append((flow, record))
            if isinstance(error, TryAgain):
                return records, str(error)
        return records, ""

    def _compute(self, flow: FlowRow) -> Record | Question:
        with _named(flow):
            try:
                return self._stages[flow.stage](flow, self.tools)
            except BrokenLook:
                raise
            except Exception as error:
                return always(outcome_of(error, flow))

    def _ask(self, flow: FlowRow, question: Question) -> tuple[Record, Exception | None]:
        with _named(flow):
            try:
                return question.ask(), None
            except Exception as error:
                return always(outcome_of(error, flow)), error

    def _record_together(self, unit: Unit, records: list[tuple[FlowRow, Record]], not_before: datetime | None) -> bool:
        """Writes a whole batch behind one savepoint, as nearly always goes; False where one of them has to be written apart."""
        now = self.tools.clock.now()
        try:
            with unit.savepoint(), unit.flows.together():
                foresee_recording(unit, [flow for flow, _ in records])
                for flow, record in records:
                    outcome = record(unit)
                    move(unit, flow, outcome, now, not_before=not_before)
                    if _holds_the_rest(flow, outcome):
                        break
        except Exception as error:
            if is_passing(error):
                raise
            return False
        return True

    def _record(self, unit: Unit, flow: FlowRow, record: Record, not_before: datetime | None = None) -> Outcome | None:
        """Writes what a stage made and moves the flow: both or neither, and only if it is still where it was; how it ended."""
        try:
            with unit.savepoint():
                outcome = record(unit)
                if not move(unit, flow, outcome, self.tools.clock.now(), not_before=not_before):
                    raise Elsewhere
        except Elsewhere:
            if not unit.lanes.still_ours():
                raise _LaneLost from None
            _log.info("moved by somebody else", flow=flow.id, stage=flow.stage)
            return None
        except Exception as error:
            if is_passing(error):
                raise  # the database could not just now: all of it is tried again, nothing is held for it
            outcome = outcome_of(error, flow)
            move(unit, flow, outcome, self.tools.clock.now())
        return outcome

    def _go_around(self, flows: list[FlowRow], lease: Lease | None) -> bool:
        """While the lane's circuit is open: lets go another way what may."""
        around = [(flow, self._world[flow.stage].around(flow, self.tools)) for flow in flows if flow.stage in self._world]
        records = [(flow, record) for flow, record in around if record]
        if records:
            with self.tools.store.write() as unit:
                unit.lanes.lease = lease
                for flow, record in records:
                    self._record(unit, flow, record)
        return bool(records)

    # -- what other engines left -----------------------------------------------------------------

    def begin(self, show: Callable[[int], object] = lambda _run: None) -> None:
        """Opens this process's run of the engine; ``show`` lets others see it alive before they see that there is one."""
        with self.tools.store.write() as unit:
            self.run = unit.runs.begin(f"{socket.gethostname()}:{os.getpid()}")
            show(self.run)
        self.tools.store.run = self.run

    def take_over(self) -> None:
        """Begins, and at once takes over whatever runs before this one left: for who is sure that nobody else runs."""
        self.begin()
        self.bury(self.missing())

    def is_current(self) -> bool:
        """Whether nobody declared this run dead."""
        with self.tools.store.read() as unit:
            return unit.runs.is_open(self.run)

    def missing(self) -> set[int]:
        """Runs of other engines that did not end and are not alive."""
        with self.tools.store.read() as unit:
            return unit.runs.missing(self.run)

    def bury(self, runs: Iterable[int]) -> set[str]:
        """Declares runs dead and frees their lanes; returns these. What had been in their hands runs one flow at a time,
        a death counted before each, and is parked after the third.
        """
        lanes: set[str] = set()
        for run in sorted(runs):
            with self.tools.store.write() as unit:
                left = unit.runs.bury(run)
                if left is not None:
                    text = _gone(unit.runs.name_of(run), left, is_shared=self.tools.store.is_shared)
                    unit.events.tell("engine.died", f"engine:{run}", text)
            lanes.update(left or ())
        return lanes

    def stop(self) -> None:
        """Says that this run ends in an orderly way."""
        with self.tools.store.write() as unit:
            unit.runs.end(self.run)

    def _run_suspect(self, flow: FlowRow, lease: Lease | None) -> None:
        deaths = flow.deaths + 1  # with the one that made it suspect, which nobody could count
        with self.tools.store.write() as unit:
            unit.lanes.lease = lease
            if deaths >= MOST_DEATHS:
                park(unit, flow, deaths)
                return
            unit.flows.count_death(flow)
        self._run([msgspec.structs.replace(flow, deaths=0)], lease)


class _Look:
    """What is to be done next in a lane: the flows of one stage that are due, none of them held back by one before it.

    Nothing is where its circuit is open; ``waiting`` are the flows that may go another way then.
    """

    def __init__(self, unit: Unit, lane: str, now: datetime, most: int, most_together: Callable[[FlowRow], int]) -> None:
        kind = kind_of(lane)
        self.breaker = unit.breakers.of(circuit_of(lane)) if kind.touches_the_world else None
        self.is_open = self.breaker is not None and self.breaker.is_open(now)
        self._most, self._most_together = most, most_together
        self.batch = [] if self.is_open else self._due(unit, lane, now, in_order=kind.in_order, world=kind.touches_the_world)
        self.waiting = unit.flows.ready(lane, TOGETHER) if self.is_open else []

    @property
    def is_whole(self) -> bool:
        """Whether there may be more behind what was seen."""
        return self.is_open or len(self.batch) >= self._most

    def has_more_than(self, earlier: _Look) -> bool:
        """Whether there is something to do, or to let go another way that was not there before."""
        return bool(self.batch) or bool({flow.id for flow in self.waiting} - {flow.id for flow in earlier.waiting})

    def _due(self, unit: Unit, lane: str, now: datetime, *, in_order: bool, world: bool) -> list[FlowRow]:
        if world and (attempting := unit.flows.attempting(lane)):
            return [flow for flow in attempting if flow.due_at <= now][:1]  # nothing overtakes what nobody knows of
        flows = self._next(unit, lane) if world else unit.flows.ready(lane, self._most, only_due=not in_order)
        due = list(takewhile(lambda flow: flow.due_at <= now, flows))
        if in_order:
            return list(takewhile(lambda flow: flow.stage == due[0].stage, due))
        return [flow for flow in due if flow.stage == due[0].stage]

    def _next(self, unit: Unit, lane: str) -> list[FlowRow]:
        """What goes to the world next: one alone where the last one failed, or where a worker died in it."""
        flows = unit.flows.ready(lane, 1)
        if not flows or self.breaker or flows[0].deaths:
            return flows
        most = self._most_together(flows[0])
        return list(takewhile(lambda flow: not flow.deaths, unit.flows.ready(lane, most))) if most > 1 else flows


def _named(flow: FlowRow) -> AbstractContextManager[None]:
    """Says in each line of the log which flow it is about."""
    return log.bind(flow=flow.id, stage=flow.stage, partner=flow.partner, subject=flow.subject)


def _gone(name: str, lanes: list[str], *, is_shared: bool) -> str:
    """What is told of an engine that died. Only where several share the database is it on record what one had in hand."""
    left = "what it had in hand is" if is_shared else "what waited is"
    more = f" and {len(lanes) - _MOST_NAMED:,} more" if len(lanes) > _MOST_NAMED else ""
    had = f"{left} taken over: {', '.join(lanes[:_MOST_NAMED])}{more}" if lanes else "it had nothing in hand"
    return f"the engine {name or 'without a name'} ended without a word; {had}"


def _holds_the_rest(flow: FlowRow, outcome: Outcome | None) -> bool:
    """Whether the rest of a batch waits for this flow's next try, as everything behind it in its lane does."""
    return isinstance(outcome, Retry) and kind_of(flow.lane).in_order


class _LaneLost(Exception):
    """Another engine took the lane over; nothing of this drain is recorded any more."""
