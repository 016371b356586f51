"""Send: the interchange goes over its connection; the same bytes under the same name at every retry."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import partial

from edi_gateway.errors import TryAgain, Uncertain
from edi_gateway.pipeline.outbound.again import answered_since
from edi_gateway.pipeline.outbound.answered import answered
from edi_gateway.pipeline.outbound.awaiting import REJECTED, UNANSWERED, agreement_of, answer_due
from edi_gateway.pipeline.outbound.names import unused_name
from edi_gateway.pipeline.outbound.originals import UNCONFIRMED
from edi_gateway.pipeline.outbound.overtaken import tell_overtaken
from edi_gateway.pipeline.outbound.owing import give
from edi_gateway.pipeline.outbound.pace import key_over, pace_of, turn
from edi_gateway.pipeline.outcome import Done, Hold, Outcome, Retry
from edi_gateway.pipeline.tools import MOST_TOGETHER, Deed, Detour, Record, Tools, Wait, start
from edi_gateway.store.as2_messages import FAILED
from edi_gateway.store.rows import FlowRow, TransactionRow, TransmissionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory
from edi_gateway.transports.base import Receipt

FETCHED = "fetched"  # the partner has read the whole file from its mailbox
CONFIRMED = "confirmed"  # the partner's own receipt proves that it has it
_ANOTHER_WAY = "may go over "  # and the connection: a person was asked whether it may, although it may have arrived
PUT_BACK = "put back"  # a position: a restore took it out of a mailbox, and its sets are awaited since it first left


class Send:
    """Touches the wire between two commits. After a crash in between, or a lost answer, the other side is asked."""

    def key(self, flow: FlowRow, unit: Unit) -> str:
        transmission = unit.transmissions.get(int(flow.subject_id))
        return key_over(transmission.connection, transmission.name)

    def most_together(self, flow: FlowRow, tools: Tools) -> int:
        """Many into a mailbox of our own. Elsewhere one waits for another, and what is under way is in doubt after a crash."""
        connection = flow.connection or ""
        return MOST_TOGETHER if tools.sink(connection).is_at_hand and pace_of(connection, tools) is None else 1

    def waits(self, flow: FlowRow, unit: Unit, tools: Tools) -> Wait | None:
        """Until as many as are agreed have left over the connection long enough ago; where nothing leaves there is no wait."""
        connection = flow.connection or ""
        rate = pace_of(connection, tools)
        if rate is None or _nothing_leaves(unit, unit.transmissions.get(int(flow.subject_id))):
            return None
        until = turn(unit, connection, rate)
        return Wait(until, f"waits for its turn: no more than {rate} over {connection}") if until else None

    def prepare(self, flow: FlowRow, tools: Tools) -> Deed:
        """Which transmission it is."""
        with tools.store.read() as unit:
            transmission = unit.transmissions.get(int(flow.subject_id))
        return partial(self._send, flow, transmission, tools)

    def is_instant(self, _flow: FlowRow, _tools: Tools) -> bool:
        """Never: into a mailbox of our own each file is forced to the disk."""
        return False

    def in_one_go(self, _flow: FlowRow, _tools: Tools) -> AbstractContextManager[None]:
        """Each goes by itself."""
        return nullcontext()

    def _send(self, flow: FlowRow, transmission: TransmissionRow, tools: Tools) -> Record | Detour:
        with tools.store.read() as unit:
            if transmission.state == UNCONFIRMED and (answered := answered_since(unit, transmission)):
                return arrived(flow, Receipt(transmission.name, f"they answered {answered}"), tools.directory)
            payload = unit.payloads.open(transmission.payload)
        try:
            with payload:
                receipt = tools.sink(transmission.connection).send(transmission.name, payload)
        except Uncertain:
            raise
        except TryAgain as error:
            fallback = _fallback(transmission, tools)
            if fallback is None:
                raise
            return Detour(_go_another_way(flow, transmission, fallback, error, tools))

        def record(unit: Unit) -> Outcome:
            tell_overtaken(unit, transmission, tools.directory)
            return arrived(flow, receipt, tools.directory)(unit)

        return record

    def around(self, flow: FlowRow, tools: Tools) -> Record | None:
        """Over the fallback connection, where there is one and the usual one has failed for as long as agreed."""
        with tools.store.read() as unit:
            transmission = unit.transmissions.get(int(flow.subject_id))
            breaker = unit.breakers.of(flow.lane)
        fallback, because = _fallback(transmission, tools), TryAgain(breaker.because if breaker else "it is out of order")
        return _go_another_way(flow, transmission, fallback, because, tools) if fallback else None

    def ask(self, flow: FlowRow, tools: Tools) -> Record:
        """Did it arrive? Where that cannot be known, a person is asked; the same bytes are not sent twice on a guess."""
        with tools.store.read() as unit:
            transmission = unit.transmissions.get(int(flow.subject_id))
            with unit.payloads.open(transmission.payload) as payload:
                size = payload.seek(0, 2)
        if transmission.state in (FETCHED, CONFIRMED):
            return arrived(flow, Receipt(transmission.name, transmission.detail), tools.directory)
        sink = tools.sink(transmission.connection)
        receipt = sink.sent(transmission.name, size)
        if receipt is not None:
            return arrived(flow, receipt, tools.directory)
        if sink.sees_everything:
            return lambda _unit: Retry("no receipt came; the same goes again under the same name")
        asked = Hold(
            f"whether {transmission.name} arrived is not known: no answer came, and it is not there — never arrived, or taken "
            "already: ask the partner; resume sends the same bytes under the same name, dismiss lets it be"
        )
        return lambda _unit: asked


def _nothing_leaves(unit: Unit, transmission: TransmissionRow) -> bool:
    """Whether only what came of it is looked at: it is there, they answered it, or they refused it and nobody was told yet."""
    if transmission.state in (FETCHED, CONFIRMED):
        return True
    if transmission.state == UNCONFIRMED and answered_since(unit, transmission):
        return True
    message = unit.as2_messages.named(transmission.connection, transmission.name)
    return message is not None and message.state in FAILED and not message.is_told


def _fallback(transmission: TransmissionRow, tools: Tools) -> str | None:
    """The connection to go over instead, once the usual one has failed for as long as agreed."""
    fallback = tools.directory.partner(transmission.partner or "").fallback
    if fallback is None or fallback.connection == transmission.connection:
        return None
    return fallback.connection if tools.clock.now() - transmission.at >= fallback.after else None


def _go_another_way(flow: FlowRow, transmission: TransmissionRow, connection: str, error: TryAgain, tools: Tools) -> Record:
    """The next try goes over the fallback; that it does is on record before it does.

    What may have arrived the usual way goes no other way by itself: there the partner cannot tell that it has it already.
    Where another partner's file has its name there, it gets one of its own.
    """
    position = f"{_ANOTHER_WAY}{connection}"
    if flow.position != position and _may_have_arrived(flow, transmission, tools):
        return _ask_which_way(flow, transmission, position, connection, error)

    def record(unit: Unit) -> Outcome:
        name = unused_name(unit, connection, transmission.name)
        unit.transmissions.change(transmission.id, connection=connection, name=name, identity=name)
        called = "" if name == transmission.name else f" as {name}"
        text = f"{transmission.name} goes over {connection}{called} instead of {transmission.connection}: {error}"
        unit.events.tell("transmission.fallback", flow.subject, text, partner=transmission.partner)
        return Retry(text, after=timedelta(), connection=connection)

    return record


def _may_have_arrived(flow: FlowRow, transmission: TransmissionRow, tools: Tools) -> bool:
    """Whether the connection itself knows that it may have, or a try is on record of which nobody could learn what came of it."""
    with tools.store.read() as unit:
        in_doubt = unit.attempts.in_doubt(flow)
    return in_doubt or tools.sink(transmission.connection).may_have(transmission.name)


def _ask_which_way(flow: FlowRow, transmission: TransmissionRow, position: str, connection: str, error: TryAgain) -> Record:
    def record(unit: Unit) -> Outcome:
        unit.flows.place(flow, position)
        return Hold(
            f"{transmission.name} may have arrived over {transmission.connection}, which fails now: {error} "
            f"— ask the partner; resume lets it go over {connection}, dismiss lets it be"
        )

    return record


def arrived(flow: FlowRow, receipt: Receipt, directory: Directory) -> Record:
    def record(unit: Unit) -> Outcome:
        now, id = unit.clock.now(), int(flow.subject_id)
        transmission = unit.transmissions.get_locked(id)
        state = transmission.state
        if state not in (FETCHED, CONFIRMED):  # else the partner was faster than this commit
            if receipt.confirm_by is not None and not answered_since(unit, transmission):
                return _wait_for_proof(unit, id, receipt)
            state = CONFIRMED if receipt.confirmed else "sent"
            unit.transmissions.change(id, state=state, detail=receipt.detail, told_at=now)
        for one in unit.transactions.in_transmission(int(flow.subject_id)):
            left = {"acknowledgment": "awaited"} if _is_answer_expected(one, directory) else {}
            unit.transactions.change(one.id, delivery=state, **left)
            answered(unit, one)
            give(unit, one)
            text = f"{one.code} {one.business_number} sent as {receipt.reference}"
            unit.events.tell("set.sent", f"transaction:{one.id}", text, partner=one.partner, control_number=one.control_number)
        if flow.position == PUT_BACK:
            return Done()
        return _then(unit, unit.transactions.in_transmission(int(flow.subject_id)), directory)

    return record


def _wait_for_proof(unit: Unit, transmission: int, receipt: Receipt) -> Outcome:
    """The partner says later whether it has it. When that comes, or is overdue, this stage runs again; at once where it came
    before this commit, for then it woke nobody.
    """
    row = unit.transmissions.get(transmission)
    until = unit.clock.now() if unit.as2_messages.has_failed(row.connection, row.name) else receipt.confirm_by
    unit.transmissions.change(transmission, state=UNCONFIRMED, detail=receipt.detail)
    for one in unit.transactions.in_transmission(transmission):
        unit.transactions.change(one.id, delivery=UNCONFIRMED)
    return Done("send", until=until)


def _is_answer_expected(row: TransactionRow, directory: Directory) -> bool:
    agreement = agreement_of(row, directory)
    return row.acknowledgment == "none" and agreement is not None and agreement.awaits.acknowledgment


def await_answers(unit: Unit, sets: Iterable[TransactionRow], directory: Directory) -> None:
    """What left before it was put on record waits for its answers from now on, as what leaves in this stage does."""
    now = unit.clock.now()
    for one in sets:
        if _is_answer_expected(one, directory):
            due, look = (answer_due(one, directory, now, parts=parts) for parts in (1, 2))
            unit.transactions.change(one.id, acknowledgment="awaited", acknowledgment_due_at=due)
            unit.interchanges.change_group(one.group_id or 0, acknowledgment="awaited")
            start(unit, "await", f"transaction:{one.id}", partner=one.partner, state="waiting", due_at=look)


def _then(unit: Unit, sets: list[TransactionRow], directory: Directory) -> Outcome:
    """Each set waits for the partner's answer, unless it came already or none is expected; a rejection is looked at.

    What waits is looked at when half the time is over, and when it is due.

    The flow goes on with the first of them, the others get flows of their own.
    """
    now = unit.clock.now()
    due = {one.id: answer_due(one, directory, now) for one in sets if one.acknowledgment in UNANSWERED}
    for id, moment in due.items():
        unit.transactions.change(id, acknowledgment_due_at=moment)
    look = {one.id: answer_due(one, directory, now, parts=2) for one in sets if one.id in due}
    following = [one for one in sets if one.id in due or (one.acknowledgment in REJECTED and not _is_looked_at(unit, one))]
    for one in following[1:]:
        state = "waiting" if one.id in due else "ready"
        start(unit, "await", f"transaction:{one.id}", partner=one.partner, state=state, due_at=look.get(one.id))
    if not following:
        return Done()
    return Done("await", subject=f"transaction:{following[0].id}", until=look.get(following[0].id))


def _is_looked_at(unit: Unit, row: TransactionRow) -> bool:
    """Whether the rejection of a set was put to a person before its receipt came."""
    return any(flow.stage == "await" for flow in unit.flows.of(f"transaction:{row.id}"))
