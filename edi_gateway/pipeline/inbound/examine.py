"""Examine: who an interchange is from, and what is wrong with each set in it. Pure over the profiles; writes nothing."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Literal, NamedTuple

from edi_gateway.trading.directory import USAGES, Directory, Found, NoAgreement, Sender, Unknown
from edi_gateway.trading.profile import Agreement, TradingPartner
from edi_gateway.x12.envelope import Event, Interchange, TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.finding import Finding, Severity
from edi_gateway.x12.validation import Policy

ACKNOWLEDGMENTS = ("997", "999")


class Examined(NamedTuple):
    """What we think of a set: everything found, and the terms it falls under, or why there are none."""

    findings: tuple[Finding, ...]
    agreement: Agreement | NoAgreement | None

    @property
    def is_rejected(self) -> bool:
        return any(finding.severity is Severity.REJECT for finding in self.findings)

    @property
    def validation(self) -> str:
        """The first of the three statuses: valid, warnings, invalid."""
        if self.is_rejected:
            return "invalid"
        return "warnings" if self.findings else "valid"


class Examiner:
    """Examines the events of one payload, in their order."""

    def __init__(self, directory: Directory, connection: str, came_at: datetime, forced_partner: str = "") -> None:
        self._directory, self._connection, self._forced = directory, connection, forced_partner
        self._came_at = came_at
        self.sender: Sender | None = None
        self._usage = ""

    def begin(self, interchange: Interchange) -> None:
        """An interchange begins, or goes on after a crash."""
        self._usage = interchange.usage
        self.sender = self._who(interchange)

    def examine(self, event: Event) -> Examined | None:
        """What we think of an event; only sets from a known sender are examined."""
        if isinstance(event, Interchange):
            self.begin(event)
        if isinstance(event, TransactionSet) and isinstance(self.sender, Found):
            return self._set(event, self.sender.partner)
        return None

    def _who(self, interchange: Interchange) -> Sender:
        if self._forced:
            partner = self._directory.partner(self._forced)
            return Found(partner, self._directory.identity(partner.ours))
        found = self._directory.sender(interchange.sender, None, interchange.receiver, USAGES.get(interchange.usage))
        if isinstance(found, Unknown):
            return found
        if found.partner.name not in self._directory.connection(self._connection).senders:
            return Unknown(f"{found.partner.name} ({interchange.sender}) may not send over {self._connection}")
        return found

    def _set(self, transaction_set: TransactionSet, partner: TradingPartner) -> Examined:
        agreement = self._agreement(transaction_set, partner)
        guide = self._directory.guide(partner, agreement) if isinstance(agreement, Agreement) else None
        return Examined(examine(transaction_set, policy_of(partner), guide).findings, agreement)

    def _agreement(self, transaction_set: TransactionSet, partner: TradingPartner) -> Agreement | NoAgreement | None:
        if transaction_set.code in ACKNOWLEDGMENTS:
            return None
        usage = USAGES.get(self._usage)
        if usage is None:
            return NoAgreement(f"usage {self._usage or '(none)'} (ISA15) is neither production nor test")
        on = partner.today(self._came_at)
        return self._directory.agreement(partner, transaction_set.code, "in", transaction_set.release, usage, on)


def policy_of(partner: TradingPartner) -> Policy:
    """The partner's severities as the validation takes them."""
    return _policy(tuple(sorted(partner.severities.items())), partner.characters)


@lru_cache(maxsize=256)
def _policy(severities: tuple[tuple[str, Severity], ...], characters: Literal["basic", "extended"]) -> Policy:
    return Policy(severities=dict(severities), characters=characters)
