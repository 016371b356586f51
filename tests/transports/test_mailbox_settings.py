"""What the operator sets for the mailbox server is what it keeps to, and the reference names it all with its defaults."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import pytest
from desk import ROOT

from edi_gateway.bootstrap.mailboxes import limits_of, mailbox_server, slow_down_of
from edi_gateway.clock import MovableClock, SystemClock
from edi_gateway.errors import GatewayError
from edi_gateway.settings import Settings, load
from edi_gateway.transports.mailbox import AccountList, Limits

ADDRESS = "192.0.2.1"


def test_without_settings_the_limits_are_the_usual_ones() -> None:
    assert limits_of(load()) == Limits()


def test_every_limit_that_is_set_is_kept_to(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"SESSIONS": 3, "SESSIONS_PER_ACCOUNT": 2, "STRANGERS": 5, "STRANGERS_PER_ADDRESS": 4, "LOGIN_SECONDS": 6}
    for name, value in {**told, "IDLE_SECONDS": 7, "HANDLES": 8, "LARGEST_MEGABYTES": 9, "PASSWORD_TRIES": 1}.items():
        monkeypatch.setenv(f"EDI_GATEWAY_MAILBOX_{name}", str(value))

    found = limits_of(load())

    assert (found.sessions, found.sessions_per_account, found.strangers, found.strangers_per_address) == (3, 2, 5, 4)
    assert (found.login_seconds, found.idle_seconds, found.handles, found.file, found.password_tries) == (6, 7, 8, 9 << 20, 1)


def test_guessing_is_slowed_down_and_ended_as_set(clock: MovableClock) -> None:
    set_so = {"free_failures": 1, "longest_delay": 3, "failures_until_blocked": 5, "blocked_minutes": 2}
    policy = slow_down_of(load(**{f"mailbox_{name}": value for name, value in set_so.items()}), clock)
    waits = []
    for _ in range(5):
        waits.append(policy.delay(ADDRESS, "acme"))
        policy.failed(ADDRESS, "acme")

    assert (waits, policy.blocked(ADDRESS)) == ([0, 0, 1, 2, 3], True)
    clock.advance(timedelta(minutes=2))
    assert not policy.blocked(ADDRESS)


@pytest.mark.parametrize("wrong", [{"mailbox_sessions": 0}, {"mailbox_login_seconds": -1}, {"mailbox_handles": "many"}])
def test_a_limit_that_makes_no_sense_is_refused_by_its_name(wrong: dict[str, object]) -> None:
    with pytest.raises(GatewayError, match=f"EDI_GATEWAY_{next(iter(wrong)).upper()}"):
        load(**wrong)


def test_the_gateways_mailboxes_are_reached_from_the_networks_that_are_set_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDI_GATEWAY_MAILBOX_ADDRESSES", "203.0.113.0/24, 198.51.100.7")
    given = load(data=tmp_path, sftp_port=0)
    server = mailbox_server(given, AccountList(), SystemClock())
    with server, socket.create_connection(("127.0.0.1", server.port), timeout=10) as wire:
        greeting = wire.recv(100)

    assert given.mailbox_addresses == ("203.0.113.0/24", "198.51.100.7")
    assert greeting == b""


def test_the_reference_names_every_setting_with_its_default() -> None:
    page = (ROOT / "docs/reference/mailboxes.md").read_text(encoding="utf-8")
    settings = {name: field for name, field in Settings.model_fields.items() if name.startswith("mailbox_")}
    wanted = [f"| `EDI_GATEWAY_{name.upper()}` | {field.default or 'none'} |" for name, field in settings.items()]

    assert [line for line in wanted if line not in page] == []
