"""Routes: under which ids, with which marks and over which connection a set goes out, and which sets may go together."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from edi_gateway.pipeline.outbound.awaiting import agreement_of
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import USAGES, Directory
from edi_gateway.trading.profile import Agreement, EnvelopeTerms, OurIdentity, TradingPartner
from edi_gateway.x12 import standard
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Identity, Interchange

ANSWERS = ("997", "999", "TA1")


class Route(msgspec.Struct, frozen=True):
    """Everything an interchange says on its ISA but number, date and secrets, and where it goes."""

    usage: str
    connection: str
    sender: Identity
    receiver: Identity
    version: str
    marks: Delimiters
    wrap: int | None
    asks_for_ta1: bool


class Heading(msgspec.Struct, frozen=True):
    """Everything a group says on its GS but number and date."""

    code: str
    release: str
    sender: str
    receiver: str


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a flow at 'envelope' carries along: what its set waits together with, its delimiters where those were chosen, and the
    delimiters its segments are ``written`` with: others may be agreed on before it leaves."""

    together: str = ""
    marks: Delimiters | None = None
    written: Delimiters | None = None


def place_of(position: str) -> Place:
    """Back from a flow's position."""
    return msgspec.json.decode(position, type=Place) if position else Place()


def position_of(place: Place) -> str:
    return "" if place == Place() else msgspec.json.encode(place).decode()


def routed(unit: Unit, row: TransactionRow, directory: Directory, marks: Delimiters | None = None) -> tuple[Route, Heading]:
    """The route of a set of ours and the heading of its group. An acknowledgment goes back to the very ids that wrote."""
    partner = directory.partner(row.partner or "")
    agreement = agreement_of(row, directory)
    theirs = partner.under(USAGES.get(row.usage))
    ours = directory.identity(theirs.ours)
    own = agreement.envelope if agreement else EnvelopeTerms()
    sender, receiver = ours.interchange, own.receiver or theirs.interchange[0]
    by, to = own.sender_group or ours.group, own.receiver_group or theirs.group[0]
    if (asked := unit.interchanges.asked(row.id)) is not None:
        wrote = msgspec.json.decode(asked[0].isa, type=Interchange)
        sender, receiver = wrote.receiver, wrote.sender
        gs = [*(msgspec.json.decode(asked[1].gs, type=list[str]) if asked[1] else ()), "", "", "", ""]
        by, to = gs[3].strip(), gs[2].strip()
    terms = partner.marks_for(agreement)
    route = Route(
        usage=row.usage,
        connection=theirs.connection,
        sender=sender,
        receiver=receiver,
        version=own.interchange_version or partner.interchange_version,
        marks=marks or terms.delimiters(),
        wrap=terms.wrap,
        asks_for_ta1=partner.request_interchange_acknowledgment and row.code not in ANSWERS,
    )
    code = "" if row.code == "TA1" else standard.group_code(row.code)  # a TA1 stands in no group
    return route, Heading(code, row.release, by, to)


def together(unit: Unit, row: TransactionRow, directory: Directory, agreement: Agreement, marks: Delimiters | None) -> str:
    """A name for all that may leave in one interchange with a set; empty where it leaves alone."""
    if not agreement.batch.waits:
        return ""
    route, heading = routed(unit, row, directory, marks)
    kind = b"" if agreement.batch.mixed else msgspec.json.encode(heading)
    said = b"|".join((msgspec.json.encode(route), kind, agreement.batch.model_dump_json().encode()))
    return sha256(said).hexdigest()[:16]


def counters_of(what: str, route: Route, partner: TradingPartner, identity: str) -> tuple[str, ...]:
    """The counters a number is taken from: the one that is shared as the partner says, and that of the two ids it goes between.

    ``identity`` is ours with them. The pair's goes along because whatever a profile says otherwise from one day to the next, the
    other side sees one sequence of numbers between two ids and takes none of them twice.
    """
    return _counters(what, partner, identity, f"{route.sender}|{route.receiver}")


def numbering(what: str, partner: TradingPartner, ours: OurIdentity, to: Identity) -> tuple[str, ...]:
    """The counters of what goes to an id of a partner: of ``interchange``, ``group PR`` …"""
    return _counters(what, partner, f"{ours.interchange}", f"{ours.interchange}|{to}")


def _counters(what: str, partner: TradingPartner, identity: str, pair: str) -> tuple[str, ...]:
    whose = {"pair": pair, "partner": f"{identity}|{partner.interchange[0]}", "ours": identity, "all": "all"}
    shared = whose[partner.control_numbers.scope]
    return tuple(f"{what}|{each}" for each in dict.fromkeys((shared, pair)))
