"""Statements that stand go to the driver in words made once; what they mean stays what SQLAlchemy says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from edi_gateway.errors import Defect, WrongInput
from edi_gateway.store.connection import Rows
from edi_gateway.store.database import Database
from edi_gateway.store.prepared import new_row, new_rows, row_changed, rows_by, words
from edi_gateway.store.tables import deposit, event_chain, flow, payload
from edi_gateway.store.unit import Unit

NOON = datetime(2026, 11, 17, 12, 0, 0, 250, tzinfo=UTC)
FLOW = {
    "lane": "business:acme",
    "stage": "translate",
    "state": "ready",
    "priority": 10,
    "due_at": NOON,
    "subject": "transaction:1",
    "follows": "",
    "because": "",
    "position": "",
    "created_at": NOON,
    "changed_at": NOON,
}
_STATES = sa.select(flow.c.id).where(flow.c.state.in_(words("ready", "held")), flow.c.due_at <= sa.bindparam("now"))


def twice(unit: Unit, statement: sa.Executable, values: dict[str, Any]) -> list[Any]:
    """What SQLAlchemy answers at first, and what comes of the words it was kept in."""
    answers = [unit.connection.execute(statement, values) for _ in range(2)]
    assert isinstance(answers[1], Rows)
    return [[tuple(row) for row in answer] for answer in answers]


def put(unit: Unit, **changes: Any) -> int:
    return int(unit.connection.execute(new_row(flow), {**FLOW, **changes}).scalar_one())


def test_the_second_time_answers_what_the_first_did(store: Database) -> None:
    with store.write() as unit:
        id = put(unit)
        first, second = twice(unit, rows_by(flow, "id"), {"id": id})
        assert first == second
        first, second = twice(unit, _STATES, {"now": NOON})
        assert first == second == [(id,)]


def test_moments_and_money_are_the_same_whichever_way_they_went(store: Database) -> None:
    east = NOON.astimezone(timezone(timedelta(hours=9)))
    with store.write() as unit:
        ids = [put(unit, due_at=moment) for moment in (NOON, east, NOON + timedelta(microseconds=1))]
        due = [unit.connection.execute(rows_by(flow, "id"), {"id": id}).one().due_at for id in ids]
        assert due == [NOON, NOON, NOON + timedelta(microseconds=1)]
        assert all(moment.tzinfo is UTC or moment.utcoffset() == timedelta() for moment in due)
        money = {"amount": Decimal("1234567.000001"), "on": date(2026, 11, 17), "method": "ACH", "at": NOON}
        for trace in ("1", "2"):
            unit.connection.execute(new_row(deposit), {"trace": trace, **money})
        first, second = twice(unit, rows_by(deposit, "amount"), {"amount": money["amount"]})
        assert first == second
        assert [(row[2], row[3]) for row in second] == [(money["amount"], money["on"])] * 2


def test_a_change_counts_its_rows_and_takes_the_columns_it_is_given(store: Database) -> None:
    with store.write() as unit:
        id = put(unit)
        for columns in ({"state": "held"}, {"state": "ready", "because": "why"}, {"because": "", "state": "dead"}):
            assert unit.connection.execute(row_changed(flow), {"this": id, **columns}).rowcount == 1
        row = unit.connection.execute(rows_by(flow, "id"), {"id": id}).one()
        assert (row.state, row.because) == ("dead", "")
        assert unit.connection.execute(row_changed(flow), {"this": id + 1, "state": "held"}).rowcount == 0


def test_a_list_of_values_is_a_row_for_each(store: Database) -> None:
    rows = [{"sha256": f"{number:064d}", "size": number, "recorded_at": NOON} for number in range(3)]
    with store.write() as unit:
        for part in (rows[:1], rows[1:]):
            unit.connection.execute(new_rows(payload), part)
        count = sa.select(sa.func.count()).select_from(payload)
        assert [unit.connection.execute(count).scalar_one() for _ in range(2)] == [3, 3]


def test_what_the_database_refuses_is_told_as_sqlalchemy_tells_it(store: Database) -> None:
    row = {"sha256": "0" * 64, "size": 1, "recorded_at": NOON}
    with store.write() as unit:
        unit.connection.execute(new_rows(payload), row)
        for _ in range(3):  # as SQLAlchemy's statement, and in words of our own
            with pytest.raises(sa.exc.IntegrityError), unit.savepoint():
                unit.connection.execute(new_rows(payload), row)
        assert unit.connection.execute(rows_by(payload, "sha256"), {"sha256": "0" * 64}).one().size == 1


def test_a_value_its_type_refuses_is_wrong_input_whichever_way_it_goes(store: Database) -> None:
    values = {"trace": "1", "amount": Decimal("0.0000001"), "on": date(2026, 11, 17), "method": "ACH", "at": NOON}
    statement = sa.insert(deposit)
    with store.write() as unit:
        for _ in range(3):  # as SQLAlchemy's statement, and in words of our own
            with pytest.raises(WrongInput, match="cannot be stored exactly"):
                unit.connection.execute(statement, values)


@pytest.mark.parametrize("values", [{}, {"other": 1}])
def test_a_missing_value_is_told_as_sqlalchemy_tells_it(store: Database, values: dict[str, Any]) -> None:
    statement = sa.select(flow.c.id).where(flow.c.id == sa.bindparam("id"))
    with store.read() as unit:
        for _ in range(3):
            with pytest.raises(sa.exc.StatementError, match="A value is required for bind parameter 'id'"):
                unit.connection.execute(statement, values)


def test_a_value_missing_in_a_later_row_is_told_as_sqlalchemy_tells_it(store: Database) -> None:
    rows: list[dict[str, Any]] = [{"sha256": f"{number:064d}", "size": number, "recorded_at": NOON} for number in range(2)]
    del rows[1]["size"]
    statement = sa.insert(payload)
    with store.write() as unit:
        for _ in range(3):
            with pytest.raises(sa.exc.StatementError, match="A value is required for bind parameter 'size'"):
                unit.connection.execute(statement, rows)


def test_what_is_not_committed_was_never_there(store: Database) -> None:
    for _ in range(2):
        with pytest.raises(RuntimeError), store.write() as unit:
            put(unit)
            raise RuntimeError
    with store.read() as unit:
        assert unit.connection.execute(sa.select(sa.func.count()).select_from(flow)).scalar_one() == 0


def test_a_look_writes_nothing(store: Database) -> None:
    for _ in range(2):
        with pytest.raises(Defect, match="this would write"), store.read() as unit:
            put(unit)
    with store.read() as unit:
        assert unit.connection.execute(sa.select(sa.func.count()).select_from(flow)).scalar_one() == 0


def test_one_is_one(store: Database) -> None:
    with store.read() as unit:
        for _ in range(2):
            assert len(unit.connection.execute(sa.select(event_chain)).all()) == 1
        for _ in range(3):
            with pytest.raises(sa.exc.NoResultFound):
                unit.connection.execute(rows_by(flow, "id"), {"id": 5}).one()
            assert unit.connection.execute(rows_by(flow, "id"), {"id": 5}).first() is None


def test_a_nul_in_a_text_keeps_nothing_off_the_record(store: Database) -> None:
    said, kept = "PO\0007", "PO\0007" if store.engine.dialect.name == "sqlite" else "PO?7"
    with store.write() as unit:
        ids = [put(unit, because=said) for _ in range(3)]  # the last one by the words that stand
        unit.connection.execute(new_rows(flow), [{**FLOW, "because": each} for each in ("", said)])
    with store.read() as unit:
        found = unit.connection.execute(sa.select(flow.c.id).where(flow.c.because == said)).all()
        assert [row.id for row in found] == [*ids, ids[-1] + 2]
        assert unit.connection.execute(rows_by(flow, "id"), {"id": ids[0]}).one().because == kept
