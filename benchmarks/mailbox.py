"""``make bench-mailbox``: durable uploads a second into our mailbox server, beside OpenSSH's and what the disk can do.

    python -m benchmarks.mailbox [--files 300] [--rounds 3]

OpenSSH's own ``sftp`` puts files of 5 KB one after the other, from one connection and from twenty. Ours are durable when the
client has its answer, name and content; OpenSSH's are when the client asks for it (``put -f``), content only. The limit is the
same work without a network: write, fsync, name, fsync the folder, from one thread and from twenty. One disk, interleaved rounds.

Servers and clients share the machine, so the processor time that a file takes of either is told too: it bounds the rate, however
fast the disk is.
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
from collections.abc import Callable, Iterable
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
CLIENTS = "the clients of our mailbox"


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
        print(f"{who:32}" + "".join(f"{median(measured.rates[who, each]):18.0f}" for each in CONNECTIONS))
    shares = [median(measured.rates[OURS, each]) / median(measured.rates[DISK, each]) for each in CONNECTIONS]
    print("ours, of what the disk can do:  " + "".join(f"{share:17.0%} " for share in shares))
    print(f"{'processor ms a file':32}")
    for who in (OURS, OPENSSH, DISK, CLIENTS):
        print(f"{who:32}" + "".join(f"{1000 * median(measured.processor[who, each]):18.2f}" for each in CONNECTIONS))
    reached = sum(share >= 0.5 for share in shares)
    print(f"{reached} of {len(shares)} goals reached: half of what the disk can do")
    return 0


class Measured(NamedTuple):
    """By contender and number of connections, one figure a round: files a second, and processor seconds a file."""

    rates: defaultdict[tuple[str, int], list[float]]
    processor: defaultdict[tuple[str, int], list[float]]


def measure(folder: Path, files: int, rounds: int) -> Measured:
    """Every contender once a round, from every number of connections. What arrives stays: deleting it is no part of the work."""
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
    measured = Measured(defaultdict(list), defaultdict(list))
    try:
        for number in range(rounds):
            for connections in CONNECTIONS:
                each = files if connections == 1 else max(1, 2 * files // connections)
                load = Load(folder, key, f"{number}-{connections}", connections, each)
                theirs.make(f"in-{load.run}")
                took = {
                    OURS: load.upload(lambda: [ours.pid], port, "bench", "put", "/inbox"),
                    OPENSSH: load.upload(theirs.processes, theirs.port, theirs.user, "put -f", f"{theirs.folder}/in-{load.run}"),
                    DISK: load.write(),
                }
                for who, one in took.items():
                    measured.rates[who, connections].append(connections * each / one.seconds)
                    measured.processor[who, connections].append(one.server / (connections * each))
                measured.processor[CLIENTS, connections].append(took[OURS].clients / (connections * each))
    finally:
        ours.terminate()
        ours.wait()
        theirs.stop()
    return measured


def serve(folder: Path) -> int:
    """Our server in a process of its own, as it runs in production."""
    account = Account(name="bench", keys=((folder / "authorized").read_text(),))
    limits = Limits(sessions_per_account=50, strangers_per_address=50, strangers=100)
    make_mailbox(folder / "mailboxes", "bench")
    with MailboxServer(folder / "mailboxes", AccountList([account]), folder / "keys", limits=limits) as server:
        print(server.port, flush=True)
        threading.Event().wait()
    return 0


class Took(NamedTuple):
    """Seconds by the clock, and of processor time, of the server (or who writes) and of its clients."""

    seconds: float
    server: float
    clients: float


class Load(NamedTuple):
    """So many files from so many connections, under names no other load has."""

    folder: Path
    key: Key
    run: str
    connections: int
    files: int

    def upload(self, server: Callable[[], list[int]], port: int, login: str, verb: str, into: str) -> Took:
        """What it took until every connection, logged in before, had put its files and had every answer.

        ``server`` gives the ids of the server's processes.
        """
        clients = [self._client(port, login) for _ in range(self.connections)]
        commands = (
            "".join(f"{verb} payload {into}/{self.run}-{number}-{i}.edi\n" for i in range(self.files))
            for number in range(self.connections)
        )
        users = [client.pid for client in clients]
        of_server, of_clients, began = spent(server()), spent(users), time.perf_counter()
        _all([threading.Thread(target=_put, args=one) for one in zip(clients, commands, strict=True)])
        seconds = time.perf_counter() - began
        took = Took(seconds, spent(server()) - of_server, spent(users) - of_clients)
        for client in clients:
            client.communicate()
        assert {client.returncode for client in clients} == {0}, "an upload failed"
        return took

    def write(self) -> Took:
        """The same for these files, durable, straight onto the disk."""
        target = self.folder / f"disk-{self.run}"
        target.mkdir()

        def one(number: int) -> None:
            for i in range(self.files):
                write_once(target, f"{number}-{i}.edi", BytesIO(PAYLOAD))

        began, before = time.perf_counter(), time.process_time()
        _all([threading.Thread(target=one, args=(number,)) for number in range(self.connections)])
        return Took(time.perf_counter() - began, time.process_time() - before, 0.0)

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
        _wait(client)
        return client


def spent(processes: Iterable[int]) -> float:
    """Processor seconds of the threads that run in processes and in all that they started (proc(5): schedstat, in ns)."""
    seconds = 0.0
    for process in processes:
        for thread in Path(f"/proc/{process}/task").iterdir():
            seconds += int((thread / "schedstat").read_text().split()[0]) / 1e9
            seconds += spent(int(child) for child in (thread / "children").read_text().split())
    return seconds


def _put(client: subprocess.Popen[str], commands: str) -> None:
    """Gives a client its commands, and waits until it has done them all; it stays logged in."""
    assert client.stdin
    client.stdin.write(commands)
    _wait(client)


def _wait(client: subprocess.Popen[str]) -> None:
    assert client.stdin
    assert client.stdout
    client.stdin.write("pwd\n")
    client.stdin.flush()
    while "Remote working directory" not in (line := client.stdout.readline()):
        assert line, "a client has given up"


def _all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
