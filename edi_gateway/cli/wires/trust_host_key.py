"""``edi-gateway connection trust-host-key``: a person compares a fingerprint, and the key is pinned."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.bootstrap.offline import connections_of
from edi_gateway.cli.common import DataFolder, agrees, load_settings
from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.trading import loader
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.files import read_connection
from edi_gateway.trading.pinning import with_host_key
from edi_gateway.trading.profile import SftpConnection
from edi_gateway.transports.ssh import HostKeyPins, PublicKey


def trust_host_key(
    name: Annotated[str, typer.Argument(help="The connection's name, or that of a partner who has only one.")],
    expect: Annotated[str, typer.Option(help="The fingerprint they told you, SHA256:…; instead of the question.")] = "",
    partners: Annotated[Path | None, typer.Option("--partners", help="Folder of partner files.")] = None,
    data: DataFolder = None,
) -> None:
    """Show the host key an SFTP server has now and, once you have compared it, pin it in the connection's file.

    Keys pinned before stay, so that a server may change from one to the other; take the old one away when it has.
    """
    where = load_settings(data)
    folder = partners or where.partners
    directory = loader.load(folder)
    name = _connection_of(name, directory)
    key = connections_of(where, directory).host_key_of(name)
    typer.echo(f"{name} shows {key.kind} {key.fingerprint}")
    connection = directory.connection(name)
    pins = HostKeyPins(connection.host_keys if isinstance(connection, SftpConnection) else ())
    if pins.accept(key):
        typer.echo("it is pinned already")
        return
    if expect and expect != key.fingerprint:
        raise WrongInput(f"that is not the fingerprint expected, {expect}", do="find out with the partner who answered there")
    if pins:
        typer.echo("this is another key than those pinned: the server has a new one, or somebody stands in between")
    if not expect and not agrees("Did the partner tell you this very fingerprint by another way (telephone, a letter)?"):
        typer.echo("nothing was changed")
        raise typer.Exit(1)
    _pin(folder / "connections" / f"{name}.yaml", key)


def _connection_of(name: str, directory: Directory) -> str:
    """A partner's only SFTP connection, where it is a partner that was named."""
    ours = [each.name for each in directory.connections if isinstance(each, SftpConnection)]
    theirs = [each for each in ours if name in (partner.name for partner in directory.users_of(each))]
    return theirs[0] if name not in ours and len(theirs) == 1 else name


def _pin(path: Path, key: PublicKey) -> None:
    """Writes the key into the file; where the file is written in a way we do not edit, says what to write."""
    before = path.read_text(encoding="utf-8")
    path.write_text(with_host_key(before, key.line), encoding="utf-8")
    try:
        connection = read_connection(path).value
        done = isinstance(connection, SftpConnection) and HostKeyPins(connection.host_keys).accept(key)
    except GatewayError:
        done = False
    if done:
        typer.echo(f"pinned in {path}; 'edi-gateway partner apply' puts it in force")
        return
    path.write_text(before, encoding="utf-8")
    typer.echo(f"add this to host_keys in {path}:\n  - {key.line}")
