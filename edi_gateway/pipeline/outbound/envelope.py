"""Envelope: sets get their control numbers and leave in one interchange, all in the transaction that records it.

A number is taken and used in one commit, so a crash leaves no gap and nothing goes out under a number twice. Sets that may
leave together (``Batch``) wait here until their window; the first that runs then takes the others along, and their flows end.
A set without windows is a batch of one.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.outbound.awaiting import agreement_of
from edi_gateway.pipeline.outbound.interchange import Leaving, Pen, Secrets
from edi_gateway.pipeline.outbound.originals import still_theirs
from edi_gateway.pipeline.outbound.route import place_of, routed
from edi_gateway.pipeline.outcome import Done, Hold, Outcome, Retry
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.flows import end_along
from edi_gateway.store.rows import FlowRow, TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import USAGES
from edi_gateway.trading.secrets import resolve
from edi_gateway.trading.sent_as_files import USUAL_NAME

_SOON = timedelta(seconds=1)
_WIDTH_OF_ISA04 = 10


def envelope(flow: FlowRow, tools: Tools) -> Record:
    """Writes the interchange of a set and all that leave with it (or of one TA1, which stands in an interchange by itself)."""
    secrets = _secrets(flow, tools)

    def record(unit: Unit) -> Outcome:
        row = _row(unit, flow)
        if row.interchange_id is not None:
            return Done()  # another one took it along
        if theirs := still_theirs(unit, row):
            return Hold(_has_it(unit, row, theirs))
        if _lets_go(unit, flow):
            return Retry("an answer to the same order still waits for its window, and leaves first", after=_SOON)
        along = _companions(unit, flow, row, tools)
        if along:
            with suppress(WrongInput), unit.savepoint():
                return _leave(unit, tools, secrets, row, [flow, *_taken(unit, row, along)])
            # one of the others cannot be written: it is held when it comes up
        return _leave(unit, tools, secrets, row, [flow])

    return record


def would_fill(unit: Unit, lane: str, position: str, most: int) -> bool:
    """Whether one more set makes what is there for the same window as many as may go in one interchange."""
    there = unit.flows.at_stage(lane, "envelope", position=position)
    return (len(there) + 1) % most == 0


def _companions(unit: Unit, flow: FlowRow, row: TransactionRow, tools: Tools) -> list[FlowRow]:
    """The flows that leave with this one: those of its batch that are due; where so many wait that it is full, the oldest."""
    agreement = agreement_of(row, tools.directory)
    if agreement is None or not place_of(flow.position).together:
        return []
    most, there = agreement.batch.most, unit.flows.at_stage(flow.lane, flow.stage, position=flow.position)
    same = [each for each in there if each.id != flow.id and still_theirs(unit, _row(unit, each)) is None]
    due = [each for each in same if each.due_at <= unit.clock.now()]
    return (same if len(same) + 1 >= most else due)[: most - 1]


def _taken(unit: Unit, row: TransactionRow, along: list[FlowRow]) -> list[FlowRow]:
    """Those whose way ends here because they leave with this set; not what somebody else moved on just now."""
    because = f"it goes with {row.code} {row.business_number} in one interchange"
    return [each for each in along if end_along(unit.flows, each, because)]


def _lets_go(unit: Unit, flow: FlowRow) -> bool:
    """Lets what waits of the same order, and came before, leave now: no 856 gets there before its 855."""
    of_order = unit.flows.at_stage(flow.lane, flow.stage, follows=flow.follows) if flow.follows else []
    held_up = [each for each in of_order if each.id < flow.id and each.state == "waiting"]
    for each in held_up:
        unit.flows.move(each, state="ready", due_at=unit.clock.now())
    return bool(held_up)


def _leave(unit: Unit, tools: Tools, secrets: Secrets, row: TransactionRow, flows: list[FlowRow]) -> Outcome:
    """Writes them all in the order they came; the first flow, whose set ``row`` is, carries the interchange on."""
    partner = tools.directory.partner(row.partner or "")
    place = place_of(flows[0].position)  # the others have the same, or it had taken none along
    route, heading = routed(unit, row, tools.directory, place.marks)
    leaving = {flows[0].id: Leaving(row, heading)}
    for flow in flows[1:]:
        other = _row(unit, flow)
        leaving[flow.id] = Leaving(other, routed(unit, other, tools.directory)[1])
    ours = tools.directory.identity(partner.under(USAGES.get(row.usage)).ours)
    name = getattr(tools.directory.connection(route.connection), "file_name", USUAL_NAME)
    pen = Pen(unit, route, partner, ours, secrets, name)
    transmission = pen.write([leaving[id] for id in sorted(leaving)], place.written or route.marks)
    return Done("send", subject=f"transmission:{transmission}", connection=route.connection)


def _has_it(unit: Unit, row: TransactionRow, theirs: TransactionRow) -> str:
    """Why what takes the place of a rejected set stays: that one is theirs after all."""
    number = unit.interchanges.get(theirs.interchange_id).control_number if theirs.interchange_id else "none yet"
    return (
        f"{row.partner} has {row.code} {row.business_number} after all: set {theirs.id} of interchange {number} "
        f"({theirs.delivery}, {theirs.acknowledgment}), and a second original is fined — dismiss this one; "
        "what it says otherwise goes as a correction of that one, or for an 810 as a credit note"
    )


def _row(unit: Unit, flow: FlowRow) -> TransactionRow:
    return unit.transactions.get(int(flow.subject_id))


def _secrets(flow: FlowRow, tools: Tools) -> Secrets:
    """ISA01 to ISA04. Raises WrongInput where the password is not where the profile says, or does not fit."""
    partner = tools.directory.partner(flow.partner or "")
    if partner.authorization is None and partner.security is None and partner.test.security is None:
        return Secrets()
    with tools.store.read() as unit:
        usage = _row(unit, flow).usage
    authorization, security = partner.authorization, partner.security_under(USAGES.get(usage))
    told = (authorization.qualifier, authorization.information) if authorization else ("00", "")
    if security is None:
        return Secrets(told)
    password = resolve(security.information, f"partner {partner.name}, security", vault=tools.vault).get_secret_value()
    if len(password) > _WIDTH_OF_ISA04 or not password.isprintable() or not password.isascii():
        raise WrongInput(
            "the password of ISA04 has more than ten characters, or some that X12 has not",
            where=f"partner {partner.name}, security",
        )
    return Secrets(told, (security.qualifier, password))
