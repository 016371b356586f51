"""What is ordered in a certification, and what the private gateway's ERP has to sell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from edi_gateway.documents.base import ItemId
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.price import price_of_one
from edi_gateway.erp.simulator import Catalog, default_catalog
from edi_gateway.erp.simulator.catalog import Customer, Item
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.simulated_partner import OfferedItem, invent_orders
from edi_gateway.simulated_partner.certification import Invented, OrderSource, Sampled, SampleFile
from edi_gateway.simulated_partner.terms import agreed
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import TradingPartner, Usage
from edi_gateway.x12.guide import Guide

_PLENTY = Decimal(1_000_000)
_PER_PALLET = 4  # cartons, for a partner that is told of pallets
_INVENTED = 2
_GLN = "0614141000012"


def usage_of(partner: TradingPartner, samples: Sequence[SampleFile], asked: str | None) -> Usage:
    """Which usage is played: the one asked for, that of the samples, or what an 850 is agreed for.

    Raises WrongInput where no 850 is agreed for it, or the samples are of several.
    """
    agreed_for = {each.usage for each in partner.agreements if each.set == "850" and each.direction == "in"}
    if not agreed_for:
        raise WrongInput(f"no 850 from {partner.name} is agreed; there is nothing to play", do="add it to the partner's file")
    usual: Usage = "production" if "production" in agreed_for else "test"
    wanted = asked or (samples[0].usage if samples else usual)
    for sample in samples:
        if sample.usage != wanted:
            do = "play samples of one usage at a time"
            raise WrongInput(f"is for {sample.usage}, and {wanted} is played", where=sample.name, do=do)
    for usage in agreed_for:
        if usage == wanted:
            return usage
    told = ", ".join(sorted(agreed_for))
    raise WrongInput(f"no 850 from {partner.name} is agreed for usage '{wanted}'", do=f"it is for {told}")


def source_of(
    samples: Sequence[SampleFile], directory: Directory, partner: TradingPartner, usage: Usage, now: datetime
) -> OrderSource:
    """Orders from the samples, or where there are none ones that are invented, as of ``now``."""
    return Sampled(samples) if samples else Invented(_invented(directory, partner, usage, now.date()))


def begin_of(source: OrderSource, partner: TradingPartner, now: datetime) -> datetime:
    """When the play begins: when the first sample was written, or in the afternoon of the day that ``now`` is."""
    if isinstance(source, Sampled):
        return min(sample.written_at for sample in source.samples).replace(tzinfo=ZoneInfo(partner.time_zone)).astimezone(UTC)
    return datetime.combine(now.date(), time(15), UTC)


def catalog_for(source: OrderSource, partner: TradingPartner, maps: Library, usage: Usage) -> Catalog:
    """An ERP that has plenty of everything ordered, at the price it is ordered for, and knows the buyer."""
    orders = source.orders(partner, maps, usage) if isinstance(source, Sampled) else _orders_of(source)
    customer = partner.customer or partner.name
    lines: dict[tuple[ItemId, ...], OrderLine] = {}
    for order in orders:
        for line in order.lines:
            lines.setdefault(line.item_ids, line)
    items = tuple(_item(number, line, customer) for number, line in enumerate(lines.values(), 1))
    usual = default_catalog()
    on_pallets = "tare" in partner.answers.ship_notice_structure
    customers = {customer: Customer(per_pallet=_PER_PALLET if on_pallets else None)}
    return Catalog(items=items, customers=customers, pace=usual.pace, scac=usual.scac)


def _orders_of(source: OrderSource) -> Sequence[Order]:
    return source.orders if isinstance(source, Invented) else ()


def _item(number: int, line: OrderLine, customer: str) -> Item:
    shape = Item(number=f"ITEM-{number:04d}", title=line.description or f"Item {number}", list_price=Decimal(0))
    each = shape.eaches(line.unit) or Decimal(1)
    return Item(
        number=shape.number,
        title=shape.title,
        list_price=price_of_one(line.unit_price or Decimal(1), line.price_basis) / each,
        per_carton=line.pack or 12 if each == 1 and line.unit == "EA" else 1,
        stock=_PLENTY,
        buyer_ids={customer: line.item_ids},
    )


def _invented(directory: Directory, partner: TradingPartner, usage: Usage, on: date) -> list[Order]:
    guide = directory.guide(partner, agreed(partner, "850", "in", usage))
    offered = [_offered(item, partner, guide) for item in default_catalog().items if not item.blocked][:6]
    orders = invent_orders(partner, offered, seed=850, count=_INVENTED, on=on)
    return [_placed_by_guide(order, guide) for order in orders]


def _placed_by_guide(order: Order, guide: Guide | None) -> Order:
    """The order for a place that is named by the kind of number the guide asks for."""
    asked = [rule.codes.only for rule in guide.rules if rule.written == "N1*ST/N103" and rule.codes] if guide else []
    taken = sorted(asked[0] or ()) if asked else []
    if order.ship_to is None or not taken or order.ship_to.id_qualifier in taken:
        return order
    id = _GLN if taken[0] == "UL" else order.ship_to.id
    return replace(order, ship_to=replace(order.ship_to, id_qualifier=taken[0], id=id))


def _offered(item: Item, partner: TradingPartner, guide: Guide | None) -> OfferedItem:
    """An item under the ids the buyer uses, or those its guide asks for."""
    ids = {id.qualifier: id.id for id in (*item.buyer_ids.get(partner.name, ()), *item.ids[:1])}
    for rule in guide.rules if guide else ():
        if rule.required and rule.place.pair and rule.place.segment.id == "PO1":
            ids.setdefault(rule.place.pair, _id_of(item, rule.place.pair))
    return OfferedItem(
        ids=tuple(ItemId(qualifier=qualifier, id=id) for qualifier, id in ids.items()),
        price=item.list_price,
        per_carton=item.per_carton,
        title=item.title,
    )


def _id_of(item: Item, qualifier: str) -> str:
    """A number of the kind a qualifier says: a GTIN in its length, or any."""
    length = {"UP": 12, "EN": 13, "UK": 14}.get(qualifier)
    gtin = next((id.id for id in item.ids if id.qualifier == "UP"), "")
    return gtin.zfill(length) if length and gtin else item.number.replace("-", "")
