"""Webhooks out: signed as the standard says, tried for two days, and never into our own networks unless that is allowed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address

import pytest
from calling import Calls
from standardwebhooks import Webhook

from edi_gateway.errors import WrongInput
from edi_gateway.operations.tell_webhooks import PAUSES, tell_webhooks
from edi_gateway.operations.webhooks import secret_name
from edi_gateway.transports.webhook.post import Told, checked, is_public, post
from edi_gateway.transports.webhook.signing import signature, signed_headers

SHOP = "https://shop.example/hooks"


class Shop:
    """Whoever is told: keeps what came, and answers as it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, dict[str, str]]] = []
        self.status = 204

    def __call__(self, address: str, body: bytes, headers: dict[str, str]) -> Told:
        self.got.append((body, headers))
        return Told(self.status, str(self.status))

    @property
    def told(self) -> list[dict[str, object]]:
        return [json.loads(body) for body, _ in self.got]


class Subscribed:
    """A gateway with one webhook."""

    def __init__(self, calls: Calls, **more: object) -> None:
        self.calls, self.desk, self.shop = calls, calls.desk, Shop()
        answer = calls.admin.post("/webhooks", json={"address": SHOP, "kinds": ["test."], **more})
        assert answer.status_code == 201, answer.text
        self.id, self.secret = answer.json()["id"], answer.json()["secret"]

    def happens(self, kind: str = "test.one", partner: str | None = None) -> None:
        with self.desk.store.write() as unit:
            unit.events.tell(kind, "test:1", "it happened", partner=partner)

    def look(self) -> int:
        return tell_webhooks(self.desk.store, self.calls.office.vault, self.shop)

    def deliveries(self, state: str = "") -> list[dict[str, object]]:
        return self.calls.get(f"/webhooks/{self.id}/deliveries", state=state)["items"]  # type: ignore[no-any-return]


