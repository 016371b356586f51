"""What we know of ourselves, our partners and the connections between us, as frozen values.

These are the models of the files in ``partners/``: pydantic checks and converts each file once, when it is loaded
(``trading.loader``); everywhere else a profile is plain data. Field descriptions are the reference documentation.
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Identity
from edi_gateway.x12.finding import Severity


class Terms(BaseModel):
    """The base of every model here: frozen, and an unknown word is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


_DURATION = re.compile(r"(\d+)\s*(m|min|h|d)")
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days"}


def _duration(value: object) -> object:
    """``24h``, ``90m``, ``2d`` as a timedelta."""
    if isinstance(value, str):
        found = _DURATION.fullmatch(value.strip())
        if not found:
            raise ValueError("is no duration; write 90m, 24h or 2d")
        return timedelta(**{_UNITS[found[2]]: int(found[1])})
    return value


def _identity(value: object) -> object:
    """``08:925485US00`` as an Identity."""
    if isinstance(value, str):
        qualifier, colon, id = value.partition(":")
        if not colon or len(qualifier) != 2 or not 1 <= len(id.strip()) <= 15:
            raise ValueError("is no interchange id; write QUALIFIER:ID, such as 08:0123456789")
        return Identity(qualifier, id.strip())
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
InterchangeId = Annotated[Identity, BeforeValidator(_identity)]


class Address(Terms):
    """A place of ours or theirs, as an N1 loop carries it."""

    name: str
    id_qualifier: str = Field("", description="N103: 92, 9, UL …")
    id: str = Field("", description="N104.")
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


class OurIdentity(Terms):
    """One of the names we trade under."""

    name: str = Field(description="How partners' files refer to it.")
    title: str
    interchange: InterchangeId = Field(description="Our id on the ISA, QUALIFIER:ID.")
    group: str = Field(description="Our id on the GS.")
    company_prefix: str = Field("", pattern=r"^(\d{6,12})?$", description="GS1 company prefix, for SSCC-18 numbers.")
    ship_from: Address | None = None
    remit_to: Address | None = None


class Marks(Terms):
    """Delimiters we write with."""

    element: str = Field("*", min_length=1, max_length=1)
    component: str = Field(">", min_length=1, max_length=1)
    segment: str = Field("~", min_length=1, max_length=1)
    repetition: str | None = Field(None, min_length=1, max_length=1, description="From release 00402; before, ISA11 is U.")
    line_end: Literal["none", "lf", "crlf"] = Field("none", description="Decoration after each segment terminator.")

    def delimiters(self) -> Delimiters:
        """The same as x12 knows them."""
        end = {"none": "", "lf": "\n", "crlf": "\r\n"}[self.line_end]
        return Delimiters(self.element, self.component, self.segment, self.repetition, end)


class AcknowledgmentTerms(Terms):
    """For a set we receive: which answer we owe, in what form, by when."""

    form: Literal["997", "999", "none"] = "997"
    release: str = Field("004010", description="GS08 of the acknowledgment.")
    within: Duration = Field(timedelta(hours=24), description="The partner's deadline, from bytes on record.")
    detail: Literal["sets", "group"] = Field("sets", description="Whether accepted sets are listed (AK2/AK5) or only counted.")


class Awaited(Terms):
    """For a set we send: which answer we expect, by when."""

    acknowledgment: bool = True
    within: Duration = timedelta(hours=24)
    retransmit: bool = Field(False, description="Send the same interchange again when overdue; never for 856 and 810 by default.")


class Agreement(Terms):
    """Terms for one set in one direction with one partner. What is wrong for one release may be right for another."""

    set: str = Field(pattern=r"^\d{3}$")
    direction: Literal["in", "out"]
    release: str = Field("004010", pattern=r"^\d{6}[A-Z0-9]{0,6}$", description="GS08, suffix included.")
    usage: Literal["production", "test"] = "production"
    map: str = Field(description="Name of the map: 850-order, northwind/850-order.")
    guide: str = Field("", description="Name of the guide in the partner's guides/ folder; none: the standard alone.")
    acknowledgment: AcknowledgmentTerms = AcknowledgmentTerms()
    awaits: Awaited = Awaited()


