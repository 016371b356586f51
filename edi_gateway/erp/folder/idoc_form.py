"""IDoc-shaped XML, as SAP's XML port reads and writes it: ORDERS05 and REMADV out, ORDRSP, DESADV and INVOIC in.

Only what both sides need is written and looked at; a receiving system adds the rest by its own rules.

    ORDERS05   EDI_DC40 (ARCKEY our id, SNDPRN the customer), E1EDK01 (CURCY), E1EDK02 001 (the buyer's number), E1EDK03 (012
               ordered, 002 delivery), E1EDKA1 (AG, WE, RE), E1EDP01 (POSEX, MENGE, MENEE, VPREI for PEINH units) with E1EDP20
               (WMENG wanted on EDATU, where the line says it itself) and E1EDP19 (001 the buyer's item, 002 ours, 003 GTIN)
    PEXR2002   REMADV: E1IDKU1 (total, reference) and E1IDPU1 for each item paid
    ORDRSP     E1EDP01 (POSEX, MENGE, ABGRU when refused) with E1EDP20 (WMENG confirmed for EDATU); what is neither is backordered
    DESADV     E1EDL20 (VBELN, BOLNR) with E1EDL24 (POSNR, LFIMG) and E1EDL41 (BSTNR, POSEX: whose order), E1EDL37 (EXIDV) with
               E1EDL44 (POSNR, VEMNG); what of an order is in no E1EDL37 is one carton; E1EDT13 006 is when goods left
    INVOIC     E1EDK02 009 (the invoice), 001 (the order), 012 (the delivery), E1EDP01 (POSEX, MENGE, VPREI for PEINH
               units, or where that is not said, for as many as in the order); E1EDK01 BSART CRME: a credit note under 009, of
               the invoice in 016, with AUGRU (RET goods came back, BIL billed too much, PRI at too high a price: then VPREI is
               the difference)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation

import msgspec
from lxml import etree

from edi_gateway.documents.base import ItemId
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.party import Party
from edi_gateway.documents.remittance import Remittance
from edi_gateway.erp.base import (
    BilledLine,
    DecidedQuantity,
    OrderBilled,
    OrderCredited,
    OrderDecided,
    OrderEvent,
    OrderShipped,
    PackContent,
    PackedCarton,
)
from edi_gateway.erp.folder.xml_form import parse
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.credit import Why
from edi_gateway.order_to_cash.money import price_on_basis
from edi_gateway.order_to_cash.sscc import is_sscc

SUFFIX = "xml"
_PARTIES = {"BY": "AG", "ST": "WE", "BT": "RE"}
_ITEMS = {"IN": "001", "SK": "001", "BP": "001", "VN": "002", "UP": "003", "EN": "003", "UK": "003", "UA": "003"}
_CREDIT_MEMO = "CRME"
_MIDDAY = time(12, tzinfo=UTC)  # of a day that is told without its hour: the same day nearly everywhere
_WHYS: dict[str, Why] = {"": "returned", "RET": "returned", "BIL": "overbilled", "PRI": "price"}
_DATES = {"002": "002", "010": "002"}  # DTM qualifier: E1EDK03 IDDAT


# --- out ------------------------------------------------------------------------------------------------------------------------


def write_order(key: str, customer: str, order: Order) -> bytes:
    """ORDERS in ORDERS05."""
    return _orders05("ORDERS", key, customer, order)


def write_change(key: str, customer: str, of: str, order: Order) -> bytes:
    """ORDCHG in ORDERS05: the whole order as it is to be. ``E1EDK02`` 044 carries our id of the order it changes."""
    return _orders05("ORDCHG", key, customer, order, of)


def _orders05(message: str, key: str, customer: str, order: Order, of: str = "") -> bytes:
    root, idoc = _idoc("ORDERS05", message, key, customer)
    _segment(idoc, "E1EDK01", CURCY=order.currency, BELNR=order.number)
    _segment(idoc, "E1EDK03", IDDAT="012", DATUM=_day(order.ordered_on))
    for stated in order.dates:
        if stated.qualifier in _DATES:
            _segment(idoc, "E1EDK03", IDDAT=_DATES[stated.qualifier], DATUM=_day(stated.date))
    parties = [order.ship_to, order.bill_to, *order.parties]
    for party in [party for party in parties if party and party.role in _PARTIES]:
        _party(idoc, party)
    _segment(idoc, "E1EDK02", QUALF="001", BELNR=order.number, DATUM=_day(order.ordered_on))
    if of:
        _segment(idoc, "E1EDK02", QUALF="044", BELNR=of)
    for line in order.lines:
        _line(idoc, line)
    return _bytes(root)


def _party(idoc: etree._Element, party: Party) -> None:
    _segment(
        idoc,
        "E1EDKA1",
        PARVW=_PARTIES[party.role],
        PARTN=party.id,
        NAME1=party.name,
        NAME2=party.name_2,
        STRAS=party.street,
        STRS2=party.street_2,
        ORT01=party.city,
        PSTLZ=party.postal_code,
        LAND1=party.country,
        REGIO=party.region,
    )


def _line(idoc: etree._Element, line: OrderLine) -> None:
    price, units = line.unit_price, price_on_basis(Decimal(1), line.price_basis)
    made = _segment(
        idoc,
        "E1EDP01",
        POSEX=line.number,
        MENGE=f"{line.quantity:f}",
        MENEE=line.unit,
        VPREI="" if price is None else f"{price:f}",
        PEINH="" if price is None else f"{units:f}",
    )
    for day, quantity in _wanted(line):
        _segment(made, "E1EDP20", WMENG=f"{quantity:f}", EDATU=_day(day))
    written: set[str] = set()
    for id in line.item_ids:
        qualifier = _ITEMS.get(id.qualifier)
        if qualifier and qualifier not in written:
            written.add(qualifier)
            _item(made, qualifier, id, line.description)


def _wanted(line: OrderLine) -> list[tuple[date, Decimal]]:
    """How much of a line is wanted when, as the line itself says: by its schedule (SCH), else all of it on its day (DTM)."""
    asked = [(one, [stated.date for stated in one.dates if stated.qualifier in _DATES]) for one in line.schedule]
    parts = [(days[0], one.quantity) for one, days in asked if days]
    days = [stated.date for name in _DATES for stated in line.dates if stated.qualifier == name]
    return parts or [(day, line.quantity) for day in days[:1] if line.quantity]


def _item(line: etree._Element, qualifier: str, id: ItemId, title: str) -> None:
    _segment(line, "E1EDP19", QUALF=qualifier, IDTNR=id.id, KTEXT=title)


def write_remittance(key: str, customer: str, remittance: Remittance) -> bytes:
    """REMADV in PEXR2002."""
    root, idoc = _idoc("PEXR2002", "REMADV", key, customer)
    _segment(idoc, "E1IDKU1", BGMREF=remittance.trace, MOAQ="9", MOABETR=f"{remittance.amount:f}", CUXWAERZ=remittance.currency)
    if remittance.effective_on:
        _segment(idoc, "E1EDK03", IDDAT="015", DATUM=_day(remittance.effective_on))
    for item in remittance.items:
        paid = _segment(idoc, "E1IDPU1", DOCNAME=item.qualifier, DOCNUMMR=item.reference)
        for qualifier, amount in (("12", item.paid), ("9", item.gross), ("52", item.discount)):
            if amount is not None:
                _segment(paid, "E1IDPU5", MOAQ=qualifier, MOABETR=f"{amount:f}")
    return _bytes(root)


def _idoc(type_: str, message: str, key: str, customer: str) -> tuple[etree._Element, etree._Element]:
    root = etree.Element(type_)
    idoc = etree.SubElement(root, "IDOC", BEGIN="1")
    _segment(
        idoc,
        "EDI_DC40",
        TABNAM="EDI_DC40",
        DIRECT="2",
        IDOCTYP=type_,
        MESTYP=message,
        SNDPRT="KU",
        SNDPRN=customer,
        ARCKEY=key,
    )
    return root, idoc


def _segment(parent: etree._Element, name: str, **fields: str) -> etree._Element:
    made = etree.SubElement(parent, name, SEGMENT="1")
    for field, value in fields.items():
        if value:
            etree.SubElement(made, field).text = value
    return made


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")


# --- in -------------------------------------------------------------------------------------------------------------------------


def read_events(body: bytes, at: datetime) -> list[OrderEvent]:
    """Every IDoc in the file. Raises WrongInput naming the line and what is missing there."""
    found = list(parse(body).iter("IDOC"))
    if not found:
        raise WrongInput("holds no IDOC", do="write each as an element IDOC, with its EDI_DC40 first")
    return [event for idoc in found for event in _events(idoc, at)]


def _events(idoc: etree._Element, at: datetime) -> list[OrderEvent]:
    message = _text(idoc, "EDI_DC40/MESTYP")
    if message == "ORDRSP":
        return [_decided(idoc, at)]
    if message == "DESADV":
        return [_shipped(delivery, at) for delivery in idoc.iter("E1EDL20")]
    if message == "INVOIC":
        return [_credited(idoc, at) if _text(idoc, "E1EDK01/BSART") == _CREDIT_MEMO else _billed(idoc, at)]
    raise WrongInput(f"message type '{message}' is none of ORDRSP, DESADV, INVOIC", where=_line_of(idoc), do="send no other here")


def _decided(idoc: etree._Element, at: datetime) -> OrderEvent:
    decisions = [decision for item in idoc.iter("E1EDP01") for decision in _decisions(item)]
    return OrderDecided(id="", order=_order(idoc), at=at, lines=tuple(decisions))


def _decisions(item: etree._Element) -> Iterator[DecidedQuantity]:
    number, ordered = _needed(item, "POSEX"), _number(item, "MENGE")
    rest = ordered
    for schedule in item.iter("E1EDP20"):
        quantity = _number(schedule, "WMENG")
        if quantity:
            rest -= quantity
            yield DecidedQuantity(line_number=number, status="accepted", quantity=quantity, ship_on=_date(schedule, "EDATU"))
    if rest > 0:
        refused = _text(item, "ABGRU")
        yield DecidedQuantity(line_number=number, status="rejected" if refused else "backordered", quantity=rest, reason=refused)


def _orders_in(delivery: etree._Element) -> list[str]:
    """The orders a delivery is for, each once. Raises WrongInput where there is none."""
    found = list(dict.fromkeys(_needed(item, "E1EDL41/BSTNR") for item in delivery.iter("E1EDL24")))
    if not found:
        raise WrongInput("E1EDL20 has no E1EDL24", where=_line_of(delivery))
    return found


def _shipped(delivery: etree._Element, at: datetime) -> OrderEvent:
    """A delivery, told of the first order in it; what is of another says so carton by carton."""
    first, *others = _orders_in(delivery)
    packed = [(order, _lines_of(delivery, order)) for order in (first, *others)]
    cartons = [
        msgspec.structs.replace(carton, order=order if order != first else "")
        for order, ours in packed
        for carton in _cartons(delivery, ours)
    ]
    left = next((_date(time, "ISDD") for time in delivery.iter("E1EDT13") if _text(time, "QUALF") == "006"), None)
    due = next((_date(time, "NTANF") for time in delivery.iter("E1EDT13") if _text(time, "QUALF") == "007"), None)
    return OrderShipped(
        id="",
        order=first,
        at=datetime.combine(left, _MIDDAY) if left else at,
        shipped_on=left,
        shipment=_needed(delivery, "VBELN").lstrip("0"),
        cartons=tuple(cartons),
        bill_of_lading=_text(delivery, "BOLNR"),
        delivery_on=due,
    )


def _lines_of(delivery: etree._Element, order: str) -> dict[str, str]:
    """The lines of an order by their positions in the delivery."""
    return {
        _needed(item, "POSNR"): _needed(item, "E1EDL41/POSEX")
        for item in delivery.iter("E1EDL24")
        if _text(item, "E1EDL41/BSTNR") == order
    }


def _cartons(delivery: etree._Element, ours: dict[str, str]) -> list[PackedCarton]:
    """What was packed of these lines, and what of them is in no handling unit as one carton more."""
    packed = [carton for unit in delivery.iter("E1EDL37") if (carton := _carton(unit, ours)).contents]
    loose = tuple(content for content in _loose(delivery, ours) if content.quantity or not packed)
    return [*packed, PackedCarton(contents=loose)] if loose or not packed else packed


def _loose(delivery: etree._Element, ours: dict[str, str]) -> Iterator[PackContent]:
    """What was delivered of each item and not packed. Raises WrongInput where more was packed than delivered."""
    packed: defaultdict[str, Decimal] = defaultdict(Decimal)
    for content in delivery.iter("E1EDL44"):
        packed[_needed(content, "POSNR")] += _number(content, "VEMNG")
    for item in delivery.iter("E1EDL24"):
        position, delivered = _needed(item, "POSNR"), _number(item, "LFIMG")
        if packed[position] > delivered:
            what = f"of item {position} {packed[position]:f} are packed (VEMNG) and {delivered:f} delivered (LFIMG)"
            raise WrongInput(what, where=_line_of(item), do="pack what is delivered, counted in the same unit")
        if position in ours:
            yield PackContent(line_number=ours[position], quantity=delivered - packed[position])


def _carton(unit: etree._Element, ours: dict[str, str]) -> PackedCarton:
    contents = [
        PackContent(line_number=ours[position], quantity=_number(content, "VEMNG"))
        for content in unit.iter("E1EDL44")
        if (position := _needed(content, "POSNR")) in ours
    ]
    weight = _number(unit, "BRGEW") if _text(unit, "BRGEW") else None
    return PackedCarton(contents=tuple(contents), weight=weight, sscc=_label(_text(unit, "EXIDV")))


def _label(exidv: str) -> str:
    """The SSCC an EXIDV is; empty where it is the ERP's own number, which has ten digits at most.

    Behind extension digit 0 a prefix may begin with zeros (one made from a UPC's does): then the check digit says that it is one.
    """
    significant = exidv.lstrip("0")
    label = significant.zfill(18)
    return label if len(significant) > 16 or (len(significant) > 10 and is_sscc(label)) else ""


def _billed(idoc: etree._Element, at: datetime) -> OrderEvent:
    return OrderBilled(
        id="",
        order=_order(idoc),
        at=at,
        invoice=_reference(idoc, "009"),
        shipment=_reference(idoc, "012").lstrip("0"),
        lines=_billed_lines(idoc),
    )


def _credited(idoc: etree._Element, at: datetime) -> OrderEvent:
    said = _text(idoc, "E1EDK01/AUGRU")
    if said not in _WHYS:
        raise WrongInput(f"AUGRU is '{said}', none of {', '.join(filter(None, _WHYS))}", where=_line_of(idoc))
    return OrderCredited(
        id="",
        order=_order(idoc),
        at=at,
        credit=_reference(idoc, "009"),
        invoice=_reference(idoc, "016"),
        why=_WHYS[said],
        lines=_billed_lines(idoc),
    )


def _billed_lines(idoc: etree._Element) -> tuple[BilledLine, ...]:
    return tuple(
        BilledLine(
            line_number=_needed(item, "POSEX"),
            quantity=_number(item, "MENGE"),
            unit_price=_number(item, "VPREI"),
            price_units=(_number(item, "PEINH") or None) if _text(item, "PEINH") else None,
        )
        for item in idoc.iter("E1EDP01")
    )


def _order(idoc: etree._Element) -> str:
    """Our id, where the sender kept it (ARCKEY); else the buyer's number."""
    return _text(idoc, "EDI_DC40/ARCKEY") or _reference(idoc, "001")


def _reference(idoc: etree._Element, qualifier: str) -> str:
    for found in idoc.iter("E1EDK02"):
        if _text(found, "QUALF") == qualifier:
            return _needed(found, "BELNR")
    raise WrongInput(f"E1EDK02 with QUALF {qualifier} is missing", where=_line_of(idoc))


def _text(found: etree._Element, path: str) -> str:
    return (found.findtext(path) or "").strip()


def _needed(found: etree._Element, path: str) -> str:
    text = _text(found, path)
    if not text:
        raise WrongInput(f"{found.tag} has no {path}", where=_line_of(found))
    return text


def _number(found: etree._Element, path: str) -> Decimal:
    text = _needed(found, path)
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise WrongInput(f"{path} of {found.tag} is '{text}', which is no number", where=_line_of(found))
    return number


def _date(found: etree._Element, path: str) -> date | None:
    text = _text(found, path)
    if not text or text == "00000000":
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        raise WrongInput(f"{path} of {found.tag} is '{text}', which is no date (YYYYMMDD)", where=_line_of(found)) from None


def _line_of(found: etree._Element) -> str:
    return f"line {found.sourceline}"
