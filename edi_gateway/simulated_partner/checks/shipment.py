"""An 856 against the orders it ships: what was ordered and confirmed, and no shipment told of twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from edi_gateway.documents.ship_notice import ShipNotice, ShippedOrder
from edi_gateway.simulated_partner.checks.about import About
from edi_gateway.simulated_partner.checks.confirmation import is_rejected
from edi_gateway.simulated_partner.checks.dates import last_day_to_ship
from edi_gateway.simulated_partner.checks.echo import account_of, check_header, check_line, unknown_line
from edi_gateway.simulated_partner.checks.packs import check_packs
from edi_gateway.simulated_partner.complaint import Complaint, Kind
from edi_gateway.simulated_partner.ledger import NOTHING, Ledger, OrderAccount, items_of
from edi_gateway.trading.profile import OurIdentity, TradingPartner

_LOT = "LT"  # LIN names the lot among the ids of an item; it is none the order could have had


def check_notice(ledger: Ledger, partner: TradingPartner, supplier: OurIdentity, notice: ShipNotice) -> Iterator[Complaint]:
    """Everything wrong with a ship notice. Call it before the ledger knows of it."""
    name = f"ship notice {notice.shipment}"
    if notice.purpose == "original" and notice.shipment in ledger.shipments:
        order = notice.orders[0].order_number if notice.orders else ""
        yield About(name, order).complain(Kind.SHIPMENT_REPEATED, "there is a ship notice for this shipment already")
        return
    if "pack" in partner.answers.ship_notice_structure:
        yield from check_packs(ledger, supplier, About(name), notice)
    for shipped in notice.orders:
        yield from _check_order(ledger, partner, About(name, shipped.order_number), notice, shipped)


def _check_order(
    ledger: Ledger, partner: TradingPartner, about: About, notice: ShipNotice, shipped: ShippedOrder
) -> Iterator[Complaint]:
    account = account_of(ledger, about)
    if isinstance(account, Complaint):
        yield account
        return
    yield from check_header(account, about, shipped, notice.ship_to)
    if partner.answers.order_acknowledgment and account.confirmation is None:
        yield about.complain(Kind.SHIPMENT_UNCONFIRMED, "the order was shipped before it was acknowledged")
    yield from _check_day(account, about, notice.shipped_on, shipped)
    for item in (item for pack in shipped.packs for item in pack.items):
        line = account.line(item.line_number)
        if line is None:
            yield unknown_line(about, account, item.line_number)
        else:
            item_ids = tuple(each for each in item.item_ids if each.qualifier != _LOT)
            yield from check_line(about, line, item_ids, item.unit)
    yield from _check_quantities(account, about, notice)


def _check_day(account: OrderAccount, about: About, day: date, shipped: ShippedOrder) -> Iterator[Complaint]:
    """Not after the cancel date of any line that left, unless the 855 had said another day."""
    left = (account.line(item.line_number) for pack in shipped.packs for item in pack.items)
    days = (last_day_to_ship(account.order, line) for line in left if line is not None)
    last = min((each for each in days if each is not None), default=None)
    lines = account.confirmation.lines if account.confirmation else ()
    moved = any(decision.status in ("date changed", "backordered") for line in lines for decision in line.decisions)
    if last is not None and day > last and not moved:
        yield about.complain(Kind.SHIPMENT_LATE, f"it left on {day}, after the last day to ship, {last}")


def _check_quantities(account: OrderAccount, about: About, notice: ShipNotice) -> Iterator[Complaint]:
    """With what was announced before, no line has more than was ordered, and no rejected line is shipped."""
    corrected = account.notices.get(notice.shipment)
    before = _quantities(corrected, account.order.number) if corrected else {}
    for number, quantity in _quantities(notice, account.order.number).items():
        line = account.line(number)
        if line is None:
            continue
        if is_rejected(account, number):
            yield about.complain(Kind.SHIPMENT_OF_REJECTED_LINE, f"line {number} is shipped, and was rejected before")
        earlier = account.shipped(number) - before.get(number, NOTHING)
        if earlier + quantity > line.quantity:
            after = f" after {earlier}" if earlier else ""
            yield about.complain(Kind.SHIPMENT_TOO_MUCH, f"{quantity} of line {number} shipped{after}, {line.quantity} ordered")


def _quantities(notice: ShipNotice, order_number: str) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for item in items_of(notice, order_number):
        sums[item.line_number] += item.quantity
    return dict(sums)
