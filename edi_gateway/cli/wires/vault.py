"""``edi-gateway vault``: secrets that partner files name as ``vault:NAME``, encrypted at rest."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store, open_store
from edi_gateway.cli.common import AsJson, DataFolder, answer, load_settings, out, print_json, print_table, who
from edi_gateway.errors import WrongInput
from edi_gateway.store.vault import Vault, VaultKey, new_key
from edi_gateway.wording import count

app = typer.Typer(no_args_is_help=True, help="Secrets, encrypted at rest.")

Name = Annotated[str, typer.Argument(help="Its name; partner files write vault:NAME.")]
KeyFile = Annotated[Path, typer.Argument(help="The file the key is in.")]


@app.command("new-key")
def new_key_(file: Annotated[Path, typer.Argument(help="The file to write it to; it must not be there yet.")]) -> None:
    """Make a key for the vault. Keep it apart from the data folder and its backups: without it no secret opens."""
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(new_key() + "\n", encoding="ascii")
    except FileExistsError:
        raise WrongInput("there is a file already, perhaps with a key in use", where=str(file), do="name another one") from None
    except OSError as error:
        raise WrongInput(f"cannot be written: {error.strerror}", where=str(file)) from error
    out.print(f"wrote {file}, key {VaultKey.read_file(file).id}; now set EDI_GATEWAY_VAULT_KEY_FILE={file}")


@app.command("set")
def set_(name: Name, data: DataFolder = None) -> None:
    """Put a secret into the vault. It is asked for, or read from standard input; never given as an argument."""
    secret = answer(f"secret {name}", unseen=True) if sys.stdin.isatty() else sys.stdin.read()
    secret = secret.removesuffix("\n").removesuffix("\r")
    if not secret:
        raise WrongInput("an empty secret is none", do="type it, or send it to standard input")
    if name.startswith("certificate/"):
        raise WrongInput("names that begin with certificate/ are those of certificates' keys", do="choose another")
    _vault(data, may_be_new=True).put(name, secret.encode(), who())
    out.print(f"kept; partner files write it as vault:{name}")


@app.command("list")
def list_(data: DataFolder = None, as_json: AsJson = False) -> None:
    """List what is in the vault, never what it is."""
    rows = [(each.name, f"{each.changed_at:%Y-%m-%d %H:%M}", each.changed_by, each.key_id) for each in _vault(data).rows()]
    if as_json:
        print_json([dict(zip(("name", "changed_at", "changed_by", "key"), row, strict=True)) for row in rows])
        return
    print_table("Vault", ("name", "changed", "by", "key"), rows)


@app.command()
def remove(name: Name, data: DataFolder = None) -> None:
    """Forget a secret for good."""
    _vault(data).drop(name, who())
    out.print(f"{name} is forgotten")


@app.command()
def rotate(new: KeyFile, data: DataFolder = None) -> None:
    """Seal every secret anew under the key in a file, all or none. Then set EDI_GATEWAY_VAULT_KEY_FILE to that file."""
    to = VaultKey.read_file(new)
    sealed = _vault(data).rotate(to, who())
    out.print(
        f"{count(sealed, 'secret')} now sealed with key {to.id}; set EDI_GATEWAY_VAULT_KEY_FILE={new}, and restart the gateway"
    )


def _vault(data: Path | None, *, may_be_new: bool = False) -> Vault:
    settings = load_settings(data)
    key = VaultKey.configured(settings)
    return Vault(open_store(settings) if may_be_new else find_store(settings), key)
