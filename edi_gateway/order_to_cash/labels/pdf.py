"""Labels as PDF, 4 by 6 inches, one a page."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas

from edi_gateway.order_to_cash.labels.label import Label, Symbol

WIDTH, HEIGHT = 4 * inch, 6 * inch
_MARGIN = 0.15 * inch
_NARROW = 0.0195 * inch  # one module; GS1 General Specifications §5.12.3 allows 0.495 to 1.016 mm for logistic units
_TALL = 1.25 * inch  # 32 mm, what an SSCC needs at least
_FNC1 = "\xf1"  # how reportlab writes it


def labels_pdf(labels: Sequence[Label]) -> bytes:
    """One page a label, in their order."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=True)
    canvas.setTitle("Shipping labels")
    for label in labels:
        _draw(canvas, label)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Canvas, label: Label) -> None:
    middle = WIDTH / 2
    _block(canvas, _MARGIN, 5.75 * inch, "FROM", label.ship_from, 8)
    _block(canvas, middle + _MARGIN / 2, 5.75 * inch, "TO", label.ship_to, 10)
    _line(canvas, 4.6 * inch)
    if label.postal:
        _symbol(canvas, label.postal, _MARGIN, 3.85 * inch, 0.5 * inch, "SHIP TO POSTAL CODE")
    _block(canvas, middle + _MARGIN / 2, 4.45 * inch, "CARRIER", label.carrier, 9)
    _line(canvas, 3.6 * inch)
    _block(canvas, _MARGIN, 3.45 * inch, "ORDER", label.about, 10)
    _block(canvas, middle + _MARGIN / 2, 3.45 * inch, f"{label.kind.upper()} {label.number} OF {label.of}", (label.content,), 10)
    _line(canvas, 2.75 * inch)
    if label.place:
        _symbol(canvas, label.place, _MARGIN, 2.0 * inch, 0.5 * inch, "FOR")
    _block(canvas, middle + _MARGIN / 2, 2.6 * inch, "MARK FOR", label.mark_for, 10)
    _line(canvas, 1.85 * inch)
    _symbol(canvas, label.symbol, None, 0.3 * inch, _TALL, "SSCC")


def _block(canvas: Canvas, x: float, y: float, title: str, lines: Sequence[str], size: int) -> None:
    """A title, and lines below it; a line too long for half the label is set narrower, never cut."""
    if not lines:
        return
    canvas.setFont("Helvetica", 6)
    canvas.drawString(x, y, title)
    for line in lines:
        y -= size * 1.15
        _fitted(canvas, x, y, line, size)


def _fitted(canvas: Canvas, x: float, y: float, line: str, size: int) -> None:
    room = (WIDTH - 3 * _MARGIN) / 2
    wide = canvas.stringWidth(line, "Helvetica-Bold", size)
    text = canvas.beginText(x, y)
    text.setFont("Helvetica-Bold", size)
    text.setHorizScale(100 * min(1.0, room / wide) if wide else 100)
    text.textOut(line)
    canvas.drawText(text)


def _line(canvas: Canvas, y: float) -> None:
    canvas.setLineWidth(0.7)
    canvas.line(0, y, WIDTH, y)


def _symbol(canvas: Canvas, symbol: Symbol, x: float | None, y: float, tall: float, title: str) -> None:
    """A GS1-128 symbol with its title above and its text below; in the middle where ``x`` is None."""
    narrow = _NARROW if x is None else 0.0135 * inch
    drawn = Code128(_FNC1 + symbol.identifier + symbol.value, barWidth=narrow, barHeight=tall, quiet=False)
    left = (WIDTH - drawn.width) / 2 if x is None else x
    drawn.drawOn(canvas, left, y)
    canvas.setFont("Helvetica", 6)
    canvas.drawString(left, y + tall + 4, title)
    canvas.setFont("Helvetica", 9)
    canvas.drawCentredString(left + drawn.width / 2, y - 11, symbol.text)
