"""Exchanges with OpenSSH: its clients at our mailbox server, our client at its server, by every sound algorithm both know."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from exchange import Exchange, NotThere

sys.path[:0] = [str(Path(__file__).parents[1] / "transports")]  # whose counterparts take part here
from counterparts import Key, RunningMailbox, Sshd  # noqa: E402

from edi_gateway.transports.mailbox.host_keys import add  # noqa: E402
from edi_gateway.transports.sftp import Credentials, SftpTransport  # noqa: E402

ALGORITHMS = {
    "Ciphers": ("aes128-ctr", "aes192-ctr", "aes256-ctr", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com"),
    "MACs": ("hmac-sha2-256", "hmac-sha2-512", "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"),
    "KexAlgorithms": (
        "curve25519-sha256@libssh.org",
        "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp384",
        "ecdh-sha2-nistp521",
        "diffie-hellman-group16-sha512",
        "diffie-hellman-group-exchange-sha256",
        "diffie-hellman-group14-sha256",
    ),
    "HostKeyAlgorithms": ("ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-256", "rsa-sha2-512"),
}
NOT_OURS = "diffie-hellman-group-exchange-sha256"  # it takes a file of moduli, which our server does without
SIZES = {"empty": 0, "5 KB": 5_000, "3 MB": 3_000_001}


def exchanges(quick: bool) -> Iterator[Exchange]:
    """Both ways by every algorithm and, of the usual ones, in every size; ``quick``: by the first of each kind."""
    program = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if program is None or shutil.which("sftp") is None or shutil.which("scp") is None:
        raise NotThere("OpenSSH's sshd, sftp and scp: apt-get install openssh-server openssh-client")
    chosen = [(kind, name) for kind, names in ALGORITHMS.items() for name in (names[:1] if quick else names)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        key = Key(folder / "key")
        yield from _at_ours(stack, folder, key, chosen)
        yield from _at_theirs(stack, program, key, [each for each in chosen if each[0] != "HostKeyAlgorithms"])


def _at_ours(stack: ExitStack, folder: Path, key: Key, chosen: list[tuple[str, str]]) -> Iterator[Exchange]:
    for kind in ("ecdsa", "rsa"):
        add(folder / "keys", kind)
    mailbox = RunningMailbox(folder, key)
    stack.enter_context(mailbox.server)
    clients = Clients(mailbox, folder)
    group = "OpenSSH's clients, our mailbox"
    for kind, name in chosen:
        if name != NOT_OURS:
            yield Exchange(group, f"sftp put and get, {name}", partial(clients.sftp, 5_000, f"-o{kind}={name}"))
    for named, size in SIZES.items():
        yield Exchange(group, f"sftp put and get, {named}", partial(clients.sftp, size))
        for how, flags in {"scp": (), "scp -O": ("-O",)}.items():
            yield Exchange(group, f"{how} both ways, {named}", partial(clients.scp, size, *flags))


def _at_theirs(stack: ExitStack, program: str, key: Key, chosen: list[tuple[str, str]]) -> Iterator[Exchange]:
    group = "our client, OpenSSH's server"
    for kind, name in chosen:
        sshd = Sshd(program, key, f"{kind} {name}")
        stack.callback(sshd.stop)
        yield Exchange(group, f"sent and collected, {name}", partial(_send_and_collect, sshd, 5_000))
    sshd = Sshd(program, key)
    stack.callback(sshd.stop)
    for named, size in SIZES.items():
        yield Exchange(group, f"sent and collected, {named}", partial(_send_and_collect, sshd, size))


def _send_and_collect(sshd: Sshd, size: int) -> None:
    sshd.make("folder")
    folder, content = str(sshd.folder / "folder"), os.urandom(size)
    transport = SftpTransport(sshd.config(inbox=folder, outbox=folder), Credentials(key_file=sshd.key.path))
    try:
        transport.send("po.edi", io.BytesIO(content))
        claimed = transport.claim(transport.look()[0])
        assert claimed is not None
        with transport.fetch(claimed) as stream:
            assert stream.read() == content
        transport.finish(claimed)
        assert transport.look() == []
    finally:
        transport.close()


class Clients:
    """OpenSSH's programs with the account's key, trusting our host keys only."""

    def __init__(self, mailbox: RunningMailbox, folder: Path) -> None:
        self._mailbox, self._folder = mailbox, folder / "partner"
        self._folder.mkdir()
        known = self._folder / "known_hosts"
        known.write_text("".join(f"[127.0.0.1]:{mailbox.port} {key.line}\n" for key in mailbox.server.host_keys))
        strict = f"-oUserKnownHostsFile={known} -oStrictHostKeyChecking=yes -oIdentitiesOnly=yes -oBatchMode=yes"
        self._options = ["-F", "none", *strict.split(), "-P", str(mailbox.port), "-i", str(mailbox.key.path)]

    def sftp(self, size: int, *options: str) -> None:
        self._exchange(
            size, ("sftp", *options, "-b", "-"), ("acme@127.0.0.1",), "put po.edi /inbox/po.edi\nget /outbox/855.edi got\n"
        )

    def scp(self, size: int, *options: str) -> None:
        self._exchange(size, ("scp", *options), ("po.edi", "acme@127.0.0.1:/inbox/"))
        self._exchange(size, ("scp", *options), ("acme@127.0.0.1:/outbox/855.edi", "got"))

    def _exchange(self, size: int, program: tuple[str, ...], words: tuple[str, ...], said: str = "") -> None:
        content, home = os.urandom(size), self._mailbox.home
        for path in (self._folder / "po.edi", home / "outbox" / "855.edi"):
            path.write_bytes(content)
        command = [program[0], *self._options, *program[1:], *words]
        done = subprocess.run(command, input=said, capture_output=True, text=True, timeout=60, cwd=self._folder, check=False)
        assert done.returncode == 0, done.stderr
        came, got = home / "inbox" / "po.edi", self._folder / "got"
        assert came.exists() or got.exists(), "nothing was exchanged"
        for path in filter(Path.exists, (came, got)):
            assert path.read_bytes() == content, f"{path.name} is another one"
            path.unlink()
