"""What we know of ourselves, our partners and the connections between us, as frozen values.

These are the models of the files in ``partners/``: pydantic checks and converts each file once, when it is loaded
(``trading.loader``); everywhere else a profile is plain data. Field descriptions are the reference documentation
(``docs/reference/partner-profile.md`` is made from them).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, field_validator, model_validator

from edi_gateway.errors import WrongInput
from edi_gateway.trading.calendar import BusinessCalendar
from edi_gateway.trading.scalars import Duration, InterchangeId, Mark, Number
from edi_gateway.trading.terms import (
    Contact,
    ControlNumberTerms,
    CrossReferenceTerms,
    Fallback,
    GroupId,
    Repairs,
    Terms,
    UnderTest,
)
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Identity
from edi_gateway.x12.finding import Severity

Direction: TypeAlias = Literal["in", "out"]
Usage: TypeAlias = Literal["production", "test"]
CountedIn: TypeAlias = Literal["hours", "working hours"]


class Address(Terms):
    """A place of ours or theirs, as an N1 loop carries it."""

    name: str = Field(description="N102.")
    id_qualifier: str = Field("", description="N103: 92, 9, UL …")
    id: str = Field("", description="N104.")
    street: str = Field("", description="N301.")
    city: str = Field("", description="N401.")
    region: str = Field("", description="N402: state or province.")
    postal_code: str = Field("", description="N403.")
    country: str = Field("", description="N404.")


class OurIdentity(Terms):
    """One of the names we trade under."""

    name: str = Field(description="How partners' files refer to it.")
    title: str = Field(description="Our name as people read it.")
    interchange: InterchangeId = Field(description="Our id on the ISA, QUALIFIER:ID.")
    group: GroupId = Field(description="Our id on the GS.")
    company_prefix: str = Field("", pattern=r"^(\d{6,12})?$", description="GS1 company prefix, for SSCC-18 numbers.")
    ship_from: Address | None = Field(None, description="Where goods leave from (N1*SF).")
    remit_to: Address | None = Field(None, description="Where payments go (N1*RE).")


class Ourselves(Terms):
    """The file ``partners/_ourselves.yaml``: every name we trade under."""

    identities: tuple[OurIdentity, ...] = Field(min_length=1, description="Our identities; partners refer to them by name.")


class Marks(Terms):
    """Delimiters we write with: one character, a byte in hex (``0x1C``), or a name.

    Names: newline, return, tab, nak, fs, gs, rs, us, nel. What we read is taken from each ISA, whatever stands here.
    """

    element: Mark = Field("*", min_length=1, max_length=1, description="Element separator.")
    component: Mark = Field(">", min_length=1, max_length=1, description="Component separator, ISA16.")
    segment: Mark = Field("~", min_length=1, max_length=1, description="Segment terminator.")
    repetition: Mark | None = Field(None, min_length=1, max_length=1, description="From release 00402; before, ISA11 is U.")
    line_end: Literal["none", "lf", "crlf"] = Field("none", description="Decoration after each segment terminator.")

    @model_validator(mode="after")
    def _legal(self) -> Marks:
        try:
            self.delimiters().check()
        except WrongInput as error:
            raise ValueError(str(error)) from None
        if any(mark and ord(mark) > 0xFF for mark in (self.element, self.component, self.segment, self.repetition)):
            raise ValueError("a mark is one byte, a character of latin-1")
        if self.segment in "\r\n" and self.line_end != "none":
            raise ValueError("the segment terminator is a line end already; leave line_end out")
        return self

    def delimiters(self) -> Delimiters:
        """The same as x12 knows them."""
        end = {"none": "", "lf": "\n", "crlf": "\r\n"}[self.line_end]
        return Delimiters(self.element, self.component, self.segment, self.repetition, end)


class AcknowledgmentTerms(Terms):
    """For a set we receive: which answer we owe, in what form, by when."""

    form: Literal["997", "999", "none"] = Field("997", description="Which acknowledgment; 999 exists from 005010.")
    release: str = Field("004010", description="GS08 of the acknowledgment.")
    within: Duration = Field(timedelta(hours=24), description="The partner's deadline, from bytes on record.")
    counted_in: CountedIn = Field("hours", description="What the deadline counts; working hours: those of the calendar.")
    detail: Literal["sets", "group"] = Field("sets", description="Whether accepted sets are listed (AK2/AK5) or only counted.")


class Awaited(Terms):
    """For a set we send: which answer we expect, by when."""

    acknowledgment: bool = Field(True, description="Whether the partner answers with a 997 or 999.")
    within: Duration = Field(timedelta(hours=24), description="How long the answer may take before it is overdue.")
    counted_in: CountedIn = Field("hours", description="What that time counts; working hours: those of the calendar.")
    retransmit: bool = Field(False, description="Send the same interchange again when overdue; never for 856 and 810 by default.")


class EnvelopeTerms(Terms):
    """Envelope values of one set and release that differ from the partner's others; what is not given is as for them."""

    receiver: InterchangeId | None = Field(None, description="Their id we write on the ISA (ISA07, ISA08).")
    receiver_group: GroupId | None = Field(None, description="Their id we write on the GS (GS03).")
    sender_group: GroupId | None = Field(None, description="Our id we write on the GS (GS02).")
    interchange_version: str | None = Field(None, pattern=r"^\d{5}$", description="ISA12 we write.")
    marks: Marks | None = Field(None, description="Delimiters we write with.")


