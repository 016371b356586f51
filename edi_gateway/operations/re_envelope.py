"""Re-envelope: what the partner rejected does not exist for it; the document goes as an original under new control numbers."""

from __future__ import annotations

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.operations.request import Answer, Request, name_of, refuse_stopped, sent_set
from edi_gateway.pipeline.outbound.judge import goes_again
from edi_gateway.pipeline.outbound.originals import close_waiting, unrejected
from edi_gateway.pipeline.outbound.what_was_sent import segments_sent
from edi_gateway.pipeline.tools import Tools, start
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import USAGES, NoAgreement
from edi_gateway.x12.acknowledgment import Verdict
from edi_gateway.x12.envelope import Segment

REPLACEMENT = "replacement"


def check_re_envelope(unit: Unit, tools: Tools, request: Request) -> None:
    """Raises WrongInput for what was not rejected, where an original that was not rejected is about already, for what is agreed
    no longer as it was written, and for what the partner's compliance rules stop now."""
    row = sent_set(unit, request.transaction)
    if row.acknowledgment != Verdict.REJECTED:  # what they have in part they have
        do = "retransmit it" if row.acknowledgment in ("none", "awaited", "overdue") else "correct it, if it is wrong"
        raise WrongInput(f"{row.partner} did not reject {name_of(row)} ({row.acknowledgment})", do=do)
    other = in_the_way(unit, row)
    if other is not None:
        raise WrongInput(
            f"{name_of(row)} went again already, as set {other.id} ({other.delivery}, {other.acknowledgment})",
            do="a second original would be a duplicate for them: wait for the answer to that one",
        )
    _refuse_agreed_no_longer(tools, row)
    refuse_stopped(unit, tools, [row])


def _refuse_agreed_no_longer(tools: Tools, row: TransactionRow) -> None:
    """The same segments go under the terms of today: where there are none for their release, nobody would await an answer."""
    if row.document_id is None:  # a 997, 999 or TA1 goes out under no agreement
        return
    partner = tools.directory.partner(row.partner or "")
    today = partner.today(tools.clock.now())
    found = tools.directory.agreement(partner, row.code, "out", row.release, USAGES[row.usage], today)
    if isinstance(found, NoAgreement):
        raise WrongInput(f"{name_of(row)} cannot go as it was: {found.why}", do="send it anew: that writes it as agreed today")


def re_envelope(unit: Unit, tools: Tools, request: Request) -> Answer:
    """The same segments as a new set. Raises WrongInput as ``check_re_envelope`` does."""
    check_re_envelope(unit, tools, request)
    row = unit.transactions.get(request.transaction)
    goes_again(unit, tools, [row], "re-envelope")
    child = put_again(unit, row, segments_sent(unit, row))
    unit.descent.add(child, request.subject, "re-envelope", because=request.because, by=request.by)
    close_waiting(unit, row, f"re-enveloped by {request.by} as {child}")
    text = f"{name_of(row)} goes again as an original under new control numbers"
    unit.events.tell("set.re_enveloped", child, f"{text}: {request.because}", partner=row.partner, actor=request.by)
    return Answer(text, child)


def in_the_way(unit: Unit, row: TransactionRow) -> TransactionRow | None:
    """The set because of which a rejected one does not go again: there may be one unrejected original.

    What a replacement was to replace is not in its way: the partner has that, and not this.
    """
    is_replacement = replaces(unit, row)
    return next((one for one in unrejected(unit, row) if not (is_replacement and one.id < row.id)), None)


def replaces(unit: Unit, row: TransactionRow) -> bool:
    """Whether a set went as the replacement of one before it."""
    document = unit.documents.read(row.document_id) if row.document_id else None
    return getattr(document, "purpose", "") == REPLACEMENT


def put_again(unit: Unit, row: TransactionRow, segments: list[Segment], **changes: str) -> str:
    """Records a set like ``row`` and puts it on its way to an envelope of its own; returns its subject."""
    values = {name: getattr(row, name) for name in ("direction", "partner", "code", "release", "usage", "business_number")}
    values |= {name: getattr(row, name) for name in ("document_id", "profile_version", "validation", "findings")}
    id = unit.transactions.add(
        **{**values, **changes},
        delivery="pending",
        acknowledgment="none",
        segments=msgspec.json.encode(segments).decode(),
    )
    unit.interchanges.answered_instead(row.id, id)
    subject = f"transaction:{id}"
    start(unit, "envelope", subject, partner=row.partner)
    return subject
