"""Where a fact and the order thread do not agree: a named value for a person, never mended and never an exception."""

from __future__ import annotations

from typing import Literal, TypeAlias

from edi_gateway.documents.base import Value

Kind: TypeAlias = Literal[
    "line number used twice",
    "price basis unknown",
    "another order",
    "another currency",
    "unknown line",
    "unit differs",
    "line not covered",
    "quantities do not add up",
    "less than shipped",
    "shipped beyond ordered",
    "shipment told otherwise",
    "billed beyond shipped",
    "credited beyond billed",
    "invoice number used",
    "no debit",
    "unknown invoice",
    "remitted twice",
    "remitted beyond billed",
    "paid before remitted",
    "not finished",
    "no trace",
    "no credit",
    "totals disagree",
    "paid twice",
    "another trace",
    "amounts differ",
    "documents disagree",
    "stands on it",
]


class Disagreement(Value, frozen=True, kw_only=True):
    """``kind`` is what programs look at, ``message`` what a person reads, ``place`` the line, shipment or invoice it is about."""

    kind: Kind
    message: str
    place: str = ""
