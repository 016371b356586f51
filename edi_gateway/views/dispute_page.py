"""The page of a dispute pack: what a person on the other side reads first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.views.dispute_facts import DisputeFacts, SetFact
from edi_gateway.views.evidence import OnRecord
from edi_gateway.views.evidence_file import Part, files_table, page_head, second, table
from edi_gateway.views.order_trace import OrderTrace

_SETS = (
    "",
    "set",
    "number",
    "sender",
    "receiver",
    "ISA13",
    "GS06",
    "ST02",
    "moved at (UTC)",
    "receipt",
    "answer",
    "in",
    "at (UTC)",
)
_DUE = ("set", "for", "owed since (UTC)", "due (UTC)", "left (UTC)", "")
_SHIPPED = ("shipment", "left on", "carrier", "trailer", "bill of lading", "carrier's number", "cartons", "weight", "labels")
_VERDICTS = ("look", "document", "looked at (UTC)", "why", "by", "rule", "result", "place", "what", "source")
_EXPOSED = ("look", "document", "rule", "expected exposure", "reckoning")


def page(
    number: str,
    trace: OrderTrace,
    found: OnRecord,
    facts: DisputeFacts,
    parts: Sequence[Part],
    removed: Sequence[tuple[str, str]],
    made_at: datetime,
) -> str:
    """The page, in HTML that needs nothing beside it."""
    thread = trace.thread
    told = [(each.id, second(each.at), each.actor, each.kind, each.text, each.hash[:16]) for each in found.events]
    due = [(f.code, f.number, second(f.since), second(f.due_at), second(f.given_at), f.said) for f in facts.deadlines]
    changes = [
        (second(c.at), c.sequence, c.taken, "answered" if c.answered else "not answered yet", c.because) for c in thread.changes
    ]
    return "\n".join(
        [
            page_head(f"Dispute pack: {number}"),
            f"<h1>Order {escape(thread.order_number)} of {escape(thread.partner)}</h1>",
            f"<p>Asked for by {escape(number)}, made {second(made_at)} UTC. Ordered on {thread.ordered_on}, ship-to "
            f"{escape(thread.ship_to or 'none')}; it is {escape(trace.state)}. Times are UTC. The raw bytes lie in payloads/, ",
            "each set by itself in sets/; SHA256SUMS holds the hash of every file.</p>",
            table("Sets, and how they were acknowledged", _SETS, [_set(each) for each in facts.sets]),
            table("Deadlines", _DUE, due),
            table("Shipments", _SHIPPED, [_shipment(each) for each in facts.notices]),
            table("Changes of the order", ("at (UTC)", "change", "taken", "", "why not all"), changes),
            table(
                "Compliance rules, as they were judged each time a document was to leave",
                _VERDICTS,
                list(_verdicts(trace, facts)),
            ),
            table(
                f"What broken rules may cost, in {thread.currency or 'their currency'}", _EXPOSED, list(_exposed(trace, facts))
            ),
            table("What happened", ("event", "at (UTC)", "by", "kind", "what", "hash"), told),
            files_table(parts),
            table("Removed before, as the retention says", ("name", "SHA-256 of what it was"), removed) if removed else "",
        ]
    )


def _set(each: SetFact) -> tuple[object, ...]:
    numbers = (each.interchange, each.group, each.control_number)
    moved = (second(each.moved_at), each.receipt)
    answers = (", ".join(one.interchange for one in each.answers), ", ".join(second(one.at) for one in each.answers))
    answer = (each.acknowledgment, *answers)
    return (each.direction, each.code, each.number, each.sender, each.receiver, *numbers, *moved, *answer)


def _shipment(notice: ShipNotice) -> tuple[object, ...]:
    carrier = notice.carrier
    labels = [pack.sscc for order in notice.orders for pack in order.packs if pack.sscc]
    weight = f"{notice.weight:f} {notice.weight_unit}" if notice.weight is not None else ""
    how = (carrier.scac if carrier else "", carrier.trailer if carrier else "", notice.bill_of_lading, notice.carrier_reference)
    return (notice.shipment, notice.shipped_on, *how, notice.pack_count, weight, ", ".join(labels))


def _verdicts(trace: OrderTrace, facts: DisputeFacts) -> Iterator[tuple[object, ...]]:
    named = _names(trace)
    for check in facts.checks:
        by = f"{check.pack}, version {check.pack_version[:12]}"
        why = check.occasion + (f", after look {check.follows}" if check.follows else "")
        for one in check.verdicts:
            head = (check.id, named.get(check.document_id, check.document_id), second(check.at), why, by)
            yield (*head, one.rule, one.result, one.place, one.message, one.source)


def _exposed(trace: OrderTrace, facts: DisputeFacts) -> Iterator[tuple[object, ...]]:
    named = _names(trace)
    for check in facts.checks:
        for each in check.exposures:
            yield (check.id, named.get(check.document_id, check.document_id), each.rule, each.said, each.reckoning)


def _names(trace: OrderTrace) -> dict[str, str]:
    return {each.id: f"{each.kind} {each.number}" for each in trace.documents}
