"""Documents of every kind, for properties: all that the common maps carry, in values X12 can hold."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import strategies as st

from edi_gateway.documents.base import (
    Carrier,
    Charge,
    Contact,
    DateOf,
    Freight,
    ItemId,
    Reference,
    Tax,
    Terms,
)
from edi_gateway.documents.invoice import Invoice, InvoiceLine
from edi_gateway.documents.order import Order, OrderLine, Price, ScheduledQuantity, StoreQuantity
from edi_gateway.documents.order_acknowledgment import AcknowledgedLine, LineDecision, OrderAcknowledgment
from edi_gateway.documents.party import Party
from edi_gateway.documents.remittance import Remittance, RemittanceAdjustment, RemittanceItem
from edi_gateway.documents.ship_notice import Pack, PackedItem, ShipNotice, ShippedOrder

words = st.from_regex(r"[A-Z0-9][A-Z0-9 .\-]{0,12}[A-Z0-9]", fullmatch=True)
maybe = st.one_of(st.just(""), words)
days = st.dates(date(1990, 1, 1), date(2089, 12, 31))
quantities = st.decimals("0.001", "99999", places=3).map(lambda value: value.normalize())
money = st.decimals("0.00", "99999.99", places=2)
small = st.integers(1, 999)
units = st.sampled_from(["EA", "CA", "CT", "LB", "DZ"])


def many(strategy: st.SearchStrategy[Any], most: int = 2, least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


references = st.builds(Reference, qualifier=st.sampled_from(["MR", "ZZ", "AN"]), value=words, description=maybe)
dates = st.builds(DateOf, qualifier=st.sampled_from(["001", "010", "063"]), date=days)
item_ids = st.builds(ItemId, qualifier=st.sampled_from(["UP", "IN", "VN", "SK"]), id=words)
contacts = st.builds(Contact, role=st.just("IC"), name=maybe, phone=maybe, email=maybe)
charges = st.builds(
    Charge,
    kind=st.sampled_from(["allowance", "charge"]),
    code=st.sampled_from(["D240", "C310", "F050"]),
    amount=money,
    description=maybe,
    agency=st.just("VI"),
    agency_code=words.map(lambda word: word[:10].strip()),
    percent=some(st.decimals("0.1", "99.9", places=1)),
    handling=st.sampled_from(["", "02", "06"]),
)
taxes = st.builds(Tax, type=st.sampled_from(["ST", "GS"]), amount=some(money), percent=some(quantities), exempt=st.just("2"))
carriers = some(st.builds(Carrier, scac=st.sampled_from(["RDWY", "UPSN"]), routing=maybe, mode=st.sampled_from(["A", "M"])))
freight = some(st.builds(Freight, payment=st.just("PP"), location_qualifier=st.just("OR"), location=maybe))
terms = some(
    st.builds(
        Terms,
        type=st.just("08"),
        basis=st.just("3"),
        discount_percent=some(st.decimals("0.1", "9.9", places=1)),
        discount_days=some(small),
        net_days=some(small),
        description=maybe,
        discount_due_on=some(days),
        net_due_on=some(days),
        discount_amount=some(money),
    )
)


def parties(role: str) -> st.SearchStrategy[Party]:
    return st.builds(
        Party,
        role=st.just(role),
        name=words,
        id_qualifier=st.just("92"),
        id=words,
        street=maybe,
        street_2=st.just(""),
        city=maybe,
        region=st.sampled_from(["", "CO"]),
        postal_code=st.sampled_from(["", "02134"]),
        country=st.sampled_from(["", "US"]),
        name_2=maybe,
        references=many(references, 1),
        contact=some(contacts),
    )


orders = st.builds(
    Order,
    number=words,
    purpose=st.sampled_from(["original", "duplicate", "confirmation"]),
    type=st.sampled_from(["stand-alone", "drop ship", "new"]),
    release_number=maybe,
    ordered_on=days,
    contract=maybe,
    currency=st.sampled_from(["", "USD"]),
    department=maybe,
    vendor_number=maybe,
    promotion=maybe,
    ship_to=some(parties("ST")),
    bill_to=some(parties("BT")),
    parties=many(parties("BY")),
    references=many(references),
    contacts=many(contacts.filter(lambda contact: contact.role != "")),
    dates=many(dates),
    terms=terms,
    charges=many(charges),
    notes=many(words),
    freight=freight,
    carrier=carriers,
    taxes=many(taxes),
    total=some(money),
    lines=many(
        st.builds(
            OrderLine,
            number=words,
            quantity=quantities,
            unit=units,
            unit_price=some(money),
            price_basis=st.sampled_from(["", "PE"]),
            item_ids=many(item_ids, 4),
            description=maybe,
            pack=some(small),
            charges=many(charges, 1),
            references=many(references, 1),
            inner_pack=some(small),
            prices=many(st.builds(Price, qualifier=st.just("RTL"), price=money), 1),
            dates=many(dates, 1),
            stores=many(st.builds(StoreQuantity, store=words, quantity=quantities, unit=units, id_qualifier=st.just("92")), 12),
            schedule=many(st.builds(ScheduledQuantity, quantity=quantities, unit=units, qualifier=st.just("010"), date=days), 1),
            parties=many(parties("ST").map(lambda party: party_without_details(party)), 1),
            notes=many(words, 1),
        ),
        2,
        1,
    ),
)


def party_without_details(party: Party) -> Party:
    """In a line, the map carries who and where."""
    values = {name: getattr(party, name) for name in party.__struct_fields__}
    return Party(**{**values, "references": (), "contact": None})


order_acknowledgments = st.builds(
    OrderAcknowledgment,
    number=words,
    purpose=st.just("original"),
    decision=st.sampled_from(["accepted", "accepted with changes", "rejected"]),
    release_number=maybe,
    ordered_on=days,
    acknowledged_on=days,
    currency=st.sampled_from(["", "USD"]),
    department=maybe,
    vendor_number=maybe,
    seller_order_number=maybe,
    ship_to=some(parties("ST")),
    parties=many(parties("BY")),
    references=many(references),
    dates=many(dates),
    charges=many(charges),
    lines=many(
        st.builds(
            AcknowledgedLine,
            number=words,
            quantity=quantities,
            unit=units,
            unit_price=some(money),
            price_basis=st.sampled_from(["", "PE"]),
            item_ids=many(item_ids, 4),
            description=maybe,
            decisions=many(
                st.builds(
                    LineDecision,
                    status=st.sampled_from(["accepted", "backordered", "rejected", "date changed"]),
                    quantity=quantities,
                    unit=units,
                    ship_on=some(days),
                    reason=maybe,
                    item_ids=many(item_ids),
                )
            ),
        )
    ),
)

packed_items = st.builds(
    PackedItem,
    line_number=words,
    quantity=quantities,
    unit=units,
    item_ids=many(item_ids, 3, 1),
    description=maybe,
    ordered_quantity=st.none(),
    pack=some(small),
    lot=maybe,
    expires_on=some(days),
) | st.builds(
    PackedItem,
    line_number=words,
    quantity=quantities,
    unit=units,
    item_ids=many(item_ids, 1, 1),
    ordered_quantity=quantities,
    ordered_unit=units,
)
packs = st.builds(
    Pack,
    sscc=st.from_regex(r"[0-9]{18}", fullmatch=True),
    items=many(packed_items, 2, 1),
    weight=some(quantities),
    weight_unit=st.just("LB"),
    tracking=maybe,
).map(lambda pack: pack if pack.weight is not None else Pack(sscc=pack.sscc, items=pack.items, tracking=pack.tracking))


def ship_notices(orders_in_it: st.SearchStrategy[Any]) -> st.SearchStrategy[ShipNotice]:
    return st.builds(
        ShipNotice,
        shipment=words,
        purpose=st.just("original"),
        created_at=st.datetimes(datetime(1990, 1, 1), datetime(2089, 1, 1)).map(lambda at: at.replace(microsecond=0)),
        structure=st.just("shipment, order, pack, item"),
        shipped_on=days,
        delivery_on=some(days),
        bill_of_lading=maybe,
        carrier_reference=maybe,
        carrier=carriers,
        packaging=st.just("CTN25"),
        pack_count=small,
        weight=quantities,
        weight_unit=st.sampled_from(["LB", "KG"]),
        ship_from=some(parties("SF")),
        ship_to=some(parties("ST")),
        freight=freight,
        references=many(references),
        dates=many(dates),
        parties=many(parties("BY")),
        orders=many(orders_in_it, 2, 1),
    )


def shipped_orders(packed: st.SearchStrategy[Any]) -> st.SearchStrategy[ShippedOrder]:
    return st.builds(
        ShippedOrder,
        order_number=words,
        ordered_on=some(days),
        release_number=maybe,
        department=maybe,
        vendor_number=maybe,
        references=many(references),
        parties=many(parties("BY"), 1),
        packs=packed,
    )


def invoice_lines(number: str, quantity: Decimal, price: Decimal, ids: Any, taxed: Any, charged: Any, text: str) -> InvoiceLine:
    return InvoiceLine(
        number=number,
        quantity=quantity,
        unit="EA",
        unit_price=price,
        amount=(quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP),
        item_ids=ids,
        description=text,
        taxes=taxed,
        charges=charged,
    )


invoices = st.builds(
    Invoice,
    number=words,
    invoiced_on=days,
    order_number=words,
    ordered_on=some(days),
    release_number=maybe,
    type=st.sampled_from(["debit", "credit"]),
    currency=st.sampled_from(["", "USD"]),
    department=maybe,
    vendor_number=maybe,
    shipment=maybe,
    bill_of_lading=maybe,
    shipped_on=some(days),
    carrier=carriers,
    ship_to=some(parties("ST")),
    bill_to=some(parties("BT")),
    remit_to=some(parties("RE")),
    parties=many(parties("BY")),
    references=many(references),
    terms=terms,
    charges=many(charges),
    taxes=many(taxes),
    freight=freight,
    notes=many(words),
    dates=many(dates),
    units_shipped=some(quantities),
    total=money,
    lines=many(
        st.builds(invoice_lines, words, quantities, money, many(item_ids, 4), many(taxes, 1), many(charges, 1), maybe), 2, 1
    ),
)

adjustments = st.builds(
    RemittanceAdjustment,
    amount=st.decimals("-9999.99", "9999.99", places=2),
    reason=st.sampled_from(["01", "CS"]),
    reference=words,
    qualifier=st.just("CM"),
    references=many(references, 1),
)
remittances = st.builds(
    Remittance,
    amount=money,
    credit_or_debit=st.just("C"),
    method=st.sampled_from(["ACH", "CHK"]),
    effective_on=some(days),
    trace=words,
    currency=st.sampled_from(["", "USD"]),
    payer=some(parties("PR")),
    payee=some(parties("PE")),
    handling=st.sampled_from(["payment with remittance", "remittance only"]),
    payment_format=st.sampled_from(["", "CTX"]),
    references=many(references),
    dates=many(dates),
    items=many(
        st.builds(
            RemittanceItem,
            qualifier=st.just("IV"),
            reference=words,
            paid=money,
            gross=some(money),
            discount=some(money),
            order_number=maybe,
            invoiced_on=some(days),
            action=st.sampled_from(["", "PI"]),
            references=many(references, 1),
            dates=many(dates, 1),
            adjustments=many(adjustments),
        ),
        3,
    ),
    adjustments=many(adjustments),
)