class Agreement(Terms):
    """Terms for one set in one direction with one partner.

    What is wrong for one release may be right for another. Acknowledgments (TA1, 997, 999) need no agreement of their own.
    """

    set: str = Field(pattern=r"^\d{3}$", description="The transaction set: 850, 855, 856, 810, 820 …")
    direction: Direction = Field(description="in: we receive it; out: we send it.")
    release: str = Field(
        "004010",
        pattern=r"^\d{6}[A-Z0-9]{0,6}$",
        description="GS08. Six digits govern every suffix of that release as well; a suffix (004010VICS) governs only itself.",
    )
    usage: Usage = Field("production", description="ISA15: production for P, test for T. Test documents reach only a test ERP.")
    valid_from: date | None = Field(None, description="First day it holds, in their time zone; none: from ever.")
    valid_until: date | None = Field(None, description="Last day it holds; none: for ever.")
    map: str = Field(description="Name of the map: 850-order, northwind/850-order.")
    guide: str = Field("", description="Name of the guide in the partner's guides/ folder; none: the standard alone.")
    acknowledgment: AcknowledgmentTerms = Field(AcknowledgmentTerms(), description="For direction in: the answer we owe.")
    awaits: Awaited = Field(Awaited(), description="For direction out: the answer we expect.")
    envelope: EnvelopeTerms = Field(EnvelopeTerms(), description="For direction out: envelope values of this set alone.")

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Agreement:
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError(f"valid_from {self.valid_from} is after valid_until {self.valid_until}")
        return self

    def holds_on(self, day: date | None) -> bool:
        """Whether it is in force on a day; on no day in particular, it is."""
        return day is None or (self.valid_from or day) <= day <= (self.valid_until or day)


class DuplicatePolicy(Terms):
    """What a repetition means, at each level."""

    payload: Literal["look inside", "hold", "ignore"] = Field(
        "look inside",
        description="The same bytes again, whole: the levels below decide; for a person; or nothing in it is read again.",
    )
    interchange: Literal["answer again", "hold", "process"] = Field(
        "answer again",
        description="The same ISA13 with the same bytes: the old answer is sent again, nothing is processed twice.",
    )
    order: Literal["hold", "refuse"] = Field(
        "hold", description="The same PO again as an original: for a person, or an 855 reject."
    )
    window: Duration = Field(timedelta(days=365), description="How far back a repetition counts.")
    payload_window: Duration | None = Field(None, description="The same for payloads alone.")
    interchange_window: Duration | None = Field(None, description="The same for interchanges alone.")
    order_window: Duration | None = Field(None, description="The same for orders alone.")

    def window_of(self, level: Literal["payload", "interchange", "order"]) -> timedelta:
        """How far back a repetition counts at a level."""
        own = {"payload": self.payload_window, "interchange": self.interchange_window, "order": self.order_window}[level]
        return self.window if own is None else own


