"""``edi-gateway retain``: bytes whose time is over are removed; their hashes and history stay."""

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
    """Removes payloads as each partner's retention says; what is open, held, awaited or owed stays. Runs by itself at night."""
    tools = find_tools(load_settings(data))
    found = retain_(tools.store, tools.directory, is_dry=dry_run, by=who())
    if not found:
        out.print("nothing is older than it is to be kept")
        return
    cells = [(each.partner, f"{each.payloads:,}", f"{each.size:,}") for each in found]
    print_table("Would be removed" if dry_run else "Removed", ("partner", "payloads", "bytes"), cells, ("payloads", "bytes"))
