"""A payload that holds interchanges of several partners: who sees one of them does not see the others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from calling import Calls
from desk import CASCADE, NORTHWIND, Desk, Profiles, sample
from partner_says import northwind, order


@pytest.fixture
def calls(profiles: Profiles, make_desk: Callable[..., Desk]) -> Calls:
    """The API after one payload brought an order of each of two partners."""
    van = profiles.folder / "connections/northwind-mailbox.yaml"
    van.write_text(van.read_text().replace("senders: [northwind]", "senders: [northwind, cascade]"))
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")) + sample("cascade-850-plain.edi"))
    return Calls(desk)


def test_the_payload_is_told_by_its_first_sender_and_each_interchange_by_its_own(calls: Calls) -> None:
    assert [each.partner for each in calls.desk.transmissions()] == [NORTHWIND]
    assert [each.partner for each in calls.desk.interchanges()] == [NORTHWIND, CASCADE]


def test_a_key_of_one_partner_reads_its_interchange_and_not_the_bytes_of_all(calls: Calls) -> None:
    [moved] = calls.desk.transmissions()
    theirs = calls.client("read", NORTHWIND)
    assert [each["partner"] for each in theirs.get(f"/transmissions/{moved.id}").json()["interchanges"]] == [NORTHWIND]
    refused = theirs.get(f"/transmissions/{moved.id}/raw")
    assert (refused.status_code, b"PO-1" in refused.content) == (403, False)
    assert b"PO-1" in calls.admin.get(f"/transmissions/{moved.id}/raw").content
