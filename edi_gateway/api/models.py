"""What the API answers with, noun by noun; each is had from a row or a view by its attributes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Out(BaseModel):
    """Read from the attributes of what a view returns."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class DocumentLine(Out):
    """A transaction set in a list. Its three statuses are never merged into one."""

    id: int = Field(examples=[12])
    at: datetime
    direction: str = Field(description="in: they sent it; out: we did.", examples=["in"])
    partner: str | None = Field(examples=["northwind"])
    code: str = Field(description="The set: 850, 855, 856, 810, 820, 997 …", examples=["850"])
    business_number: str = Field(description="Of the order, shipment, invoice or remittance.", examples=["PO-1001"])
    interchange: str | None = Field(description="ISA13.", examples=["000000017"])
    validation: str = Field(examples=["valid"])
    delivery: str = Field(examples=["delivered"])
    acknowledgment: str = Field(examples=["accepted"])


class FindingOut(Out):
    """One thing wrong with a set, with its place and code."""

    kind: str = Field(examples=["element.too_long"])
    severity: str = Field(examples=["reject"])
    code: str = Field(description="Of X12's own list, as a 997 tells it.", examples=["5"])
    segment: str | None = Field(None, examples=["PO1"])
    position: int | None = Field(None, description="Which segment of the set, ST being 1.")
    element: int | None = None
    component: int | None = None
    value: str | None = None
    message: str
    sentence: str = Field(description="Place and message, for a person.")


class FlowOut(Out):
    """A document on its way: its stage, its state, and why it waits."""

    id: int = Field(examples=[31])
    stage: str = Field(examples=["apply"])
    state: str = Field(examples=["held"])
    subject: str = Field(examples=["document:5b1f…"])
    partner: str | None = None
    because: str = ""
    tries: int = 0
    due_at: datetime | None = None
    changed_at: datetime


class DocumentOut(DocumentLine):
    """A transaction set with its envelope, its findings and the flows that carry it."""

    release: str = Field(examples=["004010"])
    usage: str = Field(description="ISA15: P or T.", examples=["P"])
    control_number: str = Field(description="ST02.", examples=["0001"])
    group: str | None = Field(description="GS06.", examples=["17"])
    document_id: str | None = Field(description="Of its business content; see /model.")
    transmission_id: int | None
    verdict: str
    acknowledgment_due_at: datetime | None
    profile_version: str
    flows: list[FlowOut]
    findings: list[FindingOut]
    partner_findings: list[FindingOut]
    answers: list[DocumentLine] = Field(description="The acknowledgments of it, ours or theirs.")


class ModelOut(Out):
    """The business content of a set in our own words; see the reference of its kind."""

    id: str
    kind: str = Field(examples=["order"])
    number: str = Field(examples=["PO-1001"])
    direction: str
    partner: str
    map: str
    map_version: str
    document: dict[str, Any]


class TracedOut(Out):
    """Where one value came from: the element, the text there, and the line of the map."""

    made: str = Field(examples=["lines[1].quantity"])
    value: str = Field(examples=["12"])
    source: str = Field(examples=["PO102"])
    position: int = Field(description="Which segment, ST being 1.")
    rule: str = Field(examples=["maps/850-order.yaml:31"])
    text: str = Field(examples=["12"])
    element: int = 0


class EventOut(Out):
    """Something that happened; ``id`` is its place in the chain, without gaps and in the order of the commits."""

    id: int = Field(examples=[4711])
    at: datetime
    actor: str = Field(examples=["gateway"])
    kind: str = Field(examples=["flow.held"])
    partner: str | None
    subject: str = Field(examples=["transaction:12"])
    control_number: str
    text: str


class HoldOut(Out):
    """A flow that waits for a person, was rejected, or is dead, and why."""

    id: int = Field(description="The flow's number.", examples=[31])
    state: str = Field(examples=["held"])
    stage: str = Field(examples=["apply"])
    subject: str = Field(examples=["document:5b1f…"])
    partner: str | None
    because: str
    changed_at: datetime


class OrderOut(Out):
    """An order's balances in money."""

    id: int
    partner: str
    number: str = Field(examples=["PO-1001"])
    state: str
    currency: str
    usage: str
    ordered: Decimal
    confirmed: Decimal
    shipped: Decimal
    billed: Decimal
    remitted: Decimal
    paid: Decimal
    open: Decimal
    opened_at: datetime
    changed_at: datetime


class TransmissionOut(Out):
    """One payload moved once, in or out."""

    id: int
    at: datetime
    direction: str
    connection: str
    partner: str | None
    name: str = Field(description="Of the file, or the Message-ID.")
    state: str
    detail: str
    payload: str = Field(description="SHA-256 of the bytes.")
    told_at: datetime | None = Field(description="When the other side confirmed it, or fetched it.")


class InterchangeOut(Out):
    """ISA … IEA."""

    id: int
    at: datetime
    direction: str
    partner: str | None
    sender: str
    receiver: str
    control_number: str = Field(examples=["000000017"])
    version: str
    usage: str
    state: str
    acknowledgment: str
    transmission_id: int | None
    duplicate_of: int | None


class DeadlineOut(Out):
    """An answer that has not come or left."""

    who: str = Field(description="we owe it, or they do.", examples=["we"])
    partner: str
    answer: str = Field(examples=["997"])
    about: str
    number: str
    due_at: datetime
    is_overdue: bool = False


class AnswerOut(Out):
    """What came of a wish. ``approval`` is the number of what waits for a second person."""

    text: str = Field(examples=["810 INV-7 goes again in the same interchange 000000017"])
    child: str = Field("", description="What was made.", examples=["transmission:40"])
    approval: int | None = None


Seen = Annotated[
    datetime | None, Field(description="`changed_at` of the hold as it was read: one that changed since is left as it is (412).")
]


class Reason(BaseModel):
    """Why; it goes on record."""

    because: str = Field(min_length=1, max_length=1000, examples=["they lost the first one"])
