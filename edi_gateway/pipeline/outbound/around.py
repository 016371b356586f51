"""What is known around a document of ours that compliance rules ask for: other documents, labels used, changes that wait."""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.documents.base import Value
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.order_to_cash.compliance import Around
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.compliance.pack import CompliancePack

_STANDS_STILL = ("held", "dead", "waiting")
_ONE_TRUCK = timedelta(days=2)  # notices of one trailer, ship-to and day are made within so long a time


def around(unit: Unit, tools: Tools, row: DocumentRow, document: Value, thread: OrderThread) -> Around:
    """What the rules of the partner's pack have to know of a document that is on record, in the transaction that checks it."""
    partner, pack = tools.directory.partner(row.partner), tools.directory.pack(row.partner)
    used, today = is_used(unit, row), partner.today(unit.clock.now())
    if not isinstance(document, ShipNotice):
        return Around(today=today, number_used=used)
    return Around(
        today=today,
        number_used=used,
        company_prefix=tools.directory.identity(partner.ours).company_prefix,
        labels_used=_labels_used(unit, row, document, pack),
        change_waits=_change_waits(unit, row, thread),
        other_notices=_same_trailer(unit, row, document) if pack.rules.R17.does != "off" else (),
    )


def is_used(unit: Unit, row: DocumentRow) -> bool:
    """Whether the partner has had another document of this kind and number: a second original is fined."""
    first = unit.documents.claimed(row.partner, row.kind, row.number)
    return first is not None and first != row.id


def labels_of(notice: ShipNotice) -> list[str]:
    """The SSCCs of its cartons and pallets."""
    packs = [pack for order in notice.orders for pack in order.packs]
    return [label for pack in packs for label in (pack.sscc, pack.pallet) if label]


def _labels_used(unit: Unit, row: DocumentRow, notice: ShipNotice, pack: CompliancePack) -> dict[str, str]:
    since = unit.clock.now() - pack.rules.R14.reuse_after
    used = unit.label_uses.elsewhere(labels_of(notice), row.id, since)
    return {label: shipment for label, shipment in used.items() if shipment != notice.shipment}


def _change_waits(unit: Unit, row: DocumentRow, thread: OrderThread) -> str:
    """The first change of the order that stands still before it was decided on, in words; nothing where there is none."""
    taken = {change.document_id for change in thread.changes}
    for came in unit.transactions.numbered(row.partner, "860", thread.order_number):
        if came.direction != "in" or came.document_id in taken:
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
    told = unit.documents.since(row.partner, "ship notice", unit.clock.now() - _ONE_TRUCK)
    return tuple(
        other.shipment
        for each in told
        if each.id != row.id and isinstance(other := unit.documents.read(each.id), ShipNotice) and _truck(other) == _truck(notice)
    )


def _truck(notice: ShipNotice) -> tuple[str, str, object]:
    trailer = notice.carrier.trailer if notice.carrier else ""
    return trailer, notice.ship_to.id if notice.ship_to else "", notice.shipped_on
