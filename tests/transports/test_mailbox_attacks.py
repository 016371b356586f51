"""What somebody with an account, or without one, tries and does not get."""

from __future__ import annotations

import contextlib
import io
import os
import socket
import struct
import threading
from typing import Any

import paramiko
import pytest
from counterparts import PATIENCE, Key, RunningMailbox
from paramiko.sftp import CMD_EXTENDED, CMD_OPEN, CMD_READ, int64

from edi_gateway.transports.mailbox import Limits, mailbox_transport

SECRET = b"nobody's business"


@pytest.fixture
def secret(mailbox: RunningMailbox) -> str:
    """A file beside the mailboxes."""
    path = mailbox.root.parent / "secret"
    path.write_bytes(SECRET)
    return str(path)


def everything_refused(sftp: paramiko.SFTPClient, path: str) -> None:
    """No request that takes a path gets anything at ``path``."""
    attempts: dict[str, Any] = {
        "open": lambda: sftp.open(path, "rb").read(),
        "create": lambda: sftp.open(path, "wb").close(),
        "list": lambda: sftp.listdir(path),
        "stat": lambda: sftp.stat(path),
        "lstat": lambda: sftp.lstat(path),
        "remove": lambda: sftp.remove(path),
        "rename from": lambda: sftp.rename(path, "/inbox/taken"),
        "rename to": lambda: sftp.rename("/inbox/mine.tmp", path),
        "posix_rename to": lambda: sftp.posix_rename("/inbox/mine.tmp", path),
        "chmod": lambda: sftp.chmod(path, 0o777),
        "truncate": lambda: sftp.truncate(path, 0),
        "mkdir": lambda: sftp.mkdir(path),
        "rmdir": lambda: sftp.rmdir(path),
        "readlink": lambda: sftp.readlink(path),
        "symlink": lambda: sftp.symlink(path, "/inbox/link"),
        "symlink at": lambda: sftp.symlink("/etc/passwd", path),
    }
    for name, attempt in attempts.items():
        try:
            got = attempt()
        except OSError:
            continue
        pytest.fail(f"{name} of {path!r} succeeded: {got!r}")


@pytest.mark.parametrize(
    "path",
    [
        "../secret",
        "/../../secret",
        "/inbox/../../../secret",
        "inbox/../../secret",
        "/inbox/..",
        "/..",
        "/etc/passwd",
        "//etc/passwd",
        "/.uploading/x",
        "/inbox/.claimed/x",
        "/inbox/a\0b",
        "/inbox/../inbox/mine.tmp",
        "/inbox/a\nb",
        "/inbox/a\\..\\b",
        "/inbox/" + "x" * 201,
        "/inbox/\u202eide.ope",
    ],
)
def test_a_path_that_leads_elsewhere_gets_nothing(mailbox: RunningMailbox, secret: str, path: str):
    sftp = mailbox.raw()
    sftp.putfo(io.BytesIO(b"mine"), "/inbox/mine.tmp")

    everything_refused(sftp, path)

    with open(secret, "rb") as held:
        assert held.read() == SECRET
    assert mailbox.inbox() == {"mine.tmp": b"mine"}


def test_the_absolute_path_of_this_machine_means_nothing(mailbox: RunningMailbox, secret: str):
    everything_refused(mailbox.raw(), secret)


@pytest.mark.parametrize("folder", ["inbox", "outbox"])
def test_a_planted_link_leads_nowhere(mailbox: RunningMailbox, secret: str, folder: str):
    (mailbox.home / folder / "link").symlink_to(secret)
    (mailbox.home / folder / "up").symlink_to(mailbox.root.parent)
    sftp = mailbox.raw()

    assert sftp.listdir(f"/{folder}") == []
    for path in (f"/{folder}/link", f"/{folder}/up/secret"):
        for attempt in (lambda p=path: sftp.open(p, "rb").read(), lambda p=path: sftp.stat(p), lambda p=path: sftp.remove(p)):
            with pytest.raises(OSError, match=r"No such file|There is only|Permission"):
                attempt()


