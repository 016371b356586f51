"""Who gets in, with what, from where, and how guessing is slowed down."""

from __future__ import annotations

import contextlib
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import paramiko
import pytest
from counterparts import CHEAP, PATIENCE, Key, RunningMailbox

from edi_gateway.clock import MovableClock
from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.transports.mailbox import (
    Account,
    AccountList,
    Limits,
    MailboxServer,
    SlowDown,
    hash_password,
    mailbox_transport,
    password_matches,
)
from edi_gateway.transports.mailbox.accounts import address_is_in
from edi_gateway.transports.mailbox.passwords import Cost


class Recorder:
    """A policy that waits for nobody and remembers everything."""

    def __init__(self, blocked: bool = False) -> None:
        self.calls: list[tuple[str, ...]] = []
        self.is_blocked = blocked

    def blocked(self, address: str) -> bool:
        return self.is_blocked

    def delay(self, address: str, account: str) -> float:
        self.calls.append(("delay", address, account))
        return 0.0

    def failed(self, address: str, account: str) -> None:
        self.calls.append(("failed", address, account))

    def succeeded(self, address: str, account: str) -> None:
        self.calls.append(("succeeded", address, account))


def log_in(mailbox: RunningMailbox, name: str = "acme", *, key: Key | None = None, password: str = "") -> list[str]:
    transport = mailbox.connect()
    try:
        if key is not None:
            transport.auth_publickey(name, key.private)
        else:
            transport.auth_password(name, password, fallback=False)
        sftp = paramiko.SFTPClient.from_transport(transport)
        assert sftp is not None
        return sftp.listdir("/")
    finally:
        transport.close()


def test_a_key_or_a_password_opens_the_mailbox_and_is_noted(mailbox: RunningMailbox, key: Key):
    log_in(mailbox, key=key)
    log_in(mailbox, password="letmein")

    noted = mailbox.diary.wait_for("login", 2)
    assert [(event.account, event.address) for event in noted] == [("acme", "127.0.0.1")] * 2
    assert sorted(event.detail for event in noted) == [f"key {key.public.fingerprint}", "password"]


def test_several_keys_are_good_while_one_replaces_another(mailbox: RunningMailbox, key: Key, tmp_path: Path):
    new = Key(tmp_path / "new")
    with pytest.raises(paramiko.AuthenticationException):
        log_in(mailbox, key=new)

    mailbox.accounts.put(Account(name="acme", keys=(key.line, new.line)))
    log_in(mailbox, key=key)
    log_in(mailbox, key=new)
    mailbox.accounts.put(Account(name="acme", keys=(new.line,)))

    with pytest.raises(paramiko.AuthenticationException):
        log_in(mailbox, key=key)
    log_in(mailbox, key=new)


def test_a_wrong_password_a_missing_account_and_one_without_password_are_told_apart_by_nothing(start_mailbox: Any, key: Key):
    policy = Recorder()
    mailbox = start_mailbox(policy=policy)
    mailbox.accounts.put(Account(name="keyed", keys=(key.line,)))

    for name in ("acme", "missing", "keyed"):
        with pytest.raises(paramiko.AuthenticationException) as refused:
            log_in(mailbox, name, password="")
        assert str(refused.value) == "Authentication failed."

    failures = mailbox.diary.wait_for("login failed", 3)
    assert {event.detail for event in failures} == {"wrong account, password or address"}
    assert [call for call in policy.calls if call[0] == "failed"] == [
        ("failed", "127.0.0.1", name) for name in ("acme", "missing", "keyed")
    ]


def test_unknown_keys_of_one_connection_count_as_one_failure(start_mailbox: Any, key: Key, tmp_path: Path):
    policy = Recorder()
    mailbox = start_mailbox(policy=policy)
    transport = mailbox.connect()
    for name in ("a", "b", "c"):
        with pytest.raises(paramiko.AuthenticationException):
            transport.auth_publickey("acme", Key(tmp_path / name).private)
    transport.close()

    mailbox.diary.wait_for("refused")
    assert policy.calls == [("failed", "127.0.0.1", "acme")]


