"""A dispute pack: what proves that we did what a partner charges us for not having done; one zip file about one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.order_to_cash.labels import labels_of, labels_zpl
from edi_gateway.pipeline.outbound.what_was_sent import set_sent
from edi_gateway.store.database import Database
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.views.dispute_facts import DisputeFacts, facts_of
from edi_gateway.views.dispute_page import page
from edi_gateway.views.evidence import OnRecord, on_record
from edi_gateway.views.evidence_file import Part, contents, new_file, safe, sums, write
from edi_gateway.views.order_trace import OrderTrace, order_trace, trace_of
from edi_gateway.views.which_order import number_for_others

Row = TypeVar("Row")


def dispute(store: Database, number: str, to: Path, partner: str = "") -> list[str]:
    """Writes the pack about an order, found by its own number or that of a shipment, an invoice or an interchange of it.

    In it: every set as it went and came, the bytes around it, receipts, the 997s both ways with their times, deadlines, changes,
    the verdict of each compliance rule when the document left, labels, and hashes of all of it. Returns the names of its files.
    It says what it was asked for by, and the order's own number for an id of ours. Raises WrongInput for a number nobody knows or
    several orders have, and where the file is there.
    """
    return _write(store, number_for_others(store, number, partner), order_trace(store, number, partner), to)


def dispute_of(store: Database, thread: int, to: Path) -> list[str]:
    """The same about the order of this thread. Raises WrongInput where there is none."""
    with store.read() as unit:
        if unit.threads.find(thread) is None:
            raise WrongInput(f"there is no order {thread}", do="see 'edi-gateway order list'")
    trace = trace_of(store, thread)
    return _write(store, trace.thread.order_number, trace, to)


def _write(store: Database, number: str, trace: OrderTrace, to: Path) -> list[str]:
    new_file(to)
    found = _all_of(store, trace)
    facts = facts_of(store, trace, found)
    held = contents(store, found)
    parts = [
        *_sets(store, found.sets),
        *held.receipts,
        *_labels(facts),
        *_data(found, facts),
        *held.raw,
        *held.documents,
    ]
    index = Part("index.html", page(number, trace, found, facts, parts, held.removed, store.clock.now()).encode())
    return write(to, [index, sums([index, *parts]), *parts])


def _all_of(store: Database, trace: OrderTrace) -> OnRecord:
    """Everything on record about every document of an order, each thing once, oldest first."""
    found = [on_record(store, f"document:{each.id}") for each in trace.documents]
    return OnRecord(
        sets=_once([row for one in found for row in one.sets], lambda row: row.id),
        documents=_once([row for one in found for row in one.documents], lambda row: (row.at, row.id)),
        groups=_once([row for one in found for row in one.groups], lambda row: row.id),
        interchanges=_once([row for one in found for row in one.interchanges], lambda row: row.id),
        transmissions=_once([row for one in found for row in one.transmissions], lambda row: row.id),
        receipts=_once([row for one in found for row in one.receipts], lambda row: row.id),
        attempts=_once([row for one in found for row in one.attempts], lambda row: (row.began_at, row.key, row.number)),
        events=_once([row for one in found for row in one.events], lambda row: row.id),
    )


def _once(rows: list[Row], key: Callable[[Row], Any]) -> list[Row]:
    return sorted({key(row): row for row in rows}.values(), key=key)


def _sets(store: Database, rows: list[TransactionRow]) -> Iterator[Part]:
    """Each set by itself, a segment a line; between them the payloads say it with the very delimiters that were sent."""
    with store.read() as unit:
        for row in rows:
            if text := _set_text(unit, row):
                name = f"{row.id:06d}-{row.direction}-{row.code}-{safe(row.business_number)}.edi"
                yield Part(f"sets/{name}", text.encode())


def _set_text(unit: Unit, row: TransactionRow) -> str:
    if row.interchange_id is None:
        return ""
    try:
        return "".join("*".join(segment) + "~\n" for segment in set_sent(unit, row))
    except GatewayError:
        return ""  # its payload is not kept any more; the page names it among what was removed


def _labels(facts: DisputeFacts) -> Iterator[Part]:
    """The labels of shipments that are told by packs, from the pack record that the 856 tells."""
    for notice in facts.notices:
        if _has_labels(notice):
            labels = labels_of(notice)
            yield Part(f"labels/{safe(notice.shipment)}.json", msgspec.json.format(msgspec.json.encode(labels)))
            yield Part(f"labels/{safe(notice.shipment)}.zpl", labels_zpl(labels))


def _has_labels(notice: ShipNotice) -> bool:
    packs = [pack for order in notice.orders for pack in order.packs]
    return bool(packs) and all(pack.sscc for pack in packs)


def _data(found: OnRecord, facts: DisputeFacts) -> Iterator[Part]:
    """What the page shows, for programs."""
    yield Part("facts.json", msgspec.json.format(msgspec.json.encode(facts)))
    yield Part("evidence.json", msgspec.json.format(msgspec.json.encode(found)))