def test_a_link_planted_under_the_name_of_an_upload_is_not_written_through(mailbox: RunningMailbox, secret: str):
    (mailbox.home / "inbox" / "po.edi").symlink_to(secret)
    (mailbox.home / "inbox" / "po.tmp").symlink_to(secret)
    sftp = mailbox.raw()

    for name in ("po.edi", "po.tmp"):
        with sftp.open(f"/inbox/{name}", "wb") as upload:
            upload.write(b"overwritten")

    with open(secret, "rb") as held:
        assert held.read() == SECRET


def test_a_folder_swapped_for_a_link_does_not_open(mailbox: RunningMailbox):
    (mailbox.home / "outbox").rmdir()
    (mailbox.home / "outbox").symlink_to("/etc")

    with pytest.raises(paramiko.SSHException):
        mailbox.raw()

    assert mailbox.diary.wait_for("refused")[0].detail == "the mailbox cannot be opened"


def test_a_pipe_is_neither_shown_nor_waited_on(mailbox: RunningMailbox):
    os.mkfifo(mailbox.home / "outbox" / "pipe")
    sftp = mailbox.raw()

    assert sftp.listdir("/outbox") == []
    with pytest.raises(FileNotFoundError):
        sftp.open("/outbox/pipe", "rb")


@pytest.mark.parametrize("name", ["../x", "..", "/etc", "acme/../acme", "acme/", "ACME", "", "acme\0", "x" * 10_000])
def test_a_user_name_is_never_a_path(mailbox: RunningMailbox, name: str):
    before = sorted(mailbox.root.parent.rglob("*"))
    transport = mailbox.connect()

    with pytest.raises(paramiko.AuthenticationException):
        transport.auth_publickey(name, mailbox.key.private)
    with pytest.raises((paramiko.AuthenticationException, paramiko.SSHException)):
        transport.auth_password(name, "letmein")
    transport.close()

    mailbox.diary.wait_for("login failed")
    assert sorted(mailbox.root.parent.rglob("*")) == before


def test_special_rights_owners_and_sizes_are_not_set(mailbox: RunningMailbox):
    sftp = mailbox.raw()
    sftp.putfo(io.BytesIO(b"#!/bin/sh"), "/inbox/tool.tmp")
    path = mailbox.home / "inbox" / "tool.tmp"
    before = path.stat()

    for attempt in (
        lambda: sftp.chmod("/inbox/tool.tmp", 0o4755),
        lambda: sftp.chown("/inbox/tool.tmp", 0, 0),
        lambda: sftp.truncate("/inbox/tool.tmp", 1 << 40),
    ):
        with pytest.raises(PermissionError):
            attempt()
    sftp.chmod("/inbox/tool.tmp", 0o777)
    sftp.utime("/inbox/tool.tmp", (0, 0))

    after = path.stat()
    assert (after.st_mode, after.st_uid, after.st_size, after.st_mtime) == (
        before.st_mode,
        before.st_uid,
        before.st_size,
        before.st_mtime,
    )
    assert after.st_mode & 0o777 == 0o600


def test_an_upload_opened_with_special_rights_has_none(mailbox: RunningMailbox):
    sftp = mailbox.raw()
    attributes = paramiko.SFTPAttributes()
    attributes.st_mode = 0o106777
    _, message = sftp._request(CMD_OPEN, "/inbox/tool", 0x02 | 0x08, attributes)
    sftp._request(4, message.get_binary())

    assert (mailbox.home / "inbox" / "tool").stat().st_mode & 0o7777 == 0o600


def test_an_offset_of_a_terabyte_takes_no_space(mailbox: RunningMailbox):
    sftp = mailbox.raw()
    upload = sftp.open("/inbox/po.edi", "wb")
    upload.seek(1 << 40)

    with pytest.raises(OSError, match="bytes"):
        upload.write(b"x")
        upload.flush()
    with pytest.raises(OSError, match="as long as"):
        upload.truncate(1 << 40)


def test_a_huge_read_is_answered_with_a_little(mailbox: RunningMailbox):
    (mailbox.home / "outbox" / "big.edi").write_bytes(b"x" * 1_000_000)
    sftp = mailbox.raw()
    opened = sftp.open("/outbox/big.edi", "rb")

    _, message = sftp._request(CMD_READ, opened.handle, int64(0), 0xFFFFFFFF)

    assert len(message.get_binary()) == 256 * 1024
    with pytest.raises(EOFError):
        sftp._request(CMD_READ, opened.handle, int64(1 << 62), 100)


