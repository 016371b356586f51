"""A compliance pack, the model of ``partners/NAME/compliance.yaml``: what happens where a rule is broken, and its parameters.

The numbers of rules (R05 …) are those of the catalog. Fees differ by partner and change, so they are data here, with the source
they were read in and its date. What a partner's pack does not say is as in the base pack that comes with the gateway.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field

from edi_gateway.trading.base import Terms
from edi_gateway.trading.calendar import LocalTime
from edi_gateway.trading.scalars import Duration, Number

Does: TypeAlias = Literal["block", "warn", "off"]


def _is_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"'{value}' is no regular expression: {error}") from None
    return value


_DOES = "What breaking it leads to: block holds the document, warn tells somebody, off: nothing."
_TOLD = "What breaking it leads to: warn tells somebody, off: nothing."

Pattern = Annotated[str, Field(max_length=200), AfterValidator(_is_pattern)]


class RuleTerms(Terms):
    """What every rule has."""

    does: Does = Field("block", description=_DOES)
    source: str = Field("", description="Where the partner says so; none: the source of the pack.")
    dated: date | None = Field(None, description="Of when that is; none: the date of the pack.")
    fee: Number | None = Field(None, ge=0, description="What they charge for it, in their currency.")
    fee_percent: Number | None = Field(None, ge=0, description="What they charge for it, in percent: see percent_of.")
    per: Literal["document", "order", "line", "carton", "day"] = Field("document", description="What the fee is for one of.")
    percent_of: Literal["goods", "invoice"] = Field(
        "goods",
        description="What fee_percent is of: the goods the document is about, at the prices of the order; or what was billed.",
    )

    @property
    def stake(self) -> str:
        """What is at stake, in words; empty where no fee is known."""
        parts = [f"{self.fee_percent:f}% of the {self.percent_of}"] if self.fee_percent else []
        parts += [f"{self.fee:f} per {self.per}"] if self.fee else []
        return " and ".join(parts)


class AlwaysTerms(RuleTerms):
    """A rule that the gateway always keeps: nothing to switch, but what breaking it would cost."""

    does: Literal["block"] = Field("block", description="block: it cannot be switched off.")


class ClockTerms(RuleTerms):
    """A rule on the clock."""

    does: Literal["warn", "off"] = Field("warn", description=_TOLD)


class WatchedTerms(RuleTerms):
    """A rule on the clock that is always told; its deadlines stand in the partner's profile."""

    does: Literal["warn"] = Field("warn", description="warn: somebody is always told.")


class AnswerClock(ClockTerms):
    """An answer of ours by a deadline."""

    within: Duration | None = Field(None, description="The deadline; none: as the profile says (answers).")


class ShipNoticeClock(RuleTerms):
    """The 856 by a deadline, not long before the goods leave, and before they arrive."""

    does: Does = Field(
        "warn",
        description="block holds what is too early, as long as the goods have not left; what is late is only told, as by warn; "
        "off: nothing.",
    )
    within: Duration | None = Field(None, description="The deadline; none: as the profile says (answers).")
    not_earlier_than: Duration | None = Field(
        None, description="How long before the goods leave it may be sent at the earliest; none: any time before."
    )
    next_day_by: LocalTime | None = Field(None, description="Or: by this time of the day after the goods left, at their place.")


class ConfirmationRate(ClockTerms):
    """How much of what is ordered of an item we confirm; what an 855 would make of it is looked at before that leaves."""

    does: Literal["warn", "off"] = Field("off", description=_TOLD)
    least_percent: Number = Field(Decimal(80), ge=0, le=100, description="The least they take, in percent of what was ordered.")
    days: int = Field(28, ge=1, le=400, description="Over how many days it is counted.")


class Acceptance(RuleTerms):
    """What may ship."""

    after_acknowledgment: bool = Field(False, description="Whether nothing may ship before its order was acknowledged (855).")


class Levels(RuleTerms):
    """Which levels an 856 may have."""

    structures: tuple[str, ...] = Field((), description="Structures they take; none given: any we know, the profile names ours.")


class Quantities(RuleTerms):
    """What may ship of a line."""

    pack_size: bool = Field(True, description="Whether the size of a case (SN1, PO4) is compared with the order's.")


