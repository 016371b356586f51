"""What is left to do until documents flow with a partner: each step, how far it is, and where to go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from edi_gateway.store.certifications import CertificationRow
from edi_gateway.store.database import Database
from edi_gateway.trading.certificates import owner_of_connection, owner_of_identity
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import As2Connection, Connection, MailboxConnection, SftpConnection, TradingPartner
from edi_gateway.views.onboarding import TESTED, Firsts, firsts, last_told
from edi_gateway.wording import count


class Step(NamedTuple):
    """One step: ``state`` is done, open or failed; ``at`` when it was done; ``to`` is the page for it."""

    title: str
    state: str
    says: str
    at: datetime | None = None
    to: str = ""


def checklist(store: Database, directory: Directory, partner: TradingPartner, version: str) -> list[Step]:
    """The steps, in the order in which they are usually taken."""
    connection = directory.connection(partner.connection)
    with store.read() as unit:
        played = unit.certifications.of(partner.name, limit=1)
    return [
        _profile(partner),
        _who_is_there(store, connection),
        _tried(store, partner),
        _played(partner, played[0] if played else None, version),
        *_exchanged(partner, firsts(store, partner.name)),
    ]


def _profile(partner: TradingPartner) -> Step:
    ways = {way: sorted({each.set for each in partner.agreements if each.direction == way}) for way in ("in", "out")}
    says = f"in: {', '.join(ways['in']) or 'nothing'}; out: {', '.join(ways['out']) or 'nothing'}"
    state = "done" if ways["in"] and ways["out"] else "open"
    return Step("Sets are agreed both ways", state, says, to=f"/partners/{partner.name}/edit#text")


def _who_is_there(store: Database, connection: Connection) -> Step:
    """Whether each side can know the other."""
    title = "Each side knows the other’s key"
    match connection:
        case MailboxConnection():
            known = bool(connection.keys or connection.password_hash)
            said = "they log in with a key or password" if known else "nobody can log in: their public key goes into its file"
            return Step(title, "done" if known else "open", said)
        case SftpConnection():
            known = bool(connection.host_keys)
            do = f"'edi-gateway connection trust-host-key {connection.name}' shows and pins it"
            return Step(title, "done" if known else "open", "their host key is pinned" if known else do)
        case As2Connection():
            return _certificates(store, connection, title)
    return Step(title, "done", "a folder on this machine needs none")


def _certificates(store: Database, connection: As2Connection, title: str) -> Step:
    with store.read() as unit:
        theirs = unit.certificates.of(owner_of_connection(connection.name))
        ours = [each for each in unit.certificates.of(owner_of_identity(connection.ours)) if each.has_key]
    missing = [who for who, held in (("theirs", theirs), ("ours, with its key", ours)) if not held]
    says = f"a certificate is missing: {' and '.join(missing)}" if missing else "certificates of both sides are on record"
    return Step(title, "open" if missing else "done", says, to="/certificates")


def _tried(store: Database, partner: TradingPartner) -> Step:
    title = "The connection was tried"
    event = last_told(store, TESTED, f"connection:{partner.connection}")
    if event is None:
        return Step(title, "open", "not yet: 'Test the connection' on the partner’s page", to=f"/partners/{partner.name}")
    state = "failed" if event.text.startswith("failed") else "done"
    return Step(title, state, event.text, event.at, f"/partners/{partner.name}")


def _played(partner: TradingPartner, row: CertificationRow | None, version: str) -> Step:
    title = "The simulated partner has played it through"
    if row is None:
        return Step(title, "open", "not yet: begin below")
    to = f"/partners/{partner.name}/certifications/{row.id}"
    if row.state == "passed" and row.profile_version != version:
        return Step(title, "open", "passed, and the profile was changed since: play it again", row.changed_at, to)
    state = {"passed": "done", "running": "open"}.get(row.state, "failed")
    return Step(title, state, f"{row.state}: {row.done} of {count(row.total, 'scenario')}", row.changed_at, to)


def _exchanged(partner: TradingPartner, first: Firsts) -> Iterator[Step]:
    documents = f"/documents?partner={partner.name}"
    tests = any(each.usage == "test" for each in partner.agreements) and not first.accepted
    if tests or first.test_came:
        yield _came("Their first test document came", first.test_came, documents)
        yield _came("They accepted our first test document", first.test_accepted, documents)
    yield _came("Their first document came", first.came, documents)
    yield _came("They accepted our first document", first.accepted, documents)


def _came(title: str, at: datetime | None, to: str) -> Step:
    return Step(title, "done" if at else "open", "" if at else "not yet", at, to)