def test_a_request_longer_than_any_needs_to_be_ends_the_session(mailbox: RunningMailbox):
    sftp = mailbox.raw()

    sftp.get_channel().sendall(struct.pack(">I", 15 * 1024 * 1024))

    assert sftp.get_channel().recv(1) == b""


def test_handles_run_out_before_memory_does_and_come_back(mailbox: RunningMailbox):
    (mailbox.home / "outbox" / "855.edi").write_bytes(b"x")
    sftp = mailbox.raw()
    opened = []

    with pytest.raises(OSError, match="64 files are open"):
        for _ in range(300):
            opened.append(sftp.open("/outbox/855.edi", "rb"))

    assert len(opened) == 64
    opened.pop().close()
    assert sftp.open("/outbox/855.edi", "rb").read() == b"x"


def test_the_extension_that_hashes_files_is_not_offered(mailbox: RunningMailbox):
    (mailbox.home / "outbox" / "855.edi").write_bytes(b"x")
    sftp = mailbox.raw()
    opened = sftp.open("/outbox/855.edi", "rb")

    with pytest.raises(OSError, match="not offered"):
        sftp._request(CMD_EXTENDED, "check-file", opened.handle, "md5", int64(0), int64(1 << 60), 0)


def test_garbage_requests_are_answered_and_the_session_goes_on(mailbox: RunningMailbox):
    sftp = mailbox.raw()

    for kind, arguments in ((CMD_OPEN, (b"/inbox/\xff\xfe", 0)), (CMD_OPEN, ()), (250, ("?",)), (4, ("no such handle",))):
        with pytest.raises(OSError, match=r"."):
            sftp._request(kind, *arguments)

    assert sftp.listdir("/") == ["inbox", "outbox", "archive"]


def test_a_tunnel_is_not_opened(mailbox: RunningMailbox):
    transport = mailbox.connect()
    transport.auth_publickey("acme", mailbox.key.private)

    with pytest.raises(paramiko.ChannelException):
        transport.open_channel("direct-tcpip", ("127.0.0.1", 22), ("127.0.0.1", 1))
    with pytest.raises(paramiko.SSHException):
        transport.request_port_forward("127.0.0.1", 0)


def test_nothing_is_served_before_a_login(mailbox: RunningMailbox):
    transport = mailbox.connect()

    with pytest.raises((paramiko.SSHException, EOFError)):
        transport.open_session(timeout=PATIENCE)


def test_who_does_not_log_in_is_shown_out(start_mailbox: Any):
    mailbox = start_mailbox(limits=Limits(login_seconds=0.2))

    silent = socket.create_connection(("127.0.0.1", mailbox.port), timeout=PATIENCE)
    while silent.recv(1000):
        pass

    assert mailbox.diary.wait_for("refused")[0].detail
    silent.close()


def test_who_agrees_on_encryption_and_then_does_nothing_is_shown_out(start_mailbox: Any):
    mailbox = start_mailbox(limits=Limits(login_seconds=1.0))

    transport = mailbox.connect()

    assert mailbox.diary.wait_for("refused")[0].detail == "it took too long to log in"
    transport.join(PATIENCE)
    assert not transport.is_active()


def test_who_logs_in_and_then_does_nothing_is_shown_out(start_mailbox: Any):
    mailbox = start_mailbox(limits=Limits(idle_seconds=0.3))

    mailbox.raw()

    assert "nothing was asked for" in mailbox.diary.wait_for("logout")[0].detail


def test_strangers_do_not_take_every_place(start_mailbox: Any):
    mailbox = start_mailbox(limits=Limits(strangers_per_address=3))
    strangers = [socket.create_connection(("127.0.0.1", mailbox.port), timeout=PATIENCE) for _ in range(4)]

    assert mailbox.diary.wait_for("refused")[0].detail == "too many connections that have not logged in"

    for stranger in strangers:
        stranger.close()
    mailbox.diary.wait_for("refused", 4)
    assert mailbox.raw().listdir("/inbox") == []