class OrderTerms(Terms):
    """How we decide on this partner's orders before the ERP does."""

    price_tolerance_percent: Number = Field(
        Decimal(0), ge=0, description="Accepted difference to the ERP's list price, in percent."
    )
    price_difference: Literal["hold", "reject", "accept"] = Field("hold", description="What a greater difference leads to.")
    unknown_item: Literal["hold", "reject"] = Field("reject", description="What an item the ERP does not know leads to.")
    credit_exceeded: Literal["hold", "accept"] = Field("hold", description="What an order above the credit limit leads to.")
    minimum_order: Number | None = Field(None, ge=0, description="Least total of an order, in its currency; none: any total.")
    blocked_item: Literal["hold", "reject"] = Field("hold", description="What an item blocked for sale leads to.")
    short_stock: Literal["backorder", "reject", "hold"] = Field(
        "backorder", description="What becomes of a quantity that is not in stock."
    )
    ship_window_missed: Literal["hold", "accept"] = Field("hold", description="What an order past its last day to ship leads to.")
    partly_refused: Literal["accept", "hold", "reject"] = Field(
        "accept", description="What an order leads to of which only some lines are refused; accept: the rest of it goes on."
    )
    over_shipment_percent: Number = Field(Decimal(0), ge=0, description="How much more than ordered they take, in percent.")


class Answers(Terms):
    """Which answers the partner wants, and how."""

    order_acknowledgment: bool = Field(True, description="Whether an 855 is sent.")
    order_acknowledgment_within: Duration = Field(timedelta(hours=24), description="Deadline of the 855, from bytes on record.")
    lines: Literal["always", "changes"] = Field("always", description="855 with every line, or only when something differs.")
    ship_notice: bool = Field(True, description="Whether an 856 is sent.")
    ship_notice_structure: Literal["shipment, order, pack, item", "shipment, order, item"] = Field(
        "shipment, order, pack, item", description="Levels of the 856 (BSN05): with packs and their SSCC-18, or without."
    )
    invoice: bool = Field(True, description="Whether an 810 is sent.")
    invoice_after_ship_notice: bool = Field(True, description="R20: no 810 before its 856.")
    invoice_charges: Literal["none", "in proportion"] = Field(
        "none",
        description="Whether invoices take over the order's allowances and charges (SAC), by the share of the order billed.",
    )


class Identification(NamedTuple):
    """By which ids, and over which connection, documents of one usage are exchanged with a partner."""

    interchange: tuple[Identity, ...]
    group: tuple[str, ...]
    ours: str
    connection: str


