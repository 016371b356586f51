"""The contract of transports, held against those that move files: a folder, our mailbox server, and OpenSSH's server."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from counterparts import RunningMailbox, Sshd, contents
from transport_contract import Place, SinkContract, SourceContract, losing_the_rename, losing_the_sync

from edi_gateway.clock import MovableClock
from edi_gateway.errors import WrongInput
from edi_gateway.transports.folder import FolderConfig, FolderTransport
from edi_gateway.transports.sftp import Credentials, SftpTransport


@pytest.fixture(params=["folder", "mailbox", "sshd"])
def place(request: pytest.FixtureRequest, clock: MovableClock) -> Iterator[Place]:
    place: Place = request.getfixturevalue(f"{request.param}_place")
    yield place
    place.close()


@pytest.fixture
def folder_place(tmp_path: Path, clock: MovableClock) -> Place:
    folders = [tmp_path / name for name in ("in", "out", "archive")]
    for folder in folders:
        folder.mkdir()

    def make(*, archive: bool = True, **settings: Any) -> FolderTransport:
        usual: dict[str, Any] = {
            "inbox": folders[0],
            "outbox": folders[1],
            "archive": folders[2] if archive else None,
            "stable_for": 0.0,
        }
        return FolderTransport(FolderConfig(**{**usual, **settings}), clock)

    return Place(*folders, make, losing_the_sync)


@pytest.fixture
def mailbox_place(mailbox: RunningMailbox, clock: MovableClock) -> Place:
    def make(*, archive: bool = True, **settings: Any) -> SftpTransport:
        config = mailbox.config(archive="/archive" if archive else "", **settings)
        return SftpTransport(config, Credentials(key_file=mailbox.key.path), clock)

    return Place(mailbox.home / "outbox", mailbox.home / "inbox", mailbox.home / "archive", make, losing_the_rename)


@pytest.fixture
def sshd_place(sshd: Sshd, clock: MovableClock) -> Place:
    scene = uuid.uuid4().hex
    names = (scene, f"{scene}/in", f"{scene}/out", f"{scene}/archive")
    sshd.make(*names)
    folders = [sshd.folder / name for name in names[1:]]

    def make(*, archive: bool = True, **settings: Any) -> SftpTransport:
        usual = {"inbox": str(folders[0]), "outbox": str(folders[1]), "archive": str(folders[2]) if archive else ""}
        return SftpTransport(sshd.config(**{**usual, **settings}), Credentials(key_file=sshd.key.path), clock)

    return Place(*folders, make, losing_the_rename)


class TestSource(SourceContract):
    """All three."""


class TestSink(SinkContract):
    """All three."""


def test_a_connection_without_an_inbox_or_outbox_says_so(place: Place):
    nowhere = None if isinstance(place.transport(), FolderTransport) else ""
    transport = place.transport(inbox=nowhere, outbox=nowhere)

    with pytest.raises(WrongInput, match="collected"):
        transport.look()
    with pytest.raises(WrongInput, match="sent"):
        transport.send("po.edi", io.BytesIO(b""))


def test_a_ping_finds_everything_in_order(place: Place):
    steps = place.transport().ping()

    assert {step.ok for step in steps} == {True}
    assert steps[-1].step == "right"
    assert contents(place.put_into) == {}
