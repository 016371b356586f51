"""``edi-gateway erp``: the ERPs documents are posted to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from edi_gateway.bootstrap.acts import tell_act
from edi_gateway.bootstrap.erps import Erps, try_out
from edi_gateway.bootstrap.offline import secrets_of
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, print_json, print_table, who
from edi_gateway.clock import SystemClock
from edi_gateway.erp.base import Erp
from edi_gateway.erp.folder.xml_form import schemas
from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.settings import Settings
from edi_gateway.trading import loader
from edi_gateway.trading.connector import Connector, FolderConnector, PythonConnector, RestConnector
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.scalars import write_duration
from edi_gateway.wording import count

app = typer.Typer(no_args_is_help=True, help="ERPs that documents are posted to.")

Partners = Annotated[Path | None, typer.Option("--partners", help="Folder of partner files; default: EDI_GATEWAY_PARTNERS.")]


TESTED = "erp.tested"


class Row(NamedTuple):
    """A connector at a glance."""

    name: str
    kind: str
    where: str
    used_by: str
    poll: str


@app.command("list")
def list_(partners: Partners = None, as_json: AsJson = False) -> None:
    """List all ERP connectors: where they lead, and whose documents they take."""
    directory = loader.load(partners or load_settings().partners)
    rows = [_row(each, directory) for each in directory.every_connector().values()]
    if as_json:
        print_json([row._asdict() for row in rows])
        return
    print_table("ERP connectors", ("name", "kind", "where", "takes documents of", "asked every"), rows)


@app.command()
def check(partners: Partners = None, data: DataFolder = None) -> None:
    """Check what can be checked without calling anybody: files, secrets, classes; exits 1 if something is wrong."""
    settings = load_settings(data)
    directory, vault = loader.load(partners or settings.partners), secrets_of(settings)
    wrong = []
    for name, about in directory.every_connector().items():
        try:
            try_out(about, SystemClock(), vault)
        except GatewayError as error:
            wrong.append(f"ERP connector {name}: {error}")
    for mistake in wrong:
        typer.echo(mistake, err=True)
    count = len(directory.every_connector())
    typer.echo(f"ERP connectors: {count}; " + (f"mistakes: {len(wrong)}" if wrong else "nothing wrong"))
    raise typer.Exit(1 if wrong else 0)


@app.command()
def ping(
    name: Annotated[str, typer.Argument(help="The connector's name.")],
    partners: Partners = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Ask an ERP whether it can be worked with, and what it has to tell; exits 1 if not. Changes nothing."""
    settings = load_settings(data)
    about = loader.load(partners or settings.partners).connector(name)
    try:
        with _opened(settings, about) as erp:
            said, waiting = erp.check(), len(erp.pending(limit=100))
    except GatewayError as error:
        tell_act(settings, TESTED, f"connector:{name}", f"failed: {error}", by=who())
        if as_json:
            print_json({"ok": False, "said": str(error), "waiting": None})
        else:
            typer.echo(f"failed  {error}")
        raise typer.Exit(1) from None
    tell_act(settings, TESTED, f"connector:{name}", said, by=who())
    more = "100 or more events" if waiting == 100 else count(waiting, "event")
    if as_json:
        print_json({"ok": True, "said": said, "waiting": waiting})
    else:
        typer.echo(f"ok      {said}\nok      {more} to be collected")


@app.command("schema")
def schema(name: Annotated[str, typer.Argument(help="order-for-erp, change-for-erp, remittance-for-erp or events.")]) -> None:
    """Print the XML Schema of the files a folder connector of form xml writes or reads."""
    known = schemas()
    if name not in known:
        raise WrongInput(f"there is no schema '{name}'", do="one of: " + ", ".join(known))
    typer.echo(known[name].decode(), nl=False)


@contextmanager
def _opened(settings: Settings, about: Connector) -> Iterator[Erp]:
    erps = Erps(settings.data, SystemClock(), secrets_of(settings))
    try:
        yield erps.take_up({about.name: about})[about.name]
    finally:
        erps.close()


def _row(about: Connector, directory: Directory) -> Row:
    users = [each.name for each in directory.partners if each.erp == about.name]
    users += [f"{each.name} (test)" for each in directory.partners if each.test_erp == about.name]
    return Row(about.name, about.kind, _where(about), ", ".join(users), write_duration(about.poll))


def _where(about: Connector) -> str:
    match about:
        case RestConnector():
            return about.url
        case FolderConnector():
            return f"{about.folder} ({about.form})"
        case PythonConnector():
            return about.implementation
    return "inside the gateway"
