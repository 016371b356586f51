"""An 856 or 810 that went, drafted anew under one side: from its order as that side reads it, and from what the ERP had told.

Only what comes out as it went under what is in force is drafted anew: an invoice that was billed together with others, or what a
person corrected, is written again as it is.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.erp.base import OrderBilled, OrderShipped
from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.operations.plan_documents import Sent, Source
from edi_gateway.operations.plan_inbound import take_in
from edi_gateway.operations.plan_outbound import write_out
from edi_gateway.operations.plan_side import Handled, Side
from edi_gateway.order_to_cash.facts import PackedCarton, Shipped
from edi_gateway.order_to_cash.sscc import sscc
from edi_gateway.order_to_cash.turnaround import ShipTerms, draft_invoice, draft_ship_notice
from edi_gateway.order_to_cash.turnaround.parts import shipments_apart
from edi_gateway.order_to_cash.turnaround.ship_notice import labels_to_give
from edi_gateway.pipeline.outbound.billing import invoice_policy_of
from edi_gateway.pipeline.outbound.drafting import party
from edi_gateway.trading.billing import Billing
from edi_gateway.trading.directory import USAGES, Directory, NoAgreement

_NOBODY = "0000000"
"""The company prefix of labels that a plan gives: no number of ours is used up."""


def write_again(before: Side, after: Side, sent: Sent) -> tuple[Handled, Handled]:
    """What becomes of a document of ours under both sides, drafted anew where that comes out as it went."""
    was = write_out(before, sent)
    if not _comes_out_as_it_went(before, sent):
        return was, write_out(after, sent)
    try:
        return was, write_out(after, sent._replace(document=_drafted(after, sent)))
    except GatewayError as error:
        return was, Handled(sent.partner, f"it could not be drafted: {error}".partition("\n")[0])


def _comes_out_as_it_went(side: Side, sent: Sent) -> bool:
    try:
        return _drafted(side, sent) == sent.document
    except GatewayError:
        return False


def _drafted(side: Side, sent: Sent) -> Value:
    """The document as this side would draft it now. Raises WrongInput for what nobody drafts anew, and as drafting does."""
    source, directory = sent.source, side.directory
    if source is not None and directory is not None:
        order = _order(side, source)
        if isinstance(sent.document, ShipNotice) and isinstance(source.event, OrderShipped):
            return _ship_notice(directory, sent, source.event, order, source, sent.document)
        if isinstance(sent.document, Invoice) and isinstance(source.event, OrderBilled):
            return _invoice(directory, sent, source.event, order, source, sent.document)
    raise WrongInput(f"{sent.name} is not what an ERP had told")


def _order(side: Side, source: Source) -> Order:
    """The order as this side reads it; as it stands, where it was changed since or cannot be read."""
    read = take_in(side, source.came).document if source.came is not None else None
    return read if isinstance(read, Order) else source.standing


def _ship_notice(
    directory: Directory, sent: Sent, event: OrderShipped, order: Order, source: Source, went: ShipNotice
) -> ShipNotice:
    partner = directory.partner(sent.partner)
    ours, zone = directory.identity(partner.ours), ZoneInfo(partner.time_zone)
    terms = ShipTerms(ship_from=party("SF", ours.ship_from), structure=partner.answers.ship_notice_structure)
    parts = shipments_apart(event) if partner.answers.ship_notice_stores == "apart" else (event,)
    part = next((each for each in parts if each.shipment == went.shipment), None)
    if part is None:
        raise WrongInput(f"shipment {event.shipment} would be told as {', '.join(each.shipment for each in parts)}")
    shipped = _labelled(part, went, tuple(source.others))
    given = [sscc(_NOBODY, number) for number in range(labels_to_give(shipped, terms))]
    now = went.created_at.astimezone(zone)
    return draft_ship_notice(order, shipped, terms, now=now, sscc=given, zone=zone, others=source.others)


def _labelled(shipped: Shipped, went: ShipNotice, others: tuple[str, ...]) -> Shipped:
    """The cartons with the labels they went with, and their pallets; as they are, where they went without cartons."""
    cartons = [carton for id in ("", *others) for carton in shipped.cartons if carton.order == id]
    packs = [pack for each in went.orders for pack in each.packs]
    if len(packs) != len(cartons):
        return shipped
    label = {id(carton): pack for carton, pack in zip(cartons, packs, strict=True)}

    def labelled(carton: PackedCarton) -> PackedCarton:
        pack = label[id(carton)]
        return msgspec.structs.replace(carton, sscc=carton.sscc or pack.sscc, pallet=pack.pallet or carton.pallet)

    return msgspec.structs.replace(shipped, cartons=tuple(map(labelled, shipped.cartons)))


def _invoice(directory: Directory, sent: Sent, event: OrderBilled, order: Order, source: Source, went: Invoice) -> Invoice:
    partner = directory.partner(sent.partner)
    found = directory.outgoing(partner, "810", USAGES[sent.usage], partner.today(sent.at), sent.like)
    billing = Billing() if isinstance(found, NoAgreement) else found.billing
    return draft_invoice(
        order,
        event,
        source.notice,
        today=went.invoiced_on,
        currency=partner.currency,
        policy=invoice_policy_of(billing, partner),
        before=source.before,
        remit_to=party("RE", directory.identity(partner.ours).remit_to),
    )
