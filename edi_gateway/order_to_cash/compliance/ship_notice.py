"""What is checked of an 856, before the truck leaves."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from edi_gateway.documents.order import Order
from edi_gateway.documents.ship_notice import Pack, PackedItem, ShipNotice, ShippedOrder
from edi_gateway.order_to_cash.compliance.breach import Breach, Breaches
from edi_gateway.order_to_cash.compliance.echo import line_of, r18_item_ids, r24_echo, r24_ship_to
from edi_gateway.order_to_cash.sscc import is_sscc
from edi_gateway.order_to_cash.thread import OrderThread

STRUCTURES = (
    "shipment, order, pack, item",
    "shipment, order, item",
    "shipment, order, tare, pack, item",
    "shipment, order, item, pack",
)


def check_ship_notice(
    order: Order,
    thread: OrderThread,
    notice: ShipNotice,
    *,
    over_shipment_percent: Decimal = Decimal(0),
    requires_acknowledgment: bool = False,
    company_prefix: str = "",
    weight_tolerance_percent: Decimal = Decimal(1),
) -> tuple[Breach, ...]:
    """The breaches of an 856 against one order in it, and against that order's thread as it stood before this shipment.

    A shipment of several orders is checked once for each. ``company_prefix`` is ours, empty where any will do.
    """
    ours = [o for o in notice.orders if (o.order_number, o.release_number) == (order.number, order.release_number)]
    if not ours:
        return tuple(r24_echo("order number", order.number, ", ".join(o.order_number for o in notice.orders)))
    items = [item for part in ours for pack in part.packs for item in pack.items]
    return (
        *r08_accepted_before(thread, requires_acknowledgment),
        *r08_nothing_rejected(thread, items),
        *r10_one_original(thread, notice),
        *r11_levels(notice),
        *r12_quantities(thread, items, over_shipment_percent),
        *r13_packs(notice),
        *r13_weight(notice, weight_tolerance_percent),
        *r14_labels(notice, company_prefix),
        *r16_carriage(notice),
        *_r18(order, items),
        *r24_header(order, ours, notice),
    )


def r08_accepted_before(thread: OrderThread, required: bool) -> Breaches:
    """Nothing ships before the order was acknowledged, where the partner requires an 855."""
    if required and thread.state == "received":
        yield Breach(rule="R08", message="the order was not acknowledged yet")


def r08_nothing_rejected(thread: OrderThread, items: list[PackedItem]) -> Breaches:
    """No quantity ships that was rejected or cancelled before."""
    for number, quantity in _sums(items).items():
        line = thread.line(number)
        if line and line.rejected and line.shipped + quantity > line.ordered - line.rejected:
            message = f"{line.rejected} {line.unit} of {line.ordered} were rejected, yet {line.shipped + quantity} ship"
            yield Breach(rule="R08", message=message, place=f"line {number}")


def r10_one_original(thread: OrderThread, notice: ShipNotice) -> Breaches:
    """A shipment is told once as an original; a thread that knows it has told it."""
    if notice.purpose == "original" and any(shipment.number == notice.shipment for shipment in thread.shipments):
        yield Breach(rule="R10", message=f"shipment {notice.shipment} was told before; a second original is refused")


def r11_levels(notice: ShipNotice) -> Breaches:
    """The levels are in an order we know, and none is empty: shipment, its orders, their packs, their items."""
    if notice.structure not in STRUCTURES:
        yield Breach(rule="R11", message=f"'{notice.structure}' is no structure of levels", place="structure")
    for order in notice.orders:
        if not order.packs:
            yield Breach(rule="R11", message="no pack is in it", place=f"order {order.order_number}")
        for pack in order.packs:
            if not pack.items:
                yield Breach(rule="R11", message="no item is in it", place=f"pack {pack.sscc}")


def r12_quantities(thread: OrderThread, items: list[PackedItem], over_percent: Decimal) -> Breaches:
    """What ships of a line is more than nothing, in the order's unit, and with earlier shipments not beyond what was ordered."""
    for item in items:
        line = thread.line(item.line_number)
        place = f"line {item.line_number}"
        if item.quantity <= 0:
            yield Breach(rule="R12", message=f"{item.quantity} {item.unit} ship", place=place)
        if line is None:
            yield Breach(rule="R12", message="the order has no such line", place=place)
        elif item.unit != line.unit:
            yield Breach(rule="R12", message=f"shipped in {item.unit}, ordered in {line.unit}", place=place)
    for number, quantity in _sums(items).items():
        line = thread.line(number)
        if line and line.shipped + quantity > line.ordered * (100 + over_percent) / 100:
            message = f"{line.shipped + quantity} {line.unit} shipped of {line.ordered} ordered"
            yield Breach(rule="R12", message=message, place=f"line {number}")


