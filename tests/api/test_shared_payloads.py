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


def test_with_a_key_of_one_partner_nothing_of_another_is_given_in(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    van = profiles.folder / "connections/northwind-mailbox.yaml"
    van.write_text(van.read_text().replace("senders: [northwind]", "senders: [northwind, cascade]"))
    profiles.replace("cascade", "connection: cascade-mailbox", "connection: northwind-mailbox")
    (profiles.folder / "connections/cascade-mailbox.yaml").unlink()
    calls = Calls(make_desk())
    given = {"params": {"partner": CASCADE, "name": "both.edi"}, "headers": {"content-type": "application/edi-x12"}}
    both = sample("cascade-850-plain.edi") + northwind(7, order("PO-7"))
    assert calls.client("operate", CASCADE).post("/payloads", content=both, **given).status_code == 202
    calls.desk.run()
    assert [each.partner for each in calls.desk.interchanges()] == [CASCADE, None]
    assert "and a key of cascade alone gave it in" in calls.desk.held()[-1]
    assert calls.admin.post("/payloads", content=both, **given).status_code == 202
    calls.desk.run()
    assert calls.desk.posted().count("PO-7") == 1  # who may give in everybody's may give in the same file
