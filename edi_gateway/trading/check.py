"""What must agree between the files of ``partners/``: each check is one function that tells what is wrong, and where.

Names of files that could not be read count as known, so that one mistake is told once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import NamedTuple

from edi_gateway.errors import WrongInput
from edi_gateway.trading.files import Source
from edi_gateway.trading.profile import (
    Agreement,
    As2Connection,
    Connection,
    MailboxConnection,
    Marks,
    OurIdentity,
    Ourselves,
    TradingPartner,
    Usage,
)
from edi_gateway.trading.scalars import write_duration
from edi_gateway.wording import did_you_mean
from edi_gateway.x12 import standard
from edi_gateway.x12.guide import Guide


class Known(NamedTuple):
    """Names that files may refer to; ``maps`` None: not known here, so not checked."""

    partners: Collection[str]
    connections: Collection[str]
    connectors: Collection[str]
    guides: Mapping[tuple[str, str], Guide | None]  # by partner and name; None: could not be read
    kinds: Collection[str]
    maps: Collection[str] | None = None


def check_ourselves(ours: Source[Ourselves]) -> Iterator[WrongInput]:
    """Each identity has a name and an interchange id of its own."""
    for (_, one), (index, other) in combinations(enumerate(ours.value.identities), 2):
        if one.name == other.name:
            yield WrongInput(f"two identities are called '{one.name}'", where=ours.at("identities", index, "name"))
        if one.interchange == other.interchange:
            yield WrongInput(
                f"'{one.name}' and '{other.name}' have the same interchange id {one.interchange}",
                where=ours.at("identities", index, "interchange"),
            )


def check_connections(connections: list[Source[Connection]], known: Known) -> Iterator[WrongInput]:
    """Senders are known partners; a mailbox account, and a pair of AS2 names, belongs to one connection."""
    accounts: dict[str, str] = {}
    stations: dict[tuple[str, str], str] = {}
    for source in connections:
        connection = source.value
        for index, sender in enumerate(connection.senders):
            if sender not in known.partners:
                yield _unknown("partner", sender, known.partners, source.at("senders", index))
        if isinstance(connection, MailboxConnection):
            owner = accounts.setdefault(connection.account, connection.name)
            if owner != connection.name:
                yield WrongInput(f"account '{connection.account}' is that of '{owner}' already", where=source.at("account"))
        if isinstance(connection, As2Connection):
            owner = stations.setdefault((connection.ours, connection.as2_id), connection.name)
            if owner != connection.name:
                yield WrongInput(f"AS2 name '{connection.as2_id}' is that of '{owner}' already", where=source.at("as2_id"))


def check_as2(connections: list[Source[Connection]], ours: Source[Ourselves] | None) -> Iterator[WrongInput]:
    """An AS2 connection names an identity of ours that has an AS2 name."""
    identities = {each.name: each for each in ours.value.identities} if ours else {}
    for source in connections:
        connection = source.value
        if ours is None or not isinstance(connection, As2Connection):
            continue
        identity = identities.get(connection.ours)
        if identity is None:
            yield _unknown("identity of ours", connection.ours, identities, source.at("ours"))
        elif not identity.as2_id:
            todo = "add its as2_id to partners/_ourselves.yaml"
            yield WrongInput(f"our identity '{connection.ours}' has no AS2 name", where=source.at("ours"), do=todo)


def check_partner(source: Source[TradingPartner], ours: Source[Ourselves] | None, known: Known) -> Iterator[WrongInput]:
    """Everything one partner's file refers to exists, and what it says holds together."""
    partner = source.value
    names = [identity.name for identity in ours.value.identities] if ours else []
    if ours and partner.ours not in names:
        yield _unknown("identity of ours", partner.ours, names, source.at("ours"))
    for loc in (("connection",), ("fallback", "connection"), ("test", "connection")):
        name = _given(partner, loc)
        if name and name not in known.connections:
            yield _unknown("connection", name, known.connections, source.at(*loc))
    for word in ("erp", "test_erp"):
        name = _given(partner, (word,))
        if name and name not in known.connectors:
            yield _unknown("ERP connector", name, known.connectors, source.at(word))
    if partner.fallback and partner.fallback.connection == partner.connection:
        yield WrongInput("the fallback is the usual connection itself", where=source.at("fallback", "connection"))
    if ours and partner.test.ours and partner.test.ours not in names:
        yield _unknown("identity of ours", partner.test.ours, names, source.at("test", "ours"))
    yield from _check_repetition(source, partner.interchange_version, partner.marks, ())
    yield from _check_severities(source, known)
    yield from _check_kept(source)
    for index, agreement in enumerate(partner.agreements):
        yield from _check_agreement(source, index, agreement, known)
    yield from _check_repeated_agreements(source)