def test_an_unknown_key_before_the_right_one_is_no_failure(start_mailbox: Any, key: Key, tmp_path: Path):
    policy = Recorder()
    mailbox = start_mailbox(policy=policy)
    transport = mailbox.connect()
    with pytest.raises(paramiko.AuthenticationException):
        transport.auth_publickey("acme", Key(tmp_path / "other").private)
    transport.auth_publickey("acme", key.private)
    paramiko.SFTPClient.from_transport(transport)
    transport.close()

    mailbox.diary.wait_for("logout")
    assert policy.calls == [("succeeded", "127.0.0.1", "acme")]


def test_one_connection_gets_only_so_many_tries(start_mailbox: Any):
    mailbox = start_mailbox(limits=Limits(password_tries=2), policy=Recorder())
    transport = mailbox.connect()
    for password in ("a", "b", "letmein"):
        with pytest.raises(paramiko.AuthenticationException):
            transport.auth_password("acme", password, fallback=False)
    transport.close()


def test_a_blocked_address_is_not_answered(start_mailbox: Any):
    mailbox = start_mailbox(policy=Recorder(blocked=True))

    with pytest.raises((paramiko.SSHException, OSError, EOFError)):
        mailbox.connect()

    assert mailbox.diary.wait_for("refused")[0].detail == "too many failed logins from this address"


def test_who_guesses_is_shut_out_and_let_in_again_after_a_while(start_mailbox: Any, clock: MovableClock, key: Key):
    mailbox = start_mailbox(policy=SlowDown(clock, free=100, too_many=3, block=timedelta(minutes=15)))
    for password in ("1234", "secret", "acme"):
        with pytest.raises(paramiko.AuthenticationException):
            log_in(mailbox, password=password)

    with pytest.raises((paramiko.SSHException, OSError, EOFError)):
        log_in(mailbox, key=key)
    clock.advance(timedelta(minutes=15))

    assert log_in(mailbox, key=key) == ["inbox", "outbox", "archive"]


def test_a_login_that_has_to_wait_does_not_keep_the_server_from_stopping(start_mailbox: Any):
    asked = threading.Event()

    class Slow(Recorder):
        def delay(self, address: str, account: str) -> float:
            asked.set()
            return 3600.0

    mailbox = start_mailbox(policy=Slow())
    transport = mailbox.connect()

    def guess() -> None:
        with contextlib.suppress(paramiko.SSHException, EOFError):
            transport.auth_password("acme", "guess")

    threading.Thread(target=guess, daemon=True).start()

    assert asked.wait(PATIENCE)
    mailbox.server.stop()

    assert mailbox.diary.of("refused")[-1].detail == "the server stops"


def test_an_address_outside_the_servers_networks_is_not_answered(start_mailbox: Any):
    mailbox = start_mailbox(addresses=("203.0.113.0/24",))

    with pytest.raises((paramiko.SSHException, OSError, EOFError)):
        mailbox.connect()

    assert mailbox.diary.wait_for("refused")[0].address == "127.0.0.1"


@pytest.mark.parametrize("how", ["key", "password"])
def test_an_account_is_only_taken_from_its_own_networks(mailbox: RunningMailbox, key: Key, how: str):
    secret: Any = {"key": key} if how == "key" else {"password": "letmein"}
    account = Account(name="acme", keys=(key.line,), password_hash=hash_password("letmein", CHEAP), addresses=("203.0.113.0/24",))
    mailbox.accounts.put(account)

    with pytest.raises(paramiko.AuthenticationException):
        log_in(mailbox, **secret)

    mailbox.diary.wait_for("login failed")


@pytest.mark.parametrize(
    ("address", "networks", "inside"),
    [
        ("203.0.113.7", (), True),
        ("203.0.113.7", ("203.0.113.0/24",), True),
        ("203.0.114.7", ("203.0.113.0/24", "198.51.100.1"), False),
        ("198.51.100.1", ("203.0.113.0/24", "198.51.100.1"), True),
        ("::ffff:203.0.113.7", ("203.0.113.0/24",), True),
        ("2001:db8::1", ("203.0.113.0/24",), False),
        ("fe80::1%eth0", ("fe80::/10",), True),
    ],
)
def test_networks_hold_addresses_of_both_kinds(address: str, networks: tuple[str, ...], inside: bool):
    assert address_is_in(address, networks) is inside


