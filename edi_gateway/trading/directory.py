"""Who is behind an identifier, and which agreement governs a set: answers, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple, TypeAlias, TypeVar

from edi_gateway.errors import WrongInput
from edi_gateway.trading.alerts import Alerts
from edi_gateway.trading.check import usages
from edi_gateway.trading.compliance.pack import CompliancePack
from edi_gateway.trading.compliance.reading import base_pack
from edi_gateway.trading.connector import BUILT_IN, Connector
from edi_gateway.trading.profile import Agreement, Connection, Direction, MailboxConnection, OurIdentity, TradingPartner, Usage
from edi_gateway.trading.usage import USAGES as USAGES  # known from here too
from edi_gateway.wording import did_you_mean
from edi_gateway.x12.envelope import Identity
from edi_gateway.x12.guide import Guide

Named = TypeVar("Named", OurIdentity, TradingPartner, Connection, Connector)


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
MOST_KEPT = 1000


class _Governing(NamedTuple):
    """What governs a set of a partner, who is kept with it: so no other one can have its id."""

    partner: TradingPartner
    found: Agreement | NoAgreement


@dataclass(frozen=True)
class Directory:
    """Everybody we deal with, as loaded; ``trading.loader`` has made sure that ids are unambiguous and names exist."""

    ourselves: tuple[OurIdentity, ...]
    partners: tuple[TradingPartner, ...] = ()
    connections: tuple[Connection, ...] = ()
    guides: Mapping[tuple[str, str], Guide] = field(default_factory=dict)  # by partner and name
    connectors: tuple[Connector, ...] = ()  # as files describe them, beside those that are built in
    alerts: Alerts = field(default_factory=Alerts)
    packs: Mapping[str, CompliancePack] = field(default_factory=dict)  # by partner
    _governing: dict[tuple[object, ...], _Governing] = field(default_factory=dict, init=False, repr=False, compare=False)

    def identity(self, name: str) -> OurIdentity:
        """Our identity of that name. Raises WrongInput with the nearest name."""
        return _named("identity of ours", name, self.ourselves)

    def partner(self, name: str) -> TradingPartner:
        """The partner of that name. Raises WrongInput with the nearest name."""
        return _named("partner", name, self.partners)

    def connection(self, name: str) -> Connection:
        """The connection of that name. Raises WrongInput with the nearest name."""
        return _named("connection", name, self.connections)

    def mailbox(self, name: str) -> MailboxConnection:
        """The mailbox connection of that name. Raises WrongInput where there is none, or it is of another kind."""
        found = self.connection(name)
        if not isinstance(found, MailboxConnection):
            raise WrongInput(f"connection {name} is of kind {found.kind}, and no mailbox", do="name a connection of kind mailbox")
        return found

    def pack(self, partner: str) -> CompliancePack:
        """The compliance pack of a partner; the base pack where it has none of its own."""
        return self.packs.get(partner) or base_pack()

    def users_of(self, connection: str) -> list[TradingPartner]:
        """The partners we send to over a connection, be it for tests or when another one fails."""
        return [each for each in self.partners if connection in _connections(each)]

    def connector(self, name: str) -> Connector:
        """The ERP connector of that name. Raises WrongInput with the nearest name."""
        return _named("ERP connector", name, tuple(self.every_connector().values()))

    def every_connector(self) -> dict[str, Connector]:
        """ERP connectors by name; a file takes the place of one that is built in."""
        return {**BUILT_IN, **{each.name: each for each in self.connectors}}

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
        holders = [each for each in self.partners if interchange_sender in each.under(usage).interchange]
        if not holders:
            return Unknown(self._of_another_usage(interchange_sender, usage) or self._nobody(interchange_sender))
        return _narrowed(holders, interchange_sender, group_sender, ours, usage)

    def agreement(
        self, partner: TradingPartner, set: str, direction: Direction, release: str, usage: Usage, on: date | None = None
    ) -> Agreement | NoAgreement:
        """The terms that govern a set of a release (GS08 as written) on a day; ``on`` None: on whatever day.

        An agreement for exactly that release wins; else one for its six digits alone governs every suffix of them, since a
        suffix (004010VICS) only narrows the standard. An agreement with a suffix never governs another suffix or none.

        What was found is kept: every set of a payload asks the same, more than once.
        """
        key = (id(partner), set, direction, release, usage, on)
        known = self._governing.get(key)
        if known is None:
            if len(self._governing) >= MOST_KEPT:
                self._governing.clear()
            known = self._governing[key] = _Governing(partner, self._governs(partner, set, direction, release, usage, on))
        return known.found

    def _governs(
        self, partner: TradingPartner, set: str, direction: Direction, release: str, usage: Usage, on: date | None
    ) -> Agreement | NoAgreement:
        candidates = {each.release: each for each in _agreed(partner, set, direction, usage, on)}
        found = candidates.get(release) or candidates.get(release[:6])
        return found or _no_agreement(partner, set, direction, release, usage, on)

    def outgoing(self, partner: TradingPartner, set: str, usage: Usage, on: date, like: str = "") -> Agreement | NoAgreement:
        """The terms under which we send a set on a day. Where it is agreed in several releases, the one of ``like`` decides:
        the release in which they wrote to us; where that is none of them, nobody guesses.
        """
        agreed = _agreed(partner, set, "out", usage, on)
        if len(agreed) == 1:
            return agreed[0]
        if not agreed:
            return _no_agreement(partner, set, "out", like, usage, on)
        same = [each for each in agreed if each.release == like] or [each for each in agreed if each.release[:6] == like[:6]]
        if len(same) == 1:
            return same[0]
        several = ", ".join(each.release for each in agreed)
        return NoAgreement(
            f"{set} to {partner.name} is agreed in several releases ({several}), and {like or 'no release'} decides none of them"
        )

    def _nobody(self, sender: Identity) -> str:
        owners = {str(id): partner.name for partner in self.partners for id in (*partner.interchange, *partner.test.interchange)}
        near = get_close_matches(str(sender), owners, n=1, cutoff=0.6)
        return f"nobody has interchange id {sender}" + (f"; nearest: {near[0]} ({owners[near[0]]})" if near else "")

    def _of_another_usage(self, sender: Identity, usage: Usage | None) -> str:
        """That an id is known, but not for the usage its interchange says (R30)."""
        other: Usage = "production" if usage == "test" else "test"
        holder = next((each for each in self.partners if sender in each.under(other).interchange), None)
        if holder is None:
            return ""
        expected = ", ".join(str(id) for id in holder.under(usage).interchange)
        said = usage or "neither production nor test"
        return (
            f"{sender} is {holder.name}'s id for {other}, but the interchange says {said} (ISA15); for that they have {expected}"
        )


def _connections(partner: TradingPartner) -> set[str]:
    fallback = partner.fallback.connection if partner.fallback else ""
    return {partner.connection, partner.test.connection, fallback} - {""}


def _named(what: str, name: str, things: tuple[Named, ...]) -> Named:
    for thing in things:
        if thing.name == name:
            return thing
    raise WrongInput(f"there is no {what} '{name}'", do=did_you_mean(name, (thing.name for thing in things)))


def _narrowed(
    holders: list[TradingPartner], sender: Identity, group: str | None, ours: OurIdentity, usage: Usage | None
) -> Sender:
    """One of those who have the interchange id, or why none of them can be it."""
    ours_too = [each for each in holders if each.under(usage).ours == ours.name]
    if not ours_too:
        named = "; ".join(f"{each.name} trades with us as '{each.under(usage).ours}'" for each in holders)
        return Unknown(f"{sender} wrote to us as '{ours.name}' ({ours.interchange}), but {named}")
    in_group = [each for each in ours_too if group is None or group in each.under(usage).group]
    if not in_group:
        known = "; ".join(f"{each.name} has {', '.join(each.under(usage).group)}" for each in ours_too)
        return Unknown(f"group sender {group} (GS02) is nobody's behind {sender}: {known}")
    left = [each for each in in_group if usage in usages(each)] if len(in_group) > 1 else in_group
    if len(left) == 1:
        return Found(left[0], ours)
    return Unknown(f"{sender} may be {_names(in_group)}; group sender {group or 'not given'}, usage {usage or 'not given'}")


def _names(partners: Iterable[TradingPartner]) -> str:
    return " or ".join(sorted(each.name for each in partners))


def _agreed(partner: TradingPartner, set: str, direction: Direction, usage: Usage, on: date | None) -> list[Agreement]:
    """What is agreed for a set on a day; what began last comes last."""
    key = (set, direction, usage)
    found = [each for each in partner.agreements if (each.set, each.direction, each.usage) == key and each.holds_on(on)]
    return sorted(found, key=lambda each: each.valid_from or date.min)


def _no_agreement(
    partner: TradingPartner, set: str, direction: Direction, release: str, usage: Usage, on: date | None
) -> NoAgreement:
    def likeness(agreement: Agreement) -> tuple[bool, ...]:
        """How near it comes, the heaviest difference first; empty where it is about another set or direction."""
        if (agreement.set, agreement.direction) != (set, direction):
            return ()
        same = agreement.release[:6] == release[:6]
        return (agreement.usage == usage, same, agreement.release == release, agreement.holds_on(on))

    nearest = max(partner.agreements, key=likeness, default=None)
    if nearest is None or not likeness(nearest):
        nearest = None
    way = "from" if direction == "in" else "to"
    why = f"no agreement for {' '.join(filter(None, (set, release)))} {way} {partner.name}"
    why += " under usage test" if usage == "test" else ""
    if nearest and not nearest.holds_on(on):
        why += f" on {on}"
    return NoAgreement(f"{why}; nearest: {_told(nearest)}" if nearest else why, nearest)


def _told(agreement: Agreement) -> str:
    since = f", from {agreement.valid_from}" if agreement.valid_from else ""
    until = f", until {agreement.valid_until}" if agreement.valid_until else ""
    return f"{agreement.set} {agreement.release}, {agreement.usage}{since}{until}"
