"""Recompute: what a set would come to today, or under the versions it was handled under. Writes nothing, sends nothing."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.mapping.difference import CHANGED, between_documents, between_segments
from edi_gateway.operations.pins import Pins
from edi_gateway.pipeline.inbound.examine import Examined, Examiner
from edi_gateway.pipeline.inbound.translate import Made, Stored, make, stored_set
from edi_gateway.pipeline.outbound.compose import agreement_for
from edi_gateway.pipeline.outbound.what_was_sent import segments_sent
from edi_gateway.pipeline.outbound.write import write
from edi_gateway.pipeline.outcome import Hold
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.replays import Terms
from edi_gateway.store.rows import DocumentRow, TransactionRow
from edi_gateway.trading.usage import PRODUCTION
from edi_gateway.x12.envelope import FunctionalGroup, Interchange, TransactionSet
from edi_gateway.x12.other_marks import in_other_marks
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.reading_point import OpenGroup, OpenInterchange, ReadingPoint


class Recomputed(NamedTuple):
    """What came out, and how it differs in meaning from what is on record. ``made`` is None for what we send."""

    differences: list[str]
    made: Made | None = None


def recompute(tools: Tools, row: TransactionRow, terms: Terms, pins: Pins) -> Recomputed:
    """A set once more, from where the terms say, under the versions they say; ``pins`` finds those that were kept.

    Raises WrongInput or NeedsPerson where nothing comes out: a map that cannot, no agreement, a version that was not kept.
    """
    with tools.store.read() as unit:
        before = unit.documents.get(row.document_id) if row.document_id else None
    under = pins.tools(tools, before) if terms.versions == "pinned" else tools
    if row.direction == "out":
        return _outgoing(under, row, before, terms)
    if terms.origin == "mapped":
        return _from_document(under, row, before)
    return _incoming(under, row, before, terms)


def _incoming(tools: Tools, row: TransactionRow, before: DocumentRow | None, terms: Terms) -> Recomputed:
    stored = stored_set(tools, row.id)
    told: list[str] = []
    if terms.origin == "raw":
        stored, examined = _read_again(tools, stored)
        if examined.is_rejected:
            raise WrongInput(f"it is not valid: {examined.findings[0].sentence}", do="ask the partner for it once more")
        if examined.validation != row.validation:
            told.append(f"validation: was {row.validation}, is {examined.validation} now")
    elif row.validation == "invalid":
        raise WrongInput("it was refused as it was read", do="replay it from raw, if the profile says otherwise now")
    made = _whole(make(stored, tools))
    if before is None:
        return Recomputed([*told, "there was no document before"], made)
    with tools.store.read() as unit:
        return Recomputed([*told, *between_documents(unit.documents.read(before.id), made.document, CHANGED)], made)


def _read_again(tools: Tools, stored: Stored) -> tuple[Stored, Examined]:
    """The set read from the payload's bytes and examined, as if it had come now over the same connection."""
    row = stored.row
    with tools.store.read() as unit:
        transmission = unit.transmissions.get(stored.interchange.transmission_id or 0)
        group = unit.interchanges.group(row.group_id) if row.group_id else None
        stream = unit.payloads.open(transmission.payload)
    interchange = msgspec.json.decode(stored.interchange.isa, type=Interchange)
    header = FunctionalGroup(msgspec.json.decode(group.gs, type=tuple[str, ...]), interchange) if group else None
    open_group = OpenGroup(header) if header else None
    point = ReadingPoint(row.start or 0, OpenInterchange(interchange), open_group)
    examiner = Examiner(tools.directory, transmission.connection, stored.received_at, row.partner or "")
    examiner.go_on(point, row.partner)
    with stream:
        found = next((event for event in Reader(stream, start=point) if isinstance(event, TransactionSet)), None)
    examined = examiner.examine(found) if found is not None else None
    if found is None or examined is None:
        raise WrongInput(f"no set is at byte {row.start} of {transmission.name}", do="look at the payload")
    return stored._replace(set=found), examined


def _from_document(tools: Tools, row: TransactionRow, before: DocumentRow | None) -> Recomputed:
    """The document on record as it is; only what follows it is done again."""
    if before is None:
        raise WrongInput("it has no document yet", do="replay it from parsed or from raw")
    with tools.store.read() as unit:
        document = unit.documents.read(before.id)
    partner = tools.directory.partner(before.partner)
    connector = partner.erp if row.usage == PRODUCTION else partner.test_erp
    map_ = tools.maps.reading(before.map)
    return Recomputed([], Made(document, map_, partner, connector))


def _outgoing(tools: Tools, row: TransactionRow, before: DocumentRow | None, terms: Terms) -> Recomputed:
    if before is None:
        raise WrongInput(f"a {row.code} is made from no document", do="retransmit it, if it did not arrive")
    if terms.origin != "mapped":
        raise WrongInput("what we send begins with a document", do="replay it from mapped")
    partner = tools.directory.partner(before.partner)
    agreement = agreement_for(before, partner, tools, like=row.release)
    with tools.store.read() as unit:
        sent = segments_sent(unit, row)
        document = unit.documents.read(before.id)
    written = write(tools.maps.writing(agreement.map), document, agreement, partner)
    as_now = in_other_marks(sent.segments, sent.marks or written.marks, written.marks, row.release)
    return Recomputed(between_segments(as_now, written.segments, CHANGED))


def _whole(made: Made | Hold) -> Made:
    if isinstance(made, Hold):
        raise WrongInput(made.because)
    return made
