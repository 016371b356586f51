"""Small interchanges of our own making, as text; every test says what it changes in them."""

from __future__ import annotations

import re


def isa(number: str = "000000101", *, version: str = "00401", repetition: str = "U", asked: str = "0", marks: str = "*>~") -> str:
    """An ISA 106 characters wide; ``marks`` are element and component separator and terminator."""
    element, component, terminator = marks
    parts = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", "NORTHWIND".ljust(15), "01", "004510123".ljust(15), "260301", "1405"]
    return element.join([*parts, repetition, version, number, asked, "T", component]) + terminator


def order_set(number: str = "0001", lines: int = 2) -> str:
    """ST to SE of an 850 with this many lines."""
    body = [f"ST*850*{number}", "BEG*00*SA*4711**20260301", "N1*ST*DOCK ISAAC*92*0423"]
    body += [f"PO1*{i}*{i * 12}*EA*2.5**UP*036000291452" for i in range(1, lines + 1)]
    body += [f"CTT*{lines}", f"SE*{lines + 5}*{number}"]
    return "".join(f"{segment}~" for segment in body)


def group(sets: str, number: str = "7", code: str = "PO", count: int | None = None, release: str = "004010") -> str:
    """GS to GE around sets."""
    held = len(re.findall(r"(?:^|~)ST\*", sets)) if count is None else count
    return f"GS*{code}*NORTHWIND*OURSHOP*20260301*1405*{number}*X*{release}~{sets}GE*{held}*{number}~"


def interchange(groups: str, number: str = "000000101", count: int | None = None, **header: str) -> str:
    """ISA to IEA around groups."""
    held = groups.count("GS*") if count is None else count
    return f"{isa(number, **header)}{groups}IEA*{held}*{number}~"


def order(number: str = "0001") -> str:
    """An interchange with one 850."""
    return interchange(group(order_set(number)))


def in_bytes(text: str, *, element: str = "*", component: str = ">", terminator: str = "~", line_end: str = "") -> bytes:
    """The same document with other delimiters."""
    swapped = text.translate(str.maketrans("*>~", element + component + "\x00"))
    return swapped.replace("\x00", terminator + line_end).encode("latin-1")
