"""Who is behind an identifier, and which agreement governs a set: answers, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple, TypeAlias, TypeVar

from edi_gateway.errors import WrongInput
from edi_gateway.trading.check import usages
from edi_gateway.trading.profile import Agreement, Connection, Direction, OurIdentity, TradingPartner, Usage
from edi_gateway.trading.words import did_you_mean
from edi_gateway.x12.envelope import Identity
from edi_gateway.x12.guide import Guide

Named = TypeVar("Named", OurIdentity, TradingPartner, Connection)

USAGES: dict[str, Usage] = {"P": "production", "T": "test"}
"""ISA15 in our words. I (information) is neither: nothing is agreed for it."""


class Found(NamedTuple):
    """An interchange's sender, and which of our identities it is for."""

    partner: TradingPartner
    ours: OurIdentity


class Unknown(NamedTuple):
    """Nobody we know, or nobody we can be sure of; ``why`` is for a person."""

    why: str


class NoAgreement(NamedTuple):
    """Nothing agreed governs the set. ``nearest`` is what comes closest, for a person; it is never applied."""

    why: str
    nearest: Agreement | None = None


Sender: TypeAlias = Found | Unknown


@dataclass(frozen=True)
class Directory:
    """Everybody we deal with, as loaded; ``trading.loader`` has made sure that ids are unambiguous and names exist."""

    ourselves: tuple[OurIdentity, ...]
    partners: tuple[TradingPartner, ...] = ()
    connections: tuple[Connection, ...] = ()
    guides: Mapping[tuple[str, str], Guide] = field(default_factory=dict)  # by partner and name

    def identity(self, name: str) -> OurIdentity:
        """Our identity of that name. Raises WrongInput with the nearest name."""
        return _named("identity of ours", name, self.ourselves)

    def partner(self, name: str) -> TradingPartner:
        """The partner of that name. Raises WrongInput with the nearest name."""
        return _named("partner", name, self.partners)

    def connection(self, name: str) -> Connection:
        """The connection of that name. Raises WrongInput with the nearest name."""
        return _named("connection", name, self.connections)

    def guide(self, partner: TradingPartner, agreement: Agreement) -> Guide | None:
        """What the partner asks of the set beyond the standard, None: nothing. Raises WrongInput where the guide is not there."""
        if not agreement.guide:
            return None
        found = self.guides.get((partner.name, agreement.guide))
        if found is None:
            names = [name for owner, name in self.guides if owner == partner.name]
            raise WrongInput(f"there is no guide of {partner.name} '{agreement.guide}'", do=did_you_mean(agreement.guide, names))
        return found

    def sender(
        self, interchange_sender: Identity, group_sender: str | None, receiver: Identity, usage: Usage | None = None
    ) -> Sender:
        """Who sent an interchange (ISA05–08, GS02, ISA15), compared exactly as written.

        A group sender must be one of the partner's: behind one interchange id (a VAN's, a holding's) stand several
        parties. Without one (a TA1 alone, an empty interchange) the interchange id decides if only one party has it.
        """
        ours = next((each for each in self.ourselves if each.interchange == receiver), None)
        if ours is None:
            mine = ", ".join(f"{each.interchange} ({each.name})" for each in self.ourselves)
            return Unknown(f"it is addressed to {receiver}, which is none of our interchange ids: {mine}")
        holders = [each for each in self.partners if interchange_sender in each.interchange]
        if not holders:
            return Unknown(f"nobody has interchange id {interchange_sender}{self._nearest(interchange_sender)}")
        return _narrowed(holders, interchange_sender, group_sender, ours, usage)

    def agreement(
        self, partner: TradingPartner, set: str, direction: Direction, release: str, usage: Usage
    ) -> Agreement | NoAgreement:
        """The terms that govern a set of a release (GS08 as written).

        An agreement for exactly that release wins; else one for its six digits alone governs every suffix of them, since a
        suffix (004010VICS) only narrows the standard. An agreement with a suffix never governs another suffix or none.
        """
        candidates = {
            each.release: each for each in partner.agreements if (each.set, each.direction, each.usage) == (set, direction, usage)
        }
        found = candidates.get(release) or candidates.get(release[:6])
        return found or _no_agreement(partner, set, direction, release, usage)

    def _nearest(self, sender: Identity) -> str:
        owners = {str(id): partner.name for partner in self.partners for id in partner.interchange}
        near = get_close_matches(str(sender), owners, n=1, cutoff=0.6)
        return f"; nearest: {near[0]} ({owners[near[0]]})" if near else ""


def _named(what: str, name: str, things: tuple[Named, ...]) -> Named:
    for thing in things:
        if thing.name == name:
            return thing
    raise WrongInput(f"there is no {what} '{name}'", do=did_you_mean(name, (thing.name for thing in things)))


def _narrowed(
    holders: list[TradingPartner], sender: Identity, group: str | None, ours: OurIdentity, usage: Usage | None
) -> Sender:
    """One of those who have the interchange id, or why none of them can be it."""
    ours_too = [each for each in holders if each.ours == ours.name]
    if not ours_too:
        named = "; ".join(f"{each.name} trades with us as '{each.ours}'" for each in holders)
        return Unknown(f"{sender} wrote to us as '{ours.name}' ({ours.interchange}), but {named}")
    in_group = [each for each in ours_too if group is None or group in each.group]
    if not in_group:
        known = "; ".join(f"{each.name} has {', '.join(each.group)}" for each in ours_too)
        return Unknown(f"group sender {group} (GS02) is nobody's behind {sender}: {known}")
    left = [each for each in in_group if usage in usages(each)] if len(in_group) > 1 else in_group
    if len(left) == 1:
        return Found(left[0], ours)
    return Unknown(f"{sender} may be {_names(in_group)}; group sender {group or 'not given'}, usage {usage or 'not given'}")


def _names(partners: Iterable[TradingPartner]) -> str:
    return " or ".join(sorted(each.name for each in partners))


def _no_agreement(partner: TradingPartner, set: str, direction: Direction, release: str, usage: Usage) -> NoAgreement:
    nearest = max(partner.agreements, key=lambda each: _likeness(each, set, direction, release, usage), default=None)
    if nearest is None or not _likeness(nearest, set, direction, release, usage):
        nearest = None
    way = "from" if direction == "in" else "to"
    why = f"no {usage} agreement for {set} {release} {way} {partner.name}"
    return NoAgreement(f"{why}; nearest: {_told(nearest)}" if nearest else why, nearest)


def _likeness(agreement: Agreement, set: str, direction: Direction, release: str, usage: Usage) -> tuple[bool, ...]:
    """How near an agreement comes, the heaviest difference first; empty where it is about another set or direction."""
    if (agreement.set, agreement.direction) != (set, direction):
        return ()
    return (agreement.usage == usage, agreement.release[:6] == release[:6], agreement.release == release)


def _told(agreement: Agreement) -> str:
    return f"{agreement.set} {agreement.release}, {agreement.usage}"
