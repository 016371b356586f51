"""``edi-gateway connection``: the places documents come from and go to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from edi_gateway.bootstrap import find_store, has_store
from edi_gateway.bootstrap.connections import Connections
from edi_gateway.bootstrap.offline import connections_of
from edi_gateway.bootstrap.tested import tell_tested
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, print_json, print_table, who
from edi_gateway.cli.wires.trust_host_key import trust_host_key
from edi_gateway.errors import GatewayError
from edi_gateway.pipeline.way import LaneKind
from edi_gateway.settings import Settings
from edi_gateway.store.schedule import POLL
from edi_gateway.trading import loader
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import As2Connection, Connection, MailboxConnection, SftpConnection, TradingPartner
from edi_gateway.trading.scalars import write_duration
from edi_gateway.transports.ping import Step
from edi_gateway.views.engines import down

app = typer.Typer(no_args_is_help=True, help="Places documents come from and go to.")

_DOING = {LaneKind.WIRE.value: "sending", POLL.removesuffix(":"): "collecting"}
Partners = Annotated[Path | None, typer.Option("--partners", help="Folder of partner files; default: EDI_GATEWAY_PARTNERS.")]


class Row(NamedTuple):
    """A connection at a glance."""

    name: str
    kind: str
    to: str
    senders: str
    carries: str
    poll: str
    out_of_order: str = ""


@app.command("list")
def list_(partners: Partners = None, data: DataFolder = None, as_json: AsJson = False) -> None:
    """List all connections: where they lead, who may send over them, whose documents they carry, and what is out of order."""
    where, directory = _given(partners, data)
    failing = _failing(where)
    rows = [_row(each, directory)._replace(out_of_order=failing.get(each.name, "")) for each in directory.connections]
    if as_json:
        print_json([row._asdict() for row in rows])
        return
    print_table("Connections", ("name", "kind", "to", "may send", "goes to", "looked at", "out of order"), rows)


@app.command()
def check(partners: Partners = None, data: DataFolder = None) -> None:
    """Check what can be checked without calling anybody: secrets, and who may come in how; exits 1 if something is wrong."""
    where, directory = _given(partners, data)
    connections = _connections(where, directory)
    wrong = [mistake for each in directory.connections for mistake in _mistakes(each, directory, connections)]
    wrong += [mistake for partner in directory.partners for mistake in _passwords(partner, connections)]
    for mistake in wrong:
        typer.echo(mistake, err=True)
    typer.echo(f"connections: {len(directory.connections)}; " + (f"mistakes: {len(wrong)}" if wrong else "nothing wrong"))
    raise typer.Exit(1 if wrong else 0)


@app.command()
def ping(
    name: Annotated[str, typer.Argument(help="The connection's name.")],
    partners: Partners = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Try a connection step by step and say which step fails and why; exits 1 if one does. Moves no document."""
    where, directory = _given(partners, data)
    steps = {name: _tried(where, _connections(where, directory), name)}
    if as_json:
        print_json([step._asdict() for step in steps[name]])
    raise typer.Exit(_show(steps, directory, quiet=as_json))


def ping_partner(
    name: Annotated[str, typer.Argument(help="The partner's name.")],
    partners: Partners = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Try every connection we have with a partner, step by step; exits 1 if a step fails. Moves no document."""
    where, directory = _given(partners, data)
    partner, connections = directory.partner(name), _connections(where, directory)
    ours = [each.name for each in directory.connections if partner in directory.users_of(each.name) or name in each.senders]
    steps = {each: _tried(where, connections, each) for each in ours}
    if as_json:
        print_json({each: [step._asdict() for step in tried] for each, tried in steps.items()})
    raise typer.Exit(_show(steps, directory, quiet=as_json))


def _tried(where: Settings, connections: Connections, name: str) -> tuple[Step, ...]:
    """A connection tried step by step; that it was, by whom, and what came of it is on record where a gateway has run."""
    steps = connections.ping(name)
    if has_store(where):
        tell_tested(find_store(where), name, steps, by=who())
    return steps


def _show(steps: dict[str, tuple[Step, ...]], directory: Directory, *, quiet: bool) -> int:
    """Tells every step, and whom to ask where one failed; the exit status."""
    failed = [name for name, tried in steps.items() if not all(step.ok for step in tried)]
    for name, tried in () if quiet else steps.items():
        if len(steps) > 1:
            typer.echo(f"{name}:")
        for step in tried:
            typer.echo(f"{'ok    ' if step.ok else 'failed'}  {step.step:<8}  {step.detail}")
        for line in _ask(name, directory) if name in failed else ():
            typer.echo(line)
    return 1 if failed else 0


app.command("trust-host-key")(trust_host_key)


def _given(partners: Path | None, data: Path | None) -> tuple[Settings, Directory]:
    where = load_settings(data)
    return where, loader.load(partners or where.partners)


def _connections(where: Settings, directory: Directory) -> Connections:
    return connections_of(where, directory)


def _failing(where: Settings) -> dict[str, str]:
    """The connections we cannot send over or collect from now, as far as a gateway has run here."""
    if not has_store(where):
        return {}
    told: dict[str, list[str]] = {}
    for row in down(find_store(where)):
        kind, _, name = row.lane.partition(":")
        if kind in _DOING:
            told.setdefault(name, []).append(f"{_DOING[kind]} {row}")
    return {name: "; ".join(lines) for name, lines in told.items()}


def _row(connection: Connection, directory: Directory) -> Row:
    poll = "when they send" if isinstance(connection, MailboxConnection | As2Connection) else write_duration(connection.poll)
    carries = ", ".join(each.name for each in directory.users_of(connection.name))
    return Row(connection.name, connection.kind, _to(connection), ", ".join(connection.senders), carries, poll)


def _to(connection: Connection) -> str:
    match connection:
        case MailboxConnection():
            return f"our mailbox {connection.account}"
        case SftpConnection():
            return f"{connection.login}@{connection.host}:{connection.port}"
        case As2Connection():
            return f"{connection.as2_id} {connection.url}".strip()
    return f"{connection.inbox} and {connection.outbox}"


def _mistakes(connection: Connection, directory: Directory, connections: Connections) -> Iterator[str]:
    where = f"connection {connection.name}"
    try:
        connections.try_secrets(connection)
    except GatewayError as error:
        yield str(error)
    if isinstance(connection, MailboxConnection) and not connection.keys and connection.password_hash is None:
        yield f"{where}: nobody can log in — add one of their public keys (keys), or a password (password_hash)"
    if isinstance(connection, SftpConnection) and not connection.host_keys:
        yield f"{where}: no host key of theirs is pinned — 'edi-gateway connection trust-host-key {connection.name}'"
    if isinstance(connection, SftpConnection) and connection.key is None and connection.password is None:
        yield f"{where}: we have nothing to log in with — name our private key (key) or password (password)"
    if not connection.senders and not directory.users_of(connection.name):
        yield f"{where}: nobody uses it — name its senders, or take it away"


def _passwords(partner: TradingPartner, connections: Connections) -> Iterator[str]:
    """Passwords on the ISA that are not where the profile says."""
    for security in filter(None, (partner.security, partner.test.security)):
        try:
            connections.try_password(security.information, f"partner {partner.name}, security")
        except GatewayError as error:
            yield str(error)


def _ask(name: str, directory: Directory) -> Iterator[str]:
    """Whom to call about it."""
    for partner in directory.users_of(name):
        contact = partner.contact("technical")
        if contact:
            yield f"ask {partner.title}: {contact}"
