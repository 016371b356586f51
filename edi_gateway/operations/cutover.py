"""Cutover from another system: its open orders are loaded, answering and posting nothing, and its numbers go on here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from edi_gateway.documents.order import Order
from edi_gateway.errors import Collected, WrongInput
from edi_gateway.operations.on_record import Recorded, Told, put_on_record
from edi_gateway.operations.request import reasoned
from edi_gateway.order_to_cash.sscc import capacity
from edi_gateway.order_to_cash.thread import open_thread
from edi_gateway.pipeline.inbound.apply import key_of
from edi_gateway.pipeline.inbound.translate import Made, Stored, make, put_made
from edi_gateway.pipeline.outbound.labels import counter_of_labels
from edi_gateway.pipeline.outbound.route import numbering
from edi_gateway.pipeline.outcome import Hold
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import Agreement, OurIdentity, TradingPartner
from edi_gateway.x12.envelope import Identity
from edi_gateway.x12.group_codes import ACKNOWLEDGMENT_GROUP, group_code

_CUT_OVER = Told("in", "delivered", "not owed", "cut over from another system")


class OpenOrder(NamedTuple):
    """An order that was loaded. ``document`` is the id by which the ERP has to name it when it tells what became of it."""

    partner: str
    number: str
    document: str


def load_orders(tools: Tools, name: str, body: bytes, *, because: str, by: str) -> list[OpenOrder]:
    """Loads the open orders of one file, all or none: on record, mapped, each with its order thread; no 997, no 855, no posting.

    Raises OnRecordAlready for a file that is on record, WrongInput for what is no order, is known already, or cannot be mapped.
    """
    reason = reasoned(because)
    with tools.store.write() as unit:
        orders: list[OpenOrder] = []
        brought: dict[str, str] = {}  # by document, the number of its set
        for recorded in put_on_record(unit, tools, body, name, _CUT_OVER):
            orders.append(_load(unit, tools, recorded, name, brought))
            brought[orders[-1].document] = recorded.row.control_number
        for each in orders:
            text = f"order {each.number} of {each.partner} was open in another system: {reason}"
            unit.events.tell("order.cut_over", f"document:{each.document}", text, partner=each.partner, actor=by)
    return orders


def _load(unit: Unit, tools: Tools, recorded: Recorded, name: str, brought: Mapping[str, str]) -> OpenOrder:
    row, partner = recorded.row, recorded.partner
    made = make(Stored(row, unit.interchanges.get(row.interchange_id or 0), recorded.set, unit.clock.now()), tools)
    where = f"{name}, set {row.control_number}, {row.code} {row.business_number}"
    if isinstance(made, Hold):
        raise WrongInput(made.because, where=where)
    if not isinstance(made.document, Order):
        raise WrongInput("is no order; only open orders are cut over", where=where)
    key = key_of(made.document)
    if (known := unit.documents.claimed(partner.name, "order", key, usage=row.usage)) is not None:
        if known in brought:
            raise WrongInput(f"is in this file twice: set {brought[known]} is the same order", where=where, do="leave one out")
        raise WrongInput(f"is on record already, as document {known}", where=where, do="leave this set out of the file")
    document = _open(unit, recorded, made, made.document)
    unit.documents.claim(partner.name, "order", key, document, usage=row.usage)
    return OpenOrder(partner.name, made.document.number, document)


def _open(unit: Unit, recorded: Recorded, made: Made, order: Order) -> str:
    document = put_made(unit, recorded.row, made)
    opened = open_thread(order, partner=recorded.partner.name, document_id=document)
    thread = unit.threads.add(opened.thread, currency=order.currency, usage=recorded.row.usage)
    unit.documents.change(document, thread_id=thread)
    unit.documents.record_advice(document, b"{}")
    unit.documents.record_ruling(document, b'{"lines":[]}')
    unit.transactions.change(recorded.row.id, document_id=document, business_number=order.number)
    return document


def seed_numbers(
    tools: Tools, partner: str, *, interchange: int = 0, groups: dict[str, int] | None = None, sscc: int = 0, by: str
) -> list[str]:
    """Goes on where another system's numbers ended: the last ISA13, GS06 by group code (PR, SH, IN) and SSCC serial it gave.

    A counter that is further already stays. Returns what the counters are now, a line each. Raises Collected for numbers that
    nothing will follow: of a group that does not go to them, or greater than any there is.
    """
    profile = tools.directory.partner(partner)
    ours = tools.directory.identity(profile.ours)
    told = {"interchange": interchange, **{f"group {code}": number for code, number in (groups or {}).items()}}
    _check(profile, told, groups or {})
    _check_labels(ours, sscc)
    to = {what: _ids(profile, what) for what in told}
    given = {scope: last for what, last in told.items() for id in to[what] for scope in numbering(what, profile, ours, id)}
    given |= {counter_of_labels(ours.company_prefix): sscc}
    with tools.store.write() as unit:
        for scope, last in given.items():
            unit.control_numbers.raise_to(scope, last)
        said = [f"{scope}: {unit.control_numbers.last(scope)}" for scope, last in given.items() if last]
        unit.events.tell("numbers.seeded", f"partner:{partner}", "; ".join(said), partner=partner, actor=by)
    return said


def _ids(profile: TradingPartner, what: str) -> tuple[Identity, ...]:
    """The ids of theirs that something goes to: those they write under, which are answered, and those of single sets."""
    own = [one.envelope.receiver for one in _outgoing(profile) if what in ("interchange", f"group {group_code(one.set)}")]
    return tuple(dict.fromkeys((*profile.interchange, *(id for id in own if id is not None))))


def _outgoing(profile: TradingPartner) -> list[Agreement]:
    return [one for one in profile.agreements if one.direction == "out"]


def _check(profile: TradingPartner, told: Mapping[str, int], groups: Mapping[str, int]) -> None:
    codes = sorted({ACKNOWLEDGMENT_GROUP, *(group_code(one.set) for one in _outgoing(profile))} - {""})
    most = profile.control_numbers.most
    mistakes = [
        WrongInput(f"no group '{code}' goes to {profile.name}", do=f"give the code on GS01, one of: {', '.join(codes)}")
        for code in groups
        if code not in codes
    ]
    mistakes += [
        WrongInput(f"{what} {number} is none of theirs, which go up to {most}", do="look at its digits")
        for what, number in told.items()
        if not 0 <= number <= most
    ]
    if mistakes:
        raise Collected(mistakes)


def _check_labels(ours: OurIdentity, serial: int) -> None:
    if serial and not ours.company_prefix:
        raise WrongInput(f"our identity '{ours.name}' has no company prefix, so it has no SSCC to count")
    if not 0 <= serial < capacity(ours.company_prefix):
        raise WrongInput(f"no SSCC behind {ours.company_prefix} has serial {serial}", do="look at its digits")