class DuplicatePolicy(Terms):
    """What a repetition means, at each level."""

    interchange: Literal["answer again", "hold", "process"] = Field(
        "answer again",
        description="The same ISA13 with the same bytes: the old answer is sent again, nothing is processed twice.",
    )
    order: Literal["hold", "refuse"] = Field(
        "hold", description="The same PO again as an original: for a person, or an 855 reject."
    )
    window: Duration = Field(timedelta(days=365), description="How far back a repetition counts.")


class OrderTerms(Terms):
    """How we decide on this partner's orders before the ERP does."""

    price_tolerance_percent: Decimal = Field(Decimal(0), ge=0, description="Accepted difference to the ERP's list price.")
    price_difference: Literal["hold", "reject", "accept"] = "hold"
    unknown_item: Literal["hold", "reject"] = "reject"
    credit_exceeded: Literal["hold", "accept"] = "hold"
    minimum_order: Decimal | None = None


class Answers(Terms):
    """Which answers the partner wants, and how."""

    order_acknowledgment: bool = Field(True, description="Whether an 855 is sent.")
    order_acknowledgment_within: Duration = timedelta(hours=24)
    lines: Literal["always", "changes"] = Field("always", description="855 with every line, or only when something differs.")
    ship_notice: bool = True
    ship_notice_structure: Literal["shipment, order, pack, item", "shipment, order, item"] = "shipment, order, pack, item"
    invoice: bool = True
    invoice_after_ship_notice: bool = Field(True, description="R20: no 810 before its 856.")


class TradingPartner(Terms):
    """A party we exchange documents with, and everything we agreed."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$", description="Folder name; how commands and logs call it.")
    title: str
    interchange: tuple[InterchangeId, ...] = Field(min_length=1, description="Their ids on the ISA; the first one is written.")
    group: tuple[str, ...] = Field(min_length=1, description="Their ids on the GS; the first one is written.")
    ours: str = Field("main", description="Which of our identities we trade under.")
    connection: str = Field(description="Where documents for them go; see partners/connections.")
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$", description="Where a document does not say.")
    time_zone: str = "UTC"
    interchange_version: str = Field("00401", pattern=r"^\d{5}$", description="ISA12 we write.")
    marks: Marks = Marks()
    characters: Literal["basic", "extended"] = "extended"
    interchange_acknowledgment: Literal["when asked", "always", "never"] = Field("when asked", description="TA1: on ISA14, …")
    request_interchange_acknowledgment: bool = Field(False, description="ISA14 we write.")
    erp: str = Field("simulator", description="Which ERP connector takes their documents.")
    customer: str = Field("", description="Their customer number in the ERP; default: the partner's name.")
    agreements: tuple[Agreement, ...] = ()
    duplicates: DuplicatePolicy = DuplicatePolicy()
    severities: dict[str, Severity] = Field(default_factory=dict, description="Kind of finding → off, warn, reject.")
    orders: OrderTerms = OrderTerms()
    answers: Answers = Answers()


class SecretReference(Terms):
    """Where a secret is; never the secret. ``env:NAME`` or ``file:PATH``."""

    at: str = Field(pattern=r"^(env|file):.+$")


class FolderConnection(Terms):
    """A folder on this machine."""

    name: str
    kind: Literal["folder"]
    senders: tuple[str, ...] = Field(description="Partners whose documents may arrive through it.")
    inbox: str
    outbox: str
    pattern: str = "*"
    poll: Duration = timedelta(minutes=1)


class MailboxConnection(Terms):
    """An account on our own SFTP server: they write inbox/, they read outbox/."""

    name: str
    kind: Literal["mailbox"]
    senders: tuple[str, ...]
    account: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    keys: tuple[str, ...] = Field((), description="Their public keys, as in authorized_keys.")
    password_hash: SecretReference | None = None


class SftpConnection(Terms):
    """An SFTP server of theirs, or of their VAN, that we call."""

    name: str
    kind: Literal["sftp"]
    senders: tuple[str, ...]
    host: str
    port: int = Field(22, ge=1, le=65535)
    login: str
    host_keys: tuple[str, ...] = Field(min_length=1, description="Public keys or SHA256 fingerprints; several for a rollover.")
    key: SecretReference | None = None
    password: SecretReference | None = None
    inbox: str = Field("/outbox", description="The folder we collect from.")
    outbox: str = Field("/inbox", description="The folder we put into.")
    pattern: str = "*"
    poll: Duration = timedelta(minutes=5)


Connection = Annotated[FolderConnection | MailboxConnection | SftpConnection, Field(discriminator="kind")]
