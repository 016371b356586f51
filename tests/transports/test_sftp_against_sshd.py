"""Our SFTP client against OpenSSH's own server: keys, old servers, full folders, broken uploads."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from counterparts import Key, Sshd
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from edi_gateway.clock import MovableClock
from edi_gateway.errors import NeedsPerson, TryAgain
from edi_gateway.trading.weak_algorithms import WeakAlgorithm
from edi_gateway.transports.sftp import Credentials, SftpTransport
from edi_gateway.transports.ssh import WEAK_IF_ALLOWED


@pytest.fixture
def start_sshd(key: Key) -> Iterator[Callable[..., Sshd]]:
    """Starts an sshd with lines of its own in its configuration."""
    program = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("OpenSSH's sshd is not installed")
    started: list[Sshd] = []

    def start(*lines: str) -> Sshd:
        started.append(Sshd(program, key, *lines))
        return started[-1]

    yield start
    for each in started:
        each.stop()


def transport(sshd: Sshd, clock: MovableClock | None = None, on_weak: Any = lambda _name: None, **settings: Any) -> SftpTransport:
    return SftpTransport(sshd.config(**settings), Credentials(key_file=sshd.key.path), clock, on_weak)


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_keys_of_every_kind_log_in_rsa_by_sha2(start_sshd: Callable[..., Sshd], kind: str):
    made = ec.generate_private_key(ec.SECP256R1()) if kind == "ecdsa" else rsa.generate_private_key(65537, 2048)
    text = made.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    sshd = start_sshd("PubkeyAcceptedAlgorithms rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256")
    (sshd.folder / "authorized").write_bytes(made.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH))

    ours = SftpTransport(sshd.config(inbox="/"), Credentials(key=text))

    assert ours.ping()[3].ok
    ours.close()


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (("Ciphers aes256-cbc", "MACs hmac-sha2-256"), ("aes256-cbc",)),
        (("Ciphers aes256-ctr", "MACs hmac-sha1"), ("hmac-sha1",)),
        (("Ciphers 3des-cbc", "MACs hmac-md5"), ("3des-cbc", "hmac-md5")),
    ],
)
def test_an_old_server_is_refused_but_for_an_exception_which_is_told_and_ends(
    start_sshd: Callable[..., Sshd], lines: tuple[str, ...], names: tuple[str, ...]
):
    sshd, clock, told = start_sshd(*lines), MovableClock(), []
    today = clock.now().date()
    sshd.make("in")
    inbox = str(sshd.folder / "in")
    with pytest.raises(NeedsPerson, match="refuse as weak"):
        transport(sshd, clock, inbox=inbox).look()
    with pytest.raises(NeedsPerson, match="refuse as weak"):
        transport(sshd, clock, inbox=inbox, weak_algorithms=("aes128-cbc", "hmac-sha1-96"), weak_until=today).look()

    allowed = transport(sshd, clock, told.append, inbox=inbox, weak_algorithms=names, weak_until=today)
    assert allowed.look() == []
    allowed.close()
    assert allowed.look() == []
    assert told == list(names)
    assert "by exception until" in allowed.ping()[2].detail
    allowed.close()

    clock.advance(timedelta(days=1))
    with pytest.raises(NeedsPerson, match="refuse as weak"):
        allowed.look()


@pytest.mark.parametrize("claims", [True, False])
def test_a_name_that_is_not_utf_8_is_spelled_out_and_keeps_no_other_file_waiting(sshd: Sshd, claims: bool):
    sshd.make("odd")
    inbox = sshd.folder / "odd"
    (inbox / os.fsdecode(b"Bestell\xfcng.edi")).write_bytes(b"ISA*1")
    (inbox / "z.edi").write_bytes(b"ISA*2")
    ours = transport(sshd, inbox=str(inbox), stable_for=0.0, claims=claims)

    taken = [claimed for seen in ours.look() if (claimed := ours.claim(seen))]
    bodies = [ours.fetch(each).read() for each in taken]
    for each in taken:
        ours.finish(each)

    assert sorted(zip((each.name for each in taken), bodies, strict=True)) == [
        ("Bestell%FCng.edi", b"ISA*1"),
        ("z.edi", b"ISA*2"),
    ]
    assert all(each.identity.isascii() for each in taken)
    assert [path.name for path in inbox.iterdir() if path.is_file()] == []
    ours.close()


def test_an_exception_that_is_not_needed_is_not_used(sshd: Sshd):
    told: list[str] = []
    sshd.make("sound")
    ours = transport(
        sshd, None, told.append, inbox=str(sshd.folder / "sound"), weak_algorithms=tuple(WEAK_IF_ALLOWED), weak_until=date.max
    )

    assert ours.look() == []
    assert told == []
    ours.close()


def test_a_profile_can_allow_just_what_the_client_can_speak():
    assert {*WeakAlgorithm.__args__} == WEAK_IF_ALLOWED  # type: ignore[attr-defined]  # a Literal's own


@pytest.mark.slow
def test_ten_thousand_files_in_a_folder_are_listed_in_seconds_and_any_of_them_claimed(sshd: Sshd):
    sshd.make("full")
    folder = sshd.folder / "full"
    for number in range(10_000):
        (folder / f"{number:05d}.edi").touch()
        os.utime(folder / f"{number:05d}.edi", (number, number))
    ours = transport(sshd, inbox=str(folder), archive="", pattern="*.edi")
    began = time.monotonic()

    seen = ours.look()
    took = time.monotonic() - began
    for file in seen[:20]:
        ours.finish(ours.claim(file))

    assert [file.name for file in seen[:2]] == ["00000.edi", "00001.edi"]
    assert len(seen) == 10_000
    assert took < 20
    assert len(ours.look()) == 9_980
    ours.close()


class Cut(io.BytesIO):
    """A payload at whose middle the connection breaks."""

    def __init__(self, content: bytes, after: int) -> None:
        super().__init__(content)
        self._after = after

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() >= self._after:
            raise ConnectionResetError(104, "reset")
        return super().read(size)


def half_sent(sshd: Sshd, folder: str, content: bytes) -> tuple[SftpTransport, Path]:
    """A transport whose first try broke off, and another name for the file that it left."""
    sshd.make(folder)
    ours = transport(sshd, outbox=str(sshd.folder / folder))
    with pytest.raises(TryAgain):
        ours.send("po.edi", Cut(content, 2_000_000))
    os.link(sshd.folder / folder / "po.edi.part", sshd.folder / folder / "mark")
    return ours, sshd.folder / folder / "mark"


def test_an_upload_that_broke_off_goes_on_where_it_was(sshd: Sshd):
    content = os.urandom(3_000_001)
    ours, mark = half_sent(sshd, "resumed", content)
    assert 1_000_000 < mark.stat().st_size < len(content)

    receipt = ours.send("po.edi", io.BytesIO(content))

    assert hashlib.sha256(content).hexdigest() in receipt.detail
    assert mark.read_bytes() == content
    assert mark.samefile(mark.with_name("po.edi"))
    ours.close()


@pytest.mark.parametrize("size", [1_500_000, 3_000_000], ids=["shorter than what lies there", "longer"])
def test_what_another_payload_left_under_the_name_is_not_gone_on_with(sshd: Sshd, size: int):
    ours, mark = half_sent(sshd, f"other-{size}", os.urandom(3_000_001))
    other = os.urandom(size)

    ours.send("po.edi", io.BytesIO(other))

    assert mark.with_name("po.edi").read_bytes() == other
    assert not mark.samefile(mark.with_name("po.edi"))
    ours.close()


def in_sight(sshd: Sshd, folder: str, there: bytes) -> tuple[SftpTransport, Path]:
    """A transport to a server that renames nothing, and the file that lies there under its name."""
    sshd.make(folder)
    ours = transport(sshd, outbox=str(sshd.folder / folder), temporary_suffix="")
    ours.send("po.edi", io.BytesIO(there))
    return ours, sshd.folder / folder / "po.edi"


@pytest.mark.parametrize("cut", [0, 40_000])
def test_of_a_file_that_was_cut_in_sight_it_is_said_how_much_lies_there_and_resume_finishes_it(sshd: Sshd, cut: int):
    content = os.urandom(100_000)
    ours, file = in_sight(sshd, f"cut-{cut}", content[:cut])
    with pytest.raises(NeedsPerson, match=f"only {cut} of 100000 bytes lie there") as told:
        ours.sent("po.edi", len(content))
    assert "resume sends the rest, or all of it" in str(told.value)

    receipt = ours.send("po.edi", io.BytesIO(content))

    assert hashlib.sha256(content).hexdigest() in receipt.detail
    assert file.read_bytes() == content
    ours.close()


def test_another_payload_in_sight_is_neither_gone_on_with_nor_replaced(sshd: Sshd):
    ours, file = in_sight(sshd, "another", b"another, and a shorter one")

    with pytest.raises(NeedsPerson, match="another payload of this name lies there"):
        ours.send("po.edi", io.BytesIO(os.urandom(100_000)))

    assert file.read_bytes() == b"another, and a shorter one"
    ours.close()


def test_a_download_goes_on_where_it_was_when_the_connection_broke(sshd: Sshd):
    content = os.urandom(4_000_001)
    sshd.make("fetched")
    (sshd.folder / "fetched" / "855.edi").write_bytes(content)
    ours = transport(sshd, inbox=str(sshd.folder / "fetched"))

    with ours.fetch(ours.claim(ours.look()[0])) as stream:
        got = stream.read(1_000_000)
        ours._wire._transport.sock.shutdown(socket.SHUT_RDWR)
        got += stream.read()

    assert got == content
    ours.close()


def test_a_download_is_not_gone_on_with_when_the_file_has_changed(sshd: Sshd):
    sshd.make("changed")
    (sshd.folder / "changed" / "855.edi").write_bytes(b"x" * 4_000_001)
    ours = transport(sshd, inbox=str(sshd.folder / "changed"))
    claimed = ours.claim(ours.look()[0])

    with ours.fetch(claimed) as stream:
        stream.read(1_000_000)
        Path(claimed.path).write_bytes(b"y" * 4_000_001)
        os.utime(claimed.path, (1, 1))
        ours._wire._transport.sock.shutdown(socket.SHUT_RDWR)
        with pytest.raises(TryAgain):
            stream.read()
    ours.close()