class Packs(RuleTerms):
    """Cartons and their weight."""

    weight_tolerance_percent: Number = Field(Decimal(1), ge=0, description="How far the weight may be from that of its packs.")


class Labels(RuleTerms):
    """SSCC-18."""

    prefixes: tuple[Annotated[str, Field(pattern=r"^\d{6,12}$")], ...] = Field(
        (), description="Company prefixes they take beside our own: those of a warehouse that packs for us."
    )
    reuse_after: Duration = Field(timedelta(days=366), description="For how long a number may not be used again.")


class Carriage(RuleTerms):
    """The bill of lading and the carrier."""

    bill_of_lading: Literal["required", "optional"] = Field("required", description="Whether there has to be one (REF*BM).")
    pattern: Pattern = Field("", description="What it has to look like, as a regular expression over the whole number.")
    vics_check_digit: bool = Field(False, description="Whether it is a VICS number: 17 digits, the last one checks the others.")
    carriers: tuple[str, ...] = Field((), description="Carriers they take, by SCAC; none given: any.")


class OneNotice(RuleTerms):
    """One 856 per trailer and ship-to."""

    does: Does = Field("off", description=_DOES)


class ItemIds(RuleTerms):
    """Item ids."""

    gtin: Does = Field("warn", description="What a GTIN of theirs with a wrong check digit leads to; it is echoed all the same.")


class Freshness(RuleTerms):
    """Lots and expiry dates of items that need them."""

    items: tuple[str, ...] = Field((), description="Items it is about, by any of their ids; '*': every item.")
    lot: bool = Field(True, description="Whether they have to have a lot number.")
    least_days: int | None = Field(
        None, ge=0, description="How many days before it expires it may leave; none: no date is needed."
    )


class Invoicing(RuleTerms):
    """When an 810 may leave, and has to."""

    within: Duration | None = Field(None, description="By when after the goods left; none: as the profile says (answers).")


class Rules(Terms):
    """Rule by rule. What a rule checks is told in the reference of compliance rules."""

    R01: WatchedTerms = WatchedTerms()
    R02: AlwaysTerms = AlwaysTerms()
    R03: WatchedTerms = WatchedTerms()
    R04: AnswerClock = AnswerClock()
    R05: RuleTerms = RuleTerms()
    R06: RuleTerms = RuleTerms()
    R07: ConfirmationRate = ConfirmationRate()
    R08: Acceptance = Acceptance()
    R09: ShipNoticeClock = ShipNoticeClock()
    R10: RuleTerms = RuleTerms()
    R11: Levels = Levels()
    R12: Quantities = Quantities()
    R13: Packs = Packs()
    R14: Labels = Labels()
    R15: AlwaysTerms = AlwaysTerms()
    R16: Carriage = Carriage()
    R17: OneNotice = OneNotice()
    R18: ItemIds = ItemIds()
    R19: Freshness = Freshness()
    R20: Invoicing = Invoicing()
    R21: RuleTerms = RuleTerms()
    R22: RuleTerms = RuleTerms()
    R23: RuleTerms = RuleTerms()
    R24: RuleTerms = RuleTerms()
    R25: RuleTerms = RuleTerms()
    R28: AlwaysTerms = AlwaysTerms()
    R29: WatchedTerms = WatchedTerms()
    R30: AlwaysTerms = AlwaysTerms()
    R31: AlwaysTerms = AlwaysTerms()


class CompliancePack(Terms):
    """What one partner charges for, and what we do about each of it."""

    pack: str = Field(description="What the pack is called by.")
    source: str = Field(description="Where the partner says so: a guide, a manual, with its edition.")
    dated: date = Field(description="Of when that is; it is the version of the pack for people.")
    rules: Rules = Field(Rules(), description="Rule by rule; what is not named is as in the base pack.")

    def terms(self, rule: str) -> RuleTerms:
        """The terms of a rule."""
        found: RuleTerms = getattr(self.rules, rule)
        return found

    def source_of(self, rule: str) -> str:
        """Where a rule comes from, with its date: ``Vendor Standards 2026 §4.2, 2026-02-01``."""
        terms = self.terms(rule)
        return f"{terms.source or self.source}, {terms.dated or self.dated}"
