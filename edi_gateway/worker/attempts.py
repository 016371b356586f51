"""Stages that touch the world: an attempt is committed before, what came of it after, and in between no transaction is open.

While a lane is drained nobody else drains it. So a flow found attempting at the start of a drain is one whose worker died in it,
who could not record what came, or whom the other side's answer never reached (``Uncertain``): the other side is asked, and
nothing is ever simply done again. Only what is done counts as a try of the flow, not how often it was asked about.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import msgspec

from edi_gateway import log
from edi_gateway.errors import Defect, NeedsPerson, TryAgain, Uncertain, WrongInput
from edi_gateway.pipeline.outcome import Done, Hold, Outcome, Retry
from edi_gateway.pipeline.tools import Record, Tools, WorldStage
from edi_gateway.store.database import is_passing
from edi_gateway.store.lanes import Lease
from edi_gateway.store.rows import FlowRow
from edi_gateway.worker import breaker
from edi_gateway.worker.backoff import backoff
from edi_gateway.worker.moves import MOST_DEFECTS, in_words, move, outcome_of, park

MOST_DEATHS = 3
MOST_RECORDINGS = 3
"""How often it is tried to record what came of an attempt: a deadlock that the database broke is over at the next try."""
SETTLES = timedelta(seconds=30)
"""What the other side gets to end what it may be at still, before it is asked: sooner it would say no, and yes after that."""

_log = log.logger(__name__)


class Attempts:
    """Does attempts and asks about those that never ended."""

    def __init__(self) -> None:
        self._unlearned: Counter[int] = Counter()

    def touch(self, tools: Tools, stage: WorldStage, flow: FlowRow, lease: Lease | None) -> None:
        """Records that the flow is about to touch the world, does it, and records what came of it."""
        with tools.store.write() as unit:
            unit.lanes.lease = lease
            key = stage.key(flow, unit)
            if not unit.flows.move(flow, state="attempting"):
                return
            number = unit.attempts.begin(flow, key)
        attempting = msgspec.structs.replace(flow, state="attempting", deaths=0)
        failure = ""
        with log.bind(flow=flow.id, stage=flow.stage, partner=flow.partner, subject=flow.subject):
            try:
                record = stage.do(attempting, tools)
            except Uncertain as error:
                self._ask_later(tools, attempting, str(error), failed=True, least=SETTLES)
                return
            except Exception as error:
                failure = str(error) if isinstance(error, TryAgain) else ""
                record = always(outcome_of(error, flow))
        self._finish(tools, attempting, lease, (key, number), record, failure)

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
            record = stage.ask(flow, tools)
        except TryAgain as error:
            self._ask_later(tools, flow, str(error), failed=True)
            return
        except (NeedsPerson, WrongInput) as error:
            record = always(outcome_of(error, flow))
        except Exception as error:
            self._not_learned(tools, flow, attempt, error, "learned")
            return
        self._finish(tools, flow, lease, attempt, record, None)

    def _finish(
        self, tools: Tools, flow: FlowRow, lease: Lease | None, attempt: tuple[str, int], record: Record, failure: str | None
    ) -> None:
        """Records what came of an attempt. Where that fails for good, or a few times, it stays open and is asked about.

        ``failure``: what failed at the world, empty where nothing did; None where it was only asked. That the other side answers
        a question does not say that its circuit is sound, unless the answer is yes. Where it is no, it is done again at once: it
        was asked when the circuit's next probe was due.
        """
        for again in reversed(range(MOST_RECORDINGS)):
            try:
                self._record(tools, flow, lease, attempt, record, failure)
                break
            except _Elsewhere:
                _log.warning("what came of an attempt was recorded by somebody else", flow=flow.id, stage=flow.stage)
                return
            except Exception as error:
                if not (again and _passes(error)):
                    self._not_learned(tools, flow, attempt, error, "recorded")
                    return
        self._unlearned.pop(flow.id, None)

    def _record(
        self, tools: Tools, flow: FlowRow, lease: Lease | None, attempt: tuple[str, int], record: Record, failure: str | None
    ) -> None:
        """Records it in one transaction. Raises _Elsewhere where somebody else moved the flow."""
        with tools.store.write() as unit:
            unit.lanes.lease = lease
            outcome = record(unit)
            now = tools.clock.now()
            went_elsewhere = isinstance(outcome, Retry) and outcome.connection is not None
            row = breaker.failed(unit, flow.lane, failure or str(outcome), now) if failure or went_elsewhere else None
            if row is None and (failure is not None or isinstance(outcome, Done)):
                breaker.worked(unit, flow.lane)
            open_until = row.open_until if row else None
            if not move(unit, flow, outcome, now, not_before=now if failure is None else open_until):
                raise _Elsewhere
            unit.attempts.end(*attempt, _came(outcome, asked=failure is None), getattr(outcome, "because", ""))

    def _not_learned(self, tools: Tools, flow: FlowRow, attempt: tuple[str, int], error: Exception, what: str) -> None:
        """What came of an attempt cannot be ``what`` (learned, recorded): it is asked later; after a few defects a person is."""
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
            unit.attempts.end(*attempt, "unknown", said)

    def _ask_later(self, tools: Tools, flow: FlowRow, because: str, *, failed: bool, least: timedelta = timedelta()) -> None:
        """Leaves it open and says when it is asked about: not before ``least``. ``failed``: it was the world that failed."""
        _log.warning("what came of an attempt is not known yet", flow=flow.id, stage=flow.stage, because=because)
        now = tools.clock.now()
        with tools.store.write() as unit:  # where even this fails it is asked again as soon as the database is back
            row = breaker.failed(unit, flow.lane, because, now) if failed else None
            usual = now + backoff(row.failures if row else self._unlearned[flow.id])
            unit.flows.ask_later(flow, max(now + least, (row.open_until if row else None) or usual))


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


class _Elsewhere(Exception):
    """The flow was moved by somebody else; what this stage made is rolled back."""