@pytest.fixture
def subscribed(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> Subscribed:
    monkeypatch.setattr("edi_gateway.operations.webhooks.checked", lambda address, *, internal: "192.0.2.7")
    return Subscribed(calls)


def test_a_message_is_signed_as_the_standards_own_library_signs_it() -> None:
    key, at = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw==", 1614265330
    theirs = Webhook(key).sign("msg_1", datetime.fromtimestamp(at, UTC), '{"test": 1}')
    assert signature(key, "msg_1", at, b'{"test": 1}') == theirs


def test_what_is_told_is_thin_signed_and_carries_its_sequence(subscribed: Subscribed) -> None:
    subscribed.happens()
    assert subscribed.look() == 1
    [(body, headers)] = subscribed.shop.got
    at = subscribed.desk.clock.now()
    assert headers["webhook-timestamp"] == str(int(at.timestamp()))
    assert headers["webhook-signature"] == Webhook(subscribed.secret).sign(headers["webhook-id"], at, body.decode())
    told, newest = json.loads(body), subscribed.desk.events("test.one")[-1]
    assert (told["type"], told["data"]["sequence"]) == ("test.one", newest.id)
    assert "it happened" not in body.decode()


def test_each_event_is_told_once_and_only_what_is_wanted(subscribed: Subscribed) -> None:
    subscribed.happens("test.one")
    subscribed.happens("other.two")
    subscribed.look()
    subscribed.look()
    assert [each["type"] for each in subscribed.shop.told] == ["test.one"]


def test_what_fails_is_tried_again_under_the_same_id_until_48_hours_are_over_and_then_dead(subscribed: Subscribed) -> None:
    began, subscribed.shop.status = subscribed.desk.clock.now(), 500
    subscribed.happens()
    for pause in (timedelta(), *PAUSES):
        subscribed.desk.clock.advance(pause)
        subscribed.look()
    assert timedelta(hours=46) < subscribed.desk.clock.now() - began <= timedelta(hours=48)
    assert len({headers["webhook-id"] for _, headers in subscribed.shop.got}) == 1
    assert len(subscribed.shop.got) == len(PAUSES) + 1
    [dead] = subscribed.deliveries("dead")
    assert dead["status"] == 500
    assert len(subscribed.desk.events("webhook.dead")) == 1


def test_a_dead_letter_is_told_again_when_somebody_says_so(subscribed: Subscribed) -> None:
    test_what_fails_is_tried_again_under_the_same_id_until_48_hours_are_over_and_then_dead(subscribed)
    [dead] = subscribed.deliveries("dead")
    subscribed.shop.status = 200
    assert subscribed.calls.admin.post(f"/webhooks/{subscribed.id}/deliveries/{dead['id']}/again").status_code == 202
    assert subscribed.look() == 1
    assert subscribed.deliveries("delivered")[0]["message_id"] == dead["message_id"]


def test_who_names_a_webhook_or_a_delivery_that_cannot_be_told_again_hears_what_to_do(subscribed: Subscribed) -> None:
    subscribed.happens()
    subscribed.shop.status = 500
    subscribed.look()
    [due] = subscribed.deliveries("due")
    advice = {
        f"/webhooks/{subscribed.id}/deliveries/{due['id']}/again": "leave it: it is told as soon as its address answers",
        f"/webhooks/{subscribed.id}/deliveries/9999/again": "take a number of the list of its deliveries",
    }
    for path, do in advice.items():
        answer = subscribed.calls.admin.post(path)
        assert (answer.status_code, answer.json()["mistakes"][0]["do"]) == (422, do)


def test_after_a_rotation_both_secrets_sign_for_a_day(subscribed: Subscribed) -> None:
    new = subscribed.calls.admin.post(f"/webhooks/{subscribed.id}/rotate").json()["secret"]
    for signatures in (2, 1):
        subscribed.happens()
        subscribed.look()
        body, headers = subscribed.shop.got[-1]
        assert len(headers["webhook-signature"].split()) == signatures
        told = int(headers["webhook-timestamp"])
        assert signature(new, headers["webhook-id"], told, body) in headers["webhook-signature"].split()
        subscribed.desk.clock.advance(timedelta(days=1))
    assert new != subscribed.secret


def test_without_its_secret_nothing_is_told_unsigned(subscribed: Subscribed) -> None:
    subscribed.calls.office.vault.drop(secret_name(subscribed.id), "scene")
    subscribed.happens()
    assert (subscribed.look(), subscribed.shop.got) == (0, [])
    [delivery] = subscribed.deliveries("due")
    assert "its secret is not in the vault" in str(delivery["detail"])


def test_one_that_says_it_is_gone_is_paused(subscribed: Subscribed) -> None:
    subscribed.shop.status = 410
    subscribed.happens()
    subscribed.look()
    assert subscribed.calls.get(f"/webhooks/{subscribed.id}")["paused"]
    assert subscribed.look() == 0


def test_who_reads_events_reads_no_token_of_an_address(subscribed: Subscribed) -> None:
    calls, hook = subscribed.calls, "https://hooks.test:8443/T0/s3cr3t?k=s3cr3t"
    assert calls.admin.patch(f"/webhooks/{subscribed.id}", json={"address": hook}).status_code == 200
    assert calls.admin.post("/webhooks", json={"address": hook, "kinds": ["test."]}).status_code == 201
    told = [event.text for event in subscribed.desk.events("webhook.changed") + subscribed.desk.events("webhook.added")]
    assert ["https://hooks.test:8443/…" in text for text in told] == [True, False, True]
    assert "s3cr3t" not in " ".join(told)


def test_the_secret_is_in_the_first_answer_alone(subscribed: Subscribed) -> None:
    for path in ("/webhooks", f"/webhooks/{subscribed.id}"):
        assert subscribed.secret not in json.dumps(subscribed.calls.get(path))
    assert all(subscribed.secret not in each.text for each in subscribed.desk.events())


INSIDE = """127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1
            ::1 fe80::1 fc00::1 ::ffff:10.0.0.1 2002:0a00:0001:: 64:ff9b::a00:1 ::
            fec0::1 64:ff9b:1::7f00:1 ::7f00:1 ::8.8.8.8 ::ffff:0:7f00:1 5f00::1 ff0e::1"""


@pytest.mark.parametrize("ip", INSIDE.split())
def test_an_address_inside_is_not_public(ip: str) -> None:
    assert not is_public(ip_address(ip))


@pytest.mark.parametrize("ip", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_outside_is(ip: str) -> None:
    assert is_public(ip_address(ip))


def test_a_name_is_refused_when_any_of_its_addresses_is_inside() -> None:
    with pytest.raises(WrongInput, match=r"leads to 10\.0\.0\.1"):
        checked(SHOP, internal=False, resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"])
    assert checked(SHOP, internal=False, resolve=lambda host, port: ["8.8.8.8"]) == "8.8.8.8"
    assert checked("http://shop.internal:8080/x", internal=True, resolve=lambda host, port: ["10.0.0.1"]) == "10.0.0.1"


@pytest.mark.parametrize(
    "address", ["http://shop.example/", "ftp://shop.example/", "shop.example", "https://", "https://u:p@x.example/"]
)
def test_what_is_no_address_of_ours_to_post_to_is_refused(address: str) -> None:
    with pytest.raises(WrongInput):
        checked(address, internal=False, resolve=lambda host, port: ["8.8.8.8"])


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.headers["host"], body, dict(self.headers)))  # type: ignore[attr-defined]
        self.send_response(302)
        self.send_header("Location", "http://elsewhere.example/")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def receiver() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), _Receiver)
    server.got = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=partial(server.serve_forever, 0.01), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_post_goes_to_the_address_that_was_looked_at_under_the_name_that_was_given(receiver: HTTPServer) -> None:
    address = f"http://shop.example:{receiver.server_port}/hooks"
    headers = signed_headers(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw=="], "msg_1", 1, b"{}")
    told = post(address, b"{}", headers, internal=True, resolve=lambda host, port: ["127.0.0.1"])
    [(host, body, _)] = receiver.got  # type: ignore[attr-defined]
    assert (host, body) == (f"shop.example:{receiver.server_port}", b"{}")
    assert told.status == 302  # and it is not followed


def test_where_nobody_listens_it_says_so() -> None:
    told = post("http://127.0.0.1:1/", b"{}", {}, internal=True)
    assert told.status is None
    assert "Connect" in told.detail
