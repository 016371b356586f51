"""A trading partner's profile, as a frozen value: the model of ``partners/NAME/partner.yaml``.

pydantic checks and converts each file once, when it is loaded (``trading.loader``); everywhere else a profile is plain data.
Field descriptions are the reference documentation (``docs/reference/partner-profile.md`` is made from them). The parts of a
profile are models of their own, each in the file of its idea: agreement, batch, business, calendar, marks, terms.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from edi_gateway.trading.agreement import AcknowledgmentTerms, Agreement, Awaited, EnvelopeTerms
from edi_gateway.trading.as2_connection import As2Connection
from edi_gateway.trading.base import Terms
from edi_gateway.trading.business import Answers, ChangeTerms, OrderTerms
from edi_gateway.trading.calendar import BusinessCalendar
from edi_gateway.trading.connection import Connection, FolderConnection, MailboxConnection, SftpConnection
from edi_gateway.trading.marks import Marks
from edi_gateway.trading.ourselves import Address, OurIdentity, Ourselves
from edi_gateway.trading.scalars import Duration, InterchangeId
from edi_gateway.trading.terms import (
    Authorization,
    Contact,
    ControlNumberTerms,
    CountedIn,
    CrossReferenceTerms,
    Direction,
    DuplicatePolicy,
    Fallback,
    GroupId,
    Repairs,
    Retention,
    Security,
    UnderTest,
)
from edi_gateway.trading.usage import Usage
from edi_gateway.x12.envelope import Identity
from edi_gateway.x12.finding import Severity

__all__ = [
    "AcknowledgmentTerms",
    "Address",
    "Agreement",
    "As2Connection",
    "Awaited",
    "ChangeTerms",
    "Connection",
    "Direction",
    "EnvelopeTerms",
    "FolderConnection",
    "MailboxConnection",
    "Marks",
    "OrderTerms",
    "OurIdentity",
    "Ourselves",
    "SftpConnection",
    "TradingPartner",
    "Usage",
]


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
    authorization: Authorization | None = Field(None, description="ISA01 and ISA02 we write; none: 00 and blanks.")
    security: Security | None = Field(None, description="ISA03 and ISA04 we write; none: 00 and blanks.")
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
    changes: ChangeTerms = Field(ChangeTerms(), description="How we take changes of their orders.")
    silent_after: Duration | None = Field(None, description="For how long nothing may come from them before that is told: 3d.")
    silence_counted_in: CountedIn = Field("hours", description="Whether that counts by the clock or in their working hours.")
    answers: Answers = Field(Answers(), description="Which answers they want, and by when.")
    second_person: tuple[Literal["855", "856", "810"], ...] = Field(
        (),
        description="Sets that go to them again, or corrected, only when a second person agrees: 810, 856. So is an order, or a "
        "change of one, posted to the ERP again, which would answer it with them.",
    )
    retention: Retention = Field(Retention(), description="How long we keep what is exchanged with them.")

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

    def security_under(self, usage: Usage | None) -> Security | None:
        """The password we write on the ISA of a usage."""
        return (self.test.security if usage == "test" else None) or self.security

    def marks_for(self, agreement: Agreement | None) -> Marks:
        """The marks we write a set with; of no agreement (an acknowledgment), the usual ones."""
        return (agreement and agreement.envelope.marks) or self.marks

    def severities_for(self, agreement: Agreement | None) -> dict[str, Severity]:
        """How grave kinds of findings are in a set: what its agreement says goes before what holds for all of theirs."""
        return self.severities if agreement is None else self.severities | agreement.severities

    def leaves(self, agreement: Agreement, ready: datetime) -> datetime:
        """When a set that is ready leaves: in the next window of its batch; without windows at once."""
        return agreement.batch.leaves(ready, self._zone, self.calendar)

    def closes(self, agreement: Agreement, billed: datetime) -> datetime:
        """When the window closes in which something was billed; without windows at once."""
        return agreement.billing.closes(billed, self._zone, self.calendar)

    def today(self, now: datetime) -> date:
        """The date at their place."""
        return _day(now.astimezone(UTC), self.time_zone)

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


@lru_cache(maxsize=256)  # each set asks several times, and those of one payload about one moment
def _day(moment: datetime, time_zone: str) -> date:
    return moment.astimezone(ZoneInfo(time_zone)).date()
