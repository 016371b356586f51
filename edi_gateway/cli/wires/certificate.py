"""``edi-gateway certificate``: ours and partners' certificates; private keys go into the vault, and come out only as P12."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from edi_gateway.bootstrap import find_store, has_store, open_store
from edi_gateway.bootstrap.acts import tell_act
from edi_gateway.cli.common import (
    AsJson,
    DataFolder,
    answer,
    body_of,
    load_settings,
    on_record,
    out,
    print_json,
    print_table,
    put_file,
    who,
)
from edi_gateway.clock import SystemClock
from edi_gateway.errors import WrongInput
from edi_gateway.operations import certificates as operation
from edi_gateway.operations.apply import in_force
from edi_gateway.settings import Settings
from edi_gateway.store.database import Database
from edi_gateway.store.vault import Vault, VaultKey
from edi_gateway.trading import loader
from edi_gateway.trading.certificate_files import Bundle, exported, read_bundle, spoken, warnings_about
from edi_gateway.trading.certificate_making import make_certificate
from edi_gateway.trading.certificates import (
    WARNINGS,
    Certificate,
    Role,
    in_use,
    owner_of_connection,
    owner_of_identity,
)
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import As2Connection
from edi_gateway.wording import count

app = typer.Typer(no_args_is_help=True, help="Certificates, ours and partners'.")

Connection = Annotated[str, typer.Option("--connection", help="The AS2 connection whose partner it is of.")]
Ours = Annotated[str, typer.Option("--ours", help="The identity of ours it is of, as partners/_ourselves.yaml names it.")]
RoleOption = Annotated[str, typer.Option("--role", help="any, signing or encryption.")]
UseFrom = Annotated[str, typer.Option("--use-from", help="The day we switch to it, 2026-11-26, at 00:00 UTC; default: now.")]
Number = Annotated[int, typer.Argument(help="Its number, as `certificate list` shows it.", callback=on_record)]


@app.command("list")
def list_(data: DataFolder = None, as_json: AsJson = False) -> None:
    """List all certificates: whose, for what, until when, and which are used now."""
    store = _open(data)[0]
    with store.read() as unit:
        found = unit.certificates.all()
    now = store.clock.now()
    if as_json:
        print_json([_told(each, found, now) for each in found])
        return
    rows = [[str(value) for value in _told(each, found, now).values()] for each in found]
    print_table(
        "Certificates", ("no", "of", "for", "subject", "until", "days", "key", "used for", "SHA-256"), rows, ("no", "days")
    )


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="PEM, DER, P7B or P12.")],
    connection: Connection = "",
    ours: Ours = "",
    role: RoleOption = "any",
    use_from: UseFrom = "",
    data: DataFolder = None,
) -> None:
    """Add a certificate, a partner's or ours. The password of a P12 or locked key is asked for, or read from standard input."""
    store, vault, settings = _open(data, may_be_new=True)
    owner = _owner(store, settings, connection, ours)
    bundle = _read(file)
    if ours and bundle.key is None:
        raise WrongInput("a certificate of ours comes with its private key", where=str(file), do="give the P12")
    if connection and bundle.key is not None:
        bundle = bundle._replace(key=None)
        out.print("[yellow]the file held their private key: they should not have sent it; it is not kept[/yellow]")
    _keep(store, vault, owner, bundle, role, use_from)


@app.command()
def generate(
    ours: Ours = "main",
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it holds.")] = 730,
    bits: Annotated[int, typer.Option(help="Size of the RSA key: 2048, 3072 or 4096.")] = 3072,
    role: RoleOption = "any",
    use_from: UseFrom = "",
    data: DataFolder = None,
) -> None:
    """Make a key and a certificate of ours; the key goes into the vault. Give partners what `certificate export` writes."""
    if bits not in (2048, 3072, 4096):
        raise WrongInput(f"{bits} is no size we make keys of", do="2048, 3072 or 4096")
    store, vault, settings = _open(data, may_be_new=True)
    owner = _owner(store, settings, "", ours)
    identity = next(each for each in _directory(store, settings).ourselves if each.name == ours)
    if not identity.as2_id and settings.partners.is_dir():
        _nothing_to_apply(loader.load(settings.partners), ours)
    bundle = make_certificate(identity.as2_id or identity.name, identity.title, store.clock.now(), days=days, bits=bits)
    _keep(store, vault, owner, bundle, role, use_from)


@app.command()
def export(
    number: Number,
    to: Annotated[Path | None, typer.Option("--to", help="The file to write; default: standard output.")] = None,
    form: Annotated[str, typer.Option("--form", help="pem, der, p7b; p12 holds the private key and is locked.")] = "pem",
    data: DataFolder = None,
) -> None:
    """Write a certificate for a partner. Only p12 holds the private key, under a password that is asked for."""
    store, vault, settings = _open(data)
    password = _password("password to lock it with") if form == "p12" else None
    written = exported(operation.bundle_of(store, vault, number, with_key=form == "p12"), form, password)
    if form == "p12":
        tell_act(settings, "certificate.key_exported", f"certificate:{number}", "with its private key, locked", by=who())
    if to is None:
        sys.stdout.buffer.write(written)
        return
    put_file(to, written, mode=0o600 if form == "p12" else 0o644)
    out.print(f"wrote {to}")


@app.command()
def retire(number: Number, data: DataFolder = None) -> None:
    """Take a certificate out of use. Nothing it protected is lost: it and its key are kept."""
    known = operation.retire_certificate(_open(data)[0], number, who())
    out.print(f"{known.subject} of {known.owner} is used no longer")


