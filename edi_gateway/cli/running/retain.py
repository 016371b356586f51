"""``edi-gateway retain``: bytes, documents and details whose time is over are removed; hashes and the chain of events stay."""

from __future__ import annotations

from typing import Annotated

import typer

from edi_gateway.bootstrap.recording import find_tools
from edi_gateway.cli.common import DataFolder, load_settings, out, print_table, who
from edi_gateway.operations.retain import retain as retain_


def retain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be removed, and remove nothing.")] = False,
    data: DataFolder = None,
) -> None:
    """Removes payloads, documents and details of events as each partner's retention says. Runs by itself at night.

    What is open, held, awaited or owed stays, however old it is.
    """
    tools = find_tools(load_settings(data))
    found = retain_(tools.store, tools.directory, is_dry=dry_run, by=who())
    if not found:
        out.print("nothing is older than it is to be kept")
        return
    cells = [(each.partner, *(f"{count:,}" for count in each[1:])) for each in found]
    columns = ("partner", "payloads", "bytes", "documents", "events' details")
    print_table("Would be removed" if dry_run else "Removed", columns, cells, columns[1:])
