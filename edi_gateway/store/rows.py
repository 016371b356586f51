"""What the repositories hand out: rows as frozen values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from edi_gateway.x12.finding import Finding

T = TypeVar("T", bound=msgspec.Struct)


class TransmissionRow(msgspec.Struct, frozen=True):
    id: int
    direction: str
    connection: str
    partner: str | None
    payload: str
    name: str
    identity: str
    state: str
    detail: str
    at: datetime
    told_at: datetime | None


class InterchangeRow(msgspec.Struct, frozen=True):
    id: int
    transmission_id: int | None
    direction: str
    partner: str | None
    sender: str
    receiver: str
    control_number: str
    version: str
    usage: str
    start: int
    state: str
    duplicate_of: int | None
    isa: str
    findings: str
    acknowledgment: str
    answered_by: int | None
    at: datetime


class GroupRow(msgspec.Struct, frozen=True):
    id: int
    interchange_id: int
    code: str
    control_number: str
    release: str
    gs: str
    declared: int | None
    received: int
    findings: str
    acknowledgment: str
    due_at: datetime | None
    answered_at: datetime | None
    answered_by: int | None


class TransactionRow(msgspec.Struct, frozen=True):
    id: int
    direction: str
    partner: str | None
    group_id: int | None
    interchange_id: int | None
    code: str
    release: str
    usage: str
    control_number: str
    start: int | None
    length: int | None
    business_number: str
    document_id: str | None
    profile_version: str
    validation: str
    delivery: str
    acknowledgment: str
    verdict: str
    acknowledgment_due_at: datetime | None
    findings: str
    partner_findings: str
    segments: str
    at: datetime


class DocumentRow(msgspec.Struct, frozen=True):
    id: str
    kind: str
    direction: str
    partner: str
    number: str
    body: str
    thread_id: int | None
    map: str
    map_version: str
    profile_version: str
    usage: str
    at: datetime
    sha256: str  # of the content, where retention removed it


class FlowRow(msgspec.Struct, frozen=True):
    """A flow. ``subject`` is what it carries: ``transmission:7``, ``transaction:12``, ``document:ab…``."""

    id: int
    lane: str
    stage: str
    state: str
    priority: int
    due_at: datetime
    tries: int
    deaths: int
    suspect: bool
    subject: str
    follows: str
    partner: str | None
    connection: str | None
    connector: str | None
    position: str
    because: str
    created_at: datetime
    changed_at: datetime

    @property
    def subject_id(self) -> str:
        """The id behind the colon."""
        return self.subject.partition(":")[2]


class EventRow(msgspec.Struct, frozen=True):
    id: int
    at: datetime
    actor: str
    kind: str
    partner: str | None
    subject: str
    control_number: str
    text: str
    details: str
    hash: str


def as_row(type_: type[T], row: sa.Row[Any]) -> T:
    """The database row as a value of ``type_``: columns by name."""
    return type_(*_picked(type_.__struct_fields__, row._fields)(row))


@cache
def _picked(names: tuple[str, ...], columns: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Takes the columns of some names, in the order of these."""
    return itemgetter(*(columns.index(name) for name in names))


def findings_to_text(findings: tuple[Finding, ...]) -> str:
    """Findings as the JSON kept in a column."""
    return msgspec.json.encode(findings).decode()


def findings_from_text(text: str) -> tuple[Finding, ...]:
    """Findings back from a column."""
    return msgspec.json.decode(text, type=tuple[Finding, ...])
