"""Labels in ZPL II, for label printers of 203 dots an inch, 4 by 6 inches.

``^BC`` in mode N with ``>;`` starts Code 128 C and ``>8`` is FNC1, which makes the symbol GS1-128. What comes from documents is
written in hex behind ``^FH``, so that no text can be taken for a command.
"""

from __future__ import annotations

from collections.abc import Sequence

from edi_gateway.order_to_cash.labels.label import Label, Symbol

_WIDE = 812


def labels_zpl(labels: Sequence[Label]) -> bytes:
    """The labels one after the other, as the printer takes them."""
    return "".join(_label(label) for label in labels).encode("utf-8")


def _label(label: Label) -> str:
    parts = [
        "^XA^CI28^PW812^LL1218",
        _block(30, 30, "FROM", label.ship_from, 24),
        _block(430, 30, "TO", label.ship_to, 30),
        _rule(280),
        _symbol(30, 325, 80, 2, label.postal, "SHIP TO POSTAL CODE") if label.postal else "",
        _block(430, 300, "CARRIER", label.carrier, 28),
        _rule(480),
        _block(30, 495, "ORDER", label.about, 30),
        _block(430, 495, f"{label.kind.upper()} {label.number} OF {label.of}", (label.content,), 28),
        _rule(660),
        _symbol(30, 705, 80, 2, label.place, "FOR") if label.place else "",
        _block(430, 675, "MARK FOR", label.mark_for, 30),
        _rule(850),
        _symbol(97, 890, 254, 4, label.symbol, "SSCC"),
        "^XZ\n",
    ]
    return "\n".join(part for part in parts if part)


def _block(x: int, y: int, title: str, lines: Sequence[str], size: int) -> str:
    if not lines:
        return ""
    made = [_text(x, y, 16, title)]
    for number, line in enumerate(lines):
        wide = min(size, int(370 / max(len(line), 1) * 1.8))  # a line too long for its half is set narrower, never cut
        made.append(_text(x, y + 22 + number * (size + 4), size, line, wide))
    return "\n".join(made)


def _text(x: int, y: int, tall: int, text: str, wide: int | None = None) -> str:
    return f"^FO{x},{y}^A0N,{tall},{wide or tall}^FH_^FD{_safe(text)}^FS"


def _rule(y: int) -> str:
    return f"^FO0,{y}^GB{_WIDE},2,2^FS"


def _symbol(x: int, y: int, tall: int, narrow: int, symbol: Symbol, title: str) -> str:
    data = symbol.identifier + symbol.value
    start = ">;>8" if data.isdigit() and len(data) % 2 == 0 else ">:>8"
    drawn = f"^FO{x},{y}^BY{narrow}^BCN,{tall},N,N,N,N^FD{start}{data}^FS"
    return "\n".join((_text(x, y - 20, 16, title), drawn, _text(x, y + tall + 8, 24, symbol.text)))


def _safe(text: str) -> str:
    """Every byte that is not a plain letter, digit or blank as ``_hex``."""
    return "".join(chr(byte) if (chr(byte).isalnum() and byte < 128) or byte == 32 else f"_{byte:02X}" for byte in text.encode())
