"""Take: writes down what a reader tells, event by event, and puts each set on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from edi_gateway.pipeline.inbound.arrival import lock_arrival, note_arrival
from edi_gateway.pipeline.inbound.duplicates import dismissed_before, earlier_interchange, earlier_payload, is_same
from edi_gateway.pipeline.inbound.examine import ACKNOWLEDGMENTS, Examined
from edi_gateway.pipeline.inbound.group_number import tell_repeated_group
from edi_gateway.pipeline.inbound.numbers import business_number
from edi_gateway.pipeline.inbound.position import Cursor, Position
from edi_gateway.pipeline.inbound.ta1 import confirm_interchange
from edi_gateway.pipeline.inbound.terms import terms_for
from edi_gateway.pipeline.inbound.whole_groups import UNTIL_ITS_END, decide, goes_whole
from edi_gateway.pipeline.outbound.owing import owe_acknowledgment, owe_change_answer
from edi_gateway.pipeline.severities import policy_of
from edi_gateway.pipeline.tools import order_queue, start
from edi_gateway.store.arrivals import Repetition
from edi_gateway.store.flows import FIRST
from edi_gateway.store.interchanges import Numbered
from edi_gateway.store.rows import FlowRow, findings_to_text
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory, Found, NoAgreement, Sender, Unknown
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.trading.versions import profile_version
from edi_gateway.x12.acknowledgment import interchange_acknowledgment_is_owed
from edi_gateway.x12.envelope import (
    Event,
    FunctionalGroup,
    GroupEnd,
    Interchange,
    InterchangeAcknowledgment,
    InterchangeEnd,
    Skipped,
    TransactionSet,
)
from edi_gateway.x12.examination import group_findings
from edi_gateway.x12.finding import Finding, Severity
from edi_gateway.x12.validation import restate

MOST_FINDINGS_KEPT = 1000
_BY_HEADER = ("group.unsupported", "group.release_unsupported")  # known before the sets of a group are


class Taker:
    """Writes down the events of one chunk; ``cursor`` says where it stands."""

    def __init__(self, unit: Unit, flow: FlowRow, directory: Directory, cursor: Cursor) -> None:
        self._unit, self._flow, self._directory, self.cursor = unit, flow, directory, cursor
        self._transmission = unit.transmissions.get(int(flow.subject_id))
        self._whole: tuple[FunctionalGroup, bool] | None = None  # the group asked about last
        self._takers: dict[type, Callable[..., None]] = {
            Interchange: self._interchange,
            FunctionalGroup: self._group,
            TransactionSet: self._set,
            GroupEnd: self._group_end,
            InterchangeEnd: self._interchange_end,
            InterchangeAcknowledgment: self._interchange_acknowledgment,
            Skipped: self._skipped,
        }

    def take(self, event: Event, begins: int, ends: int, sender: Sender | None, examined: Examined | None) -> None:
        """Writes one event down. ``begins`` and ``ends`` are its bytes in the payload."""
        if self.cursor.passing and not isinstance(event, Interchange | InterchangeEnd | Skipped):
            return
        if self.cursor.passing_group and isinstance(event, TransactionSet):
            return
        self._takers[type(event)](event, begins, ends, sender, examined)

    def _move(self, **changes: Any) -> None:
        self.cursor = msgspec.structs.replace(self.cursor, **changes)

    # -- interchanges ----------------------------------------------------------------------------

    def _interchange(self, event: Interchange, begins: int, _ends: int, sender: Sender, _examined: None) -> None:
        partner = sender.partner if isinstance(sender, Found) else None
        row = self._record(event, begins, partner.name if partner else None)
        self._move(interchange=row, group=None, passing=False, passing_group=False, unagreed=False, carries_ta1=False)
        self._move(interchanges=self.cursor.interchanges + 1, dismissed_before=False)
        if partner is None:
            self._nobodys(event, row, begins, str(getattr(sender, "why", "")))
            return
        if self._transmission.partner is None:  # the first sender in it; those after it are told by their interchanges
            self._unit.transmissions.change(self._transmission.id, partner=partner.name)
            self._transmission = msgspec.structs.replace(self._transmission, partner=partner.name)
        if not self._is_old_payload(event, row, begins, partner):
            self._claim(event, row, begins, partner)

    def _record(self, event: Interchange, begins: int, partner: str | None) -> int:
        """The row of an interchange; one that was nobody's until now keeps the row it has."""
        known = self._unit.interchanges.nobodys(self._transmission.id, begins)
        if known is not None:
            self._unit.interchanges.change(known, partner=partner, state="reading")
            return known
        return self._unit.interchanges.add(
            transmission_id=self._transmission.id,
            direction="in",
            partner=partner,
            sender=str(event.sender)[:20],
            receiver=str(event.receiver)[:20],
            control_number=event.control_number[:20],
            version=event.version[:5],
            usage=event.usage[:1],
            start=begins,
            state="reading",
            isa=msgspec.json.encode(event).decode(),
        )

    def _nobodys(self, event: Interchange, row: int, begins: int, why: str) -> None:
        """An unknown sender's interchange waits for a person."""
        because = f"{why} — add the sender to a partner and 'partner apply', or attach it to one, then resume"
        self._wait(Position.starting_at(begins), because)
        self._move(passing=True)
        self._unit.interchanges.change(row, state="unknown sender")
        self._tell("interchange.unknown_sender", f"interchange:{row}", because, None, event.control_number)

    def _wait(self, at: Position, because: str) -> None:
        """An interchange or a group is held by itself; what follows it goes on."""
        start(
            self._unit,
            "read",
            self._flow.subject,
            connection=self._flow.connection,
            state="held",
            because=because,
            position=msgspec.json.encode(at).decode(),
        )

    def _is_old_payload(self, event: Interchange, row: int, begins: int, partner: TradingPartner) -> bool:
        """Whether this very file came before, and the partner's policy says that this alone stops it."""
        policy = partner.duplicates
        if policy.payload == "look inside" or self.cursor.looked_at:
            return False
        since = self._unit.clock.now() - policy.window_of("payload")
        first = earlier_payload(self._unit, self._transmission, partner.name, since)
        if first is None:
            return False
        text = f"{self._transmission.name} is the same file as {first.name}, which came at {first.at:%Y-%m-%d %H:%M} UTC"
        self._tell("payload.duplicate", f"interchange:{row}", text, partner.name, event.control_number)
        self._move(passing=True)
        self._unit.interchanges.change(row, state="held" if policy.payload == "hold" else "duplicate")
        if policy.payload == "hold":
            self._wait(Position.starting_at(begins), f"{text} — resume it to have it read all the same, or dismiss it")
        return True

    def _claim(self, event: Interchange, row: int, begins: int, partner: TradingPartner) -> None:
        stood = lock_arrival(self._unit, event, partner)
        window = partner.duplicates.window_of("interchange")
        bare = event.control_number.lstrip("0") or "0"
        numbered = Numbered(str(event.sender), str(event.receiver), event.usage[:1], bare)
        earlier = self._unit.interchanges.claim(row, numbered, window)
        if earlier is None:
            note_arrival(self._unit, event, row, partner, stood)
            return
        if partner.duplicates.interchange == "process":
            repetition: Repetition = "again" if is_same(self._unit, earlier, row) else "reused"
            note_arrival(self._unit, event, row, partner, stood, repetition)
            return
        taken = self._unit.interchanges.namesakes(row, numbered, window)
        first = earlier_interchange(self._unit, row, taken)
        is_known = first is not None or any(is_same(self._unit, each, row) for each in taken)
        note_arrival(self._unit, event, row, partner, stood, "again" if is_known else "reused")
        if first is None and is_known:  # the reading of that stopped for a person, or nothing of it was processed in the end
            text = (
                f"interchange {event.control_number} came before, and was not processed or not to its end; this one is, instead"
            )
            self._tell("interchange.read_instead", f"interchange:{row}", text, partner.name, event.control_number)
            self._move(dismissed_before=dismissed_before(self._unit, row, taken))
            return
        if first is None:
            text = f"interchange {event.control_number} came before with other bytes, or with bytes that are removed by now"
            text += f" (row {earlier}); this one is processed"
            self._tell("interchange.number_reused", f"interchange:{row}", text, partner.name, event.control_number)
            return
        self._move(passing=True)
        self._unit.interchanges.change(row, state="duplicate", duplicate_of=first)
        text = f"interchange {event.control_number} is on record already; nothing in it is processed again"
        self._tell("interchange.duplicate", f"interchange:{row}", text, partner.name, event.control_number)
        if partner.duplicates.interchange == "hold":
            start(self._unit, "repeat", f"interchange:{row}", partner=partner.name, state="held", because=text)
        else:
            start(self._unit, "repeat", f"interchange:{row}", partner=partner.name, priority=FIRST)

    def _interchange_end(self, event: InterchangeEnd, _begins: int, _ends: int, sender: Sender, _examined: None) -> None:
        row = self.cursor.interchange
        if row is None or self.cursor.passing:
            self._move(passing=False, interchange=None, group=None)
            return
        if isinstance(sender, Found):
            event = msgspec.structs.replace(event, findings=_noted(event.findings, sender.partner))
        self._unit.interchanges.change(row, state="read", findings=findings_to_text(event.findings))
        if isinstance(sender, Found) and self._is_answered(event, row, sender.partner):
            self._unit.interchanges.change(row, acknowledgment="owed")
            start(self._unit, "acknowledge", f"interchange:{row}", partner=sender.partner.name, priority=FIRST)
        for finding in event.findings:
            partner = sender.partner.name if isinstance(sender, Found) else None
            self._tell("interchange.finding", f"interchange:{row}", finding.message, partner, event.interchange.control_number)
        self._move(interchange=None, group=None)

    def _is_answered(self, event: InterchangeEnd, row: int, partner: TradingPartner) -> bool:
        """Whether a TA1 is owed. One that carries answers alone gets none, or two systems would answer each other for ever."""
        groups = self._unit.interchanges.groups(row)
        carries_answers = self.cursor.carries_ta1 or bool(groups)
        if not event.findings and carries_answers and all(group.code == "FA" for group in groups):
            return False
        return interchange_acknowledgment_is_owed(event.interchange, event.findings, partner.interchange_acknowledgment)

    def _interchange_acknowledgment(
        self, event: InterchangeAcknowledgment, _begins: int, _ends: int, sender: Sender, _examined: None
    ) -> None:
        self._move(carries_ta1=True)
        if isinstance(sender, Found):
            confirm_interchange(self._unit, sender.partner.name, event)

    # -- groups and sets -------------------------------------------------------------------------

    def _group(self, event: FunctionalGroup, begins: int, _ends: int, sender: Sender, _examined: None) -> None:
        self._move(passing_group=isinstance(sender, Unknown), group=None, partner="")
        if isinstance(sender, Unknown):
            self._nobodys_group(event, begins, sender.why)
            return
        is_answer = event.code == "FA"
        row = self._unit.interchanges.add_group(
            interchange_id=self.cursor.interchange,
            code=event.code[:10],
            control_number=event.control_number[:20],
            release=event.release[:20],
            gs=msgspec.json.encode(event.gs).decode(),
            acknowledgment="not owed" if is_answer else "owed",
            due_at=None if is_answer else _deadline(sender.partner, event, self._transmission.at),
        )
        tell_repeated_group(self._unit, event, row, self.cursor.interchange or 0, sender.partner)
        self._move(group=row, partner=sender.partner.name, unagreed=False)

    def _nobodys_group(self, event: FunctionalGroup, begins: int, why: str) -> None:
        """A group whose GS02 is nobody's behind its interchange id waits for a person; the other groups go on."""
        because = f"{why} — add the group id to a partner and 'partner apply', or attach it to one, then resume"
        self._wait(Position.starting_at_group(event, begins, self.cursor), because)
        subject = f"interchange:{self.cursor.interchange}"
        self._tell("group.unknown_sender", subject, because, None, event.interchange.control_number)

    def _set(self, event: TransactionSet, begins: int, ends: int, sender: Found, examined: Examined) -> None:
        partner = sender.partner
        is_answer = event.code in ACKNOWLEDGMENTS
        number = business_number(event)
        row = self._unit.transactions.add(
            direction="in",
            partner=partner.name,
            group_id=self.cursor.group,
            interchange_id=self.cursor.interchange,
            code=event.code[:10],
            release=event.release[:20],
            usage=self._usage(event),
            control_number=event.control_number[:20],
            start=begins,
            length=ends - begins,
            business_number=number,
            profile_version=profile_version(partner),
            validation=examined.validation,
            delivery="received",
            acknowledgment="not owed" if is_answer or self.cursor.group is None else "owed",
            findings=findings_to_text(examined.findings[:MOST_FINDINGS_KEPT]),
        )
        self._put_on_its_way(event, row, partner, examined, number)

    def _usage(self, event: TransactionSet) -> str:
        return event.group.interchange.usage[:1] if event.group else "P"

    def _put_on_its_way(self, event: TransactionSet, row: int, partner: TradingPartner, examined: Examined, number: str) -> None:
        subject, name = f"transaction:{row}", partner.name
        if event.code in ACKNOWLEDGMENTS:
            start(self._unit, "confirm", subject, partner=name, priority=FIRST)
            return
        if examined.is_rejected and self.cursor.group is None:
            because = f"{examined.findings[0].sentence} — no 997 can answer it; tell the partner, then dismiss this"
            start(self._unit, "translate", subject, partner=name, state="held", because=because)
            self._tell("set.outside_group", subject, because, name, event.control_number)
            return
        if examined.is_rejected:
            worst = [finding for finding in examined.findings if finding.severity is Severity.REJECT]
            because = worst[0].sentence + (f" (and {len(worst) - 1} more)" if len(worst) > 1 else "")
            start(self._unit, "translate", subject, partner=name, state="rejected", because=because)
            self._tell("set.rejected", subject, because, name, event.control_number)
            return
        usage = self._usage(event)
        if event.code == "850":
            owe_acknowledgment(self._unit, partner, self._directory.pack(name), row, number, self._transmission.at, usage=usage)
        if event.code == "860":
            owe_change_answer(self._unit, partner, row, number, self._transmission.at, usage=usage)
        follows = order_queue(name, usage, number) if event.code in ("850", "860") and number else ""
        if isinstance(examined.agreement, NoAgreement):
            self._move(unagreed=True)
            because = f"{examined.agreement.why} — add the agreement to the partner's profile, 'partner apply', then resume"
            start(self._unit, "translate", subject, partner=name, state="held", because=because)  # it holds up nothing else
            self._tell("set.no_agreement", subject, because, name, event.control_number)
            return
        if self.cursor.dismissed_before:
            because = "the very same came before, and was dismissed — resume it to have it processed all the same, or dismiss it"
            start(self._unit, "translate", subject, partner=name, follows=follows, state="held", because=because)
            return
        if event.group is not None and self._goes_whole(event.group, partner):
            after = self._unit.clock.now() + UNTIL_ITS_END
            start(self._unit, "translate", subject, partner=name, follows=follows, state="waiting", due_at=after)
            return
        start(self._unit, "translate", subject, partner=name, follows=follows)

    def _goes_whole(self, group: FunctionalGroup, partner: TradingPartner) -> bool:
        if self._whole is None or self._whole[0] is not group:
            usage, today = group.interchange.usage, partner.today(self._transmission.at)
            self._whole = group, goes_whole(partner, group.code, group.release, usage, today)
        return self._whole[1]

    def _group_end(self, event: GroupEnd, _begins: int, _ends: int, sender: Found, _examined: None) -> None:
        if self.cursor.group is None:
            self._move(passing_group=False)
            return
        partner, came = sender.partner, self._transmission.at  # it is owed from when the bytes came, whenever they are read
        deadline = _deadline(partner, event.group, came)
        self._unit.interchanges.change_group(
            self.cursor.group,
            declared=event.declared,
            received=event.received,
            findings=findings_to_text(_of_group(event, partner)),
            due_at=None if event.group.code == "FA" else deadline,
        )
        if event.group.code != "FA":
            if self._goes_whole(event.group, partner):
                decide(self._unit, self.cursor.group, partner.name)
            # a set without an agreement waits for a person, but its answer only until half the deadline is gone
            due = came + (deadline - came) / 2 if self.cursor.unagreed else self._unit.clock.now()
            start(self._unit, "acknowledge", f"group:{self.cursor.group}", partner=partner.name, priority=FIRST, due_at=due)
        self._move(group=None, unagreed=False)

    # -- what could not be read ------------------------------------------------------------------

    def _skipped(self, event: Skipped, begins: int, ends: int, sender: Sender | None, _examined: None) -> None:
        text = f"bytes {event.start:,} to {event.end:,} could not be read: {event.finding.message}"
        partner = sender.partner.name if isinstance(sender, Found) else None
        self._tell("payload.skipped", self._flow.subject, text, partner)
        self._move(trouble=self.cursor.trouble or text)

    def _tell(self, kind: str, subject: str, text: str, partner: str | None, control_number: str = "") -> None:
        self._unit.events.tell(kind, subject, text, partner=partner, control_number=control_number[:20])


def _of_group(end: GroupEnd, partner: TradingPartner) -> tuple[Finding, ...]:
    """What is wrong with a group; by its header it may be rejected, and then its sets have been."""
    found = group_findings(end, policy_of(partner))
    header = tuple(finding for finding in found if finding.kind in _BY_HEADER)
    return header + _noted((finding for finding in end.findings if finding.kind not in _BY_HEADER), partner)


def _noted(findings: Iterable[Finding], partner: TradingPartner) -> tuple[Finding, ...]:
    """Findings about an envelope at the partner's severities; what has been taken already is not rejected for them, though."""
    policy = policy_of(partner)
    milder = {kind: severity for kind, severity in policy.severities.items() if severity is not Severity.REJECT}
    return restate(findings, msgspec.structs.replace(policy, severities=milder))


def _deadline(partner: TradingPartner, group: FunctionalGroup, since: datetime) -> datetime:
    """By when a group that came is to be answered, by the terms that its answer goes by; half time is half of the same."""
    terms = terms_for(partner, group.code, group.release, group.interchange.usage, partner.today(since))
    return partner.deadline(since, terms.within, terms.counted_in)
