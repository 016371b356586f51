"""``edi-gateway control-numbers``: the last number given to each partner, and what is missing of what partners sent."""

from __future__ import annotations

from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, print_json, print_table
from edi_gateway.store.arrivals import Gap
from edi_gateway.views.numbers import ArrivalRow, arrivals, counters


def control_numbers(
    partner: Annotated[str, typer.Argument(help="Show what came from this partner only.")] = "",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show our counters, and of each sender the last number that came, which are missing, late, again or reused."""
    store = find_store(load_settings(data))
    given, came = counters(store), arrivals(store, partner)
    if as_json:
        print_json({"given": given, "came": came})
        return
    print_table("Given", ("counter", "last"), [(row.scope.replace("|", "  "), row.last) for row in given], numbers=("last",))
    columns = ("partner", "from", "to", "usage", "highest", "last", "when (UTC)", "missing", "late", "again", "reused")
    print_table("Came", columns, [_cells(row) for row in came], numbers=("highest", "last", "late", "again", "reused"))


def _cells(row: ArrivalRow) -> tuple[object, ...]:
    when = f"{row.last_at:%Y-%m-%d %H:%M}"
    missing = ", ".join(map(_gap, row.missing))
    whose = (row.partner, row.sender, row.receiver, row.usage)
    return *whose, row.highest, row.last, when, missing, row.late, row.again, row.reused


def _gap(gap: Gap) -> str:
    return str(gap.first) if gap.first == gap.last else f"{gap.first}-{gap.last}"
