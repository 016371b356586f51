"""R16: how goods travel is told, and looks as the partner asks."""

from __future__ import annotations

import re

from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.order_to_cash.compliance.breach import Breach, Breaches
from edi_gateway.order_to_cash.sscc import check_digit
from edi_gateway.trading.compliance.pack import Carriage

_VICS_DIGITS = 17
_SCAC = re.compile(r"[A-Z]{2,4}")


def check_carriage(notice: ShipNotice, terms: Carriage) -> Breaches:
    """The bill of lading and the carrier's code."""
    yield from r16_bill_of_lading(notice.bill_of_lading, terms)
    yield from r16_carrier(notice.carrier.scac if notice.carrier else "", terms.carriers)


def r16_bill_of_lading(number: str, terms: Carriage) -> Breaches:
    """It is there where it has to be, and is what they call one. A VICS number ends in a GS1 check digit."""
    place = "bill of lading"
    if not number:
        if terms.bill_of_lading == "required":
            yield Breach(rule="R16", message="no bill of lading", place=place)
        return
    if terms.pattern and not re.fullmatch(terms.pattern, number):
        yield Breach(rule="R16", message=f"{number} does not look like {terms.pattern}", place=place)
    if terms.vics_check_digit and not is_vics(number):
        yield Breach(rule="R16", message=f"{number} is no VICS number: 17 digits, the last one checks the others", place=place)


def is_vics(number: str) -> bool:
    """Whether it is a VICS bill of lading number: 17 digits, the last a check digit."""
    return len(number) == _VICS_DIGITS and number.isascii() and number.isdigit() and check_digit(number[:-1]) == number[-1]


def r16_carrier(scac: str, taken: tuple[str, ...]) -> Breaches:
    """The carrier is told by its SCAC, two to four letters, and is one they take."""
    if not scac:
        yield Breach(rule="R16", message="no carrier code (SCAC)", place="carrier")
    elif not _SCAC.fullmatch(scac):
        yield Breach(rule="R16", message=f"'{scac}' is no SCAC", place="carrier")
    elif taken and scac not in taken:
        yield Breach(rule="R16", message=f"{scac} is no carrier they take ({', '.join(taken)})", place="carrier")
