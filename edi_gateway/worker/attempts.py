"""Stages that touch the world: an attempt is committed before, what came of it after, and in between no transaction is open.

While a batch of a lane is done nobody else does one. So of a flow found attempting at the start of one the worker died in it,
could not record what came, or was never reached by the other side's answer (``Uncertain``): the other side is asked, and nothing
is ever simply done again. Only what is done counts as a try of the flow, not how often it was asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import partial
from typing import NamedTuple

import msgspec

from edi_gateway import log
from edi_gateway.errors import Defect, GatewayError, NeedsPerson, TryAgain, Uncertain, WrongInput
from edi_gateway.pipeline.foresight import foresee
from edi_gateway.pipeline.outcome import Done, Hold, Outcome, Retry
from edi_gateway.pipeline.tools import Deed, Detour, Record, Tools, WorldStage
from edi_gateway.store.database import BrokenLook, is_passing
from edi_gateway.store.flows import Elsewhere
from edi_gateway.store.lanes import Lease
from edi_gateway.store.postgres import is_held_too_long
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.worker import breaker
from edi_gateway.worker.backoff import backoff
from edi_gateway.worker.moves import MOST_DEFECTS, in_words, move, outcome_of, park
from edi_gateway.worker.turn import Turn

MOST_DEATHS = 3
MOST_RECORDINGS = 3
"""How often it is tried to record what came of an attempt: a deadlock that the database broke is over at the next try."""
A_MOMENT = timedelta(seconds=0.1)
SETTLES = timedelta(seconds=30)
"""What the other side gets to end what it may be at still, before it is asked: sooner it would say no, and yes after that."""

_log = log.logger(__name__)


class Begun(NamedTuple):
    """An attempt on record: a flow that is attempting, the key the other side sees, and the attempt's number under it."""

    flow: FlowRow
    key: str
    number: int


class Came(NamedTuple):
    """What came of an attempt.

    ``failure``: what failed at the world, empty where nothing did; None where it was only asked. That the other side answers a
    question does not say that its circuit is sound, unless the answer is yes. Where it is no, it is done again at once: it was
    asked when the circuit's next probe was due.
    """

    begun: Begun
    record: Record
    failure: str | None
    stops: bool = False  # it did not go, and nothing behind it may go before it


class _Done(NamedTuple):
    """What came of attempts; of which ``unknown`` ones nobody knows it, and why."""

    came: list[Came]
    unknown: Sequence[Begun]
    because: str


