"""Apply: what a document does to the business: an order opens its thread, a remittance and an advice meet what we sent."""

from __future__ import annotations

import msgspec

from edi_gateway.documents.application_advice import ApplicationAdvice
from edi_gateway.documents.order import Order
from edi_gateway.documents.order_change import OrderChange
from edi_gateway.documents.remittance import Remittance
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.advice import Advice
from edi_gateway.order_to_cash.facts import DecidedQuantity
from edi_gateway.order_to_cash.meant import ORIGINAL, no_new_order
from edi_gateway.order_to_cash.rules import Reason, Ruling, decide, order_for_erp
from edi_gateway.order_to_cash.rules.too_large import recordable, too_large
from edi_gateway.pipeline.inbound.apply_advice import apply_advice
from edi_gateway.pipeline.inbound.apply_change import apply_change
from edi_gateway.pipeline.inbound.apply_remittance import apply_remittance
from edi_gateway.pipeline.inbound.credit import with_own_credit
from edi_gateway.pipeline.inbound.find_order import find_orders
from edi_gateway.pipeline.inbound.order_approval import ask, fingerprint, is_approved, is_let_go, said
from edi_gateway.pipeline.inbound.waiting_changes import wake_changes
from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.standing import standing_order, thread_of, wanted
from edi_gateway.pipeline.tools import Record, Tools, order_queue, start
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner


def apply(flow: FlowRow, tools: Tools) -> Record:
    """Does to the business what the document says."""
    with tools.store.read() as unit:
        row, document = unit.documents.open(flow.subject_id)
    partner = tools.directory.partner(row.partner)
    match document:
        case Order():
            return _order(flow, row, document, partner, tools)
        case OrderChange():
            return apply_change(flow, row, document, partner, tools)
        case Remittance():
            return apply_remittance(row, document)
        case ApplicationAdvice():
            return apply_advice(flow, row, document, partner.time_zone)
    raise WrongInput(f"a {row.kind} from a partner is not applied to anything", do="read it, then ignore it with a reason")


def _order(flow: FlowRow, row: DocumentRow, order: Order, partner: TradingPartner, tools: Tools) -> Record:
    with tools.store.read() as unit:
        advice = msgspec.json.decode(unit.documents.advice(row.id), type=Advice)
        standing = wanted(standing_order(unit, row.id, order))

    def ruled(unit: Unit) -> Ruling:
        """By the credit that is left now: of several orders that came together, each counts for the next."""
        now = unit.clock.now()
        today = partner.today(now)
        known = with_own_credit(unit, advice, partner)
        return decide(standing, known, partner.orders, today=today, now=now) if standing.lines else Ruling(lines=())

    def record(unit: Unit) -> Outcome:
        since = unit.clock.now() - partner.duplicates.window_of("order")
        first = unit.documents.claimed(partner.name, "order", key_of(order), usage=row.usage, since=since)
        if (
            first is not None
            and not is_let_go(flow, known := _known_already(row, order, first))
            and not _is_same(unit, row, first)
        ):
            if partner.duplicates.order == "hold" or order.purpose != ORIGINAL or no_new_order(order):
                return Hold(known, lets_by=True)
            return _refused_again(unit, row, order)
        alike = _alike(unit, row, order) if first is None and order.purpose != ORIGINAL else ()
        is_cancelled = not standing.lines and any(line.quantity for line in order.lines)  # by an 860 meanwhile
        doubt = "" if is_cancelled else no_new_order(order, is_known=first is not None, alike=alike)
        if doubt and not is_let_go(flow, doubt):
            return Hold(doubt, lets_by=True)
        if nobody_means := too_large(standing, advice):
            return Hold(nobody_means, lets_by=True)
        ruling, opened = ruled(unit), thread_of(unit, row, order)
        disagreed = [Reason(rule=each.kind, message=each.message, place=each.place) for each in opened.disagreements]
        if asked := (*ruling.needs_approval, *disagreed):
            of = fingerprint(standing, ruling, disagreed)
            if not is_approved(flow, of):
                ask(unit, flow, asked, partner.orders, of)
                return Hold(said(asked), lets_by=True)
        if first is None:
            unit.documents.pass_on(partner.name, "order", key_of(order), row.id, usage=row.usage)
        thread = unit.threads.add(opened.thread, currency=order.currency, usage=row.usage)
        unit.documents.change(row.id, thread_id=thread)
        for change in opened.thread.changes:
            unit.documents.change(change.document_id, thread_id=thread)
            if change.taken == "nothing" and partner.changes.answered_by == "865":  # the first 855 says what was taken
                start(unit, "draft", f"document:{change.document_id}", partner=partner.name, follows=_follows(row, order))
        unit.documents.record_ruling(row.id, msgspec.json.encode(ruling))
        wake_changes(unit, partner.name, order.number, usage=row.usage)
        return Done("deliver" if order_for_erp(standing, ruling) else "draft", follows=_follows(row, order))

    return record


def _is_same(unit: Unit, row: DocumentRow, first: str) -> bool:
    """Whether the document that has the number is this one, or one it was made from again by a replay or a correction."""
    return first == row.id or f"document:{first}" in unit.descent.family(f"document:{row.id}")


def _alike(unit: Unit, row: DocumentRow, order: Order) -> list[str]:
    """The documents of other orders of its number: of another release or ship-to, out of its window, or not taken yet."""
    found = find_orders(unit, row.partner, row.usage, order.number)
    others = [one for one in found if not _is_same(unit, row, one.row.id)]
    return [one.row.id for one in others if not (one.held and _is_a_copy(unit, one.row.id))]


def _is_a_copy(unit: Unit, document: str) -> bool:
    order = unit.documents.read(document)
    return isinstance(order, Order) and bool(no_new_order(order))


def key_of(order: Order) -> str:
    """What makes two orders of a partner the same order: number, release number, ship-to."""
    return "|".join((order.number, order.release_number, order.ship_to.id if order.ship_to else ""))


def _follows(row: DocumentRow, order: Order) -> str:
    return order_queue(row.partner, row.usage, order.number)


def _known_already(row: DocumentRow, order: Order, first: str) -> str:
    """R28: the same number and ship-to again never makes a second order by itself."""
    return (
        f"order {order.number} of {row.partner} is on record already (document {first}); this one came as '{order.purpose}' — "
        "resume it if it is a new order all the same"
    )


def _refused_again(unit: Unit, row: DocumentRow, order: Order) -> Outcome:
    """The repetition is refused; the first one stands."""
    text = f"order {order.number} of {row.partner} is on record already; this one is refused"
    unit.events.tell("order.refused", f"document:{row.id}", text, partner=row.partner)
    return refuse(unit, row, order, "duplicate order")


def refuse(unit: Unit, row: DocumentRow, order: Order, reason: str) -> Outcome:
    """Makes it an order of its own of which every line is rejected, so that the 855 says so."""
    lines = tuple(
        DecidedQuantity(line_number=line.number, status="rejected", quantity=line.quantity, reason=reason)
        for line in wanted(standing_order(unit, row.id)).lines
    )
    opened = thread_of(unit, row, order)
    thread = unit.threads.add(recordable(opened.thread), currency=order.currency, usage=row.usage)
    unit.documents.change(row.id, thread_id=thread)
    unit.documents.record_ruling(row.id, msgspec.json.encode(Ruling(lines=lines)))
    return Done("draft", follows=_follows(row, order))