def test_waiting_doubles_with_each_failure_from_an_address_and_ends_with_a_success(clock: MovableClock):
    policy = SlowDown(clock, free=2, longest=8.0)
    waits = []
    for _ in range(8):
        waits.append(policy.delay("198.51.100.1", "acme"))
        policy.failed("198.51.100.1", "acme")

    assert waits == [0, 0, 0, 1, 2, 4, 8, 8]
    assert policy.delay("198.51.100.2", "acme") == 0
    policy.succeeded("198.51.100.1", "acme")
    assert policy.delay("198.51.100.1", "acme") == 0


def test_an_address_is_blocked_after_many_failures_and_forgiven_after_a_while(clock: MovableClock):
    policy = SlowDown(clock, too_many=3, block=timedelta(minutes=15))
    for _ in range(3):
        assert not policy.blocked("198.51.100.1")
        policy.failed("198.51.100.1", "acme")
    assert policy.blocked("198.51.100.1")

    clock.advance(timedelta(minutes=15))

    assert not policy.blocked("198.51.100.1")


def test_the_memory_of_failures_is_bounded(clock: MovableClock):
    policy = SlowDown(clock, too_many=1, remembered=2)
    for last in range(3):
        policy.failed(f"198.51.100.{last}", "acme")

    assert [policy.blocked(f"198.51.100.{last}") for last in range(3)] == [False, True, True]


def test_a_password_is_kept_as_a_salted_hash_with_its_parameters():
    first, second = hash_password("s3cret", CHEAP), hash_password("s3cret", CHEAP)

    assert first.startswith("scrypt$1024$8$1$")
    assert first != second
    assert "s3cret" not in first
    assert password_matches(first, "s3cret")
    assert password_matches(second, "s3cret")
    assert not password_matches(first, "S3cret")


def test_a_hash_made_with_older_parameters_still_works():
    assert password_matches(hash_password("s3cret", Cost(n=2**11, r=4, p=2)), "s3cret")


@pytest.mark.parametrize(
    "kept",
    ["", "plain", "scrypt$1000$8$1$AAAA$AAAA", "scrypt$1073741824$8$1$AAAA$AAAA", "md5$1024$8$1$AAAA$AAAA", "scrypt$a$b$c$d$e"],
)
def test_what_is_no_hash_of_ours_is_refused_when_the_account_is_made(kept: str):
    with pytest.raises(WrongInput):
        Account(name="acme", password_hash=kept)


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "Acme", "acme.", ".acme", "1acme", "x" * 65, "acme\n"])
def test_an_account_name_that_must_not_be_a_folder_is_refused(name: str, tmp_path: Path):
    with pytest.raises(WrongInput):
        Account(name=name)
    with pytest.raises(WrongInput):
        mailbox_transport(tmp_path, name)


def test_an_account_does_not_show_its_secrets():
    kept = hash_password("s3cret", CHEAP)

    assert kept not in repr(Account(name="acme", password_hash=kept))


def test_an_account_says_which_key_or_network_is_none():
    with pytest.raises(WrongInput, match="no public key"):
        Account(name="acme", keys=("ssh-ed25519 garbage",))
    with pytest.raises(WrongInput, match="no IP address"):
        Account(name="acme", addresses=("somewhere",))


def test_a_host_key_that_others_may_read_is_a_case_for_a_person(tmp_path: Path, key: Key):
    RunningMailbox(tmp_path, key).server.stop()
    (tmp_path / "keys" / "ssh_host_ed25519_key").chmod(0o644)

    with pytest.raises(NeedsPerson, match="others may read"):
        RunningMailbox(tmp_path, key)


def test_a_port_that_is_taken_is_told(mailbox: RunningMailbox, tmp_path: Path):
    second = MailboxServer(tmp_path / "second", AccountList(), tmp_path / "keys2", port=mailbox.port, password_cost=CHEAP)

    with pytest.raises(WrongInput, match=f"{mailbox.port}"):
        second.start()
    second.stop()
