"""Which change of an order an answer of ours is about."""

from __future__ import annotations

from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.unit import Unit


def change_answered(unit: Unit, row: DocumentRow) -> str:
    """The document of the change that an 865 answers; empty for what answers none."""
    return next(
        (each.parent.partition(":")[2] for each in unit.descent.parents(f"document:{row.id}") if each.how == "answer"), ""
    )
