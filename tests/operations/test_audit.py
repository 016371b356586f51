"""Audit: whoever changes what happened is found out, and where."""

from __future__ import annotations

import pytest
from desk import Desk
from partner_says import northwind, order

from edi_gateway.errors import WrongInput
from edi_gateway.operations.audit import noted, verify


@pytest.fixture
def told(any_desk: Desk) -> Desk:
    any_desk.drop(northwind(1, order("PO-1")))
    return any_desk


def tamper(desk: Desk, *statements: str) -> None:
    """Writes into the database past its triggers, as its administrator can."""
    with desk.store.engine.begin() as connection:
        if desk.store.is_sqlite:
            connection.exec_driver_sql("DROP TRIGGER event_refuses_update")
            connection.exec_driver_sql("DROP TRIGGER event_refuses_delete")
        else:
            connection.exec_driver_sql("ALTER TABLE event DISABLE TRIGGER ALL")
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_an_untouched_chain_is_whole(told: Desk) -> None:
    found = verify(told.store)
    assert found.broken_at is None
    assert found.head.events == len(told.events()) > 3


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE event SET actor = 'nobody' WHERE id = 2", "not as it was written"),
        ("UPDATE event SET text = text || ' ' WHERE id = 2", "not as it was written"),
        ("DELETE FROM event WHERE id = 2", "is missing"),
    ],
)
def test_the_first_event_that_was_changed_or_taken_away_is_named(told: Desk, statement: str, says: str) -> None:
    tamper(told, statement)
    found = verify(told.store)
    assert found.broken_at == 2
    assert says in found.broken


def test_an_end_that_was_cut_off_is_noticed(told: Desk) -> None:
    last = len(told.events())
    tamper(told, f"DELETE FROM event WHERE id = {last}")
    assert verify(told.store).broken_at == last


def test_a_chain_written_anew_is_found_out_by_an_end_that_was_noted(told: Desk) -> None:
    kept = noted(str(verify(told.store).head))
    tamper(told, "DELETE FROM event", "UPDATE event_chain SET events = 0, hash = '" + "0" * 64 + "'")
    with told.store.write() as unit:
        for _ in range(kept.events):
            unit.events.tell("forged", "demo:1", "nothing ever happened")
    assert verify(told.store).broken_at is None
    assert "not the one that was noted" in verify(told.store, kept).broken


def test_an_event_written_behind_the_end_of_the_chain_is_found(told: Desk) -> None:
    end = len(told.events())
    columns = "at, actor, kind, partner, subject, control_number, text, details, hash"
    forged = columns.replace("actor", "'ann'").replace("text", "'ann approved it'")
    with told.store.engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO event (id, {columns}) SELECT {end + 5}, {forged} FROM event WHERE id = {end}")
    found = verify(told.store)
    assert found.broken_at == end + 5
    assert "behind the end of the chain" in found.broken
    assert "by ann" in found.broken


def test_no_noted_end_is_before_the_first_event_but_the_beginning() -> None:
    assert noted("0:" + "0" * 64).events == 0
    with pytest.raises(WrongInput, match="is no end of a chain"):
        noted("0:" + "f" * 64)
