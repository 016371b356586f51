"""``edi-gateway compliance``: what partners charge for, what came of it for each document, and proof against a charge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.bootstrap.recording import find_tools
from edi_gateway.cli.common import AsJson, DataFolder, body_of, load_settings, out, print_json, print_table
from edi_gateway.errors import WrongInput
from edi_gateway.operations.try_cartons import example_of, try_json
from edi_gateway.order_to_cash.compliance import Exposure, Verdict
from edi_gateway.trading.loader import load
from edi_gateway.views.compliance import BROKEN, EXPOSED_DAYS, RuleRow, checked, exposure_by_rule, rules_in_force
from edi_gateway.views.dispute import dispute as write_dispute
from edi_gateway.views.which_order import number_for_others
from edi_gateway.wording import count

app = typer.Typer(no_args_is_help=True)

Partners = Annotated[
    Path | None, typer.Option("--partners", help="Read the files of this folder, and not what is in force in the gateway.")
]
VERDICTS = ("rule", "result", "place", "what", "source", "at stake")


@app.command("list")
def list_(
    partner: Annotated[str, typer.Argument(help="The partner's name, as in partners/NAME.")],
    partners: Partners = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """The rules in force with a partner: what each does, with which parameters, at what fee, and where the partner says so.

    And what documents that left and broke it may cost: the fee times what it is for one of, or 'unknown' where nobody can tell.
    """
    directory = load(partners) if partners else find_tools(load_settings(data)).directory
    profile = directory.partner(partner)
    pack = directory.pack(partner)
    exposures = {} if partners else exposure_by_rule(find_store(load_settings(data)), partner, profile.currency)
    rows = rules_in_force(pack, exposures)
    if as_json:
        print_json({"pack": pack.pack, "source": pack.source, "dated": str(pack.dated), "rules": rows})
        return
    columns = ("rule", "runs", "of", "does", "parameters", "fee", "source", f"exposure, {EXPOSED_DAYS} days")
    print_table(f"{pack.pack} ({pack.source}, {pack.dated})", columns, [_rule(row) for row in rows])


@app.command("show")
def show(
    document: Annotated[str, typer.Argument(help="An order, a shipment or an invoice by its number, or a set: transaction:12.")],
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """What came of each rule for a document of ours, when it was looked at; exits 1 where one was broken."""
    rows = checked(find_store(load_settings(data)), document)
    if as_json:
        print_json(rows)
    for row in () if as_json else rows:
        title = f"{row.kind} {row.number} to {row.partner}"
        if row.check is None:
            out.print(f"{title}: not looked at yet")
        else:
            by = f"{row.check.pack}, version {row.check.pack_version[:12]}"
            print_table(f"{title}, {row.check.at:%Y-%m-%d %H:%M} UTC, by {by}", VERDICTS, _cells(row.check.verdicts))
            _say(row.check.exposures)
        for check in row.earlier:
            broken = ", ".join(dict.fromkeys(each.rule for each in check.verdicts if each.result in BROKEN)) or "nothing"
            out.print(f"before that, look {check.id} ({check.occasion}) at {check.at:%Y-%m-%d %H:%M} UTC: {broken} broken")
    _exit([verdict for row in rows if row.check for verdict in row.check.verdicts])


@app.command("try")
def try_(
    order: Annotated[str, typer.Option(help="The number of the order it is for.")],
    file: Annotated[
        Path | None, typer.Argument(help="The shipment as the ERP would tell it, JSON; --example prints one to begin from.")
    ] = None,
    partner: Annotated[str, typer.Option(help="Whose order, where two have one of that number.")] = "",
    example: Annotated[
        bool, typer.Option("--example", help="Print all that is left to ship of the order, to begin from; tries nothing.")
    ] = False,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Try cartons before they leave: what the rules say of the ship notice they would make. Exits 1 where one is broken.

    Nothing is recorded, and no label is given out. At least {"cartons": [{"contents": [{"line_number": "1", "quantity": 12}]}]}
    is needed; it is then as if the goods left now.
    """
    tools = find_tools(load_settings(data))
    if example:
        print_json(example_of(tools, order, partner))
        return
    if file is None:
        raise WrongInput("no shipment is given", do="name its file; --example prints one to begin from")
    tried = try_json(tools, order, body_of(file), partner=partner, where=str(file))
    if as_json:
        print_json(tried._asdict())
    else:
        print_table(f"Shipment for order {order}, tried", VERDICTS, _cells(tried.verdicts))
        for verdict in tried.verdicts:
            if verdict.do and verdict.result in BROKEN:
                out.print(f"{verdict.rule}: {verdict.do}")
        _say(tried.exposures)
    _exit(tried.verdicts)


@app.command("dispute")
def dispute(
    number: Annotated[str, typer.Argument(help="An order, shipment, invoice or interchange by its number; or order:182.")],
    partner: Annotated[str, typer.Option(help="Only this partner's, where several have that number.")] = "",
    to: Annotated[
        Path | None,
        typer.Option(help="The zip file to write; default: dispute-NUMBER.zip, for order:182 the order's own number."),
    ] = None,
    data: DataFolder = None,
) -> None:
    """Write what proves our side of a charge: sets as sent, receipts, 997s and times, deadlines, verdicts, labels, hashes."""
    store = find_store(load_settings(data))
    named = number_for_others(store, number, partner)
    path = to or Path(f"dispute-{''.join(each if each.isalnum() or each in '-_' else '_' for each in named)}.zip")
    parts = write_dispute(store, number, path, partner)
    out.print(f"{path}: {count(len(parts), 'file')}; begin with index.html")


def _say(exposures: Sequence[Exposure]) -> None:
    """What the broken rules may cost."""
    for each in exposures:
        out.print(f"{each.rule} may cost {each.said}: {each.reckoning}", markup=False)


def _rule(row: RuleRow) -> tuple[object, ...]:
    parameters = ", ".join(f"{word} {value}" for word, value in row.parameters.items())
    exposure = str(row.exposure or "")
    return (row.rule, row.kind, " ".join(row.about), row.does, parameters, row.stake, row.source, exposure)


def _cells(verdicts: Sequence[Verdict]) -> list[tuple[object, ...]]:
    return [(each.rule, each.result, each.place, each.message, each.source, each.stake) for each in verdicts]


def _exit(verdicts: Sequence[Verdict]) -> None:
    if any(verdict.result in BROKEN for verdict in verdicts):
        raise typer.Exit(1)
