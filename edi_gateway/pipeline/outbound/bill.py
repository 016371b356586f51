"""Bill: an invoice is a draft until it may leave: its window closed, its 856 went and was not rejected, a person let it go.

When a window closes, what was billed of one order (for one store) in it becomes one invoice under the first one's number. A
credit note of a draft waits until that is made, whoever lets it go, and is then of the invoice that it became.
"""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.documents import catalog
from edi_gateway.documents.invoice import Invoice
from edi_gateway.errors import Defect
from edi_gateway.order_to_cash.credit import credited_invoice, is_credit
from edi_gateway.order_to_cash.stores import store_of
from edi_gateway.order_to_cash.turnaround import consolidated, shipments_of
from edi_gateway.pipeline.outbound.awaiting import REJECTED, UNANSWERED
from edi_gateway.pipeline.outbound.billing import billing_agreement, invoice_policy_of
from edi_gateway.pipeline.outbound.draft_invoice import billed_as, credit_anew
from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.tools import APPROVED, Record, Tools
from edi_gateway.store.flows import end_along
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.billing import Billing
from edi_gateway.trading.profile import Agreement, TradingPartner

IN_WINDOW = "in its window"
BY_ITSELF = "by itself"
"""Positions of a flow at this stage: it waits for its window; it is made one invoice, or leaves alone. Others say what it waits
for, or who released it (``APPROVED``)."""

BY_HAND = "a draft: it leaves when somebody releases it"
WITHHELD = "withheld by "
"""Why a flow is held at this stage for a person to release it; ``WITHHELD`` begins it."""

_LOOK_AGAIN = timedelta(minutes=15)


def bill(flow: FlowRow, tools: Tools) -> Record:
    """Lets an invoice go on to ``check``, or keeps it; what a person released waits for nothing more."""

    def record(unit: Unit) -> Outcome:
        row = unit.documents.get(flow.subject_id)
        invoice = _read(unit, row.id)
        partner, agreement = tools.directory.partner(row.partner), billing_agreement(unit, tools, row)
        billing = agreement.billing if agreement else Billing()
        released = flow.position.startswith(APPROVED)
        if is_credit(invoice) and (stays := _waits_for_invoice(unit, tools, flow, row, invoice)):
            return stays
        if agreement and billing.waits and not is_credit(invoice):
            if not flow.position and (until := partner.closes(agreement, unit.clock.now())) > unit.clock.now():
                return Done("bill", position=IN_WINDOW, until=until)
            if (released or flow.position in ("", IN_WINDOW)) and (along := _taken(unit, flow, row, invoice, released=released)):
                made = _made_one(unit, [flow, *along], partner, agreement)
                return Done("bill", subject=f"document:{made}", position=flow.position if released else BY_ITSELF)
        if released:
            return Done("check")
        if billing.release == "by hand":
            return Hold(BY_HAND, lets_by=True)
        if why := _waits_for(unit, row, invoice, partner, billing):
            if why != flow.position:
                unit.events.tell("invoice.waits", flow.subject, f"invoice {row.number} waits: {why}", partner=row.partner)
            return Done("bill", position=why, until=unit.clock.now() + _LOOK_AGAIN)
        return Done("check")

    return record


def _waits_for_invoice(unit: Unit, tools: Tools, flow: FlowRow, row: DocumentRow, note: Invoice) -> Outcome | None:
    """A credit note stays until what it is of is made; None: it is."""
    number = credited_invoice(note)
    if (became := billed_as(unit, row, number)) != number:
        number = became
        drawn = credit_anew(unit, tools, row, note, number)
        unit.documents.change(row.id, body=catalog.to_json(drawn).decode())
        said = f"credit note {row.number} is of invoice {number}, into which {credited_invoice(note)} went"
        unit.events.tell("invoice.credits_another", flow.subject, said, partner=row.partner)
    if unit.threads.get(row.thread_id or 0).thread.receivable(number):
        return None
    if not any(one.number == number for one in unit.documents.in_thread(row.thread_id or 0, "invoice")):
        return Hold(f"invoice {number}, of which it takes something back, is no invoice of its order any more")
    why = flow.position if flow.position.startswith(APPROVED) else f"invoice {number} is not made yet"
    return Done("bill", position=why, until=unit.clock.now() + _LOOK_AGAIN)