def check_senders(partners: list[Source[TradingPartner]], ours: Source[Ourselves] | None) -> Iterator[WrongInput]:
    """Nobody can be taken for somebody else: an interchange tells by its ids and usage whose it is."""
    identities = ours.value.identities if ours else ()
    for one, other in combinations(partners, 2):
        yield from _check_distinct(one.value, other)
    for source in partners:
        yield from _check_not_us(source, identities)


def usages(partner: TradingPartner) -> frozenset[Usage]:
    """The usages a partner's agreements cover; without agreements, both."""
    return frozenset(agreement.usage for agreement in partner.agreements) or frozenset({"production", "test"})


def _unknown(what: str, name: str, known: Collection[str], where: str) -> WrongInput:
    return WrongInput(f"there is no {what} '{name}'", where=where, do=did_you_mean(name, known))


def _given(partner: TradingPartner, loc: tuple[str, ...]) -> str:
    value: object = partner
    for word in loc:
        value = getattr(value, word, None)
    return value if isinstance(value, str) else ""


def _check_repetition(
    source: Source[TradingPartner], version: str, marks: Marks, loc: tuple[str | int, ...]
) -> Iterator[WrongInput]:
    if version >= "00402" and marks.repetition is None:
        yield WrongInput(
            f"interchange version {version} has a repetition separator (ISA11)",
            where=source.at(*loc, "interchange_version"),
            do="add marks: repetition, for instance '^'",
        )
    if version < "00402" and marks.repetition is not None:
        where = source.at(*loc, "marks", "repetition")
        yield WrongInput(f"interchange version {version} has no repetition separator", where=where)


def _check_severities(source: Source[TradingPartner], known: Known) -> Iterator[WrongInput]:
    named: list[tuple[tuple[str | int, ...], str]] = [(("severities", kind), kind) for kind in source.value.severities]
    for index, agreement in enumerate(source.value.agreements):
        named += [(("agreements", index, "severities", kind), kind) for kind in agreement.severities]
    for loc, kind in named:
        if kind not in known.kinds:
            yield _unknown("kind of finding", kind, known.kinds, source.at(*loc))


def _check_kept(source: Source[TradingPartner]) -> Iterator[WrongInput]:
    """Bytes are kept as long as a repeated interchange counts: it is known by them, and without them processed a second time.

    A repeated file and a repeated order are known by what stays: the file's digest, the order's number.
    """
    policy, kept = source.value.duplicates, source.value.retention.payloads
    window = policy.window_of("interchange")
    if policy.interchange == "process" or kept >= window:
        return
    level = "window" if policy.interchange_window is None else "interchange_window"
    days, counts = write_duration(kept), write_duration(window)
    is_said = "payloads" in source.value.retention.model_fields_set
    yield WrongInput(
        f"bytes are kept for {days} (retention: payloads), and a repeated interchange counts for {counts} (duplicates: {level}): "
        f"after {days} it would not be known, and be processed a second time",
        where=source.at("retention", "payloads") if is_said else source.at("duplicates", level),
        do=f"keep payloads for {counts}, or write duplicates: {{interchange_window: {days}}}",
    )


def _check_agreement(source: Source[TradingPartner], index: int, agreement: Agreement, known: Known) -> Iterator[WrongInput]:
    partner, given = source.value, agreement.model_fields_set
    if agreement.guide:
        yield from _check_guide(source, index, agreement, known)
    if known.maps is not None and agreement.map not in known.maps:
        yield _unknown("map", agreement.map, known.maps, source.at("agreements", index, "map"))
    if agreement.direction == "out" and "acknowledgment" in given:
        yield WrongInput(
            "'acknowledgment' is what we owe for a set we receive, but this set is sent",
            where=source.at("agreements", index, "acknowledgment"),
            do="write awaits: for the answer we expect",
        )
    if agreement.direction == "in" and "awaits" in given:
        yield WrongInput(
            "'awaits' is what we expect for a set we send, but this set is received",
            where=source.at("agreements", index, "awaits"),
            do="write acknowledgment: for the answer we owe",
        )
    for word, means in (("envelope", "what we write around a set we send"), ("batch", "when a set we send leaves")):
        if agreement.direction == "in" and word in given:
            where = source.at("agreements", index, word)
            yield WrongInput(f"'{word}' is {means}, but this set is received", where=where)
    if "billing" in given and (agreement.set, agreement.direction) != ("810", "out"):
        where = source.at("agreements", index, "billing")
        yield WrongInput("'billing' is how invoices (810, out) are made, but this is another set", where=where)
    yield from _check_definition(source, index, agreement)
    if "envelope" in given:
        version = agreement.envelope.interchange_version or partner.interchange_version
        marks = agreement.envelope.marks or partner.marks
        yield from _check_repetition(source, version, marks, ("agreements", index, "envelope"))
    if agreement.acknowledgment.form == "999" and agreement.acknowledgment.release < "005010":
        yield WrongInput(
            f"there is no 999 in {agreement.acknowledgment.release}; it exists from 005010",
            where=source.at("agreements", index, "acknowledgment", "form"),
        )