class Attempts:
    """Does attempts and asks about those that never ended."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._unlearned: Counter[int] = Counter()

    def touch(
        self, tools: Tools, stage: WorldStage, flows: Sequence[FlowRow], lease: Lease | None, go_on: Callable[[], bool]
    ) -> None:
        """Records that flows are about to touch the world, does one after the other, and records what came of them.

        It ends with the first that fails in a way that holds up the others, or of which nobody knows what came: attempts whose
        turn did not come are taken back.
        """
        holds = _still_holds(tools, lease)
        begun = self._begin(tools, stage, flows, lease)
        if not begun:
            return
        ahead = partial(foresee, flows=[each.flow for each in begun])
        deeds = tools.store.in_one_look(begun, lambda each: _prepared(tools, stage, each.flow), ahead)
        with nullcontext() if _is_instant(tools, stage, begun[0].flow) else self._turn.given_up():
            came, unknown, because = _do_all(tools, stage, begun, deeds, lambda: go_on() and holds())
        self._finish(tools, lease, came, left=begun[len(came) + len(unknown) :])
        for place, each in enumerate(unknown):
            self._ask_later(tools, each.flow, because, failed=place == 0, least=SETTLES)

    def _begin(self, tools: Tools, stage: WorldStage, flows: Sequence[FlowRow], lease: Lease | None) -> list[Begun]:
        """Commits the attempts; leaves out flows that somebody else moved, and from the first whose turn has not come all."""
        begun: dict[str, FlowRow] = {}
        with tools.store.write() as unit:
            unit.lanes.lease = lease
            for flow in flows:
                if wait := stage.waits(flow, unit, tools):
                    unit.flows.move(flow, state="ready", due_at=wait.until, because=wait.because)
                    break
                key = stage.key(flow, unit)
                if key in begun:
                    break  # the same once more: in a batch of its own, when it is known what came of the first
                begun[key] = flow
            gone = _gone(unit, begun.values())
            begun = {key: flow for key, flow in begun.items() if flow.id not in gone}
            numbers = unit.attempts.begin(begun)
        attempting = {key: msgspec.structs.replace(flow, state="attempting", deaths=0) for key, flow in begun.items()}
        return [Begun(flow, key, numbers[key]) for key, flow in attempting.items()]

    def ask(self, tools: Tools, stage: WorldStage, flow: FlowRow, lease: Lease | None) -> None:
        """Finds out whether an attempt went that never ended, unless its worker died in it one time too many."""
        with tools.store.read() as unit:
            attempt = unit.attempts.open(flow)
        if attempt is None:
            raise Defect(f"flow {flow.id} is attempting and has no attempt on record")
        if flow.deaths >= MOST_DEATHS:
            with tools.store.write() as unit:
                unit.attempts.end(*attempt, "unknown")
                park(unit, flow, flow.deaths)
            return
        try:
            with self._turn.given_up():
                record = stage.ask(flow, tools)
        except TryAgain as error:
            self._ask_later(tools, flow, str(error), failed=True)
            return
        except (NeedsPerson, WrongInput) as error:
            record = always(outcome_of(error, flow))
        except Exception as error:
            self._not_learned(tools, Begun(flow, *attempt), error, "learned")
            return
        self._finish_one(tools, lease, Came(Begun(flow, *attempt), record, None))

    def _finish(self, tools: Tools, lease: Lease | None, came: list[Came], left: list[Begun]) -> None:
        """Records what came of attempts, all in one transaction; where that does not go, each in its own."""
        if len(came) == 1 and not left:
            self._finish_one(tools, lease, came[0])
            return
        try:
            with tools.store.write(at_commit=self._turn.end) as unit:
                unit.lanes.lease = lease
                with unit.flows.together():
                    for place, each in enumerate(came):
                        _record(unit, tools, each, closes=place == 0)
                for begun in left:
                    _take_back(unit, begun)
        except Exception:
            for each in came:
                self._finish_one(tools, lease, each)
            with tools.store.write() as unit:  # where even this fails they are asked about
                unit.lanes.lease = lease
                for begun in left:
                    _take_back(unit, begun)
        else:
            for each in came:
                self._unlearned.pop(each.begun.flow.id, None)

    def _finish_one(self, tools: Tools, lease: Lease | None, came: Came) -> None:
        """Records what came of an attempt. Where that fails for good, or a few times, it stays open and is asked about."""
        flow = came.begun.flow
        for again in reversed(range(MOST_RECORDINGS)):
            try:
                with tools.store.write() as unit:
                    unit.lanes.lease = lease
                    _record(unit, tools, came)
                break
            except Elsewhere:
                _log.warning("what came of an attempt was recorded by somebody else", flow=flow.id, stage=flow.stage)
                return
            except Exception as error:
                if not (again and _passes(error)) or is_held_too_long(error):
                    self._not_learned(tools, came.begun, error, "recorded")
                    return
        self._unlearned.pop(flow.id, None)

    def _not_learned(self, tools: Tools, begun: Begun, error: Exception, what: str) -> None:
        """What came of an attempt cannot be ``what`` (learned, recorded): it is asked later; after a few defects a person is."""
        flow = begun.flow
        said, passes = in_words(error), _passes(error)
        if not passes:
            _log.error("a stage failed in a way it should not", flow=flow.id, stage=flow.stage, exc_info=error)
        self._unlearned[flow.id] += 1
        if passes or self._unlearned[flow.id] < MOST_DEFECTS:
            self._ask_later(tools, flow, said, failed=False)
            return
        del self._unlearned[flow.id]
        because = f"what came of '{flow.stage}' cannot be {what}: {said} — it may have happened; look there before you resume"
        with tools.store.write() as unit:
            move(unit, flow, Hold(because), tools.clock.now())
            unit.attempts.end(begun.key, begun.number, "unknown", said)

    def _ask_later(self, tools: Tools, flow: FlowRow, because: str, *, failed: bool, least: timedelta = timedelta()) -> None:
        """Leaves it open and says when it is asked about: not before ``least``. ``failed``: it was the world that failed."""
        _log.warning("what came of an attempt is not known yet", flow=flow.id, stage=flow.stage, because=because)
        now = tools.clock.now()
        with tools.store.write() as unit:  # where even this fails it is asked again as soon as the database is back
            row = breaker.failed(unit, flow.lane, because, now) if failed else None
            usual = now + backoff(row.failures if row else self._unlearned[flow.id])
            unit.flows.ask_later(flow, max(now + least, (row.open_until if row else None) or usual))


def _gone(unit: Unit, flows: Collection[FlowRow]) -> set[int]:
    """Moves flows to where they are attempting; answers which of them somebody else has moved."""
    try:
        with unit.savepoint(), unit.flows.together():
            for flow in flows:
                unit.flows.move(flow, state="attempting")
    except Elsewhere:
        return {flow.id for flow in flows if not unit.flows.move(flow, state="attempting")}
    return set()


def _still_holds(tools: Tools, lease: Lease | None) -> Callable[[], bool]:
    """Says whether no other engine took the lane over meanwhile: it asks about what is under way, and goes on with the rest.

    What was asked a moment ago is not asked again: an engine is taken for dead after seconds.
    """
    asked = tools.clock.now()

    def holds() -> bool:
        nonlocal asked
        now = tools.clock.now()
        if lease is None or asked <= now < asked + A_MOMENT:
            return True
        asked = now
        with tools.store.read() as unit:
            unit.lanes.lease = lease
            return unit.lanes.still_ours()

    return holds


def _prepared(tools: Tools, stage: WorldStage, flow: FlowRow) -> Deed:
    """What a flow is about to do. One that cannot be prepared fails in its turn."""
    try:
        return stage.prepare(flow, tools)
    except BrokenLook:
        raise
    except Exception as error:
        return partial(_raise, error)


def _do_all(tools: Tools, stage: WorldStage, begun: Sequence[Begun], deeds: Sequence[Deed], go_on: Callable[[], bool]) -> _Done:
    """Does one after the other, the first in any case, until one does not go or ``go_on`` says no."""
    came: list[Came] = []
    lost: Uncertain | None = None
    ended = False
    try:
        with _in_one_go(tools, stage, begun[0].flow):
            for each, deed in zip(begun, deeds, strict=True):
                if came and (came[-1].stops or not go_on()):
                    break
                try:
                    came.append(_do(each, deed))
                except Uncertain as error:
                    lost = error
                    break
            ended = True
    except TryAgain as error:
        if not ended:
            raise  # it is our own database that could not say whether to go on
        # they were not kept together: nobody knows which of them are there
        return _Done([], begun[: len(came) + (lost is not None)], str(error))
    return _Done(came, begun[len(came) : len(came) + (lost is not None)], str(lost or ""))


def _is_instant(tools: Tools, stage: WorldStage, flow: FlowRow) -> bool:
    try:
        return stage.is_instant(flow, tools)
    except GatewayError:
        return True


def _in_one_go(tools: Tools, stage: WorldStage, flow: FlowRow) -> AbstractContextManager[None]:
    try:
        return stage.in_one_go(flow, tools)
    except GatewayError:  # who it goes to is not there: each says so in its turn
        return nullcontext()


def _raise(error: Exception) -> Record:
    raise error


def _do(begun: Begun, deed: Deed) -> Came:
    """Touches the world. Raises Uncertain where nobody knows what came of it."""
    flow = begun.flow
    with log.bind(flow=flow.id, stage=flow.stage, partner=flow.partner, subject=flow.subject):
        try:
            made = deed()
        except Uncertain:
            raise
        except Exception as error:
            outcome = outcome_of(error, flow)
            failure = str(error) if isinstance(error, TryAgain) else ""
            return Came(begun, always(outcome), failure, stops=isinstance(outcome, Retry))
    return Came(begun, made.record, "", stops=True) if isinstance(made, Detour) else Came(begun, made, "")


def _record(unit: Unit, tools: Tools, came: Came, *, closes: bool = True) -> None:
    """Writes what came of an attempt and moves its flow. Raises Elsewhere where somebody else moved it.

    ``closes``: that it went closes the circuit of its lane, unless one before it just has.
    """
    begun, record, failure, _ = came
    flow = begun.flow
    outcome = record(unit)
    now = tools.clock.now()
    went_elsewhere = isinstance(outcome, Retry) and outcome.connection is not None
    row = breaker.failed(unit, flow.lane, failure or str(outcome), now) if failure or went_elsewhere else None
    if closes and row is None and (failure is not None or isinstance(outcome, Done)):
        breaker.worked(unit, flow.lane)
    open_until = row.open_until if row else None
    if not move(unit, flow, outcome, now, not_before=now if failure is None else open_until):
        raise Elsewhere
    unit.attempts.end(begun.key, begun.number, _came(outcome, asked=failure is None), getattr(outcome, "because", ""))


def _take_back(unit: Unit, begun: Begun) -> None:
    """Its turn did not come."""
    if unit.flows.move(begun.flow, state="ready"):
        unit.attempts.take_back(begun.key, begun.number)


def always(outcome: Outcome) -> Record:
    """A record that writes nothing and ends in ``outcome``."""
    return lambda _unit: outcome


def _passes(error: Exception) -> bool:
    """Whether what could not be recorded, or learned, may go at the next try."""
    return isinstance(error, TryAgain) or is_passing(error)


def _came(outcome: Outcome, *, asked: bool) -> str:
    """What is kept of an attempt."""
    if isinstance(outcome, Done):
        return "done"
    if not asked:
        return "failed"
    return "unknown" if isinstance(outcome, Hold) else "not found"
