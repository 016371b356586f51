"""``edi-gateway shipment``: what left, its labels and its packing slip."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.bootstrap.recording import find_tools
from edi_gateway.cli.common import AsJson, DataFolder, body_of, load_settings, out, print_json, print_table, who
from edi_gateway.errors import WrongInput
from edi_gateway.operations.import_shipments import import_shipments
from edi_gateway.order_to_cash.labels import labels_of, labels_pdf, labels_zpl, slip_pdf
from edi_gateway.views.shipments import ship_notice, shipments
from edi_gateway.wording import count

app = typer.Typer(no_args_is_help=True, help="What left, its labels and its packing slip.")

Shipment = Annotated[str, typer.Argument(help="The shipment's id (BSN02).")]
Partner = Annotated[str, typer.Option("--partner", help="Whose shipment, where two have one of that id.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="The file to write; default: named after the shipment.")]


class Form(StrEnum):
    """What labels are written in."""

    PDF = "pdf"
    ZPL = "zpl"


@app.command("list")
def list_(data: DataFolder = None, as_json: AsJson = False) -> None:
    """Every shipment, the newest first, and what became of its 856; of one that waits, why."""
    rows = shipments(find_store(load_settings(data)))
    if as_json:
        print_json(rows)
        return
    cells = [
        (r.shipment, r.partner, r.order, f"{r.shipped_on}", f"{r.cartons}", r.delivery, r.acknowledgment, r.because) for r in rows
    ]
    columns = ("shipment", "partner", "order", "shipped", "cartons", "856", "acknowledgment", "because")
    print_table("Shipments", columns, cells, numbers=("cartons",))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The CSV file; its columns stand in docs/how-to/shipments-and-invoices.md.")],
    partner: Partner = "",
    data: DataFolder = None,
) -> None:
    """Take what left from a CSV file, each shipment on its way to its 856: the whole file, or nothing where a row is wrong."""
    tools = find_tools(load_settings(data))
    for one in import_shipments(tools, body_of(file), str(file), by=who(), partner=partner):
        said = f"of {', '.join(one.orders)}, {count(one.cartons, 'carton')}"
        out.print(f"shipment {one.shipment} {said}" + ("" if one.is_new else ": on record already, nothing is done"))


@app.command()
def labels(
    shipment: Shipment,
    form: Annotated[Form, typer.Option(help="pdf, 4 by 6 inches; zpl for a label printer.")] = Form.PDF,
    to: Out = None,
    partner: Partner = "",
    data: DataFolder = None,
) -> None:
    """Write the labels of a shipment's pallets and cartons, each with its SSCC as a GS1-128 symbol."""
    made = labels_of(ship_notice(find_store(load_settings(data)), shipment, partner))
    body = labels_pdf(made) if form is Form.PDF else labels_zpl(made)
    _write(to or Path(f"labels-{_plain(shipment)}.{form}"), body, f"{count(len(made), 'label')}")


@app.command()
def slip(shipment: Shipment, to: Out = None, partner: Partner = "", data: DataFolder = None) -> None:
    """Write the packing slip of a shipment as PDF: what is in each carton."""
    body = slip_pdf(ship_notice(find_store(load_settings(data)), shipment, partner))
    _write(to or Path(f"slip-{_plain(shipment)}.pdf"), body, "a packing slip")


def _write(path: Path, body: bytes, what: str) -> None:
    try:
        path.write_bytes(body)
    except OSError as error:
        raise WrongInput(f"cannot be written: {error.strerror}", where=str(path)) from None
    out.print(f"{what} in {path}")


def _plain(name: str) -> str:
    return "".join(character if character.isalnum() or character in "-_" else "_" for character in name)