def asks_release(because: str) -> bool:
    """Whether a draft is held for this until a person releases it; held for anything else, it waits for what it waited for."""
    return because == BY_HAND or because.startswith(WITHHELD)


def _read(unit: Unit, document: str) -> Invoice:
    invoice = unit.documents.read(document)
    if not isinstance(invoice, Invoice):
        raise Defect(f"document {document} is no invoice")
    return invoice


def _taken(unit: Unit, flow: FlowRow, mine: DocumentRow, invoice: Invoice, *, released: bool) -> list[FlowRow]:
    """The other drafts of the same order and store whose window closed too; all that wait, where a person released one.

    Their own way ends with that; what a person withheld or released just now is not among them.
    """
    if not flow.follows:
        return []
    said = f"billed together with invoice {mine.number}"
    found = []
    for other in unit.flows.at_stage(flow.lane, "bill", follows=flow.follows):
        if other.id == flow.id or other.position not in ("", IN_WINDOW) or not (released or other.due_at <= unit.clock.now()):
            continue
        row, draft = unit.documents.get(other.subject_id), _read(unit, other.subject_id)
        same = row.thread_id == mine.thread_id and not is_credit(draft) and _kind(draft) == _kind(invoice)
        if same and end_along(unit.flows, other, said):
            found.append(other)
    return found


def _kind(invoice: Invoice) -> tuple[str, str]:
    return invoice.currency, store_of(invoice)


def _made_one(unit: Unit, flows: list[FlowRow], partner: TradingPartner, agreement: Agreement) -> str:
    """One invoice of several drafts; none of their numbers is free any more."""
    in_order = sorted(flows, key=lambda each: each.id)
    rows = [unit.documents.get(each.subject_id) for each in in_order]
    policy = invoice_policy_of(agreement.billing, partner)
    today = partner.today(unit.clock.now())
    one = consolidated([_read(unit, row.id) for row in rows], today=today, policy=policy)
    first = rows[0]
    made = unit.documents.add(
        one, number=one.number, partner=first.partner, direction="out", thread_id=first.thread_id, usage=first.usage
    )
    said = f"billed together as invoice {one.number}"
    for row in rows:
        unit.documents.change(row.id, thread_id=None)
        unit.documents.claim(row.partner, row.kind, row.number, made, usage=row.usage)
        unit.descent.add(f"document:{made}", f"document:{row.id}", "consolidate", because=said, by="gateway")
    numbers = ", ".join(row.number for row in rows)
    unit.events.tell("invoice.consolidated", f"document:{made}", f"{numbers} are {said}", partner=first.partner)
    return made


def _waits_for(unit: Unit, row: DocumentRow, invoice: Invoice, partner: TradingPartner, billing: Billing) -> str:
    """Which 856 it waits for, where the partner wants that first: one they rejected, or have not accepted yet; else nothing."""
    if not (partner.answers.invoice_after_ship_notice and partner.answers.ship_notice) or is_credit(invoice):
        return ""
    for shipment in shipments_of(invoice):
        notices = [one for one in unit.documents.in_thread(row.thread_id or 0, "ship notice") if one.number == shipment]
        sets = [one for notice in notices for one in unit.transactions.all_of_document(notice.id) if one.direction == "out"]
        if sets and all(one.acknowledgment in REJECTED for one in sets):
            return f"the 856 of shipment {shipment} was rejected, and went not again yet"
        unanswered = all(one.acknowledgment in (*UNANSWERED, *REJECTED) or one.delivery == "pending" for one in sets)
        if billing.ship_notice == "accepted" and sets and unanswered:
            return f"the 856 of shipment {shipment} is not accepted yet"
    return ""
