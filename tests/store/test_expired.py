"""What is looked for in tables that grow for years is found by an index."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from edi_gateway.store.database import Database


def plan_of_the_last_query(store: Database, look: Any) -> str:
    """How the database would answer what ``look`` asks it."""
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    sa.event.listen(store.engine, "before_cursor_execute", note)
    with store.read() as unit:
        look(unit)
    sa.event.remove(store.engine, "before_cursor_execute", note)
    statement, parameters = asked[-1]
    with store.engine.begin() as connection:
        if not store.is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # a small table is read as a whole, index or not
        explain = "EXPLAIN QUERY PLAN " if store.is_sqlite else "EXPLAIN "
        return "\n".join(str(row) for row in connection.exec_driver_sql(explain + statement, parameters))


def test_whether_a_payload_moved_again_is_found_by_an_index(store: Database, clock: Any) -> None:
    now: datetime = clock.now()
    assert "ix_transmission_payload" in plan_of_the_last_query(store, lambda unit: unit.expired.of("northwind", now, 10))


def test_whether_a_payload_is_an_as2_message_too_is_found_by_an_index(store: Database, clock: Any) -> None:
    now: datetime = clock.now()
    plan = plan_of_the_last_query(store, lambda unit: unit.expired.messages(["station"], now, 10))
    assert "ix_transmission_payload" in plan


def test_bytes_of_several_partners_go_when_the_longest_term_of_all_is_over(store: Database, clock: Any) -> None:
    with store.write() as unit:
        payload = unit.payloads.put(b"ISA of northwind, ISA of cascade")
        moved = {"direction": "in", "connection": "van", "payload": payload, "name": "in", "identity": "1", "state": "received"}
        id = unit.transmissions.add(**moved, partner="northwind")
        for partner in ("northwind", "cascade"):
            same = {"transmission_id": id, "direction": "in", "partner": partner, "sender": partner, "receiver": "US", "start": 0}
            unit.interchanges.add(**same, control_number="1", version="00401", usage="P", state="read", isa="[]")
    clock.advance(timedelta(days=60))
    before, longest = clock.now() - timedelta(days=30), clock.now() - timedelta(days=90)
    with store.read() as unit:
        assert unit.expired.of("northwind", before, 10, shared_before=longest) == []
        assert [each.sha256 for each in unit.expired.of("northwind", before, 10, shared_before=before)] == [payload]
