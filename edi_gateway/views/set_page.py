"""One document, everything at once: the set, what carried it, its segments with findings, its answer, and what belongs to it."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.way import is_retried
from edi_gateway.store.among import Among
from edi_gateway.store.connection import Connection
from edi_gateway.store.database import Database
from edi_gateway.store.prepared import rows_by
from edi_gateway.store.rows import (
    DocumentRow,
    FlowRow,
    GroupRow,
    InterchangeRow,
    TransactionRow,
    TransmissionRow,
    as_row,
    findings_from_text,
)
from edi_gateway.store.tables import document, flow, functional_group, interchange, transaction, transmission
from edi_gateway.views.set_relatives import answers_of, related_to
from edi_gateway.views.their_answers import answers_to, group_meant
from edi_gateway.views.traffic import SetRow, rows_of
from edi_gateway.views.waits_behind import waits_behind
from edi_gateway.x12 import standard
from edi_gateway.x12.acknowledgment import SetResult
from edi_gateway.x12.envelope import Interchange, InterchangeAcknowledgment, TransactionSet
from edi_gateway.x12.examination import Examination
from edi_gateway.x12.finding import Finding
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.show import ShownSet, shown_set

_FLOWS = Among(sa.select(flow).order_by(flow.c.id), flow.c.subject)


class SetPage(NamedTuple):
    """A set and its surroundings; None and empty for what there is not (yet)."""

    row: TransactionRow
    group: GroupRow | None
    interchange: InterchangeRow | None
    transmission: TransmissionRow | None
    document: DocumentRow | None
    flows: list[FlowRow]
    answers: list[SetRow]
    related: list[SetRow]
    behind: frozenset[int]  # the flows that are ready, and wait for one of their order: ``because`` says for which

    @property
    def retried(self) -> list[FlowRow]:
        return [each for each in self.flows if is_retried(each)]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return findings_from_text(self.row.findings)

    @property
    def their_findings(self) -> tuple[Finding, ...]:
        return findings_from_text(self.row.partner_findings)


def set_page(store: Database, id: int, *, with_answers: bool = True, with_related: bool = True) -> SetPage:
    """Everything about a set; what is not wanted stays empty. Raises WrongInput where there is none of that number."""
    with store.asking() as connection:
        row = _one(connection, TransactionRow, transaction, id)
        if row is None:
            raise WrongInput(f"there is no set {id}", do="look for it under Documents")
        group = _one(connection, GroupRow, functional_group, row.group_id)
        carried = _one(connection, InterchangeRow, interchange, row.interchange_id)
        moved_by = carried.transmission_id if carried else None
        moved = _one(connection, TransmissionRow, transmission, moved_by)
        made = _one(connection, DocumentRow, document, row.document_id)
        subjects = [f"{kind}:{each.id}" for kind, each in (("document", made), ("transmission", moved)) if each]
        subjects.append(f"transaction:{id}")
        flows = [as_row(FlowRow, each) for each in _FLOWS.rows(connection, subjects)]
        behind = waits_behind(connection, [each.id for each in flows if each.state == "ready"])
        flows = [msgspec.structs.replace(each, because=behind.get(each.id, each.because)) for each in flows]
        answers = _sets(connection, answers_of(connection, row, group)) if with_answers else []
        related = _sets(connection, related_to(connection, row, made)) if with_related else []
    if with_answers and not answers and (ids := _unlinked(store, row, group)):
        with store.asking() as connection:
            answers = _sets(connection, ids)
    return SetPage(row, group, carried, moved, made, flows, answers, related, frozenset(behind))


def _unlinked(store: Database, row: TransactionRow, group: GroupRow | None) -> list[int]:
    """What no link tells: their answers to a group of ours that has none, and what one of them answers that is not the last."""
    if row.direction == "in" and row.code in ("997", "999"):
        meant = group_meant(store, row)
        with store.read() as unit:
            return [each.id for each in unit.transactions.in_group(meant.id)] if meant else []
    return answers_to(store, group) if group and group.answered_at and row.direction == "out" else []


def _one(connection: Connection, type_: type[Any], table: sa.Table, id: int | str | None) -> Any:
    row = connection.execute(rows_by(table, "id"), {"id": id}).first() if id is not None else None
    return as_row(type_, row) if row else None


def _sets(connection: Connection, ids: list[int]) -> list[SetRow]:
    """Oldest first."""
    return rows_of(connection, ids)[::-1] if ids else []


def read_set(store: Database, page: SetPage) -> TransactionSet | None:
    """The set itself, from the bytes that were moved, or as composed where none were yet; None where nothing is kept."""
    row = page.row
    if page.transmission is None or page.interchange is None:
        return _composed(row)
    with store.read() as unit:
        if unit.payloads.find(page.transmission.payload) is None:
            return _composed(row)
        stream = unit.payloads.open(page.transmission.payload)
    with stream:
        if row.code == "TA1":
            return _ta1(Reader(stream), row)
        if row.start is not None and row.length is not None:
            stream.seek(row.start)
            text = stream.read(row.length).decode("latin-1")
            header = msgspec.json.decode(page.interchange.isa, type=Interchange)
            text = header.cut.without(text, row.start) if header.cut else text
            return TransactionSet(text, header.delimiters, offset=row.start)
        return _in(Reader(stream), page)


def _in(events: Reader, page: SetPage) -> TransactionSet | None:
    for event in events:
        if isinstance(event, TransactionSet) and event.control_number == page.row.control_number and _same_group(event, page):
            return event
    return None


def _same_group(told: TransactionSet, page: SetPage) -> bool:
    return page.group is None or told.group is None or told.group.control_number == page.group.control_number


def _ta1(events: Reader, row: TransactionRow) -> TransactionSet | None:
    """The one segment that a TA1 is, with neither ST nor SE."""
    for event in events:
        if isinstance(event, InterchangeAcknowledgment) and event.ta1[1:2] == (row.business_number,):
            return TransactionSet.of([list(event.ta1)], event.interchange.delimiters)
    return None


def _composed(row: TransactionRow) -> TransactionSet | None:
    if not row.segments:
        return None
    segments = msgspec.json.decode(row.segments, type=list[list[str]])
    if row.code == "TA1":
        return TransactionSet.of(segments)
    return TransactionSet.of([["ST", row.code, "0001"], *segments, ["SE", str(len(segments) + 2), "0001"]])


def shown(told: TransactionSet, findings: tuple[Finding, ...], release: str) -> ShownSet:
    """The set with names and meanings, and the findings that are on record about it in their places."""
    nearest = standard.nearest(told.code, told.release or release)
    result = SetResult(told.code, told.control_number, findings, told.convention)
    return shown_set(told, Examination(findings, nearest, result))
