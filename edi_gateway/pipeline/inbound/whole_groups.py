"""Whole groups: where it is agreed that a group with bad sets is rejected whole, its good sets wait until its end is read."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from edi_gateway.pipeline.inbound.terms import terms_for
from edi_gateway.pipeline.outbound.owing import waive_answers
from edi_gateway.store.rows import FlowRow, findings_from_text, findings_to_text
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.x12.finding import Finding, Level, Scope, Severity

UNTIL_ITS_END = timedelta(days=3650)  # the group's end sets them going, however long its payload takes


def goes_whole(partner: TradingPartner, code: str, release: str, usage: str, on: date) -> bool:
    """Whether a group goes on whole or not at all."""
    if all(one.acknowledgment.partial == "accept the good ones" for one in partner.agreements):
        return False  # nearly everybody; asked for every set
    return terms_for(partner, code, release, usage, on).partial == "reject the group"


def decide(unit: Unit, group: int, partner: str) -> None:
    """At a group's end: sets its sets going, or rejects it whole, which is a finding about the group that rejects (AK9 R)."""
    sets = unit.transactions.in_group(group)
    bad = [one for one in sets if one.validation == "invalid"]
    flows = [flow for one in sets for flow in unit.flows.of(f"transaction:{one.id}") if flow.stage == "translate"]
    if not bad:
        for flow in flows:
            if flow.state == "waiting":
                unit.flows.move(flow, state="ready", due_at=unit.clock.now())
        return
    message = f"{len(bad)} of {len(sets)} sets are rejected, and the group goes whole or not at all"
    finding = Finding("group.partly_rejected", Scope.GROUP, Level.ENVELOPE, "", message, Severity.REJECT)
    found = findings_from_text(unit.interchanges.group(group).findings)
    unit.interchanges.change_group(group, findings=findings_to_text((*found, finding)))
    for flow in flows:
        _reject(unit, flow, message)
        waive_answers(unit, flow.subject, message)
    unit.events.tell("group.rejected", f"group:{group}", message, partner=partner)


def _reject(unit: Unit, flow: FlowRow, because: str) -> None:
    if flow.state == "waiting":
        unit.flows.move(flow, state="ready")
        unit.flows.move(msgspec.structs.replace(flow, state="ready"), state="rejected", because=because)
    elif flow.state == "held":
        unit.flows.move(flow, state="done", because=because)
