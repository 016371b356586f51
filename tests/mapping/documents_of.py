"""Documents of every kind, for properties: all that the common maps carry, in values X12 can hold."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
from hypothesis import strategies as st

from edi_gateway.documents.adjustment import AdjustedLine, Adjustment, StoreAmount
from edi_gateway.documents.application_advice import AdviceItem, ApplicationAdvice, ApplicationError
from edi_gateway.documents.base import (
    Amount,
    Carrier,
    Charge,
    Contact,
    DateOf,
    Detail,
    Freight,
    ItemId,
    Measurement,
    Note,
    Reference,
    Tax,
    Terms,
)
from edi_gateway.documents.inventory_advice import InventoryAdvice, LocationQuantity, StockLine, StockQuantity, StoreStock
from edi_gateway.documents.invoice import Invoice, InvoiceLine
from edi_gateway.documents.order import Order, OrderLine, Packing, Price, ScheduledQuantity, StoreQuantity, SubLine
from edi_gateway.documents.order_acknowledgment import AcknowledgedLine, LineDecision, OrderAcknowledgment
from edi_gateway.documents.order_change import ChangedLine, OrderChange
from edi_gateway.documents.order_change_acknowledgment import AnsweredLine, OrderChangeAcknowledgment
from edi_gateway.documents.party import Party
from edi_gateway.documents.remittance import BankAccount, Remittance, RemittanceAdjustment, RemittanceItem
from edi_gateway.documents.ship_notice import Mark, Pack, PackedItem, ShipNotice, ShippedOrder
from edi_gateway.documents.text_message import Message, TextMessage

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


references = st.builds(
    Reference,
    qualifier=st.sampled_from(["MR", "ZZ", "AN"]),
    value=words,
    description=maybe,
    second_qualifier=st.just("IA"),
    second_value=words,
)
dates = st.builds(DateOf, qualifier=st.sampled_from(["001", "010", "063"]), date=days, time=st.sampled_from(["", "1530"]))
texts = st.lists(words, min_size=1, max_size=3).map("\n".join)
notes = st.builds(Note, qualifier=st.sampled_from(["L1", "ZZ"]), reference=words, title=maybe, text=texts)
details = st.builds(Detail, kind=st.sampled_from(["73", "91"]), text=words)
amounts = st.builds(Amount, qualifier=st.just("1"), amount=money, credit_or_debit=st.sampled_from(["", "C"]))
measurements = st.builds(
    Measurement,
    reference=st.just("PD"),
    qualifier=st.sampled_from(["G", "LN"]),
    value=quantities,
    unit=st.sampled_from(["LB", "IN"]),
)
schedules = st.one_of(
    st.builds(ScheduledQuantity, quantity=quantities, unit=units, qualifier=st.just("010"), date=days),
    st.builds(
        ScheduledQuantity,
        quantity=quantities,
        unit=units,
        qualifier=st.just("037"),
        date=days,
        second_qualifier=st.just("038"),
        second_date=days,
    ),
)
item_ids = st.builds(ItemId, qualifier=st.sampled_from(["UP", "IN", "VN", "SK"]), id=words)
contacts = st.builds(Contact, role=st.just("IC"), name=maybe, phone=maybe, email=maybe, fax=maybe)
charges = st.builds(
    Charge,
    kind=st.sampled_from(["allowance", "charge"]),
    code=st.sampled_from(["D240", "C310", "F050"]),
    amount=money,
    description=maybe,
    agency=st.just("VI"),
    agency_code=words.map(lambda word: word[:10].strip()),
    percent_of=st.sampled_from(["Z", "3"]),
    percent=st.decimals("0.1", "99.9", places=1),
    rate=some(money),
    quantity=quantities,
    unit=units,
    reference=maybe,
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


sublines = st.builds(
    SubLine,
    number=words,
    relationship=st.sampled_from(["I", "A"]),
    quantity=quantities,
    unit=units,
    unit_price=money,
    price_basis=st.sampled_from(["", "PE"]),
    item_ids=many(item_ids, 2),
    description=maybe,
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
    notes=many(notes),
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
            description=words,
            pack=some(small),
            charges=many(charges, 1),
            references=many(references, 1),
            inner_pack=some(small),
            prices=many(st.builds(Price, qualifier=st.just("RTL"), price=money), 1),
            dates=many(dates, 1),
            stores=many(st.builds(StoreQuantity, store=words, quantity=quantities, unit=units, id_qualifier=st.just("92")), 12),
            schedule=many(schedules, 1),
            parties=many(parties("ST").map(lambda party: party_without_details(party)), 1),
            notes=many(notes, 1),
            packing=some(
                st.builds(Packing, size=quantities, size_unit=units, packaging=st.just("CTN25"), volume=some(quantities))
            ),
            sublines=many(sublines, 2),
            details=many(details, 1),
            measurements=many(measurements, 1),
            amounts=many(amounts, 1),
            taxes=many(taxes, 1),
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
            schedule=many(schedules, 1),
            references=many(references, 1),
            dates=many(dates, 1),
        )
    ),
    notes=many(notes, 1),
    contract=maybe,
    contacts=many(contacts, 1),
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
    references=many(references, 1),
    dates=many(dates, 1),
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
    mark_for=some(parties("BY").map(lambda party: party_without_details(party))),
    marks=many(st.builds(Mark, qualifier=st.just("UC"), value=words), 1),
).map(lambda pack: pack if pack.weight is not None else msgspec.structs.replace(pack, weight_unit=""))


def on_pallets(told: tuple[Pack, ...]) -> tuple[Pack, ...]:
    """Every second pack on a pallet; those on pallets come first, as in the set."""
    on = tuple(msgspec.structs.replace(pack, pallet="212345678000000018") for pack in told[::2])
    return (*on, *told[1::2])


def told_once(told: tuple[Pack, ...]) -> tuple[Pack, ...]:
    """Packs as a standard carton tells them: each with one item, every item with a number of its own, labels unlike."""
    return tuple(
        msgspec.structs.replace(
            pack, sscc=f"{number:018d}", items=(msgspec.structs.replace(pack.items[0], line_number=str(number // 2)),)
        )
        for number, pack in enumerate(told, 1)
    )


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
        measurements=many(measurements, 1),
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
    notes=many(st.builds(Note, qualifier=st.just("GEN"), text=words)),
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
    from_account=some(st.builds(BankAccount, bank_qualifier=st.just("01"), bank=words)),
    to_account=some(st.builds(BankAccount, account_qualifier=st.just("DA"), account=words)),
    trace_type=st.sampled_from(["1", "3"]),
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

order_changes = st.builds(
    OrderChange,
    number=words,
    purpose=st.sampled_from(["change", "cancellation"]),
    type=st.sampled_from(["stand-alone", "new"]),
    release_number=maybe,
    sequence=st.sampled_from(["", "1"]),
    ordered_on=days,
    changed_on=some(days),
    contract=maybe,
    currency=st.sampled_from(["", "USD"]),
    department=maybe,
    vendor_number=maybe,
    ship_to=some(parties("ST")),
    bill_to=some(parties("BT")),
    parties=many(parties("BY"), 1),
    references=many(references, 1),
    dates=many(dates, 1),
    terms=terms,
    freight=freight,
    carrier=carriers,
    charges=many(charges, 1),
    taxes=many(taxes, 1),
    notes=many(notes, 1),
    lines=many(
        st.builds(
            ChangedLine,
            number=maybe,
            change=st.sampled_from(["add", "delete", "quantity increase"]),
            quantity=quantities,
            quantity_left=quantities,
            unit=units,
            unit_price=some(money),
            price_basis=st.just(""),
            item_ids=many(item_ids, 3),
            description=maybe,
            pack=some(small),
            charges=many(charges, 1),
            dates=many(dates, 1),
            stores=many(st.builds(StoreQuantity, store=words, quantity=quantities, unit=units, id_qualifier=st.just("92")), 2),
            sublines=many(sublines, 1),
            notes=many(notes, 1),
        ),
    ),
)
order_change_acknowledgments = st.builds(
    OrderChangeAcknowledgment,
    number=words,
    decision=st.sampled_from(["accepted", "rejected"]),
    release_number=maybe,
    sequence=st.sampled_from(["", "1"]),
    ordered_on=days,
    acknowledged_on=some(days),
    seller_order_number=maybe,
    currency=st.sampled_from(["", "USD"]),
    department=maybe,
    ship_to=some(parties("ST")),
    references=many(references, 1),
    carrier=carriers,
    charges=many(charges, 1),
    notes=many(notes, 1),
    lines=many(
        st.builds(
            AnsweredLine,
            number=maybe,
            change=st.sampled_from(["add", "delete", "no change"]),
            quantity=quantities,
            quantity_left=quantities,
            unit=units,
            unit_price=some(money),
            item_ids=many(item_ids, 3),
            description=maybe,
            decisions=many(
                st.builds(LineDecision, status=st.just("accepted"), quantity=quantities, unit=units, ship_on=some(days)), 1
            ),
        )
    ),
)
inventory_advices = st.builds(
    InventoryAdvice,
    number=words,
    type=st.sampled_from(["DD", "SI"]),
    as_of=st.datetimes(datetime(1990, 1, 1), datetime(2089, 1, 1)).map(lambda at: at.replace(microsecond=0)),
    currency=st.sampled_from(["", "USD"]),
    vendor_number=maybe,
    parties=many(parties("SU"), 1),
    references=many(references, 1),
    dates=many(dates, 1),
    lines=many(
        st.builds(
            StockLine,
            number=maybe,
            item_ids=many(item_ids, 3, 1),
            description=words,
            details=many(details, 1),
            unit=units,
            unit_price=money,
            prices=many(st.builds(Price, qualifier=st.just("RTL"), price=money), 1),
            references=many(references, 1),
            quantities=many(
                st.builds(
                    StockQuantity,
                    qualifier=st.sampled_from(["33", "29"]),
                    quantity=quantities,
                    unit=units,
                    dates=many(dates, 1),
                    locations=many(
                        st.builds(
                            LocationQuantity,
                            quantity=quantities,
                            unit=units,
                            role=st.just("WH"),
                            location=words,
                            qualifier=st.just("018"),
                            date=days,
                        ),
                        1,
                    ),
                    stores=many(st.builds(StoreStock, qualifier=st.just("WS"), store=words, quantity=words), 2),
                ),
                2,
            ),
        )
    ),
)
application_advices = st.builds(
    ApplicationAdvice,
    number=words,
    purpose=st.just("response"),
    created_at=st.datetimes(datetime(1990, 1, 1), datetime(2089, 1, 1)).map(lambda at: at.replace(microsecond=0)),
    reference=maybe,
    parties=many(parties("SU"), 1),
    items=many(
        st.builds(
            AdviceItem,
            outcome=st.sampled_from(["accepted", "item rejected"]),
            qualifier=st.just("IV"),
            reference=words,
            on=some(days),
            group_control_number=st.sampled_from(["", "17"]),
            control_number=st.just("0001"),
            set_code=st.sampled_from(["810", "856"]),
            references=many(references, 1),
            dates=many(dates, 1),
            amounts=many(amounts, 1),
            errors=many(
                st.builds(
                    ApplicationError,
                    code=st.sampled_from(["024", "848"]),
                    message=maybe,
                    segment=st.sampled_from(["", "IT1"]),
                    position=some(small),
                    element=st.sampled_from(["", "2"]),
                    value=maybe,
                    should_be=maybe,
                    notes=many(st.builds(Note, qualifier=st.just("LIN"), text=words), 1),
                )
            ),
        )
    ),
)
adjustments_812 = st.builds(
    Adjustment,
    number=words,
    adjusted_on=days,
    handling=st.just("remittance only"),
    amount=money,
    credit_or_debit=st.sampled_from(["C", "D"]),
    invoice_number=words,
    invoiced_on=some(days),
    order_number=maybe,
    currency=st.sampled_from(["", "USD"]),
    references=many(
        references.map(lambda one: Reference(qualifier=one.qualifier, value=one.value, description=one.description)), 1
    ),
    dates=many(dates, 1),
    charges=many(charges, 1),
    parties=many(parties("RE").map(lambda party: party_without_details(party)), 1),
    lines=many(
        st.builds(
            AdjustedLine,
            reason=st.sampled_from(["01", "CS"]),
            credit_or_debit=st.sampled_from(["C", "D"]),
            number=maybe,
            amount=money,
            quantity=quantities,
            unit=units,
            item_ids=many(item_ids, 2),
            stores=many(st.builds(StoreAmount, store=words, location=maybe, amounts=many(amounts, 1)), 2),
        )
    ),
)
text_messages = st.builds(
    TextMessage,
    purpose=st.just("original"),
    subject=maybe,
    dates=many(dates, 1),
    parties=many(parties("SU"), 1),
    messages=many(st.builds(Message, number=words, subject=maybe, text=texts), 2, 1),
)