def test_one_account_does_not_take_every_place(start_mailbox: Any):
    mailbox = start_mailbox(limits=Limits(sessions_per_account=2))
    sessions = [mailbox.raw() for _ in range(2)]

    with pytest.raises(paramiko.ChannelException):
        mailbox.raw()

    sessions[0].get_channel().get_transport().close()
    mailbox.diary.wait_for("logout")
    assert mailbox.raw().listdir("/inbox") == []


def test_weak_algorithms_are_not_spoken(mailbox: RunningMailbox):
    for kind, names in {
        "ciphers": ("3des-cbc", "aes128-cbc", "aes256-cbc"),
        "digests": ("hmac-sha1", "hmac-md5"),
    }.items():
        for name in names:
            transport = paramiko.Transport(("127.0.0.1", mailbox.port))
            setattr(transport.get_security_options(), kind, (name,))
            with pytest.raises(paramiko.SSHException):
                transport.start_client(timeout=PATIENCE)


def test_a_partners_broken_script_does_not_fill_the_audit_trail(mailbox: RunningMailbox):
    sftp = mailbox.raw()
    for _ in range(150):
        with pytest.raises(PermissionError):
            sftp.mkdir("/inbox/x")
    sftp.get_channel().get_transport().close()
    mailbox.diary.wait_for("logout")

    assert len(mailbox.diary.of("refused")) == 100


def test_a_file_under_the_name_of_the_folder_of_claims_does_not_stop_the_collector(mailbox: RunningMailbox):
    sftp = mailbox.raw()
    sftp.putfo(io.BytesIO(b"x"), "/inbox/x.tmp")
    with pytest.raises(OSError, match=r"."):
        sftp.putfo(io.BytesIO(b"x"), "/inbox/.claimed")
    with pytest.raises(OSError, match=r"."):
        sftp.rename("/inbox/x.tmp", "/inbox/.claimed")
    sftp.putfo(io.BytesIO(b"ISA"), "/inbox/po.edi")

    collector = mailbox_transport(mailbox.root, "acme")

    assert [collector.claim(file).name for file in collector.look()] == ["po.edi"]


def test_nothing_a_stranger_sends_breaks_a_line_of_the_audit_trail(mailbox: RunningMailbox):
    with pytest.raises(OSError, match="unprintable"):
        mailbox.raw().stat("/inbox/a\nlogin acme\x1b[2J")

    assert mailbox.diary.wait_for("refused")[0].path == "/inbox/a\N{REPLACEMENT CHARACTER}login acme\N{REPLACEMENT CHARACTER}[2J"


def test_the_host_key_is_made_once_and_kept_from_others(mailbox: RunningMailbox, key: Key):
    path = mailbox.root.parent / "keys" / "ssh_host_ed25519_key"

    again = RunningMailbox(mailbox.root.parent, key)

    assert path.stat().st_mode & 0o777 == 0o600
    assert again.server.host_keys == mailbox.server.host_keys
    again.server.stop()


def test_of_eight_who_race_for_one_name_one_gets_it_and_nothing_is_mixed(mailbox: RunningMailbox):
    sessions = [mailbox.raw() for _ in range(8)]
    start, refused = threading.Barrier(8), []

    def put(number: int) -> None:
        start.wait(PATIENCE)
        try:
            sessions[number].putfo(io.BytesIO(b"%d" % number * 100_000), "/inbox/po.edi", confirm=False)
        except OSError:
            refused.append(number)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (content,) = mailbox.inbox().values()
    assert len(set(content)) == 1
    assert len(content) == 100_000
    assert len(mailbox.diary.uploads) == 1


def test_a_name_that_is_swapped_for_a_link_while_it_is_asked_for_never_leads_out(mailbox: RunningMailbox, secret: str):
    path, done = mailbox.home / "outbox" / "855.edi", threading.Event()

    def swap() -> None:
        while not done.is_set():
            for make in (lambda: path.write_bytes(b"ours"), lambda: path.symlink_to(secret)):
                path.unlink(missing_ok=True)
                make()

    swapping = threading.Thread(target=swap)
    swapping.start()
    sftp, got = mailbox.raw(), set()
    for _ in range(150):
        with contextlib.suppress(OSError):
            got.add(sftp.open("/outbox/855.edi", "rb").read())
    done.set()
    swapping.join()

    assert got <= {b"", b"ours"}
