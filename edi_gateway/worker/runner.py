"""Runs stages of flows: one lane, one stage, one short transaction for a batch.

A stage computes with no transaction open and hands back what to record. A batch of flows at the same stage is recorded in one
transaction, a savepoint each, so that a file of a thousand orders costs few commits. Whatever a stage raises is turned into
an outcome here: TryAgain is tried again, what needs a person or better input is held, and a
defect is tried a few times and then held, saying so.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile

import msgspec

from edi_gateway import log
from edi_gateway.errors import Defect, GatewayError, NeedsPerson, TryAgain, WrongInput
from edi_gateway.pipeline.outcome import Done, Hold, Outcome, Reject, Retry
from edi_gateway.pipeline.tools import Record, Stage, Tools, WorldStage
from edi_gateway.pipeline.way import check_step, kind_of, lane_of
from edi_gateway.store.database import is_passing
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.worker.backoff import backoff
from edi_gateway.worker.open_attempts import OpenAttempts

BATCH = 50
MOST_TRIES = 84  # with the backoff below, about three days: a partner's long week-end
MOST_DEFECTS = 3
MOST_DEATHS = 3

_log = log.logger(__name__)


class Runner:
    """Runs what is ready in a lane until nothing is."""

    def __init__(self, tools: Tools, stages: Mapping[str, Stage], world: Mapping[str, WorldStage]) -> None:
        self.tools, self._stages, self._world = tools, stages, world
        self._suspects: set[int] = set()
        self._open = OpenAttempts()

    def drain(self, lane: str) -> int:
        """Runs the lane's ready flows, in order, until none is due; returns how many batches that were."""
        batches = 0
        while self._pass(lane):
            batches += 1
        with self.tools.store.write() as unit:
            unit.flows.clean(lane)
        return batches

    def sweep(self) -> list[str]:
        """Sets going what waited for an answer until it was due; says which lanes have work, whoever announced it."""
        with self.tools.store.read() as unit:
            overdue, lanes = unit.flows.waiting_due(), unit.flows.due_lanes()
        if overdue:
            with self.tools.store.write() as unit:
                for flow in overdue:
                    unit.flows.move(flow, state="ready")
        return sorted({*lanes, *(flow.lane for flow in overdue), *self._open.lanes(self.tools.clock.now())})

    def _pass(self, lane: str) -> bool:
        """Runs the first batch of a lane; False when nothing was due."""
        for attempting in self._open.to_ask(lane, self.tools.clock.now()):
            self._ask(attempting)
        in_order, now = kind_of(lane).in_order, self.tools.clock.now()
        with self.tools.store.read() as unit:
            flows = unit.flows.ready(lane, BATCH, only_due=not in_order)
        due = list(takewhile(lambda flow: flow.due_at <= now, flows))
        if not due:
            return False
        stage = due[0].stage
        if in_order:
            batch = list(takewhile(lambda flow: flow.stage == stage, due))
        else:
            batch = [flow for flow in due if flow.stage == stage]
        if batch[0].stage in self._world:
            self._touch(batch[0])
        elif any(flow.id in self._suspects for flow in batch):
            self._run_suspect(batch[0])
        else:
            self._run(batch)
        return True

    # -- stages that touch only our own store ----------------------------------------------------

    def _run(self, batch: list[FlowRow]) -> None:
        records = [(flow, self._compute(flow)) for flow in batch]
        with self.tools.store.write() as unit:
            for flow, record in records:
                self._record(unit, flow, record)

    def _compute(self, flow: FlowRow) -> Record:
        with log.bind(flow=flow.id, stage=flow.stage, partner=flow.partner, subject=flow.subject):
            try:
                return self._stages[flow.stage](flow, self.tools)
            except Exception as error:
                return _always(_outcome_of(error, flow))

    def _record(self, unit: Unit, flow: FlowRow, record: Record) -> None:
        """Writes what a stage made and moves the flow: both or neither, and only if it is still where it was."""
        try:
            with unit.savepoint():
                outcome = record(unit)
                if not self._move(unit, flow, outcome):
                    raise _Elsewhere
        except _Elsewhere:
            _log.info("moved by somebody else", flow=flow.id, stage=flow.stage)
        except Exception as error:
            if is_passing(error):
                raise  # the database could not just now: all of it is tried again, nothing is held for it
            self._move(unit, flow, _outcome_of(error, flow))

    # -- flows that may have killed their worker -------------------------------------------------

    def take_over(self) -> None:
        """At the start: finishes what a run before this one left open.

        Attempts that never ended are asked about. If that run did not end cleanly, what was ready then may have killed it:
        such flows run one at a time, a death counted before each. After three deaths a flow is parked as dead.
        """
        with self.tools.store.write() as unit:
            self.run, clean = unit.flows.begin_run()
            attempting = unit.flows.in_state("attempting")
            unit.flows.suspect([flow.id for flow in attempting])
            if not clean:
                self._suspects = {flow.id for flow in unit.flows.in_state("ready")}
        for flow in attempting:
            self._ask_or_park(msgspec.structs.replace(flow, deaths=flow.deaths + 1))

    def stop(self) -> None:
        """Says that this run ends in an orderly way."""
        with self.tools.store.write() as unit:
            unit.flows.end_run(self.run)

    def _run_suspect(self, flow: FlowRow) -> None:
        self._suspects.discard(flow.id)
        deaths = flow.deaths + 1  # with the one that made it suspect, which nobody could count
        if deaths >= MOST_DEATHS:
            self._park(flow, deaths)
            return
        with self.tools.store.write() as unit:
            unit.flows.suspect([flow.id])
        self._run([msgspec.structs.replace(flow, deaths=0)])

    def _park(self, flow: FlowRow, deaths: int) -> None:
        with self.tools.store.write() as unit:
            because = f"its worker died {deaths} times while it was at '{flow.stage}'"
            unit.flows.move(flow, state="dead", because=because)
            unit.events.tell("flow.dead", flow.subject, because, partner=flow.partner)

    # -- stages that touch the world -------------------------------------------------------------

    def _touch(self, flow: FlowRow) -> None:
        """Records that it is about to, does it outside any transaction, and records what came of it."""
        stage = self._world[flow.stage]
        with self.tools.store.write() as unit:
            key = stage.key(flow, unit)
            if not unit.flows.move(flow, state="attempting"):
                return
            number = unit.flows.begin_attempt(flow, key)
        attempting = msgspec.structs.replace(flow, state="attempting", deaths=0)
        self._open.begin(attempting)
        with log.bind(flow=flow.id, stage=flow.stage, partner=flow.partner, subject=flow.subject):
            try:
                record = stage.do(attempting, self.tools)
            except Exception as error:
                record = _always(_outcome_of(error, flow))
        self._finish(attempting, key, number, record)

    def _ask_or_park(self, flow: FlowRow) -> None:
        """Asks about an attempt its worker died in, unless that was one time too many."""
        if flow.deaths < MOST_DEATHS:
            self._ask(flow)
            return
        with self.tools.store.write() as unit:
            if open_attempt := unit.flows.open_attempt(flow):
                unit.flows.end_attempt(*open_attempt, "unknown")
        self._park(flow, flow.deaths)

    def _ask(self, flow: FlowRow) -> None:
        """Finds out whether an attempt that never ended went."""
        with self.tools.store.read() as unit:
            open_attempt = unit.flows.open_attempt(flow)
        if open_attempt is None:
            raise Defect(f"flow {flow.id} is attempting and has no attempt on record")
        try:
            record = self._world[flow.stage].ask(flow, self.tools)
        except TryAgain as error:
            self._open.ask_later(flow, self.tools.clock.now(), str(error))
            return
        except Exception as error:
            record = _always(_outcome_of(error, flow))
        self._finish(flow, *open_attempt, record)

    def _finish(self, flow: FlowRow, key: str, number: int, record: Record) -> None:
        """Records what came of an attempt. Where that fails it stays open and is asked about: never simply done again."""
        try:
            with self.tools.store.write() as unit:
                outcome = record(unit)
                self._move(unit, flow, outcome)
                how = "done" if isinstance(outcome, Done) else "failed"
                unit.flows.end_attempt(key, number, how, getattr(outcome, "because", ""))
        except BaseException as error:
            said = str(error).partition("\n")[0]
            times = self._open.ask_later(flow, self.tools.clock.now(), said)
            if not isinstance(error, Exception):
                raise
            if times < MOST_DEFECTS or isinstance(error, TryAgain):
                return
            self._hold_unknown(flow, key, number, said)
        self._open.end(flow)

    def _hold_unknown(self, flow: FlowRow, key: str, number: int, said: str) -> None:
        because = f"what came of '{flow.stage}' cannot be recorded: {said} — it may have happened; look there before you resume"
        with self.tools.store.write() as unit:
            self._move(unit, flow, Hold(because))
            unit.flows.end_attempt(key, number, "unknown", said)

    # -- what an outcome does to a flow ----------------------------------------------------------

    def _move(self, unit: Unit, flow: FlowRow, outcome: Outcome) -> bool:
        now = self.tools.clock.now()
        match outcome:
            case Done(next=None):
                return unit.flows.move(flow, state="done", tries=0, because="")
            case Done() as done:
                return self._go_on(unit, flow, done)
            case Retry(because=because, after=after):
                if flow.tries + 1 >= MOST_TRIES:
                    unit.events.tell("flow.dead", flow.subject, because, partner=flow.partner)
                    return unit.flows.move(flow, state="dead", because=because, tries=flow.tries + 1)
                due = now + (after or backoff(flow.tries))
                return unit.flows.move(flow, state="ready", because=because, due_at=due, tries=flow.tries + 1, deaths=flow.deaths)
            case Hold(because=because):
                unit.events.tell("flow.held", flow.subject, because, partner=flow.partner)
                return unit.flows.move(flow, state="held", because=because)
            case Reject(because=because):
                unit.events.tell("flow.rejected", flow.subject, because, partner=flow.partner)
                return unit.flows.move(flow, state="rejected", because=because)

    def _go_on(self, unit: Unit, flow: FlowRow, done: Done) -> bool:
        check_step(flow.stage, done.next)
        assert done.next is not None  # noqa: S101  # the caller matched on it
        where = {
            "partner": flow.partner,
            "connection": done.connection or flow.connection,
            "connector": done.connector or flow.connector,
        }
        return unit.flows.move(
            flow,
            state="waiting" if done.until else "ready",
            stage=done.next,
            lane=lane_of(done.next, **where),
            subject=done.subject or flow.subject,
            follows=flow.follows if done.follows is None else done.follows,
            position=done.position,
            due_at=done.until or self.tools.clock.now(),
            tries=0,
            deaths=0,
            because="",
            **where,
        )


class _Elsewhere(Exception):
    """The flow was moved by somebody else; what this stage made is rolled back."""


def _always(outcome: Outcome) -> Record:
    return lambda _unit: outcome


def _outcome_of(error: Exception, flow: FlowRow) -> Outcome:
    match error:
        case TryAgain():
            return Retry(str(error))
        case NeedsPerson() | WrongInput():
            return Hold(str(error))
        case _:
            _log.error("a stage failed in a way it should not", flow=flow.id, stage=flow.stage, exc_info=error)
            said = str(error).partition("\n")[0]
            what = said if isinstance(error, GatewayError) else f"{type(error).__name__}: {said}"
            if flow.tries + 1 >= MOST_DEFECTS:
                return Hold(f"a defect of the gateway at '{flow.stage}': {what} — please report it; then resume")
            return Retry(f"a defect of the gateway at '{flow.stage}': {what}")