def r13_packs(notice: ShipNotice) -> Breaches:
    """Where packs are told of: the carton count (TD102) is the number of packs, and each has a number of its own."""
    if "pack" not in notice.structure:
        if notice.pack_count < 1:
            yield Breach(rule="R13", message=f"{notice.pack_count} cartons left", place="pack count")
        return
    packs = _packs(notice)
    if notice.pack_count != len(packs):
        yield Breach(rule="R13", message=f"{notice.pack_count} cartons counted, {len(packs)} told of", place="pack count")
    for sscc, times in Counter(pack.sscc for pack in packs).items():
        if times > 1:
            yield Breach(rule="R13", message=f"{times} packs carry the number {sscc or '(none)'}", place=f"pack {sscc}")


def r13_weight(notice: ShipNotice, tolerance_percent: Decimal) -> Breaches:
    """The shipment weighs something, and as much as its packs together."""
    if notice.weight is None or notice.weight <= 0:
        yield Breach(
            rule="R13", message="no weight is known" if notice.weight is None else f"it weighs {notice.weight}", place="weight"
        )
        return
    weights = [pack.weight for pack in _packs(notice) if pack.weight is not None]
    packed = sum(weights, Decimal(0))
    if len(weights) == len(_packs(notice)) and abs(notice.weight - packed) > packed * tolerance_percent / 100:
        message = f"it weighs {notice.weight} {notice.weight_unit}, its packs {packed}"
        yield Breach(rule="R13", message=message, place="weight")


def r14_labels(notice: ShipNotice, company_prefix: str) -> Breaches:
    """Every pack number is an SSCC-18 whose check digit is right, behind our own company prefix."""
    if "pack" not in notice.structure:
        return
    for pack in _packs(notice):
        if not is_sscc(pack.sscc):
            yield Breach(rule="R14", message=f"'{pack.sscc}' is no SSCC-18", place=f"pack {pack.sscc}")
        elif not pack.sscc[1:].startswith(company_prefix):
            message = f"{pack.sscc} does not carry our company prefix {company_prefix}"
            yield Breach(rule="R14", message=message, place=f"pack {pack.sscc}")


def r16_carriage(notice: ShipNotice) -> Breaches:
    """The bill of lading and the carrier's code are told."""
    if not notice.bill_of_lading:
        yield Breach(rule="R16", severity="warn", message="no bill of lading", place="bill of lading")
    if notice.carrier is None or not notice.carrier.scac:
        yield Breach(rule="R16", severity="warn", message="no carrier code (SCAC)", place="carrier")


def _r18(order: Order, items: list[PackedItem]) -> Breaches:
    for number, item in {item.line_number: item for item in items}.items():
        if line := line_of(order, number):
            yield from r18_item_ids(line, item.item_ids)


def r24_header(order: Order, ours: list[ShippedOrder], notice: ShipNotice) -> Breaches:
    """Department, vendor number and ship-to are echoed exactly."""
    for part in ours:
        yield from r24_echo("department", order.department, part.department)
        yield from r24_echo("vendor number", order.vendor_number, part.vendor_number)
    yield from r24_ship_to(order.ship_to, notice.ship_to)


def _packs(notice: ShipNotice) -> list[Pack]:
    return [pack for order in notice.orders for pack in order.packs]


def _sums(items: list[PackedItem]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for item in items:
        sums[item.line_number] = sums.get(item.line_number, Decimal(0)) + item.quantity
    return sums
