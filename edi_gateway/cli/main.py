"""``edi-gateway``: every command, one file a noun. Errors are told in a sentence, never as a traceback."""

from __future__ import annotations

import os
import sys

import typer
from rich.console import Console
from rich.markup import escape

from edi_gateway import __version__, log
from edi_gateway.cli import (
    access,
    alert,
    approval,
    as2,
    audit,
    backup,
    case,
    certificate,
    compliance,
    connection,
    control_numbers,
    deposit,
    document,
    erp,
    hold,
    invoice,
    mailbox,
    map,
    order,
    partner,
    plan,
    replay,
    report,
    retain,
    schedule,
    serve,
    shipment,
    status,
    transmission,
    vault,
    worker,
    x12,
    xref,
)
from edi_gateway.cli.demo.command import demo
from edi_gateway.errors import KINDS, GatewayError

app = typer.Typer(
    name="edi-gateway",
    help="An EDI/B2B document gateway for suppliers: purchase orders in; acknowledgments, ship notices and invoices out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
BEGIN = "To begin"
DAY = "A day's work"
MONEY = "Orders, goods and money"
AGREED = "Partners and maps"
WIRES = "Wires, keys and the ERP"
RUNNING = "Running it"

app.command("demo", rich_help_panel=BEGIN)(demo)
app.add_typer(x12.app, name="x12", help="Look at X12 documents; needs nothing set up.", rich_help_panel=BEGIN)

app.command("status", rich_help_panel=DAY)(status.status)
app.add_typer(hold.app, name="hold", help="What waits for a person.", rich_help_panel=DAY)
app.add_typer(alert.app, name="alert", help="What somebody has to know, and who was told.", rich_help_panel=DAY)
app.add_typer(approval.app, name="approval", help="What waits for a second person.", rich_help_panel=DAY)
app.add_typer(document.app, name="document", help="A document of ours: shown, corrected, with its evidence.", rich_help_panel=DAY)
app.add_typer(transmission.app, name="transmission", help="Sets that came and went, and sending one again.", rich_help_panel=DAY)
app.add_typer(replay.app, name="replay", help="Our stages once more on what we have.", rich_help_panel=DAY)

app.add_typer(order.app, name="order", help="Orders and the money behind them.", rich_help_panel=MONEY)
app.add_typer(shipment.app, name="shipment", help="What left, its labels and its packing slip.", rich_help_panel=MONEY)
app.add_typer(
    compliance.app, name="compliance", help="What partners charge for: rules, verdicts, disputes.", rich_help_panel=MONEY
)
app.add_typer(invoice.app, name="invoice", help="Invoices, drafts and credit notes.", rich_help_panel=MONEY)
app.add_typer(deposit.app, name="deposit", help="What came to the bank.", rich_help_panel=MONEY)
app.add_typer(case.app, name="case", help="What remittances left to a person.", rich_help_panel=MONEY)
app.add_typer(report.app, name="report", help="Figures, as a table, CSV or JSON.", rich_help_panel=MONEY)

app.add_typer(partner.app, name="partner", help="Trading partners and what is agreed with them.", rich_help_panel=AGREED)
app.add_typer(map.app, name="map", help="Maps between X12 and documents.", rich_help_panel=AGREED)
app.add_typer(xref.app, name="xref", help="Partners' codes for items and locations, and ours.", rich_help_panel=AGREED)
app.command("plan", rich_help_panel=AGREED)(plan.plan)

app.add_typer(connection.app, name="connection", help="Places documents come from and go to.", rich_help_panel=WIRES)
app.add_typer(mailbox.app, name="mailbox", help="Our own SFTP server: host keys, passwords.", rich_help_panel=WIRES)
app.add_typer(as2.app, name="as2", help="AS2 messages and receipts.", rich_help_panel=WIRES)
app.add_typer(certificate.app, name="certificate", help="Certificates, ours and partners'.", rich_help_panel=WIRES)
app.add_typer(vault.app, name="vault", help="Secrets, encrypted at rest.", rich_help_panel=WIRES)
app.add_typer(erp.app, name="erp", help="ERPs that documents are posted to.", rich_help_panel=WIRES)
app.command("control-numbers", rich_help_panel=WIRES)(control_numbers.control_numbers)

app.command("serve", rich_help_panel=RUNNING)(serve.serve)
app.command("worker", rich_help_panel=RUNNING)(worker.worker)
app.add_typer(schedule.app, name="schedule", help="What recurs: polling, watches, reports.", rich_help_panel=RUNNING)
app.add_typer(access.users, name="user", help="People who may sign in to the console.", rich_help_panel=RUNNING)
app.add_typer(access.api_keys, name="key", help="Keys of programs that call the API.", rich_help_panel=RUNNING)
app.command("backup", rich_help_panel=RUNNING)(backup.backup)
app.add_typer(
    backup.restore_app, name="restore", help="Back from a backup, and what to do about what went since.", rich_help_panel=RUNNING
)
app.add_typer(
    backup.cutover_app, name="cutover", help="Over from another system: open orders and numbers.", rich_help_panel=RUNNING
)
app.command("retain", rich_help_panel=RUNNING)(retain.retain)
app.add_typer(audit.app, name="audit", help="What happened, and that nothing of it was changed since.", rich_help_panel=RUNNING)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"edi-gateway {__version__}")
        raise typer.Exit


@app.callback()
def common(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version.")) -> None:
    """What every command has."""
    log.configure("warning")  # a command says what it did itself; serve logs as the settings say


def main() -> None:
    """The program. It ends with 0 when it did what was asked and all is well, with 1 when it did and found something (a file
    that is not valid, two that differ, a plan that changes something, a check that failed), with 2 when it could not do it,
    and with 130 when interrupted.
    """
    try:
        app()
    except GatewayError as error:
        kind = next(each.__name__ for each in type(error).__mro__ if each in KINDS)
        Console(stderr=True, highlight=False).print(f"[red]{kind}[/red]: {escape(str(error))}", soft_wrap=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("EDI_GATEWAY_LOG_LEVEL") == "debug":
            raise
        said = f"{type(error).__name__}: {error}".partition("\n")[0]
        shown = f"the gateway itself is wrong: {said} — please report it; EDI_GATEWAY_LOG_LEVEL=debug shows where"
        Console(stderr=True, highlight=False).print(f"[red]Defect[/red]: {escape(shown)}")
        sys.exit(2)


if __name__ == "__main__":
    main()
