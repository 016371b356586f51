"""``edi-gateway backup``, ``restore`` and ``cutover``: a copy of everything, back from it, and over from another system."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.bootstrap import Gateway, find_store
from edi_gateway.bootstrap.acts import tell_act
from edi_gateway.bootstrap.at_rest import at_rest
from edi_gateway.bootstrap.recording import find_tools
from edi_gateway.cli.common import (
    DataFolder,
    agree_or_leave,
    body_of,
    is_at_terminal,
    load_settings,
    out,
    print_table,
    who,
)
from edi_gateway.clock import SystemClock, moment_of
from edi_gateway.errors import Collected, WrongInput
from edi_gateway.operations import backup as backing
from edi_gateway.operations import restore as restoring
from edi_gateway.operations.after_restore import AfterRestore, after_restore, refuse_never_restored
from edi_gateway.operations.cutover import load_orders, seed_numbers
from edi_gateway.operations.on_record import OnRecordAlready
from edi_gateway.operations.reconcile import ask_others, record_sent
from edi_gateway.operations.restore_outboxes import ASIDE
from edi_gateway.operations.restored_copy import refuse_no_copy
from edi_gateway.settings import Settings
from edi_gateway.store.database import Database
from edi_gateway.wording import count

restore_app = typer.Typer(no_args_is_help=True)
cutover_app = typer.Typer(no_args_is_help=True)

Because = Annotated[str, typer.Option(help="Why; it goes on record.")]
Jump = Annotated[int | None, typer.Option(min=0, help="How many numbers to pass over; default: ten times the usual.")]
Files = Annotated[list[Path], typer.Argument(help="Files of X12 interchanges.")]


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder, best on another machine.")], data: DataFolder = None
) -> None:
    """Copies database, payloads, mailboxes and host keys, while the gateway runs."""
    settings = load_settings(data)
    about = backing.backup(find_store(settings), settings.data, folder)
    tell_act(settings, "store.backed_up", "store:1", f"copied to {folder}; its chain ends at {about.chain}", by=who())
    out.print(f"{folder}: database and {count(about.files, 'file')}, made at {about.made_at:%Y-%m-%d %H:%M:%S} UTC")
    out.print("the chain of events ends at")
    typer.echo(about.chain)


@restore_app.command("from")
def restore(
    folder: Annotated[Path, typer.Argument(help="A folder that 'edi-gateway backup' made.")],
    jump: Jump = None,
    data: DataFolder = None,
) -> None:
    """Puts a backup into a new data folder; numbers jump, and what was on its way is held until it is reconciled."""
    settings = load_settings(data)
    _refuse_other_database(settings)
    about, done = restoring.restore(folder, settings.data, SystemClock(), by=who(), jump=jump)
    out.print(f"restored as of {about.made_at:%Y-%m-%d %H:%M:%S} UTC")
    _also(done, _here(settings))
    _next(_here(settings))


def _here(settings: Settings) -> str:
    """What makes a command one for the restored folder: the default one may be the gateway that was before."""
    return f" --data {shlex.quote(str(settings.data))}"


def _next(here: str) -> None:
    """What has to be done before it runs."""
    out.print("next, in this order:")
    for what, why in (
        ("restore sent FILE…", "copies of what went since"),
        ("restore reconcile", "asks the others about what is held"),
        ("hold list", "what nobody could tell: look there, then resume or dismiss"),
        ("serve", ""),
    ):
        out.print(f"  edi-gateway {what}{here}" + (f"   # {why}" if why else ""), soft_wrap=True, markup=False)


def _refuse_other_database(settings: Settings) -> None:
    """A backup is put into the data folder; whatever ran there afterwards would run on the database the settings name."""
    ours = settings.data / backing.DATABASE
    given = settings.database_url.removeprefix("sqlite:///")
    if Path(given).resolve() != ours.resolve():
        raise WrongInput(
            f"names another database than the one in {settings.data}, into which a backup is restored",
            where="EDI_GATEWAY_DATABASE",
            do="unset it (variable or .env) for this and for what runs there; for PostgreSQL: pg_restore, then 'restore jump'",
        )


def _also(done: AfterRestore, here: str) -> None:
    held, aside, unknown = count(done.held, "flow"), count(done.aside, "file"), count(done.unknown, "file")
    said = [f"numbers jump by {done.jump:,}, held: {held}"]
    if done.aside:
        said.append(f"in outboxes, and perhaps fetched since: {aside}, now in '{ASIDE}': edi-gateway hold list{here}")
    if done.unknown:
        said.append(f"in outboxes, and not on record: {unknown}, left there for the partners; events name each")
    if done.replays:
        said.append(f"not replayed of replays that were running: {count(done.replays, 'set')}: edi-gateway replay list{here}")
    if done.alerts:
        said.append(f"open, and nobody is told again what is past: {count(done.alerts, 'alert')}: edi-gateway alert list{here}")
    said.append(f"programs that follow the events go on behind event {done.head:,}")
    for line in said:
        out.print(line, soft_wrap=True, markup=False)


@restore_app.command("jump")
def jump(
    made_at: Annotated[str, typer.Argument(help="When the database's backup was made, UTC: 2026-11-17T08:00.")],
    by: Jump = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Though numbers jumped for it already, or something happened in the copy since.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without a question; at a terminal you are asked else.")] = False,
    data: DataFolder = None,
) -> None:
    """After a database was restored by its own tool (pg_restore): numbers jump, and what was on its way is held.

    Refused while an engine runs on it, and where it is no copy of then: something happened in it after that moment.
    """
    when = moment_of(made_at)
    if when is None:
        raise WrongInput("it is not said when the backup was made", do="say it in UTC: restore jump 2026-11-17T08:00")
    settings = load_settings(data)
    store = find_store(settings)
    with at_rest(settings, store):
        refuse_no_copy(store, when, anyway=anyway)
        if not yes and is_at_terminal():
            _ask(store, settings, when)
    with at_rest(settings, store):  # a question may have stood for long
        done = after_restore(store, when, by=who(), jump=by, data=settings.data)
    _also(done, _here(settings))
    _next(_here(settings))


def _ask(store: Database, settings: Settings, made_at: datetime) -> None:
    """Names what is about to be changed; goes on where a person agrees."""
    for line in (
        f"numbers jump, and what is on its way is held, in {store.where};",
        f"what lies in outboxes is moved aside in {settings.data.resolve()}",
    ):
        out.print(line, soft_wrap=True, markup=False)
    agree_or_leave(f"Were they restored from the backup of {made_at:%Y-%m-%d %H:%M} UTC?")


@restore_app.command("sent")
def sent(files: Files, data: DataFolder = None) -> None:
    """Puts copies of interchanges that went since the backup on record, so that nothing of them goes again."""
    settings = _of_restored(data)
    tools = find_tools(settings)

    def record(path: Path) -> None:
        try:
            gone = record_sent(tools, path.name, body_of(path), by=who(), data=settings.data)
            out.print(f"{path.name}: {count(gone, 'set')} had gone", markup=False)
        except OnRecordAlready as known:
            if any(each.delivery == "pending" for each in known.sets):
                do = "it is about to go a second time, or somebody was asked: stop it ('edi-gateway hold list', 'order show')"
                raise WrongInput("is on record as not sent yet", where=path.name, do=do) from known
            out.print(f"{path.name}: is on record already", markup=False)

    _one_by_one(files, record)


def _of_restored(data: Path | None) -> Settings:
    settings = load_settings(data)
    store = find_store(settings)
    try:
        refuse_never_restored(store)
    finally:
        store.close()
    return settings


def _one_by_one(files: list[Path], take: Callable[[Path], None]) -> None:
    """Takes each file by itself: one that is wrong holds up none of the others. Raises Collected, at the end."""
    mistakes = []
    for path in files:
        try:
            take(path)
        except WrongInput as error:
            mistakes.append(error if path.name in str(error) else WrongInput(str(error), where=path.name))
    if mistakes:
        raise Collected(mistakes)


@restore_app.command("reconcile")
def reconcile(data: DataFolder = None) -> None:
    """Asks the ERP and the partners' servers about what a restore held; what nobody can tell stays held."""
    settings = _of_restored(data)
    gateway = Gateway(settings, serve_mailboxes=False)
    try:
        found = ask_others(gateway.tools, gateway.erps, by=who())
    finally:
        gateway.stop()
    told = (
        f"{found.gone} had gone, {found.go_on} go on, {found.unknown} wait for a person: edi-gateway hold list{_here(settings)}"
    )
    out.print(told, soft_wrap=True, markup=False)


