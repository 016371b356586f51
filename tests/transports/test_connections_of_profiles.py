"""What a connection's file says is what its transport does, in a whole gateway with its mailbox server."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest
from counterparts import CHEAP, PATIENCE, Key

from edi_gateway import settings
from edi_gateway.bootstrap import Gateway
from edi_gateway.bootstrap.connections import Connections
from edi_gateway.clock import SystemClock
from edi_gateway.trading import loader
from edi_gateway.transports.mailbox import hash_password

ROOT = Path(__file__).parents[2]
OURSELVES = 'identities:\n  - {name: main, title: Larch, interchange: "ZZ:LARCH", group: LARCH}\n'
ACME = "{name: acme, title: Acme Stores, interchange: [08:ACME01], group: [ACMEBUY], connection: acme-box}\n"
BOX = """\
name: acme-box
kind: mailbox
senders: [acme]
account: acme
keys: [KEY]
password_hash: env:EDI_TEST_HASH
former_password_hash: env:EDI_TEST_FORMER_HASH
addresses: [127.0.0.0/8]
quota_megabytes: 1
quota_files: 2
archive: yes
at_most: 10/1m
"""
VAN = """\
name: van
kind: sftp
senders: []
host: sftp.van.example
login: larch
key: env:EDI_TEST_HASH
archive: /done
settled: 1m
claim: no
temporary_suffix: ""
weak_algorithms: {allow: [aes256-cbc], until: 2026-12-31}
"""


@pytest.fixture
def partners(tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EDI_TEST_HASH", hash_password("new", CHEAP))
    monkeypatch.setenv("EDI_TEST_FORMER_HASH", hash_password("old", CHEAP))
    folder = tmp_path / "partners"
    files = {
        "_ourselves.yaml": OURSELVES,
        "acme/partner.yaml": ACME,
        "connections/acme-box.yaml": BOX,
        "connections/van.yaml": VAN,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.replace("KEY", key.line))
    return folder


@pytest.fixture
def gateway(tmp_path: Path, partners: Path) -> Iterator[Gateway]:
    where = settings.load(data=tmp_path / "data", partners=partners, maps=ROOT / "maps", sftp_port=0, web_port=0)
    running = Gateway(where)
    running.start()
    yield running
    running.stop()


def test_an_sftp_connection_is_as_its_file_says(partners: Path):
    source = Connections(loader.load(partners), partners, SystemClock()).source("van")

    config = source._config  # type: ignore[union-attr]
    assert (config.archive, config.stable_for, config.claims, config.temporary_suffix) == ("/done", 60.0, False, "")
    assert (config.weak_algorithms, str(config.weak_until)) == (("aes256-cbc",), "2026-12-31")


def test_a_mailbox_connection_is_as_its_file_says(partners: Path):
    connections = Connections(loader.load(partners), partners / "boxes", SystemClock())
    (account,) = connections.accounts()

    assert (account.addresses, account.quota_bytes, account.quota_files, account.sees_archive) == (
        ("127.0.0.0/8",),
        1 << 20,
        2,
        True,
    )
    assert len(account.password_hashes()) == 2
    connections.close()


def test_a_ping_of_a_mailbox_says_who_can_log_in_to_it_and_from_where(partners: Path, tmp_path: Path):
    connections = Connections(loader.load(partners), tmp_path / "boxes", SystemClock())
    login, *folders = connections.ping("acme-box")

    assert login == ("login", True, "acme, by 1 key and 2 passwords, from 127.0.0.0/8")
    assert {step.ok for step in folders} == {True}


def test_a_ping_of_a_mailbox_whose_password_is_not_where_the_profile_says_fails_at_the_login(
    partners: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("EDI_TEST_HASH")
    (login, *_) = Connections(loader.load(partners), tmp_path / "boxes", SystemClock()).ping("acme-box")

    assert (login.step, login.ok) == ("login", False)
    assert "EDI_TEST_HASH" in login.detail


def test_a_mailbox_nobody_can_log_in_to_says_so(partners: Path, tmp_path: Path):
    file = partners / "connections" / "acme-box.yaml"
    file.write_text("".join(line for line in file.read_text().splitlines(True) if "key" not in line and "hash" not in line))
    (login, *_) = Connections(loader.load(partners), tmp_path / "boxes", SystemClock()).ping("acme-box")

    assert "nobody can log in over SFTP, only over the API" in login.detail


def test_what_a_partner_does_at_the_mailbox_is_on_record_and_both_passwords_are_good(gateway: Gateway, tmp_path: Path):
    for password in ("new", "old"):
        wire = paramiko.Transport(("127.0.0.1", gateway.sftp_port or 0))
        wire.connect(username="acme", password=password)
        sftp = paramiko.SFTPClient.from_transport(wire)
        assert sftp is not None
        sftp.get_channel().settimeout(PATIENCE)
        assert sftp.listdir("/") == ["inbox", "outbox", "archive"]
        sftp.putfo(io.BytesIO(password.encode()), f"/inbox/{password}.tmp")
        with pytest.raises(PermissionError):
            sftp.mkdir("/inbox/x")
        wire.close()
    gateway.mailboxes.stop()  # type: ignore[union-attr]
    gateway._audit.stop()

    with gateway.store.read() as unit:
        told = [(row.kind, row.partner) for row in unit.events.about("connection:acme-box")]
    for kind in ("mailbox.login", "mailbox.refused", "mailbox.logout"):
        assert told.count((kind, "acme")) == 2
