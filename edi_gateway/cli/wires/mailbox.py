"""``edi-gateway mailbox``: our own SFTP server: its host keys, and hashes of partners' passwords."""

from __future__ import annotations

from typing import Annotated

import typer

from edi_gateway.bootstrap.acts import tell_act
from edi_gateway.cli.common import AsJson, DataFolder, answer, load_settings, print_json, who
from edi_gateway.errors import WrongInput
from edi_gateway.transports.mailbox import hash_password
from edi_gateway.transports.mailbox import host_keys as keys

app = typer.Typer(no_args_is_help=True, help="Our own SFTP server.")
host_keys = typer.Typer(no_args_is_help=True, help="The keys our server proves itself with; partners pin them.")
app.add_typer(host_keys, name="host-keys")

Kind = Annotated[str, typer.Argument(help=f"One of: {', '.join(keys.KINDS)}.")]


@host_keys.command("list")
def list_(data: DataFolder = None, as_json: AsJson = False) -> None:
    """List the keys that are shown, and the next ones, with fingerprints to read out on the telephone and lines to pin."""
    found = keys.listed(load_settings(data).data / "host_keys")
    if as_json:
        told = (
            {"kind": each.kind, "state": each.state, "fingerprint": each.public.fingerprint, "key": each.public.line}
            for each in found
        )
        print_json(list(told))
        return
    for each in found:
        _show(each)


@host_keys.command()
def add(kind: Kind, data: DataFolder = None) -> None:
    """Make a key. Of a kind that is shown already it becomes the next one: tell partners, and retire the old one on the day."""
    settings = load_settings(data)
    made = keys.add(settings.data / "host_keys", kind)
    tell_act(settings, "host_key.added", f"host_key:{kind}", f"{made.public.fingerprint}, {made.state}", by=who())
    _show(made)


@host_keys.command()
def retire(kind: Kind, data: DataFolder = None) -> None:
    """Show a key no more; the next one of its kind takes its place. A server that runs follows with its next connection."""
    settings = load_settings(data)
    following = keys.retire(settings.data / "host_keys", kind)
    instead = f"{following.public.fingerprint} takes its place" if following else "none takes its place"
    tell_act(settings, "host_key.retired", f"host_key:{kind}", instead, by=who())
    if following is None:
        typer.echo(f"the {kind} key is not shown any more")
    else:
        _show(following)


@app.command("hash-password")
def hash_(
    password: Annotated[str, typer.Option(help="Asked for, unseen; better not given here.")] = "",
) -> None:
    """Make the hash of a partner's password, for what password_hash of a mailbox connection points at."""
    typer.echo(hash_password(password or _asked()))


def _asked() -> str:
    first = answer("password", unseen=True)
    if answer("the same again", unseen=True) != first:
        raise WrongInput("the second is not the first", do="give it again")
    return first


def _show(key: keys.HostKey) -> None:
    typer.echo(f"{key.state:<5}  {key.public.kind} {key.public.fingerprint}\n       {key.public.line}")
