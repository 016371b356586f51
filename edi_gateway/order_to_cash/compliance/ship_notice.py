"""What is checked of an 856, before the truck leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from edi_gateway.documents.order import Order
from edi_gateway.documents.ship_notice import Pack, PackedItem, ShipNotice, ShippedOrder
from edi_gateway.order_to_cash.compliance.breach import NOTHING, Around, Breach, Breaches
from edi_gateway.order_to_cash.compliance.carriage import check_carriage
from edi_gateway.order_to_cash.compliance.echo import line_of, r18_item_ids, r24_echo, r24_ship_to
from edi_gateway.order_to_cash.compliance.freshness import check_freshness
from edi_gateway.order_to_cash.sscc import is_sscc
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.order_to_cash.window import ShipWindow, ship_window
from edi_gateway.trading.compliance.check import STRUCTURES
from edi_gateway.trading.compliance.pack import Does, Rules

USUAL = Rules()


def check_ship_notice(
    order: Order,
    thread: OrderThread,
    notice: ShipNotice,
    *,
    rules: Rules = USUAL,
    around: Around = NOTHING,
    over_shipment_percent: Decimal = Decimal(0),
) -> tuple[Breach, ...]:
    """The breaches of an 856 against one order in it, and against that order's thread as it stood before this shipment.

    A shipment of several orders is checked once for each. ``rules`` are the parameters of the partner's pack.
    """
    ours = [o for o in notice.orders if (o.order_number, o.release_number) == (order.number, order.release_number)]
    if not ours:
        return tuple(r24_echo("order number", order.number, ", ".join(o.order_number for o in notice.orders)))
    items = [item for part in ours for pack in part.packs for item in pack.items]
    return (
        *r08_accepted_before(thread, rules.R08.after_acknowledgment),
        *r08_nothing_rejected(thread, items),
        *r09_before_arrival(notice, around.today),
        *r09_in_the_window(order, notice, items, around),
        *r10_one_original(thread, notice, around.number_used),
        *r11_levels(notice, rules.R11.structures),
        *r12_quantities(thread, items, over_shipment_percent),
        *r12_pack_sizes(order, items, rules.R12.pack_size),
        *r13_packs(notice),
        *r13_weight(notice, rules.R13.weight_tolerance_percent),
        *r14_labels(notice, around.company_prefix, rules.R14.prefixes),
        *r14_not_used(notice, around.labels_used),
        *check_carriage(notice, rules.R16),
        *r17_one_notice(notice, around.other_notices),
        *_r18(order, items, rules.R18.gtin),
        *check_freshness(notice, items, rules.R19),
        *r24_header(order, ours, notice),
        *r25_no_change_waits(around),
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


def r09_before_arrival(notice: ShipNotice, today: date | None) -> Breaches:
    """It is told of before the day on which it was to arrive."""
    if today is not None and notice.delivery_on is not None and notice.delivery_on < today:
        message = f"it was to arrive on {notice.delivery_on}, and it is {today}"
        yield Breach(rule="R09", severity="warn", message=message, place="delivery date")


def r09_in_the_window(order: Order, notice: ShipNotice, items: list[PackedItem], around: Around) -> Breaches:
    """The goods leave inside their ship window. Those that left outside of it are told of as they left, and so is that."""
    windows: dict[ShipWindow, list[str]] = {}
    for number in dict.fromkeys(item.line_number for item in items):
        windows.setdefault(ship_window(order, line_of(order, number)), []).append(number)
    for window, lines in windows.items():
        if not window.holds(notice.shipped_on):
            is_early = window.not_before is not None and notice.shipped_on < window.not_before
            leaves = "leaves" if around.may_wait else "left"
            whose = f"the ship window of line {', '.join(lines)}" if len(windows) > 1 else "the order's ship window"
            message = f"it {leaves} on {notice.shipped_on}, and {whose} is {window}"
            is_held = is_early and around.may_wait
            yield Breach(rule="R09", severity="stop" if is_held else "warn", message=message, place="ship date")


def r10_one_original(thread: OrderThread, notice: ShipNotice, used: bool) -> Breaches:
    """A shipment is told once as an original; a thread that knows it has told it, and so has another order with its number."""
    if notice.purpose == "original" and (used or any(shipment.number == notice.shipment for shipment in thread.shipments)):
        yield Breach(rule="R10", message=f"shipment {notice.shipment} was told before; a second original is refused")


def r11_levels(notice: ShipNotice, taken: tuple[str, ...]) -> Breaches:
    """The levels are in an order that is known and ``taken`` (none named: any), and none is empty."""
    if notice.structure not in STRUCTURES:
        yield Breach(rule="R11", message=f"'{notice.structure}' is no structure of levels", place="structure")
    elif taken and notice.structure not in taken:
        yield Breach(rule="R11", message=f"'{notice.structure}' is no structure they take", place="structure")
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


def r12_pack_sizes(order: Order, items: list[PackedItem], compared: bool) -> Breaches:
    """A case that ships holds as many as the case that was ordered."""
    for item in items:
        line = line_of(order, item.line_number)
        if compared and line and line.pack and item.pack and item.pack != line.pack:
            message = f"a {item.unit} of {item.pack} ships, one of {line.pack} was ordered"
            yield Breach(rule="R12", message=message, place=f"line {item.line_number}")


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


def r14_labels(notice: ShipNotice, company_prefix: str, others: tuple[str, ...]) -> Breaches:
    """Every pack and pallet number is an SSCC-18 whose check digit is right, behind our own company prefix or one of others'."""
    if "pack" not in notice.structure:
        return
    prefixes = (company_prefix, *others)
    for sscc in _labels(notice):
        if not is_sscc(sscc):
            yield Breach(rule="R14", message=f"'{sscc}' is no SSCC-18", place=f"pack {sscc}")
        elif not sscc[1:].startswith(prefixes):
            message = f"{sscc} does not carry our company prefix {' or '.join(prefixes)}"
            yield Breach(rule="R14", message=message, place=f"pack {sscc}")


