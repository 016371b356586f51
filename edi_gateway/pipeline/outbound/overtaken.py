"""Overtaken: interchanges leave in the order of their numbers (R31), and one that could not is told of where it leaves after all.

A person let it go later than those behind it, or it went over another connection than they: no lane keeps the order then. Those
that went before it broke nothing; it is this one that a partner may take for an old interchange.
"""

from __future__ import annotations

from edi_gateway.store.rows import InterchangeRow, TransmissionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.compliance.catalog import CATALOG
from edi_gateway.trading.compliance.stake import at_stake
from edi_gateway.trading.directory import Directory

NEW = "to send"


def tell_overtaken(unit: Unit, transmission: TransmissionRow, directory: Directory) -> None:
    """Tells of an interchange that leaves now for the first time if one that was numbered later has left before.

    ``transmission`` is it as it was before it was sent. What goes once more under its old number says nothing new.
    """
    if transmission.state != NEW:
        return
    for row in unit.interchanges.in_transmission(transmission.id):
        if (later := unit.interchanges.overtook(row, NEW)) is not None:
            _tell(unit, row, later, directory)


def _tell(unit: Unit, row: InterchangeRow, later: InterchangeRow, directory: Directory) -> None:
    partner = directory.partner(row.partner or "")
    text = f"R31 ISA13: interchange {row.control_number} leaves after {later.control_number}, which was numbered later"
    text += at_stake(directory.pack(partner.name), "R31", partner.currency)
    text += f" — {CATALOG['R31'].do}"
    subject = f"interchange:{row.id}"
    unit.events.tell("compliance.breach", subject, text, partner=row.partner, control_number=row.control_number)