class TradingPartner(Terms):
    """A party we exchange documents with, and everything we agreed."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$", description="Folder name; how commands and logs call it.")
    title: str = Field(description="Their name as people read it.")
    interchange: tuple[InterchangeId, ...] = Field(min_length=1, description="Their ids on the ISA; the first one is written.")
    group: tuple[GroupId, ...] = Field(min_length=1, description="Their ids on the GS; the first one is written.")
    ours: str = Field("main", description="Which of our identities we trade under.")
    connection: str = Field(description="Where documents for them go; see partners/connections.")
    fallback: Fallback | None = Field(None, description="Where they go when that connection fails.")
    test: UnderTest = Field(UnderTest(), description="What differs for test documents.")
    contacts: tuple[Contact, ...] = Field((), description="Whom we ask when something is late or wrong.")
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$", description="Where a document does not say.")
    time_zone: str = Field("UTC", description="Their calendar, for dates and deadlines: America/Chicago.")
    calendar: BusinessCalendar = Field(BusinessCalendar(), description="When they work, for deadlines in working hours.")
    interchange_version: str = Field("00401", pattern=r"^\d{5}$", description="ISA12 we write.")
    marks: Marks = Field(Marks(), description="Delimiters we write with.")
    characters: Literal["basic", "extended"] = Field(
        "extended", description="Character set of X12.6 we write; basic has no lower case."
    )
    repairs: Repairs = Field(Repairs(), description="What becomes of characters that are not in it.")
    control_numbers: ControlNumberTerms = Field(ControlNumberTerms(), description="How we number what we send.")
    interchange_acknowledgment: Literal["when asked", "always", "never"] = Field(
        "when asked", description="When we send a TA1; when asked: when ISA14 is 1."
    )
    request_interchange_acknowledgment: bool = Field(False, description="ISA14 we write: whether we ask for a TA1.")
    erp: str = Field("simulator", description="Which ERP connector takes their documents.")
    test_erp: str = Field("", description="Which ERP connector takes their test documents; none: they are held.")
    customer: str = Field("", description="Their customer number in the ERP; default: the partner's name.")
    agreements: tuple[Agreement, ...] = Field((), description="What is exchanged, one entry a set, direction, release and usage.")
    duplicates: DuplicatePolicy = Field(DuplicatePolicy(), description="What repetitions mean.")
    cross_references: CrossReferenceTerms = Field(
        CrossReferenceTerms(), description="Whether their codes are exchanged for ours on the way to the ERP."
    )
    severities: dict[str, Severity] = Field(
        default_factory=dict, description="Kind of finding → off, warn, reject; what is not named keeps the default."
    )
    orders: OrderTerms = Field(OrderTerms(), description="How we decide on their orders.")
    answers: Answers = Field(Answers(), description="Which answers they want.")

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, value: str) -> str:
        try:
            return value if value == "UTC" else ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"'{value}' is no time zone; write one such as America/Chicago") from None

    def under(self, usage: Usage | None) -> Identification:
        """By which ids we exchange documents of a usage; of none (ISA15 I), those of production."""
        test = self.test if usage == "test" else UnderTest()
        return Identification(
            test.interchange or self.interchange,
            test.group or self.group,
            test.ours or self.ours,
            test.connection or self.connection,
        )

    def marks_for(self, agreement: Agreement | None) -> Delimiters:
        """The delimiters we write a set with; of no agreement (an acknowledgment), the usual ones."""
        return ((agreement and agreement.envelope.marks) or self.marks).delimiters()

    def today(self, now: datetime) -> date:
        """The date at their place."""
        return now.astimezone(self._zone).date()

    def deadline(self, start: datetime, within: timedelta, counted_in: CountedIn) -> datetime:
        """When ``within`` has passed since ``start``, by the clock or in their working hours; in UTC."""
        if counted_in == "hours":
            return start.astimezone(UTC) + within
        return self.calendar.deadline(start, within, self._zone)

    def contact(self, role: str) -> Contact | None:
        """The first contact of a role, else the first there is."""
        return next((each for each in self.contacts if each.role == role), next(iter(self.contacts), None))

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class SecretReference(Terms):
    """Where a secret is; never the secret. Written as one word, ``env:NAME`` or ``file:PATH``."""

    at: str = Field(description="env:NAME, an environment variable; file:PATH, a file's content.")

    @field_validator("at")
    @classmethod
    def _only_named(cls, value: str) -> str:
        kind, _, name = value.partition(":")
        if kind not in {"env", "file"} or not name:
            raise ValueError("a secret is only named here, never written; write env:NAME or file:PATH")
        return value


def _reference(value: object) -> object:
    return {"at": value} if isinstance(value, str) else value


SecretAt: TypeAlias = Annotated[SecretReference, BeforeValidator(_reference)]


class FolderConnection(Terms):
    """A folder on this machine."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["folder"] = Field(description="folder")
    senders: tuple[str, ...] = Field(description="Partners whose documents may arrive through it.")
    inbox: str = Field(description="The folder we collect from.")
    outbox: str = Field(description="The folder we put into.")
    pattern: str = Field("*", description="Which file names are collected, with * and ?.")
    poll: Duration = Field(timedelta(minutes=1), description="How often we look.")


class MailboxConnection(Terms):
    """An account on our own SFTP server: they write inbox/, they read outbox/."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["mailbox"] = Field(description="mailbox")
    senders: tuple[str, ...] = Field(description="Partners whose documents may arrive through it.")
    account: str = Field(pattern=r"^[a-z][a-z0-9_-]*$", description="The login, and the name of its folder.")
    keys: tuple[str, ...] = Field((), description="Their public keys, as in authorized_keys.")
    password_hash: SecretAt | None = Field(None, description="Where the hash of their password is, if they log in with one.")


class SftpConnection(Terms):
    """An SFTP server of theirs, or of their VAN, that we call."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["sftp"] = Field(description="sftp")
    senders: tuple[str, ...] = Field(description="Partners whose documents may arrive through it.")
    host: str = Field(description="Name or address of the server.")
    port: int = Field(22, ge=1, le=65535, description="TCP port.")
    login: str = Field(description="The user name they gave us.")
    host_keys: tuple[str, ...] = Field(min_length=1, description="Public keys or SHA256 fingerprints; several for a rollover.")
    key: SecretAt | None = Field(None, description="Where our private key is.")
    password: SecretAt | None = Field(None, description="Where our password is.")
    inbox: str = Field("/outbox", description="The folder we collect from.")
    outbox: str = Field("/inbox", description="The folder we put into.")
    pattern: str = Field("*", description="Which file names are collected, with * and ?.")
    poll: Duration = Field(timedelta(minutes=5), description="How often we look.")


Connection = Annotated[FolderConnection | MailboxConnection | SftpConnection, Field(discriminator="kind")]
