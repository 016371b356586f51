"""What depends on the database, on both kinds."""

from __future__ import annotations

import threading

from calling import Calls
from desk import Desk
from partner_says import northwind, order

from edi_gateway.operations import access, people
from edi_gateway.operations.tell_webhooks import tell_webhooks
from edi_gateway.transports.webhook.post import Told


def test_people_keys_lists_idempotency_and_webhooks_work(any_desk: Desk) -> None:
    calls = Calls(any_desk)
    any_desk.drop(northwind(1, order("PO-1"), order("PO-2", price="1")))
    token = people.invite_first(any_desk.store)
    assert token
    session = people.accept(any_desk.store, token, "ann", "correct horse battery", "192.0.2.1")
    assert access.who(any_desk.store, session.token) == ("ann", "admin")

    found = calls.get("/documents", text="PO-", type="850", state="held")["items"]
    assert [row["business_number"] for row in found] == ["PO-2"]
    assert calls.get("/orders", number="PO-1")["items"][0]["number"] == "PO-1"
    assert calls.get("/documents", type="850", finding="element.")["items"] == []
    page = calls.get("/events", kind=["flow.", "set."])
    assert page["next"] == any_desk.events()[-1].id

    [hold] = calls.get("/holds")["items"]
    key = {"Idempotency-Key": "k"}
    first, second = (calls.admin.post(f"/holds/{hold['id']}/resume", headers=key) for _ in range(2))
    assert (first.json(), second.headers["idempotent-replayed"]) == (second.json(), "true")


def test_who_follows_the_feed_while_many_write_has_every_event_once_and_in_order(any_desk: Desk) -> None:
    calls, writers, each = Calls(any_desk), 4, 12
    begin = any_desk.events()[-1].id

    def write(name: int) -> None:
        for number in range(each):
            with any_desk.store.write() as unit:
                unit.events.tell("test.one", f"test:{name}", str(number))

    threads = [threading.Thread(target=write, args=(name,)) for name in range(writers)]
    for thread in threads:
        thread.start()
    got: list[dict[str, object]] = []
    after = begin
    while any(thread.is_alive() for thread in threads) or len(got) < writers * each:
        page = calls.get("/events", after=after, limit=5)
        got, after = got + page["items"], page["next"]
    assert [event["id"] for event in got] == list(range(begin + 1, begin + writers * each + 1))
    for name in range(writers):
        assert [event["text"] for event in got if event["subject"] == f"test:{name}"] == [str(one) for one in range(each)]


def test_a_webhook_is_told(any_desk: Desk) -> None:
    calls = Calls(any_desk)
    with any_desk.store.write() as unit:
        id = unit.webhooks.add("https://shop.example/", ["test."], None, by="ann")
        calls.office.vault.put_in(unit, f"webhook.{id}", b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw==", "ann")
    with any_desk.store.write() as unit:
        unit.events.tell("test.one", "test:1", "it happened")
    assert tell_webhooks(any_desk.store, calls.office.vault, lambda *_: Told(200, "200")) == 1
    assert calls.get(f"/webhooks/{id}/deliveries")["items"][0]["state"] == "delivered"


def test_what_a_database_cannot_keep_is_wrong_input_or_kept(any_desk: Desk) -> None:
    calls = Calls(any_desk)
    assert calls.admin.get("/documents", params={"number": "a\x00b"}).status_code in (200, 422)
    assert calls.admin.post("/keys", json={"name": "a\x00b", "scope": "read"}).status_code in (201, 422)
