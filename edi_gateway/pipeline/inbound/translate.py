"""Translate: a set becomes a document by the map its agreement names."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.catalog import number_of
from edi_gateway.documents.order import Order
from edi_gateway.documents.order_change import OrderChange
from edi_gateway.documents.remittance import Remittance
from edi_gateway.errors import Defect
from edi_gateway.mapping.reading import ReadingMap
from edi_gateway.pipeline.our_codes import exchange
from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.rows import FlowRow, InterchangeRow, TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import USAGES, NoAgreement
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.trading.versions import profile_version
from edi_gateway.x12.envelope import Interchange, TransactionSet


class Stored(NamedTuple):
    """A set read back from its payload."""

    row: TransactionRow
    interchange: InterchangeRow
    set: TransactionSet
    received_at: datetime


def stored_set(tools: Tools, transaction: int) -> Stored:
    """The set of a transaction row, cut out of the payload it came in."""
    with tools.store.read() as unit:
        row = unit.transactions.get(transaction)
        if row.interchange_id is None or row.start is None or row.length is None:
            raise Defect(f"transaction {transaction} did not come in a payload")
        interchange = unit.interchanges.get(row.interchange_id)
        transmission = unit.transmissions.get(interchange.transmission_id or 0)
        text = unit.payloads.part(transmission.payload, row.start, row.length).decode("latin-1")
    header = _header(interchange.isa)
    if header.cut:
        text = header.cut.without(text, row.start)
    return Stored(row, interchange, TransactionSet(text, header.delimiters, offset=row.start), transmission.at)


@lru_cache(maxsize=64)
def _header(isa: str) -> Interchange:
    return msgspec.json.decode(isa, type=Interchange)


class Made(NamedTuple):
    """What a set came to: the document, the map that made it, and the ERP connector it is for."""

    document: Value
    map: ReadingMap
    partner: TradingPartner
    connector: str

    def number(self, row: TransactionRow) -> str:
        """Its business number: the document's own, or what the set itself shows."""
        return number_of(self.document) or row.business_number


def translate(flow: FlowRow, tools: Tools) -> Record:
    """Makes the document of a set. A map that cannot is our affair: a Hold, and the 997 has left already.

    So is a code of theirs that stands in no cross-reference though it has to: the Hold says which, and how to mend it.
    """
    stored = stored_set(tools, int(flow.subject_id))
    made = make(stored, tools)
    if isinstance(made, Hold):
        return lambda _unit: made

    def record(unit: Unit) -> Outcome:
        id = put_made(unit, stored.row, made)
        unit.transactions.change(stored.row.id, document_id=id, business_number=made.number(stored.row))
        return Done(stage_after(made.document), subject=f"document:{id}", connector=made.connector)

    return record


def make(stored: Stored, tools: Tools) -> Made | Hold:
    """The document of a set, by the profiles and maps in ``tools``; writes nothing. Raises what the map says is wrong."""
    partner = tools.directory.partner(stored.row.partner or "")
    usage = USAGES.get(stored.row.usage)
    if usage is None:
        return Hold(f"usage {stored.row.usage} (ISA15) is neither production nor test — ask the partner, then dismiss this")
    came_on = partner.today(stored.received_at)
    agreement = tools.directory.agreement(partner, stored.row.code, "in", stored.row.release, usage, came_on)
    if isinstance(agreement, NoAgreement):
        return Hold(f"{agreement.why} — add the agreement to the partner's profile, 'partner apply', then resume")
    connector = partner.erp if usage == "production" else partner.test_erp
    if not connector:
        return Hold(f"{partner.name} has no ERP connection for test documents — name one (test_erp), then resume")
    map_ = tools.maps.reading(agreement.map)
    document = _with_currency(map_.read(stored.set), partner)
    if isinstance(document, Order):
        with tools.store.read() as unit:
            exchange(unit, document, partner, tools.clock.now()).whole()
    return Made(document, map_, partner, connector)


def put_made(unit: Unit, row: TransactionRow, made: Made) -> str:
    """Puts the document of a set on record; returns its id."""
    return unit.documents.add(
        made.document,
        number=made.number(row),
        partner=made.partner.name,
        direction="in",
        map=made.map.name,
        map_version=made.map.version,
        profile_version=profile_version(made.partner),
        usage=row.usage,
    )


def stage_after(document: Value) -> str:
    """Where a document goes on: about an order or its change the ERP is asked first."""
    return "consult" if isinstance(document, Order | OrderChange) else "apply"


def _with_currency(document: Value, partner: TradingPartner) -> Value:
    """None sent: the agreement's currency, never a constant of the map."""
    if isinstance(document, Order | Remittance) and not document.currency:
        return msgspec.structs.replace(document, currency=partner.currency)
    return document