def r14_not_used(notice: ShipNotice, used: Mapping[str, str]) -> Breaches:
    """No label was used in another shipment, so short a time ago that it may not be used again."""
    for sscc in _labels(notice):
        if sscc in used:
            yield Breach(rule="R14", message=f"{sscc} was used in shipment {used[sscc]}", place=f"pack {sscc}")


def r17_one_notice(notice: ShipNotice, others: tuple[str, ...]) -> Breaches:
    """What is on one trailer to one place on one day is told of in one notice."""
    if others:
        trailer = notice.carrier.trailer if notice.carrier else ""
        message = f"trailer {trailer} was told of in shipment {', '.join(others)} already"
        yield Breach(rule="R17", message=message, place="trailer")


def r25_no_change_waits(around: Around) -> Breaches:
    """What the buyer changed of the order is decided on before its goods leave; those that left are told of as they left."""
    if around.change_waits:
        is_held = around.may_wait
        yield Breach(rule="R25", severity="stop" if is_held else "warn", message=around.change_waits, place="order change")


def _r18(order: Order, items: list[PackedItem], gtin: Does) -> Breaches:
    for number, item in {item.line_number: item for item in items}.items():
        if line := line_of(order, number):
            yield from r18_item_ids(line, item.item_ids, gtin)


def r24_header(order: Order, ours: list[ShippedOrder], notice: ShipNotice) -> Breaches:
    """Department, vendor number and ship-to are echoed exactly."""
    for part in ours:
        yield from r24_echo("department", order.department, part.department)
        yield from r24_echo("vendor number", order.vendor_number, part.vendor_number)
    yield from r24_ship_to(order.ship_to, notice.ship_to)


def _packs(notice: ShipNotice) -> list[Pack]:
    return [pack for order in notice.orders for pack in order.packs]


def _labels(notice: ShipNotice) -> list[str]:
    """Of every pack, then of every pallet."""
    packs = _packs(notice)
    return [pack.sscc for pack in packs] + list(dict.fromkeys(pack.pallet for pack in packs if pack.pallet))


def _sums(items: list[PackedItem]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for item in items:
        sums[item.line_number] = sums.get(item.line_number, Decimal(0)) + item.quantity
    return sums
