"""The flow page: each agreement by its eight facts, worked out from what is in force and never written by hand.

source, target, entity, field mapping, validation rules, run mode, retry behaviour, monitoring path
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec

from edi_gateway.mapping.library import Library
from edi_gateway.trading.alert_rules import rules_of
from edi_gateway.trading.alerts import AlertRule
from edi_gateway.trading.compliance.catalog import CHECKED
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import Agreement, Connection, TradingPartner
from edi_gateway.trading.scalars import write_duration
from edi_gateway.wording import count

Facts = tuple[str, ...]

_ALWAYS = ("flow.held", "flow.dead", "lane.down")
WATCHED = {
    "in": (*_ALWAYS, "acknowledgment.owed_overdue", "acknowledgment.owed_half_time", "partner.silent"),
    "out": (
        *_ALWAYS,
        *("acknowledgment.overdue", "acknowledgment.half_time", "answer.owed_overdue", "answer.owed_half_time"),
        *("transmission.unfetched", "compliance.breach"),
    ),
}
"""Kinds of events that tell of trouble on a way, by its direction."""


class Patience(NamedTuple):
    """How the engine retries: the first pause, doubled up to the longest; after so many tries, or defects of ours, a
    person looks."""

    first: timedelta
    longest: timedelta
    tries: int
    defects: int


class FlowFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One agreement. Each fact is said in one sentence or several; the words are those of the files it comes from."""

    partner: str
    agreement: str
    source: Facts
    target: Facts
    entity: Facts
    field_mapping: Facts
    validation_rules: Facts
    run_mode: Facts
    retry_behaviour: Facts
    monitoring_path: Facts

    def facts(self) -> dict[str, Facts]:
        """The eight, by their names."""
        return {name.replace("_", " "): getattr(self, name) for name in self.__struct_fields__[2:]}


def flows(directory: Directory, maps: Library, patience: Patience, partner: str = "") -> list[FlowFacts]:
    """Every agreement of one partner, or of all. Raises WrongInput for a partner, map or connection there is not."""
    partners = (directory.partner(partner),) if partner else directory.partners
    return [_Flow(directory, maps, patience, each, agreement).facts() for each in partners for agreement in each.agreements]


