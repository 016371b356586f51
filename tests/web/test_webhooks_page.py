"""Webhooks in the settings: what did not arrive is seen, and told again."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from desk import Desk
from visiting import Visitor

SignedIn = Callable[[str], Visitor]


@pytest.fixture
def admin(desk: Desk, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Somebody has added a webhook that was told of one event."""
    monkeypatch.setattr("edi_gateway.operations.webhooks.checked", lambda address, *, internal: "192.0.2.7")
    admin = signed_in("admin")
    assert admin.post("/settings/webhooks", address="https://shop.example/").status_code == 200
    with desk.store.write() as unit:
        unit.events.tell("test.one", "test:1", "it happened")
        unit.webhooks.plan(1, unit.events.head().events, "msg_1")
    return admin


def test_a_message_that_did_not_arrive_is_seen_and_told_again(desk: Desk, admin: Visitor) -> None:
    assert "did not arrive" not in admin.get("/settings").text
    with desk.store.write() as unit:
        unit.webhooks.end(1, state="dead", tries=9, detail="HTTP 500")
    assert "1 message did not arrive: HTTP 500" in unescape(admin.get("/settings").text)

    admin.post("/settings/webhooks/1", do="again")
    with desk.store.read() as unit:
        told = unit.webhooks.delivery(1)
    assert told is not None
    assert (told.state, told.message_id) == ("due", "msg_1")
    assert [event.actor for event in desk.events("webhook.again")] == ["admin"]
    assert "did not arrive" not in admin.get("/settings").text


def test_who_names_a_webhook_there_is_not_hears_where_its_number_is_found(admin: Visitor) -> None:
    told = unescape(admin.post("/settings/webhooks/99", do="remove").text)
    assert "there is no webhook 99" in told
    assert "take a number of the list of webhooks" in told


@pytest.mark.parametrize("allowed", [True, False])
def test_whether_an_internal_address_is_taken_is_the_settings_to_say(
    desk: Desk, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, allowed: bool
) -> None:
    monkeypatch.setenv("EDI_GATEWAY_INTERNAL_WEBHOOKS", str(allowed))
    signed_in: SignedIn = request.getfixturevalue("signed_in")  # into a console that has read its settings now
    told = signed_in("admin").post("/settings/webhooks", address="http://127.0.0.1:8099/hook")
    assert told.status_code == (200 if allowed else 422)
    with desk.store.read() as unit:
        assert len(unit.webhooks.all()) == allowed
