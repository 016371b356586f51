"""What is known around a document of ours that compliance rules ask for: other documents, labels used, changes that wait."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order
from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.order_to_cash.compliance import Around
from edi_gateway.order_to_cash.compliance.confirmation import ConfirmationRate, not_in_full, projected_rates
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.pipeline.outbound.originals import rejected_first
from edi_gateway.pipeline.outbound.owing import due_at
from edi_gateway.pipeline.standing import standing_order
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.compliance.pack import CompliancePack
from edi_gateway.x12.acknowledgment import Verdict

_STANDS_STILL = ("held", "dead", "waiting")
_FETCHED = "fetched"  # out of its mailbox: what is told of a transmission last
_AT_ONCE = 1000
_ONE_TRUCK = timedelta(days=2)  # notices of one trailer, ship-to and day are made within so long a time


def around(unit: Unit, tools: Tools, row: DocumentRow, document: Value, thread: OrderThread) -> Around:
    """What the rules of the partner's pack have to know of a document that is on record, in the transaction that checks it."""
    partner, pack = tools.directory.partner(row.partner), tools.directory.pack(row.partner)
    now = unit.clock.now()
    drafted = unit.documents.get(corrects[-1]).at if (corrects := corrected_by(unit, row.id)) else row.at
    due = due_at(unit, row, document, drafted)
    left_at = first_departure(unit, row)
    known = Around(now=now, left_at=left_at, due_at=due, today=partner.today(now), number_used=is_used(unit, row))
    if isinstance(document, OrderAcknowledgment) and pack.rules.R07.does != "off":
        return msgspec.structs.replace(known, projected=_projected(unit, partner.name, row.usage, document, thread, pack))
    if not isinstance(document, ShipNotice):
        return known
    return msgspec.structs.replace(
        known,
        leaves_at=unit.departures.of(partner.name, document.shipment, usage=row.usage),
        company_prefix=tools.directory.identity(partner.ours).company_prefix,
        labels_used=_labels_used(unit, row, document, pack),
        change_waits=_change_waits(unit, row, thread),
        other_notices=_same_trailer(unit, row, document) if pack.rules.R17.does != "off" else (),
    )


def is_used(unit: Unit, row: DocumentRow) -> bool:
    """Whether the partner has had another document of this kind and number: a second original is fined.

    What was made of that other one by a correction is no second one: it takes its place. Nor is there one where they rejected it.
    """
    other = unit.documents.claimed(row.partner, row.kind, row.number, usage=row.usage)
    if other is None or other in (row.id, *corrected_by(unit, row.id)) or row.id in corrected_by(unit, other):
        return False
    return rejected_first(unit, row.partner, row.kind, row.number, usage=row.usage, but=row.id) is None


def first_departure(unit: Unit, row: DocumentRow) -> datetime | None:
    """When a document of ours first left in a set that its partner has not rejected; None where none did.

    What goes once more is in time if it was: only what they rejected has never been there. What waited in a mailbox has left
    when it was put there, and not when it was fetched.
    """
    sets = [one for one in unit.transactions.all_of_document(row.id) if one.acknowledgment != Verdict.REJECTED]
    written = [unit.interchanges.get(one.interchange_id).transmission_id for one in sets if one.interchange_id]
    moved = [unit.transmissions.get(id) for id in written if id]
    return min((one.at if one.state == _FETCHED else one.told_at for one in moved if one.told_at), default=None)


def counted_of(unit: Unit, row: DocumentRow) -> str:
    """The document whose content its order thread has: this one, or one that it corrects; the first, where no claim says it."""
    family = [row.id, *corrected_by(unit, row.id)]
    claimed = unit.documents.claimed(row.partner, row.kind, row.number, usage=row.usage)
    return claimed if claimed in family else family[-1]


def corrected_by(unit: Unit, document: str) -> list[str]:
    """The documents that this one takes the place of, by corrections one after the other; the first one last."""
    found: list[str] = []
    while made_from := [one for one in unit.descent.parents(f"document:{document}") if one.how == "correct"]:
        document = made_from[0].parent.partition(":")[2]
        found.append(document)
    return found


def orders_since(unit: Unit, partner: str, moment: datetime, *, usage: str) -> list[tuple[Order, OrderThread]]:
    """The orders opened since then, each as it came with its thread as it stands."""
    threads = {stored.thread.document_id: stored.thread for stored in unit.threads.since(partner, moment, usage=usage)}
    ids, found = list(threads), []
    for start in range(0, len(ids), _AT_ONCE):
        kept = unit.documents.kept(ids[start : start + _AT_ONCE])
        found += [(order, threads[id]) for id, order in kept.items() if isinstance(order, Order)]
    return found


def _projected(
    unit: Unit, partner: str, usage: str, answer: OrderAcknowledgment, thread: OrderThread, pack: CompliancePack
) -> tuple[ConfirmationRate, ...]:
    """What an 855 makes of the rates of items (R07); other orders are only read where it leaves something unconfirmed."""
    order = standing_order(unit, thread.document_id)
    if not not_in_full(order, thread, answer):
        return ()
    since = unit.clock.now() - timedelta(days=pack.rules.R07.days)
    others = [each for each in orders_since(unit, partner, since, usage=usage) if each[1].document_id != thread.document_id]
    return projected_rates(others, order, thread, answer)


def labels_of(notice: ShipNotice) -> list[str]:
    """The SSCCs of its cartons and pallets."""
    packs = [pack for order in notice.orders for pack in order.packs]
    return [label for pack in packs for label in (pack.sscc, pack.pallet) if label]


def _labels_used(unit: Unit, row: DocumentRow, notice: ShipNotice, pack: CompliancePack) -> dict[str, str]:
    since = unit.clock.now() - pack.rules.R14.reuse_after
    used = unit.label_uses.elsewhere(labels_of(notice), row.id, since, usage=row.usage)
    return {label: shipment for label, shipment in used.items() if shipment != notice.shipment}


def _change_waits(unit: Unit, row: DocumentRow, thread: OrderThread) -> str:
    """The first change of the order that stands still before it was decided on, in words; nothing where there is none."""
    taken = {change.document_id for change in thread.changes}
    for came in unit.transactions.numbered(row.partner, "860", thread.order_number):
        if came.direction != "in" or came.usage != row.usage or came.document_id in taken:
            continue
        subjects = (f"transaction:{came.id}", f"document:{came.document_id}")
        waits = [flow for subject in subjects for flow in unit.flows.of(subject) if flow.state in _STANDS_STILL]
        if waits:
            return f"a change of order {thread.order_number} is not decided on: {waits[0].because or 'it waits'}"
    return ""


def _same_trailer(unit: Unit, row: DocumentRow, notice: ShipNotice) -> tuple[str, ...]:
    """Other shipments told of for the same trailer, ship-to and day."""
    trailer = notice.carrier.trailer if notice.carrier else ""
    if not trailer or notice.ship_to is None:
        return ()
    told = unit.documents.since(row.partner, "ship notice", unit.clock.now() - _ONE_TRUCK, usage=row.usage)
    return tuple(
        other.shipment
        for each in told
        if each.id != row.id
        and isinstance(other := unit.documents.read(each.id), ShipNotice)
        and other.shipment != notice.shipment  # as it was before a correction
        and _truck(other) == _truck(notice)
    )


def _truck(notice: ShipNotice) -> tuple[str, str, object]:
    trailer = notice.carrier.trailer if notice.carrier else ""
    return trailer, notice.ship_to.id if notice.ship_to else "", notice.shipped_on
