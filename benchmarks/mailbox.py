"""``make bench-mailbox``: durable uploads a second into our mailbox server, beside OpenSSH's and what the disk can do.

    python -m benchmarks.mailbox [--files 300] [--rounds 3]

OpenSSH's own ``sftp`` puts files of 5 KB one after the other, from one connection and from twenty. Ours are durable when the
client has its answer, name and content; OpenSSH's are when the client asks for it (``put -f``), content only. The limit is the
same work without a network: write, fsync, name, fsync the folder, from one thread and from twenty. One disk, interleaved rounds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import NamedTuple

from edi_gateway.files import write_once
from edi_gateway.transports.mailbox import Account, AccountList, Limits, MailboxServer, make_mailbox

sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / "transports")]  # whose counterparts take part here
from counterparts import Key, Sshd  # noqa: E402

PAYLOAD = os.urandom(5_000)
CONNECTIONS = (1, 20)
OURS, OPENSSH, DISK = "our mailbox", "OpenSSH internal-sftp, put -f", "the disk itself"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=300, help="files for one connection; twenty share twice as many")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        return serve(given.serve)
    with tempfile.TemporaryDirectory(prefix="edi-gateway-bench-", dir=Path.cwd() / "build") as name:
        folder = Path(name)
        measured = measure(folder, given.files, given.rounds)
    print(f"{'durable files of 5 KB a second':32}" + "".join(f"{f'{each} connections':>18}" for each in CONNECTIONS))
    for who in (OURS, OPENSSH, DISK):
        print(f"{who:32}" + "".join(f"{median(measured[who, each]):18.0f}" for each in CONNECTIONS))
    shares = [median(measured[OURS, each]) / median(measured[DISK, each]) for each in CONNECTIONS]
    print("ours, of what the disk can do:  " + "".join(f"{share:17.0%} " for share in shares))
    reached = sum(share >= 0.5 for share in shares)
    print(f"{reached} of {len(shares)} goals reached: half of what the disk can do")
    return 0


def measure(folder: Path, files: int, rounds: int) -> dict[tuple[str, int], list[float]]:
    """Rates by contender and number of connections, one for each round."""
    folder.chmod(0o755)  # OpenSSH's server runs as nobody
    key = Key(folder / "key")
    (folder / "payload").write_bytes(PAYLOAD)
    (folder / "authorized").write_text(key.line)
    program = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if program is None or shutil.which("sftp") is None:
        raise SystemExit("OpenSSH's sshd and sftp are not installed: apt-get install openssh-server openssh-client")
    theirs = Sshd(program, key, within=folder)
    command = [sys.executable, "-m", "benchmarks.mailbox", "--serve", str(folder)]
    ours = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert ours.stdout
    port = int(ours.stdout.readline())
    rates: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
    try:
        for number in range(rounds):
            for connections in CONNECTIONS:
                each = files if connections == 1 else max(1, 2 * files // connections)
                load = Load(folder, key, f"{number}-{connections}", connections, each)
                theirs.make(f"in-{load.run}")
                seconds = {
                    OURS: load.upload(port, "bench", "put", "/inbox"),
                    OPENSSH: load.upload(theirs.port, theirs.user, "put -f", f"{theirs.folder}/in-{load.run}"),
                    DISK: load.write(),
                }
                for who, took in seconds.items():
                    rates[who, connections].append(connections * each / took)
                for path in (folder / "mailboxes" / "bench" / "inbox").glob("*.edi"):
                    path.unlink()  # as the gateway collects them
    finally:
        ours.terminate()
        ours.wait()
        theirs.stop()
    return rates


def serve(folder: Path) -> int:
    """Our server in a process of its own, as it runs in production."""
    account = Account(name="bench", keys=((folder / "authorized").read_text(),))
    limits = Limits(sessions_per_account=50, strangers_per_address=50, strangers=100)
    make_mailbox(folder / "mailboxes", "bench")
    with MailboxServer(folder / "mailboxes", AccountList([account]), folder / "keys", limits=limits) as server:
        print(server.port, flush=True)
        threading.Event().wait()
    return 0


class Load(NamedTuple):
    """So many files from so many connections, under names no other load has."""

    folder: Path
    key: Key
    run: str
    connections: int
    files: int

    def upload(self, port: int, login: str, verb: str, into: str) -> float:
        """Seconds until every connection, logged in before, has put its files and had every answer."""
        clients = [self._client(port, login) for _ in range(self.connections)]
        commands = (
            "".join(f"{verb} payload {into}/{self.run}-{number}-{i}.edi\n" for i in range(self.files))
            for number in range(self.connections)
        )
        began = time.perf_counter()
        _all([threading.Thread(target=client.communicate, args=(each,)) for client, each in zip(clients, commands, strict=True)])
        seconds = time.perf_counter() - began
        assert {client.returncode for client in clients} == {0}, "an upload failed"
        return seconds

    def write(self) -> float:
        """Seconds for the same files, durable, straight onto the disk."""
        target = self.folder / f"disk-{self.run}"
        target.mkdir()

        def one(number: int) -> None:
            for i in range(self.files):
                write_once(target, f"{number}-{i}.edi", BytesIO(PAYLOAD))

        began = time.perf_counter()
        _all([threading.Thread(target=one, args=(number,)) for number in range(self.connections)])
        return time.perf_counter() - began

    def _client(self, port: int, login: str) -> subprocess.Popen[str]:
        told = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "BatchMode=yes")
        options = [word for each in told for word in ("-o", each)]
        command = [
            "sftp",
            "-q",
            "-F",
            "none",
            *options,
            "-i",
            str(self.key.path),
            "-P",
            str(port),
            "-b",
            "-",
            f"{login}@127.0.0.1",
        ]
        client = subprocess.Popen(
            [*command, f"{login}@127.0.0.1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=self.folder
        )
        assert client.stdin
        assert client.stdout
        client.stdin.write("pwd\n")
        client.stdin.flush()
        while "Remote working directory" not in (line := client.stdout.readline()):
            assert line, "the client could not log in"
        return client


def _all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
