"""The mailbox as OpenSSH's own command line clients see it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import paramiko
import pytest
from counterparts import PATIENCE, RunningMailbox

from edi_gateway.transports.mailbox import Account


class Cli:
    """``sftp`` and ``scp`` with the account's key, trusting the server's host key only."""

    def __init__(self, mailbox: RunningMailbox, folder: Path) -> None:
        known = folder / "known_hosts"
        known.write_text("".join(f"[127.0.0.1]:{mailbox.port} {key.line}\n" for key in mailbox.server.host_keys))
        strict = f"-oUserKnownHostsFile={known} -oStrictHostKeyChecking=yes -oIdentitiesOnly=yes -oBatchMode=yes"
        self._options = ["-F", "none", *strict.split(), "-P", str(mailbox.port), "-i", str(mailbox.key.path)]
        self._cwd = folder

    def sftp(self, *commands: str) -> subprocess.CompletedProcess[str]:
        return self._run("sftp", "-b", "-", *self._options, "acme@127.0.0.1", said="\n".join(commands) + "\n")

    def scp(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self._run("scp", *self._options, *words)

    def _run(self, program: str, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *words], input=said, capture_output=True, text=True, timeout=PATIENCE, cwd=self._cwd, check=False
        )


@pytest.fixture
def cli(mailbox: RunningMailbox, tmp_path: Path) -> Cli:
    if not (shutil.which("sftp") and shutil.which("scp")):
        pytest.skip("OpenSSH's clients are not installed")
    folder = tmp_path / "partner"
    folder.mkdir()
    (folder / "po.edi").write_bytes(b"ISA*00~" * 100_000)
    return Cli(mailbox, folder)


def test_sftp_puts_a_file_and_lists_it(cli: Cli, mailbox: RunningMailbox):
    done = cli.sftp("cd inbox", "put po.edi", "ls -l", "pwd")

    assert done.returncode == 0, done.stderr
    assert "700000" in done.stdout
    assert "/inbox" in done.stdout
    assert mailbox.inbox() == {"po.edi": b"ISA*00~" * 100_000}
    assert mailbox.diary.uploads == [("acme", mailbox.home / "inbox" / "po.edi")]


def test_sftp_puts_under_a_temporary_name_and_renames(cli: Cli, mailbox: RunningMailbox):
    done = cli.sftp("cd /inbox", "put -pf po.edi po.edi.tmp", "rename po.edi.tmp po.edi")

    assert done.returncode == 0, done.stderr
    assert list(mailbox.inbox()) == ["po.edi"]
    assert [path.name for _, path in mailbox.diary.uploads] == ["po.edi"]


def test_sftp_gets_a_file_and_removes_it(cli: Cli, mailbox: RunningMailbox, tmp_path: Path):
    (mailbox.home / "outbox" / "855.edi").write_bytes(b"ST*855~" * 50_000)

    done = cli.sftp("cd /outbox", "get 855.edi", "rm 855.edi")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "partner" / "855.edi").read_bytes() == b"ST*855~" * 50_000
    assert list((mailbox.home / "outbox").iterdir()) == []
    assert mailbox.diary.downloads == [("acme", mailbox.home / "outbox" / "855.edi")]


def test_scp_copies_in_both_directions(cli: Cli, mailbox: RunningMailbox, tmp_path: Path):
    (mailbox.home / "outbox" / "997.edi").write_bytes(b"ST*997~")

    up = cli.scp("-p", "po.edi", "acme@127.0.0.1:/inbox/")
    down = cli.scp("acme@127.0.0.1:/outbox/997.edi", "fetched.edi")

    assert (up.returncode, down.returncode) == (0, 0), up.stderr + down.stderr
    assert mailbox.inbox() == {"po.edi": b"ISA*00~" * 100_000}
    assert (tmp_path / "partner" / "fetched.edi").read_bytes() == b"ST*997~"


def test_the_old_scp_copies_in_both_directions_too(cli: Cli, mailbox: RunningMailbox, tmp_path: Path):
    (mailbox.home / "outbox" / "997.edi").write_bytes(b"ST*997~")
    (tmp_path / "partner" / "empty.edi").touch()

    up = cli.scp("-O", "-p", "po.edi", "empty.edi", "acme@127.0.0.1:/inbox/")
    named = cli.scp("-O", "po.edi", "acme@127.0.0.1:/inbox/other.edi")
    down = cli.scp("-O", "acme@127.0.0.1:/outbox/997.edi", "fetched.edi")

    assert (up.returncode, named.returncode, down.returncode) == (0, 0, 0), up.stderr + named.stderr + down.stderr
    po = b"ISA*00~" * 100_000
    assert mailbox.inbox() == {"po.edi": po, "empty.edi": b"", "other.edi": po}
    assert (tmp_path / "partner" / "fetched.edi").read_bytes() == b"ST*997~"
    assert [path.name for _, path in mailbox.diary.uploads] == ["po.edi", "empty.edi", "other.edi"]
    assert mailbox.diary.downloads == [("acme", mailbox.home / "outbox" / "997.edi")]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-O", "po.edi", "acme@127.0.0.1:/outbox/"), "Files are put into /inbox"),
        (("-O", "po.edi", "acme@127.0.0.1:/inbox/../../po.edi"), "'..'"),
        (("-O", "acme@127.0.0.1:/etc/passwd", "stolen"), "There is only /inbox"),
        (("-O", "acme@127.0.0.1:/outbox/none.edi", "none"), "No such file"),
        (("-O", "-r", ".", "acme@127.0.0.1:/inbox/"), ""),
    ],
)
def test_the_old_scp_is_refused_what_every_client_is(cli: Cli, mailbox: RunningMailbox, words: tuple[str, ...], told: str):
    done = cli.scp(*words)

    assert done.returncode != 0
    assert told in done.stderr
    assert mailbox.inbox() == {}


def test_an_old_scp_that_breaks_off_or_goes_over_its_quota_leaves_nothing(mailbox: RunningMailbox):
    mailbox.accounts.put(Account(name="acme", keys=(mailbox.key.line,), quota_bytes=50_000))
    for size, sent in ((1000, b"x" * 999), (60_000, b"x" * 60_000 + b"\0")):
        transport = mailbox.connect()
        transport.auth_publickey("acme", mailbox.key.private)
        channel = transport.open_session()
        channel.settimeout(PATIENCE)
        channel.exec_command("scp -t /inbox/po.edi")
        assert channel.recv(1) == b"\0"
        channel.sendall(f"C0644 {size} po.edi\n".encode())
        assert channel.recv(1) == b"\0"
        channel.sendall(sent)
        channel.shutdown_write()
        assert channel.recv_exit_status() == 1
        transport.close()

    assert mailbox.inbox() == {}
    assert list((mailbox.home / ".uploading").iterdir()) == []


NO_COMMANDS = ["id", "scp", "scp -t", "scp -r -t /inbox", "scp -t /inbox; id", "sh -c 'scp -t /'", "scp -tf /inbox", "'"]


@pytest.mark.parametrize("command", NO_COMMANDS)
def test_no_other_command_is_served(mailbox: RunningMailbox, command: str):
    transport = mailbox.connect()
    transport.auth_publickey("acme", mailbox.key.private)

    with pytest.raises(paramiko.SSHException):
        transport.open_session().exec_command(command)

    assert "asked to run" in mailbox.diary.wait_for("refused")[0].detail
    transport.close()


def test_a_refusal_reaches_the_person_at_the_keyboard(cli: Cli, mailbox: RunningMailbox):
    for command in (
        "put po.edi /outbox/po.edi",
        "mkdir /inbox/new",
        "rmdir /inbox",
        "ln -s /etc/passwd /inbox/link",
        "get /etc/passwd",
    ):
        done = cli.sftp(command)
        assert done.returncode != 0, command
        assert done.stderr, command

    assert mailbox.inbox() == {}


def test_the_second_file_of_one_name_fails_while_the_first_is_waiting_unless_it_is_the_same(cli: Cli, mailbox: RunningMailbox):
    cli.sftp("put po.edi /inbox/po.edi")
    same = cli.sftp("put po.edi /inbox/po.edi")
    (mailbox.root.parent / "partner" / "po.edi").write_bytes(b"other")
    other = cli.sftp("put po.edi /inbox/po.edi")

    assert same.returncode == 0
    assert other.returncode != 0
    assert mailbox.inbox() == {"po.edi": b"ISA*00~" * 100_000}
    assert len(mailbox.diary.uploads) == 1
