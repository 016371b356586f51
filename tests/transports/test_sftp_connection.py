"""Whom the SFTP client trusts, how it logs in, and what it says when something is wrong."""

from __future__ import annotations

import io
import os
import socket
from pathlib import Path
from typing import Any

import paramiko
import pytest
from counterparts import Key, RunningMailbox
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from edi_gateway.errors import GatewayError, NeedsPerson, TryAgain, WrongInput
from edi_gateway.transports.mailbox import Account
from edi_gateway.transports.sftp import Credentials, SftpConfig, SftpTransport
from edi_gateway.transports.sftp.connect import load_key
from edi_gateway.transports.sftp.explain import explain
from edi_gateway.transports.ssh import WEAK_ALGORITHMS, HostKeyPins, read_public_key


def failing_step(transport: SftpTransport) -> tuple[str, str]:
    *before, last = transport.ping()
    assert all(step.ok for step in before)
    assert not last.ok
    return last.step, last.detail


@pytest.fixture
def other(tmp_path: Path) -> Key:
    return Key(tmp_path / "other")


def test_a_server_is_trusted_by_key_by_fingerprint_or_by_a_line_of_known_hosts(mailbox: RunningMailbox, other: Key):
    key = mailbox.server.host_keys[0]
    for pin in (key.line, key.fingerprint, f"[sftp.example.com]:22 {key.line} comment"):
        for pins in ((pin,), (other.line, pin), (pin, other.public.fingerprint)):
            transport = mailbox.transport(host_keys=pins)
            assert transport.look() == []
            transport.close()


def test_an_unknown_host_key_needs_a_person_who_is_shown_its_fingerprint(mailbox: RunningMailbox):
    with pytest.raises(NeedsPerson) as caught:
        mailbox.transport(host_keys=()).look()

    assert mailbox.server.host_keys[0].fingerprint in str(caught.value)
    assert f"sftp://acme@127.0.0.1:{mailbox.port}" in str(caught.value)
    assert "not known yet" in str(caught.value)


@pytest.mark.parametrize("pin", ["line", "fingerprint"])
def test_a_changed_host_key_needs_a_person_and_no_login_is_tried(mailbox: RunningMailbox, other: Key, pin: str):
    pins = (other.line if pin == "line" else other.public.fingerprint,)

    with pytest.raises(NeedsPerson, match="has changed") as caught:
        mailbox.transport(host_keys=pins).look()

    assert mailbox.server.host_keys[0].fingerprint in str(caught.value)
    mailbox.diary.wait_for("refused")
    assert mailbox.diary.of("login") == mailbox.diary.of("login failed") == []


def test_pinned_keys_decide_which_kind_of_key_is_asked_for(other: Key):
    rsa_line = f"ssh-rsa {paramiko.RSAKey.generate(2048).get_base64()}"

    assert HostKeyPins([other.line]).algorithms == ("ssh-ed25519",)
    assert HostKeyPins([rsa_line, other.line]).algorithms == ("rsa-sha2-512", "rsa-sha2-256", "ssh-ed25519")
    assert HostKeyPins([other.line, "SHA256:" + "A" * 43]).algorithms == ()


@pytest.mark.parametrize(
    "pin", ["", "SHA256:short", "MD5:00:11", "ssh-ed25519", "ssh-ed25519 AAAA", "-----BEGIN OPENSSH PRIVATE KEY-----"]
)
def test_what_is_no_host_key_is_said_to_be_none(pin: str):
    with pytest.raises(WrongInput):
        HostKeyPins([pin])


def private_key(kind: str) -> Any:
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
@pytest.mark.parametrize("form", [PrivateFormat.OpenSSH, PrivateFormat.TraditionalOpenSSL], ids=["openssh", "pem"])
@pytest.mark.parametrize("passphrase", [None, "open sesame"], ids=["plain", "locked"])
def test_keys_of_every_kind_log_in(mailbox: RunningMailbox, kind: str, form: PrivateFormat, passphrase: str | None):
    encryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    text = private_key(kind).private_bytes(Encoding.PEM, form, encryption).decode()
    key = load_key(Credentials(key=text, passphrase=passphrase))
    mailbox.accounts.put(Account(name="acme", keys=(f"{key.get_name()} {key.get_base64()}",)))

    transport = SftpTransport(mailbox.config(), Credentials(key=text, passphrase=passphrase))

    assert transport.look() == []
    transport.close()


def test_a_locked_key_asks_for_its_passphrase_and_a_wrong_one_is_told():
    locked = private_key("ecdsa").private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, BestAvailableEncryption(b"right")).decode()

    with pytest.raises(WrongInput, match="locked"):
        load_key(Credentials(key=locked))
    with pytest.raises(WrongInput, match="cannot be read"):
        load_key(Credentials(key=locked, passphrase="wrong"))
    with pytest.raises(WrongInput, match="no-such-file"):
        load_key(Credentials(key_file=Path("no-such-file")))


