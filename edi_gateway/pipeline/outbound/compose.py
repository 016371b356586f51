"""Compose: a document becomes a set by the map its agreement names, and is validated as the partner will."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from edi_gateway.documents.catalog import SET_OF
from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.outbound.envelope import would_fill
from edi_gateway.pipeline.outbound.route import Place, position_of, together
from edi_gateway.pipeline.outbound.write import Written, write
from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.severities import policy_of
from edi_gateway.pipeline.tools import APPROVED, Record, Tools
from edi_gateway.pipeline.way import lane_of
from edi_gateway.store.rows import DocumentRow, FlowRow, findings_to_text
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import USAGES, NoAgreement
from edi_gateway.trading.profile import Agreement, TradingPartner
from edi_gateway.trading.versions import profile_version
from edi_gateway.x12 import standard
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.finding import Finding, Severity
from edi_gateway.x12.guide import Guide, over
from edi_gateway.x12.validation import checker


def compose(flow: FlowRow, tools: Tools) -> Record:
    """Writes the set. What our own validation would reject is held: it never reaches the partner.

    So is what breaks the partner's guide, until a person lets it go or the profile turns that kind of finding off.
    """
    with tools.store.read() as unit:
        row = unit.documents.get(flow.subject_id)
        document = unit.documents.read(flow.subject_id)
        release_of_order = _release_of_order(unit, row)
    partner = tools.directory.partner(row.partner)
    agreement = agreement_for(row, partner, tools, like=release_of_order)
    map_ = tools.maps.writing(agreement.map)
    written = write(map_, document, agreement, partner)
    findings = _validate(written, agreement, partner, tools.directory.guide(partner, agreement))
    rejected = [finding for finding in findings if finding.severity is Severity.REJECT]
    against_guide = [finding for finding in findings if finding.kind.startswith("guide.")]

    def record(unit: Unit) -> Outcome:
        approved = flow.position.startswith(APPROVED)
        if (unseen := _unseen(written, agreement, partner)) and not approved:
            return Hold(unseen)
        unit.documents.change(row.id, map=map_.name, map_version=map_.version, profile_version=profile_version(partner))
        transaction = unit.transactions.put_unsent(
            row.id,
            direction="out",
            partner=partner.name,
            code=agreement.set,
            release=agreement.release,
            usage=row.usage,
            business_number=row.number,
            profile_version=profile_version(partner),
            validation="invalid" if rejected else "warnings" if findings else "valid",
            delivery="pending",
            acknowledgment="none",  # awaited once it has left
            findings=findings_to_text(findings),
            segments=msgspec.json.encode(written.segments).decode(),
        )
        for each in written.repairs:
            unit.events.tell("set.repaired", f"transaction:{transaction}", str(each), partner=partner.name)
        if rejected:
            return Hold(f"the {agreement.set} we would send is not valid: {rejected[0].sentence}")
        if against_guide and not approved:
            return Hold(f"the {agreement.set} we would send breaks the partner's guide: {against_guide[0].sentence}")
        return _to_envelope(unit, tools, transaction, agreement, written)

    return record


def agreement_for(row: DocumentRow, partner: TradingPartner, tools: Tools, like: str = "") -> Agreement:
    """The terms under which a document of ours goes out today; ``like`` is the release of the order it answers.

    Raises WrongInput (held) where nothing is agreed, or several things are.
    """
    today = partner.today(tools.clock.now())
    found = tools.directory.outgoing(partner, SET_OF[row.kind], USAGES[row.usage], today, like)
    if isinstance(found, NoAgreement):
        raise WrongInput(found.why, do="mend the agreements in the partner's profile, then resume")
    return found


def _release_of_order(unit: Unit, row: DocumentRow) -> str:
    """The release in which the order came that a document answers; nothing where it answers none."""
    if row.thread_id is None:
        return ""
    came = unit.transactions.of_document(unit.threads.look(row.thread_id).thread.document_id)
    return came.release if came else ""


def _unseen(written: Written, agreement: Agreement, partner: TradingPartner) -> str:
    """Why nothing of this set may go before a person looked at it; nothing where it may."""
    if written.in_data and partner.marks_for(agreement).in_data == "hold":
        return f"{partner.name} takes no delimiter in data: {written.in_data[0]}{_and_more(written.in_data)}"
    if written.repairs and partner.repairs.otherwise == "hold":
        return f"{partner.name} wants nothing repaired unseen: {written.repairs[0]}{_and_more(written.repairs)}"
    return ""


def _and_more(told: Sequence[object]) -> str:
    return f" (and {len(told) - 1} more)" if len(told) > 1 else ""


def _to_envelope(unit: Unit, tools: Tools, transaction: int, agreement: Agreement, written: Written) -> Outcome:
    """On to its envelope: at once, or in the next window of its batch unless it makes that batch full."""
    row, now = unit.transactions.get(transaction), unit.clock.now()
    partner = tools.directory.partner(row.partner or "")
    chosen = written.marks if written.marks != partner.marks_for(agreement).delimiters() else None
    place = position_of(Place(together(unit, row, tools.directory, agreement, chosen), chosen, written.marks))
    leaves = partner.leaves(agreement, now)
    lane = lane_of("envelope", partner=partner.name, connection=None, connector=None)
    waits = leaves > now and not would_fill(unit, lane, place, agreement.batch.most)
    return Done("envelope", subject=f"transaction:{transaction}", position=place, until=leaves if waits else None)


def _validate(written: Written, agreement: Agreement, partner: TradingPartner, guide: Guide | None) -> tuple[Finding, ...]:
    segments, nearest = written.segments, standard.nearest(agreement.set, agreement.definition)
    if nearest is None:
        raise WrongInput(f"set {agreement.set} of release {agreement.release} is not defined", do="mend the agreement's release")
    whole = [["ST", agreement.set, "0001"], *segments, ["SE", str(len(segments) + 2), "0001"]]
    narrowing = over(guide, nearest.definition) if guide is not None else None
    return checker(nearest.definition, policy_of(partner, agreement), narrowing).check(TransactionSet.of(whole, written.marks))