class _Flow:
    """One agreement, looked at from all sides."""

    def __init__(
        self, directory: Directory, maps: Library, patience: Patience, partner: TradingPartner, agreement: Agreement
    ) -> None:
        self._directory, self._maps, self._patience = directory, maps, patience
        self._partner, self._agreement = partner, agreement
        self._comes = agreement.direction == "in"
        self._connection = directory.connection(partner.under(agreement.usage).connection)
        self._erp = (partner.test_erp if agreement.usage == "test" else partner.erp) or ""

    def facts(self) -> FlowFacts:
        """All eight."""
        ends = (self._their_end(), self._our_end())
        each = self._agreement
        return FlowFacts(
            partner=self._partner.name,
            agreement=f"{each.set} {each.direction} {each.release} {each.usage}",
            source=ends[0] if self._comes else ends[1],
            target=ends[1] if self._comes else ends[0],
            entity=self._entity(),
            field_mapping=self._mapping(),
            validation_rules=tuple(self._validation()),
            run_mode=tuple(self._run_mode()),
            retry_behaviour=tuple(self._retries()),
            monitoring_path=tuple(self._monitoring()),
        )

    def _their_end(self) -> Facts:
        ids = self._partner.under(self._agreement.usage)
        who = f"{self._partner.title}, {' or '.join(map(str, ids.interchange))}, group {' or '.join(ids.group)}"
        return (who, f"connection {self._connection.name} ({_place(self._connection)})")

    def _our_end(self) -> Facts:
        ours = self._directory.identity(self._partner.under(self._agreement.usage).ours)
        if not self._erp:
            return (f"{ours.title}, {ours.interchange}", "no ERP connector for this usage: documents are held")
        return (f"{ours.title}, {ours.interchange}", f"ERP connector {self._erp} ({self._directory.connector(self._erp).kind})")

    def _entity(self) -> Facts:
        each, source = self._agreement, self._maps.source(self._agreement.map)
        days = [f"from {each.valid_from}"] if each.valid_from else []
        days += [f"until {each.valid_until}"] if each.valid_until else []
        way = f"{each.set} {each.release} → {source.kind}" if self._comes else f"{source.kind} → {each.set} {each.release}"
        return (way, f"usage {each.usage}", *days)

    def _mapping(self) -> Facts:
        source = self._maps.source(self._agreement.map)
        extends = f", which extends {', '.join(source.chain[1:])}" if source.chain[1:] else ""
        return (f"map {source.name}{extends}", f"version {self._maps.version(self._agreement.map)[:12]}")

    def _validation(self) -> Iterator[str]:
        each, partner = self._agreement, self._partner
        yield f"X12 {each.definition}: structure, elements, codes, syntax notes, balances"
        if guide := self._directory.guide(partner, each):
            yield f"guide {guide.name}: {count(len(guide.rules), 'rule')}"
        if severities := partner.severities_for(each):
            yield "severities: " + ", ".join(f"{kind} {severity}" for kind, severity in sorted(severities.items()))
        if self._comes and each.set == "850":
            yield "orders: " + _words(partner.orders.model_dump(mode="json"))
        if not self._comes and each.set in CHECKED:
            yield from self._compliance(each.set)

    def _compliance(self, code: str) -> Iterator[str]:
        pack = self._directory.pack(self._partner.name)
        for does in ("block", "warn"):
            if rules := [rule for rule in CHECKED[code] if pack.terms(rule).does == does]:
                yield f"compliance pack {pack.pack}: {does} {' '.join(rules)}"

    def _run_mode(self) -> Iterator[str]:
        each = self._agreement
        if self._comes:
            yield _arrival(self._connection)
            owed = each.acknowledgment
            yield "no acknowledgment" if owed.form == "none" else f"{owed.form} within {write_duration(owed.within)}"
            return
        if self._erp:
            yield f"the ERP is asked every {write_duration(self._directory.connector(self._erp).poll)}"
        batch = each.batch
        if not batch.waits:
            yield "leaves at once"
        else:
            times = f"every {write_duration(batch.every)}" if batch.every else f"at {', '.join(f'{at:%H:%M}' for at in batch.at)}"
            yield f"leaves in batches {times}, {batch.days} days, {self._partner.time_zone}"

    def _retries(self) -> Iterator[str]:
        kept, each = self._patience, self._agreement
        pauses = f"after {write_duration(kept.first)}, doubled up to {write_duration(kept.longest)}"
        yield f"{pauses}, {kept.tries} tries; then it is dead, and goes on by 'hold resume'"
        yield f"a defect of ours: {kept.defects} tries"
        if not self._comes and each.awaits.acknowledgment:
            again = "then the same interchange goes again" if each.awaits.retransmit else "then a person decides"
            yield f"no acknowledgment within {write_duration(each.awaits.within)}: {again}"
        if not self._comes and self._partner.fallback:
            yield f"fallback: connection {self._partner.fallback.connection}"

    def _monitoring(self) -> Iterator[str]:
        alerts = self._directory.alerts
        told: dict[str, list[str]] = {}
        for rule in rules_of(alerts):
            if self._is_watched_by(rule):
                steps = alerts.escalation(rule.escalation).steps
                who = "tell " + ", then ".join(" and ".join(step.tell) for step in steps) if steps else "are kept and shown"
                told.setdefault(who, []).append(rule.name)
        for who, names in told.items():
            yield f"alerts {', '.join(names)} {who}"
        yield f"report sync --partner {self._partner.name}"

    def _is_watched_by(self, rule: AlertRule) -> bool:
        watched = any(kind in WATCHED[self._agreement.direction] for kind in rule.when)
        return watched and (not rule.partners or self._partner.name in rule.partners)


def _place(connection: Connection) -> str:
    match connection.kind:
        case "mailbox":
            return f"mailbox of account {connection.account} on our own SFTP server"
        case "sftp":
            return f"SFTP server {connection.host}, {connection.inbox} and {connection.outbox}"
        case "folder":
            return f"folders {connection.inbox} and {connection.outbox}"
        case "as2":
            return f"AS2 station {connection.as2_id}" + (f" at {connection.url}" if connection.url else "")


def _arrival(connection: Connection) -> str:
    match connection.kind:
        case "mailbox":
            return "as soon as a file in the mailbox is complete"
        case "as2":
            return "as soon as it is posted"
        case _:
            hours = f", {connection.time_zone} working hours" if connection.calendar else ""
            return f"looked at every {write_duration(connection.poll)}{hours}"


def _words(terms: dict[str, Any]) -> str:
    """What the terms say, in the words of the profile; what they leave open is left out."""
    said = {word: value for word, value in terms.items() if value not in (None, "", [], {})}
    return ", ".join(f"{word} {value}" for word, value in said.items())
