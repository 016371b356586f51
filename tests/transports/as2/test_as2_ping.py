"""A ping of an AS2 connection says at which step it fails, why, and what to do; it posts nothing."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from as2_parties import NOW, Party, Server, key_pair
from fastapi import FastAPI

from edi_gateway.transports.as2.packing import Packing
from edi_gateway.transports.ping import Step

STEPS = ["our key", "theirs", "name", "port", "answer"]


def failing(party: Party) -> Step:
    """The step that failed, after all before it were tried and found right."""
    *before, last = party.sink().ping()
    assert [step.step for step in before] == STEPS[: len(before)]
    assert all(step.ok for step in before)
    assert not last.ok
    return last


def test_everything_in_order_is_told_step_by_step(acme: Party, northwind: Party, server: Server) -> None:
    acme.agree(url=f"http://127.0.0.1:{server.port}/as2", packing=Packing())
    steps = acme.sink().ping()

    assert [(step.step, step.ok) for step in steps] == [(name, True) for name in STEPS]
    assert "SHA-256" in steps[1].detail
    assert northwind.journal.arrivals == []


def test_without_a_key_of_ours_nothing_can_be_signed(acme: Party) -> None:
    acme.our_pairs = []
    assert failing(acme).step == "our key"


def test_without_a_certificate_of_theirs_nothing_can_be_encrypted(acme: Party) -> None:
    acme.their_certificates = []
    assert failing(acme).step == "theirs"


@pytest.mark.parametrize("whose", ["our key", "theirs"])
def test_a_certificate_that_has_ended_is_told_with_its_day(acme: Party, whose: str) -> None:
    old = key_pair("OLD", until=NOW - timedelta(days=1))
    if whose == "theirs":
        acme.their_certificates = [old.certificate]
    else:
        acme.our_pairs = [old]

    step = failing(acme)

    assert step.step == whose
    assert f"expired on {NOW - timedelta(days=1):%Y-%m-%d}" in step.detail


def test_a_connection_they_only_send_over_ends_with_the_keys(acme: Party) -> None:
    acme.agree(url="")
    assert [(step.step, step.ok) for step in acme.sink().ping()] == [("our key", True), ("theirs", True)]


def test_a_name_that_does_not_resolve(acme: Party) -> None:
    acme.agree(url="https://as2.partner.invalid/as2")
    step = failing(acme)

    assert step.step == "name"
    assert "https://as2.partner.invalid/as2: could not find the host" in step.detail


def test_a_port_where_nothing_listens(acme: Party) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    acme.agree(url=f"http://127.0.0.1:{port}/as2")
    step = failing(acme)

    assert step.step == "port"
    assert "refused" in step.detail


def test_a_server_that_speaks_no_tls(acme: Party, server: Server) -> None:
    acme.agree(url=f"https://127.0.0.1:{server.port}/as2")
    step = failing(acme)

    assert step.step == "answer"
    assert "could not connect or send" in step.detail


def test_a_server_that_does_not_take_our_login(acme: Party) -> None:
    app = FastAPI(openapi_url=None)
    app.add_api_route("/as2", lambda: None, methods=["HEAD"], status_code=401)
    with Server(app) as guarded:
        acme.agree(url=f"http://127.0.0.1:{guarded.port}/as2")
        step = failing(acme)

    assert step.step == "answer"
    assert "does not take our login" in step.detail
    assert "login and password" in step.detail