def _check_definition(source: Source[TradingPartner], index: int, agreement: Agreement) -> Iterator[WrongInput]:
    """The release it is read as has a definition of the set."""
    if not agreement.read_as:
        return
    where, known = source.at("agreements", index, "read_as"), standard.releases()
    if agreement.read_as not in known:
        what = f"there are no definitions of release {agreement.read_as}"
        yield WrongInput(what, where=where, do=f"known are {', '.join(known)}")
    elif agreement.set not in standard.sets(agreement.read_as):
        yield WrongInput(f"release {agreement.read_as} has no set {agreement.set} here", where=where)
    elif agreement.release[:6] in known and agreement.set in standard.sets(agreement.release[:6]):
        yield WrongInput(
            f"{agreement.set} {agreement.release} has a definition of its own; it is read by that",
            where=where,
            do="leave read_as out",
        )


def _check_guide(source: Source[TradingPartner], index: int, agreement: Agreement, known: Known) -> Iterator[WrongInput]:
    """The guide is there, and is one for the agreement's set and release."""
    name, where = source.value.name, source.at("agreements", index, "guide")
    if (name, agreement.guide) not in known.guides:
        guides = [guide for owner, guide in known.guides if owner == name]
        yield _unknown(f"guide of {name}", agreement.guide, guides, where)
    guide = known.guides.get((name, agreement.guide))
    if guide is None:
        return
    if guide.set != agreement.set:
        yield WrongInput(f"guide '{guide.name}' is for {guide.set}, not for {agreement.set}", where=where)
        return
    nearest = standard.nearest(agreement.set, agreement.definition)
    if nearest is not None and nearest.definition.release not in guide.releases:
        said = ", ".join(guide.releases)
        yield WrongInput(f"guide '{guide.name}' is for {said}, not for {agreement.release}", where=where)


def _check_repeated_agreements(source: Source[TradingPartner]) -> Iterator[WrongInput]:
    for (before, one), (index, other) in combinations(enumerate(source.value.agreements), 2):
        if _key(one) != _key(other) or not _overlap(one, other):
            continue
        line = source.at("agreements", before).rpartition(":")[2]
        yield WrongInput(
            f"{' '.join(_key(one))} is agreed twice{_for_the_same_days(one, other)}, first on line {line}",
            where=source.at("agreements", index),
            do="keep one of them" if not (one.valid_until or other.valid_until) else "let one end before the other begins",
        )


def _key(agreement: Agreement) -> tuple[str, ...]:
    return (agreement.set, agreement.direction, agreement.release, agreement.usage)


def _overlap(one: Agreement, other: Agreement) -> bool:
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    return begins <= min(one.valid_until or date.max, other.valid_until or date.max)


def _for_the_same_days(one: Agreement, other: Agreement) -> str:
    return " for the same days" if one.valid_from or other.valid_from or one.valid_until or other.valid_until else ""


def _check_distinct(one: TradingPartner, other: Source[TradingPartner]) -> Iterator[WrongInput]:
    partner = other.value
    for usage in sorted(usages(one) & usages(partner)):
        here, there = one.under(usage), partner.under(usage)
        shared, groups = set(here.interchange) & set(there.interchange), set(here.group) & set(there.group)
        if not (shared and groups and here.ours == there.ours):
            continue
        ids = ", ".join(sorted(str(id) for id in shared))
        same = f"both are {ids}, group {', '.join(sorted(groups))}, with our '{here.ours}'"
        yield WrongInput(
            f"{one.name} and {partner.name} cannot be told apart: {same}",
            where=other.at("interchange"),
            do="give them different group ids, identities of ours, or usages",
        )
        return


def _check_not_us(source: Source[TradingPartner], identities: tuple[OurIdentity, ...]) -> Iterator[WrongInput]:
    for identity in identities:
        for loc, ids in ((("interchange",), source.value.interchange), (("test", "interchange"), source.value.test.interchange)):
            if identity.interchange in ids:
                yield WrongInput(f"{identity.interchange} is our own interchange id ('{identity.name}')", where=source.at(*loc))
