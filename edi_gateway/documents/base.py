"""What every business document shares: plain frozen values in our own words, exact numbers, dates without zones.

Documents are ``msgspec`` Structs. Money and quantities are ``Decimal``; dates are ``date``; codes that X12 carries are kept as
X12 writes them where we have no better word (a unit is ``EA``, a reference qualifier is ``DP``); ids keep leading zeros.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec


class Value(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The base of all document parts: frozen, by keyword, defaults left out when written as JSON."""


class Reference(Value, frozen=True, kw_only=True):
    """A number somebody knows something by (REF): ``qualifier`` such as DP, IA, BM, CN."""

    qualifier: str
    value: str = ""
    description: str = ""
    second_qualifier: str = ""  # REF04-1
    second_value: str = ""  # REF04-2


class DateOf(Value, frozen=True, kw_only=True):
    """A date by its qualifier (DTM): 002 delivery requested, 010 requested ship, 001 cancel after, 011 shipped …

    ``time`` is HHMM or longer, as written; ``zone`` is DTM04.
    """

    qualifier: str
    date: date
    time: str = ""
    zone: str = ""


class Note(Value, frozen=True, kw_only=True):
    """A text for people (N9 with MSG or MTX, NTE): ``text`` holds its lines, joined by line breaks.

    ``qualifier`` says what the text is about (N901 or NTE01), ``reference`` and ``title`` are N902 and N903.
    """

    text: str = ""
    qualifier: str = ""
    reference: str = ""
    title: str = ""


class Amount(Value, frozen=True, kw_only=True):
    """An amount of money by its qualifier (AMT): 1 line item total, TT total transaction, GV gross value …"""

    qualifier: str
    amount: Decimal
    credit_or_debit: str = ""


class Measurement(Value, frozen=True, kw_only=True):
    """A measurement (MEA): ``reference`` MEA01 (PD physical dimensions …), ``qualifier`` MEA02 (G gross weight, LN length …)."""

    reference: str = ""
    qualifier: str = ""
    value: Decimal | None = None
    unit: str = ""


class Detail(Value, frozen=True, kw_only=True):
    """A description beside the first (PID): ``kind`` is PID02 (73 color, 91 size …), ``code`` PID04, ``text`` PID05."""

    type: str = "F"
    kind: str = ""
    agency: str = ""
    code: str = ""
    text: str = ""


class Contact(Value, frozen=True, kw_only=True):
    """Whom to ask (PER). ``role`` is PER01: BD buyer, IC information, OC order contact, SD shipping …"""

    role: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    fax: str = ""
    extension: str = ""


class ItemId(Value, frozen=True, kw_only=True):
    """One way an item is named: ``qualifier`` such as UP, EN, IN, SK, VN, BP; ``id`` exactly as the buyer wrote it."""

    qualifier: str
    id: str


class Charge(Value, frozen=True, kw_only=True):
    """An allowance or charge (SAC). ``amount`` is positive; ``kind`` says which way it goes, if it goes any.

    ``code`` is SAC02; ``agency`` and ``agency_code`` are SAC03 and SAC04, where a partner uses its own list; ``handling`` is
    SAC12 (02 off invoice, 06 to be paid by the customer …). ``percent_of`` is SAC06, what ``percent`` is a percentage of;
    ``rate`` is for each of ``quantity`` in ``unit`` (SAC08 to SAC10).
    """

    kind: str  # "allowance" | "charge"; what is no part of a total as SAC01 has it: "neither", or R, a request …
    code: str = ""
    amount: Decimal = Decimal(0)
    description: str = ""
    agency: str = ""
    agency_code: str = ""
    percent: Decimal | None = None
    handling: str = ""
    percent_of: str = ""
    rate: Decimal | None = None
    quantity: Decimal | None = None
    unit: str = ""
    reference: str = ""

    @property
    def signed(self) -> Decimal:
        """What it adds to a total: a charge its amount, an allowance as much less, anything else (a request …) nothing."""
        return self.amount if self.kind == "charge" else -self.amount if self.kind == "allowance" else Decimal(0)


class Tax(Value, frozen=True, kw_only=True):
    """A tax (TXI): ``type`` such as ST, GS, LS; ``amount`` in the document's currency.

    ``percent`` is TXI03 as they write it: .0825 by X12, and 8.25 with some. ``exempt`` is TXI06.
    ``jurisdiction_qualifier`` is TXI04, whose list ``jurisdiction`` is of (VD the vendor's …).
    """

    type: str
    amount: Decimal | None = None
    percent: Decimal | None = None
    jurisdiction: str = ""
    exempt: str = ""
    jurisdiction_qualifier: str = ""


class Freight(Value, frozen=True, kw_only=True):
    """Who pays for the transport, and from where (FOB). ``payment`` is FOB01: PP prepaid, CC collect, DF defined …"""

    payment: str
    location_qualifier: str = ""
    location: str = ""


class Terms(Value, frozen=True, kw_only=True):
    """Terms of sale (ITD): percent off when paid within ``discount_days``, net after ``net_days``.

    ``type`` is ITD01 (02 end of month, 09 proximo …), ``basis`` ITD02, from which day they count. ``day_of_month`` is ITD13:
    terms until that day of the month after the invoice.
    """

    type: str = ""
    basis: str = ""
    discount_percent: Decimal | None = None
    discount_days: int | None = None
    net_days: int | None = None
    description: str = ""
    discount_due_on: date | None = None
    net_due_on: date | None = None
    discount_amount: Decimal | None = None
    day_of_month: int | None = None


class Carrier(Value, frozen=True, kw_only=True):
    """How goods travel (TD5, TD1, TD3)."""

    scac: str = ""
    routing: str = ""
    mode: str = ""  # TD504: M motor, …
    equipment: str = ""  # TD301: TL trailer …
    trailer: str = ""  # TD303
    service_level: str = ""  # TD512
    owner: str = ""  # TD302, the initials before the trailer's number
    seal: str = ""  # TD309


class Extra(Value, frozen=True, kw_only=True):
    """A segment the map did not carry over, kept so that nothing is silently dropped: its place and its text."""

    position: int
    segment: str
