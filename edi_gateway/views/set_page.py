"""One document, everything at once: the set, what carried it, its segments with findings, its answer, and what belongs to it."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from edi_gateway.errors import WrongInput
from edi_gateway.store.database import Database
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
from edi_gateway.store.selection import Selection, aside
from edi_gateway.store.tables import document, flow, functional_group, interchange, order_thread, transaction, transmission
from edi_gateway.views.traffic import SetRow, sets
from edi_gateway.x12 import standard
from edi_gateway.x12.acknowledgment import SetResult
from edi_gateway.x12.envelope import Interchange, TransactionSet
from edi_gateway.x12.examination import Examination
from edi_gateway.x12.finding import Finding
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.show import ShownSet, shown_set


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

    @property
    def findings(self) -> tuple[Finding, ...]:
        return findings_from_text(self.row.findings)

    @property
    def their_findings(self) -> tuple[Finding, ...]:
        return findings_from_text(self.row.partner_findings)


def set_page(store: Database, id: int) -> SetPage:
    """Everything about a set. Raises WrongInput where there is none of that number."""
    with store.reading() as connection:
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
        flows = connection.execute(sa.select(flow).where(flow.c.subject.in_(subjects)).order_by(flow.c.id))
        found = [as_row(FlowRow, each) for each in flows]
        answers, related = _answers(connection, row, group), _related(connection, row, made)
    return SetPage(row, group, carried, moved, made, found, _sets(store, answers), _sets(store, related))


def _one(connection: sa.Connection, type_: type[Any], table: sa.Table, id: int | str | None) -> Any:
    row = connection.execute(sa.select(table).where(table.c.id == id)).first() if id is not None else None
    return as_row(type_, row) if row else None


def _sets(store: Database, ids: list[int]) -> list[SetRow]:
    return sets(store, Selection(ids=tuple(ids)), limit=200)[::-1] if ids else []


def _answers(connection: sa.Connection, row: TransactionRow, group: GroupRow | None) -> list[int]:
    """The acknowledgments of a set: ours of what came, theirs of what we sent; of an acknowledgment, the sets it answers."""
    if group is None:
        return []
    if row.code in ("997", "999", "TA1"):
        answered = sa.select(functional_group.c.id).where(functional_group.c.answered_by == row.id)
        return list(connection.execute(sa.select(transaction.c.id).where(transaction.c.group_id.in_(answered))).scalars())
    ours = [group.answered_by] if group.answered_by else []
    if row.direction == "in":
        return ours
    theirs = sa.select(transaction.c.id).where(
        aside(transaction.c.direction) == "in",
        aside(transaction.c.code).in_(("997", "999")),
        aside(transaction.c.partner) == row.partner,
        transaction.c.business_number.in_(_with_zeros(group.control_number)),
    )
    return list(connection.execute(theirs).scalars())


def _with_zeros(number: str) -> list[str]:
    """A group's number as partners may write it in AK102: with zeros in front, or without."""
    bare = number.lstrip("0")
    return [bare.zfill(length) for length in range(len(bare), 10)] or [bare]


def _related(connection: sa.Connection, row: TransactionRow, made: DocumentRow | None) -> list[int]:
    """The other sets of the order's thread, or of the same business number."""
    same = sa.and_(transaction.c.business_number == row.business_number, transaction.c.partner == row.partner)
    here = [same] if row.business_number and row.code not in ("997", "999", "TA1") else []
    thread = _thread_of(connection, made) if made else None
    if thread is not None:
        documents = sa.select(document.c.id).where(document.c.thread_id == thread)
        opened = sa.select(order_thread.c.document_id).where(order_thread.c.id == thread)
        here += [transaction.c.document_id.in_(documents), transaction.c.document_id.in_(opened)]
    if not here:
        return []
    found: set[int] = set()
    for each in here:  # each by an index of its own; "or" leaves it to the database whether it sees that
        query = sa.select(transaction.c.id).where(each, transaction.c.id != row.id).order_by(transaction.c.id + 0).limit(100)
        found.update(connection.execute(query).scalars())
    return sorted(found)[:100]


def _thread_of(connection: sa.Connection, made: DocumentRow) -> int | None:
    if made.thread_id is not None:
        return made.thread_id
    found: int | None = connection.execute(sa.select(order_thread.c.id).where(order_thread.c.document_id == made.id)).scalar()
    return found


def thread_of(store: Database, made: DocumentRow | None) -> int | None:
    """The order thread a document belongs to."""
    if made is None:
        return None
    with store.reading() as connection:
        return _thread_of(connection, made)


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


def _composed(row: TransactionRow) -> TransactionSet | None:
    if not row.segments:
        return None
    segments = msgspec.json.decode(row.segments, type=list[list[str]])
    return TransactionSet.of([["ST", row.code, "0001"], *segments, ["SE", str(len(segments) + 2), "0001"]])


def shown(told: TransactionSet, findings: tuple[Finding, ...], release: str) -> ShownSet:
    """The set with names and meanings, and the findings that are on record about it in their places."""
    nearest = standard.nearest(told.code, told.release or release)
    result = SetResult(told.code, told.control_number, findings, told.convention)
    return shown_set(told, Examination(findings, nearest, result))
