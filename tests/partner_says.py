"""What Northwind Stores sends in scenes: interchanges written for the purpose, each as small as it can be."""

from __future__ import annotations

from datetime import datetime

from edi_gateway.x12.envelope import Identity, Segment
from edi_gateway.x12.standard import group_code
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange

AT = datetime(2026, 11, 17, 9, 30)
RELEASE = "004010VICS"
_THEM, _US = Identity("08", "7005551200"), Identity("12", "6125550148")


def northwind(control: int, *sets: list[Segment], usage: str = "P", asks: bool = False, receiver: Identity = _US) -> bytes:
    """An interchange of theirs with one group of these sets; ``asks`` for a TA1."""
    header = InterchangeHeader(
        sender=_THEM, receiver=receiver, control_number=control, at=AT, usage=usage, acknowledgment_requested=asks
    )
    code = group_code(sets[0][0][1]) or ""
    group = GroupHeader(code=code, sender=_THEM.id, receiver=_US.id, control_number=control, release=RELEASE, at=AT)
    return write_interchange(header, [(group, sets)])


def ta1(control: int, about: int, verdict: str = "A", note: str = "000") -> bytes:
    """Their TA1 for an interchange of ours."""
    header = InterchangeHeader(sender=_THEM, receiver=_US, control_number=control, at=AT)
    return write_interchange(header, [], ta1=[["TA1", f"{about:09d}", "261117", "0930", verdict, note]])


def order(number: str, quantity: int = 48, price: str = "18.5") -> list[Segment]:
    """An 850 of one line, lanterns, which the embedded ERP sells at 18.50."""
    return [
        ["ST", "850", ""],
        ["BEG", "00", "SA", number, "", "20261116"],
        ["REF", "DP", "042"],
        ["REF", "IA", "700418826"],
        ["DTM", "010", "20261123"],
        ["DTM", "001", "20261130"],
        ["N1", "ST", "NORTHWIND STORES DC 0610", "92", "0610"],
        ["N3", "2100 CLEARWATER RD"],
        ["N4", "SAINT CLOUD", "MN", "56301", "US"],
        ["PO1", "001", str(quantity), "EA", price, "PE", "IN", "000044013", "UP", "614141001378"],
        ["CTT", "1", str(quantity)],
    ]


def change(number: str) -> list[Segment]:
    """An 860 about an order: nothing is agreed for it."""
    return [
        ["ST", "860", ""],
        ["BCH", "04", "SA", number, "", "", "20261117"],
        ["POC", "001", "QI", "60", "12", "EA", "18.5", "PE", "IN", "000044013", "UP", "614141001378"],
        ["CTT", "1"],
    ]


def remittance(trace: str, *paid: tuple[str, str]) -> list[Segment]:
    """An 820: what is paid on which invoice."""
    total = sum(float(amount) for _, amount in paid)
    bank = ["ACH", "CTX", "01", "012345678", "DA", "99000111", "1700555120", "", "01", "087654321", "DA", "55000222", "20261222"]
    return [
        ["ST", "820", ""],
        ["BPR", "C", f"{total:g}", "C", *bank],
        ["TRN", "1", trace, "1700555120"],
        ["N1", "PR", "NORTHWIND STORES"],
        ["N1", "PE", "MERIDIAN HOME GOODS", "92", "700418826"],
        ["ENT", "1"],
        *(["RMR", "IV", invoice, "", amount, amount] for invoice, amount in paid),
    ]


def accepts(group: str, number: int, code: str) -> list[Segment]:
    """A 997 that accepts our group and the set in it."""
    return [
        ["ST", "997", ""],
        ["AK1", group, str(number)],
        ["AK2", code, "0001"],
        ["AK5", "A"],
        ["AK9", "A", "1", "1", "1"],
    ]


def rejects(group: str, number: int, code: str) -> list[Segment]:
    """A 997 that rejects the set in our group: BSN, BAK or BIG lacks its second element, they say."""
    return [
        ["ST", "997", ""],
        ["AK1", group, str(number)],
        ["AK2", code, "0001"],
        ["AK3", {"855": "BAK", "856": "BSN", "810": "BIG"}[code], "2", "", "8"],
        ["AK4", "2", "324", "1"],
        ["AK5", "R", "5"],
        ["AK9", "R", "1", "1", "0"],
    ]
