"""Answered: an acknowledgment of ours has left, so what it answers is no longer owed. Not before."""

from __future__ import annotations

from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit


def answered(unit: Unit, answer: TransactionRow) -> None:
    """Marks the group (997, 999) or interchange (TA1) as answered, and its sets with the verdict that was told."""
    now = unit.clock.now()
    for group in unit.interchanges.groups_answered_by(answer.id):
        unit.interchanges.change_group(group.id, acknowledgment="sent", answered_at=now)
        unit.transactions.told(group.id)
    unit.interchanges.answered(answer.id)
