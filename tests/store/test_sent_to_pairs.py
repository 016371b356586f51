"""What of ours an answer is about, where several went under one number: what went the other way between the same two ids."""

from __future__ import annotations

import pytest

from edi_gateway.store.database import Database
from edi_gateway.store.interchanges import Ends


@pytest.fixture
def sent(store: Database) -> dict[str, int]:
    """By their id and ISA15, the interchange that went there: each under ISA13 1, with a group PR 1 in it."""
    ids: dict[str, int] = {}
    with store.write() as unit:
        transmission = unit.transmissions.add(
            direction="out", connection="van", payload=unit.payloads.put(b"ISA"), name="a", identity="a", state="sent"
        )
        for receiver, usage in (("08:STORES", "P"), ("08:INVOICES", "P"), ("08:INVOICES", "T")):
            values = {"transmission_id": transmission, "direction": "out", "partner": "northwind", "control_number": "000000001"}
            more = {"version": "00401", "start": 0, "state": "written", "isa": ""}
            id = unit.interchanges.add(**values, **more, sender="12:US", receiver=receiver, usage=usage)
            unit.interchanges.add_group(
                interchange_id=id, code="PR", control_number="1", release="004010", gs="[]", acknowledgment="awaited"
            )
            ids[f"{receiver} {usage}"] = id
    return ids


@pytest.mark.parametrize("by", ["08:STORES P", "08:INVOICES P", "08:INVOICES T"])
def test_it_is_what_went_to_who_answers(store: Database, sent: dict[str, int], by: str) -> None:
    theirs, usage = by.split()
    ends = Ends(theirs, "12:US", usage)
    with store.read() as unit:
        interchange = unit.interchanges.sent("northwind", "000000001", ends)
        group = unit.interchanges.sent_group("northwind", "PR", "1", ends)
    assert interchange is not None
    assert group is not None
    assert interchange.id == group.interchange_id == sent[by]


def test_it_is_the_newest_where_nothing_went_to_who_answers(store: Database, sent: dict[str, int]) -> None:
    with store.read() as unit:
        found = unit.interchanges.sent("northwind", "000000001", Ends("08:ELSEWHERE", "12:US", "I"))
    assert found is not None
    assert found.id == sent["08:INVOICES T"]
