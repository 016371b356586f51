"""The packing slip of a shipment as PDF, on letter paper: what is in each carton."""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import Pack, ShipNotice, ShippedOrder

_STYLES = getSampleStyleSheet()
_ROWS = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, 0), 0.7, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.lightgrey),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
)


def slip_pdf(notice: ShipNotice) -> bytes:
    """One slip for the shipment, order by order, carton by carton; long ones go on over pages."""
    out = io.BytesIO()
    page = SimpleDocTemplate(out, pagesize=letter, margin=0.7 * inch, title=f"Packing slip {notice.shipment}", invariant=True)
    page.build([*_head(notice), *(part for order in notice.orders for part in _order(order))])
    return out.getvalue()


def _head(notice: ShipNotice) -> Iterator[Flowable]:
    yield Paragraph(f"Packing slip {escape(notice.shipment)}", _STYLES["Title"])
    addresses = [[_party("From", notice.ship_from), _party("To", notice.ship_to)]]
    yield Table(addresses, colWidths=[3.5 * inch, 3.5 * inch])
    told = [("Shipped", f"{notice.shipped_on}"), ("Bill of lading", notice.bill_of_lading)]
    told += [("Carrier", notice.carrier.scac if notice.carrier else ""), ("Cartons", f"{notice.pack_count}")]
    told += [("Weight", f"{notice.weight:f} {notice.weight_unit}" if notice.weight is not None else "")]
    yield Paragraph(" · ".join(f"{word} {escape(value)}" for word, value in told if value), _STYLES["Normal"])
    yield Spacer(1, 0.15 * inch)


def _party(title: str, party: Party | None) -> Paragraph:
    lines = (
        (party.name, party.name_2, party.street, party.street_2, f"{party.city} {party.region} {party.postal_code}")
        if party
        else ()
    )
    said = "<br/>".join(escape(line) for line in lines if line.strip())
    return Paragraph(f"<b>{title}</b><br/>{said}", _STYLES["Normal"])


def _order(order: ShippedOrder) -> Iterator[Flowable]:
    yield Paragraph(f"Order {escape(order.order_number)}", _STYLES["Heading2"])
    rows: list[list[Flowable | str]] = [["Carton", "Line", "Item", "Description", "Quantity"]]
    rows += [row for number, pack in enumerate(order.packs, start=1) for row in _pack(number, pack)]
    widths = [1.75 * inch, 0.6 * inch, 1.3 * inch, 2.3 * inch, 1.0 * inch]
    yield Table(rows, colWidths=widths, repeatRows=1, style=_ROWS)


def _pack(number: int, pack: Pack) -> Iterator[list[Flowable | str]]:
    carton = pack.sscc or str(number)
    for item in pack.items:
        ids = ", ".join(id.id for id in item.item_ids[:2])
        quantity = f"{item.quantity:f} {item.unit}"
        cells = (carton, item.line_number, ids, item.description, quantity)
        yield [Paragraph(escape(cell), _STYLES["BodyText"]) for cell in cells]
        carton = ""
