"""Real counterparts on loopback: our mailbox server, and OpenSSH's sshd."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

import paramiko
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from edi_gateway.transports.mailbox import Account, AccountList, MailboxEvent, MailboxServer, hash_password, make_mailbox
from edi_gateway.transports.mailbox.passwords import Cost
from edi_gateway.transports.sftp import Credentials, SftpConfig, SftpTransport
from edi_gateway.transports.ssh import PublicKey, read_public_key

CHEAP = Cost(n=2**10, r=8, p=1)
PATIENCE = 10.0  # seconds until a test gives up on something that should happen at once


class Key:
    """A key pair in a file, as ssh-keygen would have made it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        text = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        path.write_bytes(text)
        path.chmod(0o600)
        self.private = paramiko.Ed25519Key.from_private_key_file(str(path))
        self.line = f"ssh-ed25519 {self.private.get_base64()} test"

    @property
    def public(self) -> PublicKey:
        return read_public_key(self.line)


class Diary:
    """Keeps what a server reports, and lets a test wait for it."""

    def __init__(self) -> None:
        self.events: list[MailboxEvent] = []
        self.uploads: list[tuple[str, Path]] = []
        self.downloads: list[tuple[str, Path]] = []
        self._news = threading.Condition()

    def on_event(self, event: MailboxEvent) -> None:
        self._add(self.events, event)

    def on_upload(self, account: str, path: Path) -> None:
        self._add(self.uploads, (account, path))

    def on_download(self, account: str, path: Path) -> None:
        self._add(self.downloads, (account, path))

    def of(self, kind: str) -> list[MailboxEvent]:
        return [event for event in self.events if event.kind == kind]

    def wait_for(self, kind: str, times: int = 1) -> list[MailboxEvent]:
        with self._news:
            assert self._news.wait_for(lambda: len(self.of(kind)) >= times, PATIENCE), f"no {kind}: {self.events}"
        return self.of(kind)

    def _add(self, to: list[Any], what: Any) -> None:
        with self._news:
            to.append(what)
            self._news.notify_all()


class RunningMailbox:
    """A mailbox server with the account ``acme``, who has a key and the password ``letmein``."""

    def __init__(self, folder: Path, key: Key, **options: Any) -> None:
        self.root = folder / "mailboxes"
        self.home = make_mailbox(self.root, "acme")
        self.key, self.diary = key, Diary()
        account = Account(name="acme", keys=(key.line,), password_hash=hash_password("letmein", CHEAP), sees_archive=True)
        self.accounts = options.pop("accounts", None) or AccountList([account])
        hooks = {"on_upload": self.diary.on_upload, "on_download": self.diary.on_download, "on_event": self.diary.on_event}
        self.server = MailboxServer(self.root, self.accounts, folder / "keys", password_cost=CHEAP, **{**hooks, **options})

    @property
    def port(self) -> int:
        return self.server.port

    def config(self, **changes: Any) -> SftpConfig:
        pins = tuple(key.line for key in self.server.host_keys)
        usual = {"port": self.port, "login": "acme", "host_keys": pins, "inbox": "/outbox", "outbox": "/inbox", "stable_for": 0.0}
        return SftpConfig(host="127.0.0.1", **{**usual, **changes})

    def transport(self, **changes: Any) -> SftpTransport:
        return SftpTransport(self.config(**changes), Credentials(key_file=self.key.path))

    def connect(self) -> paramiko.Transport:
        """A bare connection that has agreed on encryption and not logged in."""
        transport = paramiko.Transport(("127.0.0.1", self.port))
        transport.start_client(timeout=PATIENCE)
        return transport

    def raw(self) -> paramiko.SFTPClient:
        """A logged-in paramiko client, to send what a decent client would not."""
        transport = self.connect()
        transport.auth_publickey("acme", self.key.private)
        sftp = paramiko.SFTPClient.from_transport(transport)
        assert sftp is not None
        sftp.get_channel().settimeout(PATIENCE)
        return sftp

    def inbox(self) -> dict[str, bytes]:
        return contents(self.home / "inbox")


class Sshd:
    """OpenSSH's own server: one ``sshd -i`` a connection, behind a port of ours, without any privilege."""

    def __init__(self, program: str, key: Key, *more: str, within: Path | None = None, match: str = "") -> None:
        """``more``: lines of sshd_config, which go before the usual ones; ``match``: a block that goes behind them, for which the
        server keeps its privileges; ``within``: the folder that everything lies under."""
        self.folder = Path(tempfile.mkdtemp(prefix="edi-gateway-sshd-", dir=within))
        self.user = "nobody" if os.getuid() == 0 else getpass.getuser()
        self.host_key = Key(self.folder / "host_key")
        self.key, self._program = key, program
        (self.folder / "authorized").write_text(key.line)
        settings = [
            *more,
            f"HostKey {self.folder}/host_key",
            f"AuthorizedKeysFile {self.folder}/authorized",
            f"UsePAM {'yes' if os.getuid() == 0 else 'no'}",  # without it sshd thinks that nobody is locked
            "StrictModes no",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "Subsystem sftp internal-sftp",
            "ForceCommand internal-sftp",
        ]
        self._drops_privileges = os.getuid() == 0 and not match
        (self.folder / "config").write_text("\n".join([*settings, match]) + "\n")
        self.make("host_key", "authorized", "config")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._children: list[subprocess.Popen[bytes]] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def make(self, *names: str) -> None:
        """Makes folders, or takes files, so that the server's user may use them."""
        self.folder.chmod(0o755)
        for name in names:
            path = self.folder / name
            if not path.exists():
                path.mkdir()
            if os.getuid() == 0:
                owner = pwd.getpwnam(self.user)
                os.chown(path, owner.pw_uid, owner.pw_gid)

    def config(self, **changes: Any) -> SftpConfig:
        usual = {"port": self.port, "login": self.user, "host_keys": (self.host_key.line,), "stable_for": 0.0}
        return SftpConfig(host="127.0.0.1", **{**usual, **changes})

    def processes(self) -> list[int]:
        """The ids of the servers of every connection so far; those that have ended are waited for by ``stop``."""
        return [child.pid for child in self._children]

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for child in self._children:
            child.kill()
            child.wait()
        shutil.rmtree(self.folder)

    def _serve(self) -> None:
        command = [self._program, "-i", "-f", str(self.folder / "config"), "-E", os.devnull]
        owner = pwd.getpwnam(self.user)
        drop = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if self._drops_privileges else {}
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            with wire:
                self._children.append(subprocess.Popen(command, stdin=wire, stdout=wire, cwd="/", **drop))


def contents(folder: Path) -> dict[str, bytes]:
    """The visible files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")}