def test_a_password_logs_in(mailbox: RunningMailbox):
    transport = SftpTransport(mailbox.config(), Credentials(password="letmein"))

    assert transport.look() == []
    transport.close()


def test_a_refused_login_needs_a_person(mailbox: RunningMailbox, other: Key):
    for credentials in (Credentials(password="wrong"), Credentials(key_file=other.path)):
        with pytest.raises(NeedsPerson, match="could not log in") as caught:
            SftpTransport(mailbox.config(), credentials).look()
        assert f"acme@127.0.0.1:{mailbox.port}" in str(caught.value)


def test_nothing_to_log_in_with_is_wrong_input(mailbox: RunningMailbox):
    with pytest.raises(WrongInput, match="neither a key nor a password"):
        SftpTransport(mailbox.config(), Credentials()).look()


def test_credentials_do_not_show_themselves():
    shown = repr(Credentials(password="hunter2", passphrase="open sesame"))

    assert "hunter2" not in shown
    assert "sesame" not in shown


def test_the_connection_is_made_anew_after_it_broke(mailbox: RunningMailbox):
    transport = mailbox.transport()
    transport.send("first.edi", io.BytesIO(b"1"))
    transport._wire._transport.sock.shutdown(socket.SHUT_RDWR)
    mailbox.diary.wait_for("logout")

    for attempt in range(2):
        try:
            transport.send("second.edi", io.BytesIO(b"2"))
            break
        except TryAgain:
            assert attempt == 0

    assert mailbox.inbox() == {"first.edi": b"1", "second.edi": b"2"}
    transport.close()


def test_a_server_that_stops_in_the_middle_of_a_file_is_worth_another_try(start_mailbox: Any):
    mailbox = start_mailbox()
    (mailbox.home / "outbox" / "big.edi").write_bytes(b"x" * 5_000_000)
    transport = mailbox.transport()
    stream = transport.fetch(transport.claim(transport.look()[0]))
    stream.read(10)
    mailbox.server.stop()

    with pytest.raises(TryAgain, match=r"big\.edi"):
        stream.read()
    with pytest.raises(TryAgain):  # closed, or gone already, depending on who notices first
        transport.look()
    with pytest.raises(TryAgain, match="nothing listens"):
        transport.look()


def test_a_file_that_is_shorter_or_longer_than_announced_is_not_taken_for_whole(mailbox: RunningMailbox):
    path = mailbox.home / "outbox" / "855.edi"
    path.write_bytes(b"x" * 100_000)
    transport = mailbox.transport(claims=False)
    (seen,) = transport.look()

    path.write_bytes(b"x" * 99_999)
    with pytest.raises(TryAgain, match="ended after 99999 of 100000"), transport.fetch(seen) as stream:
        stream.read()
    path.write_bytes(b"x" * 100_001)
    with pytest.raises(TryAgain, match="grown beyond"), transport.fetch(seen) as stream:
        stream.read()
    transport.close()


def test_a_closed_stream_of_a_large_file_leaves_the_connection_in_order(mailbox: RunningMailbox):
    for name in ("a", "b"):
        (mailbox.home / "outbox" / name).write_bytes(name.encode() * 5_000_000)
    transport = mailbox.transport()
    first, second = (transport.claim(file) for file in transport.look())

    with transport.fetch(first) as stream:
        stream.read(1)
    with transport.fetch(second) as stream:
        assert stream.read() == second.name.encode() * 5_000_000
    transport.close()


def test_without_claims_a_file_is_collected_in_place(mailbox: RunningMailbox):
    (mailbox.home / "outbox" / "855.edi").write_bytes(b"ST*855~")
    transport = mailbox.transport(claims=False)

    claimed = transport.claim(transport.look()[0])
    with transport.fetch(claimed) as stream:
        assert stream.read() == b"ST*855~"
    assert claimed.path == "/outbox/855.edi"
    transport.finish(claimed)

    assert transport.look() == []
    transport.close()


def test_without_claims_what_was_put_under_the_name_while_it_was_fetched_stays(mailbox: RunningMailbox):
    path = mailbox.home / "outbox" / "orders.edi"
    path.write_bytes(b"first~")
    os.utime(path, (1, 1))
    transport = mailbox.transport(claims=False)
    fetched = transport.claim(transport.look()[0])

    path.write_bytes(b"other~")
    transport.finish(fetched)

    (left,) = transport.look()
    with transport.fetch(left) as stream:
        assert stream.read() == b"other~"
    transport.close()


def test_without_a_temporary_name_a_file_is_sent_directly(mailbox: RunningMailbox):
    transport = mailbox.transport(temporary_suffix="")
    transport.send("po.edi", io.BytesIO(b"ISA" * 100_000))

    assert transport.send("po.edi", io.BytesIO(b"ISA" * 100_000)).reference == "po.edi"
    with pytest.raises(NeedsPerson, match="another payload"):
        transport.send("po.edi", io.BytesIO(b"other"))
    assert mailbox.inbox() == {"po.edi": b"ISA" * 100_000}
    transport.close()