@cutover_app.command("orders")
def orders(files: Files, because: Because, data: DataFolder = None) -> None:
    """Loads open orders (850) of another system; nothing is answered and nothing posted."""
    tools = find_tools(load_settings(data))
    cells: list[tuple[str, str, str, str]] = []

    def load(path: Path) -> None:
        try:
            loaded = load_orders(tools, path.name, body_of(path), because=because, by=who())
            cells.extend((each.partner, each.number, each.document, "") for each in loaded)
        except OnRecordAlready as known:
            cells.extend(
                (each.partner or "", each.business_number, each.document_id or "", "was on record already") for each in known.sets
            )

    try:
        _one_by_one(files, load)
    finally:  # what is loaded is loaded, and the ERP has to know it
        print_table("Open orders; the ERP names them by their document", ("partner", "order", "document", ""), cells)


@cutover_app.command("numbers")
def numbers(
    partner: Annotated[str, typer.Argument(help="The partner's name.")],
    interchange: Annotated[int, typer.Option(min=0, max=999_999_999, help="The last ISA13 the other system gave.")] = 0,
    group: Annotated[list[str] | None, typer.Option(help="The last GS06 by group code: PR=815. Again for each.")] = None,
    sscc: Annotated[int, typer.Option(min=0, max=9_999_999_999, help="The last serial number of an SSCC.")] = 0,
    data: DataFolder = None,
) -> None:
    """Goes on where another system's numbers ended; a counter that is further already stays."""
    groups = dict(_group(each) for each in group or [])
    for line in seed_numbers(
        find_tools(load_settings(data)), partner, interchange=interchange, groups=groups, sscc=sscc, by=who()
    ):
        out.print(line)


def _group(text: str) -> tuple[str, int]:
    code, _, number = text.partition("=")
    if not (number.isascii() and number.isdigit() and int(number)):
        raise WrongInput(f"'{text}' says no number", do="write it like PR=815")
    return code.upper(), int(number)
