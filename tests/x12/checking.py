"""Short ways for tests to check a set written as segments."""

from __future__ import annotations

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.standard import load
from edi_gateway.x12.validation import Policy, checker

MARKS, POLICY = Delimiters(), Policy()
BEGIN = {
    "810": "BIG*20260102*1",
    "820": "BPR*I*100*C*ACH",
    "846": "BIA*00*SI*1*20260102",
    "850": "BEG*00*SA*1**20260102",
    "855": "BAK*00*AC*1*20260102",
    "856": "BSN*00*4711*20260102*1200",
    "860": "BCH*04*SA*1***20260102",
}


def a_set(code: str, *body: str, delimiters: Delimiters = MARKS, ended: bool = True) -> TransactionSet:
    """ST, the usual beginning, the body and SE; written with ``*`` and ``>`` and turned into the delimiters given."""
    lines = [f"ST*{code}*0001", BEGIN[code], *body, f"SE*{len(body) + 3}*0001"]
    swap = str.maketrans("*>", delimiters.element + delimiters.component)
    text = "".join(line.translate(swap) + delimiters.segment for line in lines[: None if ended else -1])
    return TransactionSet(text, delimiters, ended=ended)


def found(
    code: str,
    *body: str,
    release: str = "004010",
    policy: Policy = POLICY,
    delimiters: Delimiters = MARKS,
    ended: bool = True,
):
    """The findings of a set made of ``body``."""
    return checker(load(code, release), policy).check(a_set(code, *body, delimiters=delimiters, ended=ended))


def one(code: str, *body: str, **given):
    """The only finding of a set; fails where there are more or none."""
    (only,) = found(code, *body, **given)
    return only


def kinds(code: str, *body: str, **given) -> list[str]:
    return [finding.kind for finding in found(code, *body, **given)]
