"""An agreement: what is exchanged of one set in one direction, on what terms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field, model_validator

from edi_gateway.trading.base import Terms
from edi_gateway.trading.batch import Batch
from edi_gateway.trading.billing import Billing
from edi_gateway.trading.marks import Marks
from edi_gateway.trading.scalars import Duration, InterchangeId
from edi_gateway.trading.terms import CountedIn, Direction, GroupId
from edi_gateway.trading.usage import Usage
from edi_gateway.x12.finding import Severity


class AcknowledgmentTerms(Terms):
    """For a set we receive: which answer we owe, in what form, by when."""

    form: Literal["997", "999", "none"] = Field("997", description="Which acknowledgment; 999 exists from 005010.")
    release: str = Field("004010", description="GS08 of the acknowledgment.")
    within: Duration = Field(timedelta(hours=24), description="The partner's deadline, from bytes on record.")
    counted_in: CountedIn = Field("hours", description="What the deadline counts; working hours: those of the calendar.")
    partial: Literal["accept the good ones", "reject the group"] = Field(
        "accept the good ones",
        description="What becomes of a group in which some sets are rejected: the good ones go on (AK9 P), or none does (AK9 R).",
    )
    corrected_within: Duration = Field(
        timedelta(days=3), description="How long they may take to send anew what we rejected, before somebody is told."
    )
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
    batch: Batch = Field(Batch(), description="For direction out: whether sets wait, and leave together.")
    billing: Billing = Field(Billing(), description="For an 810 we send: how invoices are made of what the ERP bills, and when.")
    severities: dict[str, Severity] = Field(
        default_factory=dict, description="Kind of finding → off, warn, reject, for this set; the rest is as for the partner."
    )
    read_as: str = Field(
        "",
        description="The release by whose definition it is read, checked and written where we have none of its own: 004010. "
        "None given: the nearest. That it was is told as finding `set.release_nearest`.",
    )

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Agreement:
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError(f"valid_from {self.valid_from} is after valid_until {self.valid_until}")
        return self

    @property
    def definition(self) -> str:
        """The release whose definition it is held against; where we have none of that release, the nearest is taken."""
        return self.read_as or self.release

    def holds_on(self, day: date | None) -> bool:
        """Whether it is in force on a day; on no day in particular, it is."""
        return day is None or (self.valid_from or day) <= day <= (self.valid_until or day)
