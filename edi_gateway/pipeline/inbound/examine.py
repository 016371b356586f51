"""Examine: who an interchange and each group is from, and what is wrong with each set. Pure over the profiles; writes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from edi_gateway.pipeline.severities import policy_of
from edi_gateway.trading.directory import USAGES, Directory, Found, NoAgreement, Sender, Unknown
from edi_gateway.trading.profile import Agreement, TradingPartner
from edi_gateway.x12.envelope import Event, FunctionalGroup, Interchange, InterchangeEnd, TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.finding import Finding, Severity
from edi_gateway.x12.reading_point import ReadingPoint
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

    def __init__(
        self, directory: Directory, connection: str, came_at: datetime, forced_partner: str = "", only_of: str = ""
    ) -> None:
        self._directory, self._connection, self._forced = directory, connection, forced_partner
        self._came_at, self._only_of = came_at, only_of
        self.sender: Sender | None = None
        self._whole: Sender | None = None  # of the interchange; a group in it may be of another partner behind the same id
        self._usage = ""
        self._policies: dict[tuple[int, int], Policy] = {}  # of profiles in the directory, which are there as long as this is
        self.is_open = False  # whether it is still to be seen by the first group whose the interchange is

    def go_on(self, at: ReadingPoint, partner: str | None, groups_partner: str = "") -> None:
        """Goes on inside an interchange that was ``partner``'s when it began, and a group that was ``groups_partner``'s.

        They stay theirs to their ends, whatever the profiles say by now; empty: nobody's, which is looked up anew.
        """
        if at.interchange is None:
            return
        self._begin(at.interchange.header)
        self.is_open = False
        if partner:
            self.sender = self._whole = self._found(self._directory.partner(partner))
        if at.group and groups_partner:
            self.sender = self._found(self._directory.partner(groups_partner))
        elif at.group:
            self._begin_group(at.group.header)

    def examine(self, event: Event) -> Examined | None:
        """What we think of an event; only sets from a known sender are examined."""
        if isinstance(event, Interchange):
            self._begin(event)
        elif isinstance(event, FunctionalGroup):
            self._begin_group(event)
        elif isinstance(event, InterchangeEnd):
            self.sender, self.is_open = self._whole, False
        if isinstance(event, TransactionSet) and isinstance(self.sender, Found):
            return self._set(event, self.sender.partner)
        return None

    def _begin(self, interchange: Interchange) -> None:
        self._usage = interchange.usage
        self.sender = self._whole = self._who(interchange, None)
        self.is_open = isinstance(self._whole, Unknown)

    def _begin_group(self, group: FunctionalGroup) -> None:
        """GS02 says which of the partners behind one interchange id it is; the first group says it for the interchange too."""
        sender = self._who(group.interchange, group.sender)
        if self.is_open:
            self._whole, self.is_open = sender, False
        self.sender = sender if isinstance(self._whole, Found) else self._whole

    def _who(self, interchange: Interchange, group: str | None) -> Sender:
        if self._forced:
            return self._found(self._directory.partner(self._forced))
        found = self._directory.sender(interchange.sender, group, interchange.receiver, USAGES.get(interchange.usage))
        if isinstance(found, Unknown):
            return found
        if found.partner.name not in self._directory.connection(self._connection).senders:
            return Unknown(f"{found.partner.name} ({interchange.sender}) may not send over {self._connection}")
        if self._only_of and found.partner.name != self._only_of:
            return Unknown(f"it is of {found.partner.name} ({interchange.sender}), and a key of {self._only_of} alone gave it in")
        return found

    def _found(self, partner: TradingPartner) -> Found:
        return Found(partner, self._directory.identity(partner.under(USAGES.get(self._usage)).ours))

    def _set(self, transaction_set: TransactionSet, partner: TradingPartner) -> Examined:
        agreement = self._agreement(transaction_set, partner)
        guide = self._directory.guide(partner, agreement) if isinstance(agreement, Agreement) else None
        agreed = agreement if isinstance(agreement, Agreement) else None
        policy, read_as = self._policy(partner, agreed), agreed.read_as if agreed else ""
        return Examined(examine(transaction_set, policy, guide, read_as).findings, agreement)

    def _policy(self, partner: TradingPartner, agreement: Agreement | None) -> Policy:
        key = (id(partner), id(agreement))
        if key not in self._policies:
            self._policies[key] = policy_of(partner, agreement)
        return self._policies[key]

    def _agreement(self, transaction_set: TransactionSet, partner: TradingPartner) -> Agreement | NoAgreement | None:
        if transaction_set.code in ACKNOWLEDGMENTS:
            return None
        usage = USAGES.get(self._usage)
        if usage is None:
            return NoAgreement(f"usage {self._usage or '(none)'} (ISA15) is neither production nor test")
        on = partner.today(self._came_at)
        return self._directory.agreement(partner, transaction_set.code, "in", transaction_set.release, usage, on)