@app.command()
def check(data: DataFolder = None) -> None:
    """Check every AS2 connection: what is missing, weak, excepted, or ends within 60 days; exits 1 if something is."""
    directory, found, now = _on_record(load_settings(data))
    told = [line for each in directory.connections if isinstance(each, As2Connection) for line in _wrong(each, found, now)]
    told += [line for each in found for line in _about(each, now)]
    for line in told:
        typer.echo(line, err=True)
    typer.echo(f"certificates: {len(found)}; " + (f"to look at: {len(told)}" if told else "nothing to do"))
    raise typer.Exit(1 if told else 0)


def _open(data: Path | None, *, may_be_new: bool = False) -> tuple[Database, Vault, Settings]:
    settings = load_settings(data)
    store = open_store(settings) if may_be_new else find_store(settings)
    return store, Vault(store, VaultKey.configured(settings)), settings


def _on_record(settings: Settings) -> tuple[Directory, list[Certificate], datetime]:
    """What is in force, and every certificate there is; where no gateway has run yet, what the files say, and none."""
    if not has_store(settings):
        return loader.load(settings.partners), [], SystemClock().now()
    store = find_store(settings)
    with store.read() as unit:
        return _directory(store, settings), unit.certificates.all(), store.clock.now()


def _directory(store: Database, settings: Settings) -> Directory:
    return in_force(store) or loader.load(settings.partners)


def _nothing_to_apply(written: Directory, ours: str) -> None:
    """Raises WrongInput where the files give an identity, which has none in force, an AS2 name."""
    if names := [each.as2_id for each in written.ourselves if each.name == ours and each.as2_id]:
        raise WrongInput(
            f"the AS2 name {names[0]} of identity {ours} is not in force", do="run 'edi-gateway partner apply' first"
        )


def _owner(store: Database, settings: Settings, connection: str, ours: str) -> str:
    """Whose it is. Raises WrongInput for nobody, both, or somebody there is not."""
    if bool(connection) == bool(ours):
        raise WrongInput("say whose it is", do="--connection NAME for a partner's, --ours IDENTITY for ours")
    directory = _directory(store, settings)
    if connection:
        if not isinstance(directory.connection(connection), As2Connection):
            raise WrongInput(f"connection {connection} is no AS2 connection")
        return owner_of_connection(connection)
    names = [each.name for each in directory.ourselves]
    if ours not in names:
        raise WrongInput(f"there is no identity of ours '{ours}'", do=f"one of: {', '.join(names)}")
    return owner_of_identity(ours)


def _read(file: Path) -> Bundle:
    content = body_of(file)
    try:
        return read_bundle(content, None, str(file))
    except WrongInput:
        if b"-----BEGIN CERTIFICATE" in content and b"PRIVATE KEY" not in content:
            raise
        return read_bundle(content, _password(f"password of {file.name}"), str(file))


def _password(what: str) -> bytes:
    """Typed unseen, or a line of standard input; never an argument, which others could see."""
    return (answer(what, unseen=True) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")).encode()


def _keep(store: Database, vault: Vault, owner: str, bundle: Bundle, role: str, use_from: str) -> None:
    if role not in get_args(Role):
        raise WrongInput(f"'{role}' is no role of a certificate", do="any, signing or encryption")
    for warning in warnings_about(bundle.certificate):
        out.print(f"[yellow]{warning}[/yellow]")
    kept = operation.add_certificate(
        store, vault, owner, bundle, who(), role=cast(Role, role), use_from=_day(use_from) if use_from else None
    )
    out.print(
        f"{kept.subject} of {owner} is number {kept.id}, used from {kept.use_from:%Y-%m-%d}, until {kept.valid_until:%Y-%m-%d}"
    )
    out.print(f"SHA-256, to compare on the phone: {spoken(kept.fingerprint)}")


def _day(text: str) -> datetime:
    try:
        return datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), time(), UTC)
    except ValueError:
        raise WrongInput(f"'{text}' is no day", do="write 2026-11-26") from None


def _told(one: Certificate, all_: list[Certificate], now: datetime) -> dict[str, object]:
    same = [each for each in all_ if each.owner == one.owner]
    roles: tuple[Role, ...] = ("signing", "encryption")
    return {
        "number": one.id,
        "owner": one.owner,
        "role": one.role,
        "subject": one.subject,
        "until": f"{one.valid_until:%Y-%m-%d}",
        "days": one.days_left(now),
        "key": "in the vault" if one.has_key else "",
        "used_for": ", ".join(role for role in roles if in_use(same, role, now) == one) or f"from {one.use_from:%Y-%m-%d}",
        "sha256": spoken(one.fingerprint),
    }


def _wrong(connection: As2Connection, found: list[Certificate], now: datetime) -> list[str]:
    """What an AS2 connection lacks, and what it is allowed by exception."""
    told = []
    for whose, owner in ((connection.as2_id, owner_of_connection(connection.name)), ("us", owner_of_identity(connection.ours))):
        for role in ("signing", "encryption"):
            used = in_use([each for each in found if each.owner == owner], role, now)
            if used is None or not used.holds(now):
                told.append(f"connection {connection.name}: no certificate of {whose} holds for {role}")
    for each in connection.exceptions:
        state = "has ended" if each.until < now.date() else f"is allowed until {each.until}"
        told.append(f"connection {connection.name}: {each.what} {state} by exception — take it away when it is needed no more")
    return told


def _about(one: Certificate, now: datetime) -> list[str]:
    left = one.days_left(now)
    return [f"certificate {one.id}, {one.subject} of {one.owner}, ends in {count(left, 'day')}"] if left <= WARNINGS[0] else []