@pytest.mark.parametrize("suffix", [".part", ""], ids=["by a temporary name", "directly"])
@pytest.mark.parametrize(("quota", "told"), [(100_000, "The quota"), (1_000_000, "the server kept nothing of 2000000 bytes")])
def test_a_payload_the_server_has_no_room_for_leaves_nothing_there(mailbox: RunningMailbox, suffix: str, quota: int, told: str):
    mailbox.accounts.put(Account(name="acme", keys=(mailbox.key.line,), quota_bytes=quota))
    transport = mailbox.transport(temporary_suffix=suffix)

    with pytest.raises(TryAgain, match=told):
        transport.send("po.edi", io.BytesIO(b"x" * 2_000_000))

    assert mailbox.inbox() == {}
    transport.close()


def test_ping_says_that_a_name_does_not_resolve():
    config = SftpConfig(host="sftp.partner.invalid", login="acme", host_keys=(), timeout=5.0)

    step, detail = failing_step(SftpTransport(config, Credentials(password="x")))

    assert step == "name"
    assert "sftp://acme@sftp.partner.invalid:22" in detail


def test_ping_says_that_nothing_listens(mailbox: RunningMailbox):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    assert failing_step(mailbox.transport(port=port)) == (
        "port",
        f"sftp://acme@127.0.0.1:{port}: could not connect: nothing listens on that port",
    )


def test_ping_says_that_something_else_answers(mailbox: RunningMailbox):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        step, detail = failing_step(mailbox.transport(port=silent.getsockname()[1], timeout=0.3))

    assert step == "host key"
    assert "could not agree on encryption" in detail


def test_ping_says_which_host_key_it_saw(mailbox: RunningMailbox, other: Key):
    step, detail = failing_step(mailbox.transport(host_keys=(other.line,)))

    assert step == "host key"
    assert mailbox.server.host_keys[0].fingerprint in detail


def test_ping_says_that_the_login_is_refused(mailbox: RunningMailbox):
    assert failing_step(SftpTransport(mailbox.config(), Credentials(password="wrong")))[0] == "login"


def test_ping_says_which_folder_is_missing(mailbox: RunningMailbox):
    step, detail = failing_step(mailbox.transport(inbox="/nowhere"))

    assert step == "folder"
    assert "/nowhere" in detail


def test_ping_says_that_writing_is_not_allowed(mailbox: RunningMailbox):
    step, detail = failing_step(mailbox.transport(outbox="/outbox"))

    assert step == "right"
    assert "Files are put into /inbox" in detail


@pytest.mark.parametrize(
    ("error", "becomes"),
    [
        (TimeoutError("timed out"), TryAgain),
        (ConnectionRefusedError(111, "refused"), TryAgain),
        (ConnectionResetError(104, "reset"), TryAgain),
        (EOFError(), TryAgain),
        (OSError("Socket is closed"), TryAgain),
        (OSError("Failure"), TryAgain),
        (paramiko.SSHException("Server connection dropped"), TryAgain),
        (paramiko.SFTPError("Garbage packet received"), TryAgain),
        (socket.gaierror(socket.EAI_AGAIN, "later"), TryAgain),
        (socket.gaierror(socket.EAI_NONAME, "no such host"), WrongInput),
        (FileNotFoundError(2, "No such file"), WrongInput),
        (paramiko.PasswordRequiredException("locked"), WrongInput),
        (PermissionError(13, "Permission denied"), NeedsPerson),
        (OSError("Operation unsupported"), NeedsPerson),
        (paramiko.AuthenticationException("no"), NeedsPerson),
        (paramiko.BadAuthenticationType("no", ["keyboard-interactive"]), NeedsPerson),
        (paramiko.ssh_exception.IncompatiblePeer("no common cipher"), NeedsPerson),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), NeedsPerson),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else f"{type(value).__name__}-{value}",
)
def test_every_foreign_error_has_its_place(error: Exception, becomes: type[GatewayError]):
    explained = explain(error, "list the folder", "sftp://acme@sftp.example.com:22/outbox")

    assert type(explained) is becomes
    assert "could not list the folder" in str(explained)
    assert "sftp://acme@sftp.example.com:22/outbox" in str(explained)


@pytest.mark.parametrize("kind", ["ciphers", "macs"])
def test_weak_algorithms_are_not_offered(kind: str, mailbox: RunningMailbox):
    transport = mailbox.transport()
    transport.look()
    offered = transport._wire._transport

    assert not {*getattr(offered, f"preferred_{kind}")} & {*WEAK_ALGORITHMS[kind]}
    transport.close()


def test_a_public_key_is_found_wherever_it_stands_in_a_line(other: Key):
    kind, text = other.line.split()[:2]

    for line in (other.line, f"{kind} {text}", f'from="10.0.0.1",no-pty {kind} {text} me', f"host,10.0.0.1 {kind} {text}"):
        assert read_public_key(line) == other.public
