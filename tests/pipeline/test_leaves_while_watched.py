"""What we owe leaves in the moment in which it is looked for among what is late: it has left, and nothing else is told of it."""

from __future__ import annotations

from datetime import timedelta

from at_once import meanwhile
from desk import Desk
from partner_says import northwind, order

from edi_gateway.operations.watch import watch_owed
from edi_gateway.pipeline.outbound.answered import answered


def test_a_997_that_leaves_while_it_is_looked_for_is_not_overdue(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1")))
    with any_desk.store.write() as unit:  # as it stood before it left
        (group,) = unit.interchanges.groups_answered_by(any_desk.set("997").id)
        unit.interchanges.change_group(group.id, acknowledgment="owed")
    any_desk.clock.advance(timedelta(days=2))

    meanwhile(any_desk.store, lambda unit: answered(unit, any_desk.set("997")), lambda: watch_owed(any_desk.store))

    with any_desk.store.read() as unit:
        assert unit.interchanges.group(group.id).acknowledgment == "sent"
    assert any_desk.events("acknowledgment.owed_overdue") == []


def test_an_855_that_leaves_while_it_is_looked_for_is_not_told_as_overdue(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1")))
    (row,) = [each for each in any_desk.owed() if each.code == "855"]
    any_desk.clock.advance(row.due_at - any_desk.clock.now() + timedelta(minutes=1))

    meanwhile(any_desk.store, lambda unit: unit.owed.give("855", row.about), lambda: watch_owed(any_desk.store))

    assert any_desk.events("answer.owed_overdue") == []
